"""The command that finds what a text shares with other municipalities' programmes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import AsJson, Workspace, open_assistant, print_json, print_notes
from assistant.export import labels
from assistant.plan_commands import Municipality
from assistant.shown import source_line
from assistant.text import shortened

if TYPE_CHECKING:
    from assistant.types import CopyingCheck, Document, Match

_EXCUSES = {
    "common": "law, guidance or official names", "own": "your own earlier plan",
    "quotation": "a marked quotation with its source",
}  # fmt: skip
_SHOWN, _SHOWN_OF_SHARED = 400, 120  # characters of a passage that is copied, and of one that is not


def add_copying_commands(app: typer.Typer) -> None:
    """Put the command of this module on the program."""
    app.command("check-copying")(check_copying)


def check_copying(
    file: Annotated[Path, typer.Argument(help="A plan: .docx, .pdf, .html, .md or .txt.")],
    municipality: Municipality = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Find what a plan shares with other municipalities' programmes: the same words, edited, or said in others."""
    from assistant.types import as_json

    with open_assistant(workspace) as assistant:
        document = assistant.read(file)
        check = assistant.check_copying(document.text, municipality=municipality)
    if json_:
        print_json({**as_json(check), "text": document.text})
    else:
        _print(check, document)


def _print(check: CopyingCheck, document: Document) -> None:
    programmes = f"{check.compared_with} programme{'' if check.compared_with == 1 else 's'} of other municipalities"
    print(
        f"{check.share:.1%} of the text, {check.copied_characters:,} of {check.characters:,} characters, follows "
        f"{programmes}: {len(check.matches)} passage{'' if len(check.matches) == 1 else 's'}."
    )
    for number, match in enumerate(check.matches, start=1):
        where = f", page {page}" if (page := document.page_of(match.start)) else ""
        degree = labels.COPYING_DEGREES[match.degree].capitalize()
        print(f"\n{number}. {degree}: characters {match.start:,} to {match.end:,}{where}")
        print(f"   Yours:  {shortened(match.text, _SHOWN)}")
        print(f"   Theirs: {shortened(match.source_text, _SHOWN)}")
        print(f"           {_source(match)}")
        print(f"   {match.what_to_do}")
    if check.shared_with_law_or_guidance:
        print("\nShared, and no copying:")
    for match in check.shared_with_law_or_guidance:
        print(f"- {_EXCUSES[match.excuse]}: {shortened(match.text, _SHOWN_OF_SHARED)}")
    print_notes(check.warnings)


def _source(match: Match) -> str:
    return ", ".join(part for part in (match.municipality, source_line(match.title, match.pinpoint)) if part)
