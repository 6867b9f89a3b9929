"""The command that holds a plan against the known weaknesses of such plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import AsJson, Workspace, open_assistant, print_json, print_notes
from assistant.shown import source_line
from assistant.text import collapse, shortened

if TYPE_CHECKING:
    from assistant.types import Document, Finding, Review

_SHOWN = 300  # characters of a passage


def add_review_commands(app: typer.Typer) -> None:
    """Put the command of this module on the program."""
    app.command()(review)


def review(
    file: Annotated[Path, typer.Argument(help="A plan: .docx, .pdf, .html, .md or .txt.")],
    municipality: Annotated[
        str | None, typer.Option("--municipality", help="Whose plan it is; by default the one that it names.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Date on which the law is taken, YYYY-MM-DD; today by default.")
    ] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Hold a plan against the known weaknesses of such plans: what is missing where, and what to do."""
    with open_assistant(workspace) as assistant:
        document = assistant.read(file)
        found = assistant.review(document, municipality=municipality, as_of=as_of)
    if json_:
        print_json(found)
    else:
        _print(found, document)


def _print(found: Review, document: Document) -> None:
    n = len(found.findings)
    print(f"{found.title}: {n} finding{'' if n == 1 else 's'} on {found.as_of}")
    if not n:
        print("No known weakness was found. Whether a goal is wise or a figure right was not looked at.")
    for number, finding in enumerate(found.findings, start=1):
        marks = "".join(f"[{n}]" for n in finding.citations)
        about = f"weakness {finding.weakness}, {finding.severity}; {_place(finding, document)}"
        print(f"\n{number}. {finding.title} ({about})")
        for text in _texts(finding, found.text):
            print(f"   > {text}")
        print(f"   {finding.why} {marks}".rstrip())
        print(f"   To do: {finding.what_to_do}")
    if found.citations:
        print("\nSources")
    for c in found.citations:
        print(f"[{c.id}] {source_line(c.title, c.pinpoint)}")
    print_notes(found.warnings)


def _place(finding: Finding, document: Document) -> str:
    if not finding.end:
        return "the whole plan"
    page = document.page_of(finding.start)
    return f"characters {finding.start:,} to {finding.end:,}" + (f", page {page}" if page else "")


def _texts(finding: Finding, text: str) -> list[str]:
    """What is meant, shortened: each of its places, or the whole stretch."""
    shown: list[str] = []
    left = _SHOWN
    for start, end in finding.places or ((finding.start, finding.end),):
        words = collapse(text[start:end])
        if words and left > 0:
            shown.append(shortened(words, left))
            left -= len(words)
    return shown
