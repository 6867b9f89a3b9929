"""The commands of the situation picture: adding files of figures, listing them, showing what they tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import AsJson, Workspace, open_assistant, print_json, say

if TYPE_CHECKING:
    from assistant.types import SectionDraft, SituationTable

Municipality = Annotated[
    str | None, typer.Option("--municipality", help="Whose figures; by default the one that the workspace knows.")
]
_app = typer.Typer(help="Figures out of files with their sources: the situation picture.", no_args_is_help=True)


def add_situation_commands(app: typer.Typer) -> None:
    """Put the commands of this module on the program, under one name."""
    app.add_typer(_app, name="situation")


@_app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="CSV, Excel (.xlsx) or JSON-stat 2, one table each.")],
    municipality: Municipality = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Who publishes it, where the file does not say.")
    ] = None,
    table: Annotated[str | None, typer.Option("--table", help="Id of the table, such as 11rm; for one file.")] = None,
    date: Annotated[str | None, typer.Option("--date", help="When the source updated it, YYYY-MM-DD.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where the table stands.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Read files of figures and keep what they tell of the municipality."""
    from assistant.errors import AssistantError

    with open_assistant(workspace) as assistant:
        added = assistant.municipalities.add_tables(
            files, municipality=municipality, source=source, table=table, date_=date, url=url
        )
    kept = [one for one in added if not isinstance(one, AssistantError)]
    if json_:
        print_json(kept)
    for one in added:
        if isinstance(one, AssistantError):
            say(str(one))
            continue
        if not json_:
            _print_table(one)
        if one.source is None:
            say(
                f"{one.file}: kept to look at, but no indicator of the plan: its source is not known. Add it again "
                'with --source, such as --source "Statistics Finland".'
            )
    if any(isinstance(one, AssistantError) or one.source is None for one in added):
        raise typer.Exit(1)


@_app.command("list")
def list_(municipality: Municipality = None, json_: AsJson = False, workspace: Workspace = None) -> None:
    """List the tables that were added, and what was recognised in them."""
    with open_assistant(workspace) as assistant:
        tables = assistant.municipalities.tables(municipality)
    if json_:
        print_json(tables)
        return
    for table in tables:
        _print_table(table)
    if not tables:
        print("No table is kept yet: python -m assistant situation add FILE")


def _print_table(table: SituationTable) -> None:
    from assistant.situation.charts import origin_words
    from assistant.situation.indicators import described_series
    from assistant.situation.wording import wording

    whose = f", {table.municipality}" if table.municipality else ""
    print(f"{table.id}: {table.title or table.file}{whose}")
    print(f"    {origin_words(table, wording()) if table.source else 'source not known: no indicator'}")
    for line in described_series(table.series):
        print(f"    shows {line}")
    for line in table.not_used:
        print(f"    not used: {line}")
    if table.withheld:
        print(f"    withheld or missing at the source: {table.withheld} figures")


@_app.command()
def remove(
    table: Annotated[int, typer.Argument(help="The number of a table, as `situation list` gives it.")],
    workspace: Workspace = None,
) -> None:
    """Take a table out."""
    with open_assistant(workspace) as assistant:
        assistant.municipalities.remove_table(table)
    print(f"removed: {table}")


@_app.command()
def show(
    municipality: Municipality = None,
    whole_country: Annotated[
        bool,
        typer.Option("--whole-country", help="Set shares beside those of the whole country, where a table has them."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="A .docx or .md file, or a folder for text and plots (PNG, SVG).")
    ] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Show the situation picture: what the figures show and cannot show, and what to ask the residents."""
    from assistant import export

    with open_assistant(workspace) as assistant:
        if out:
            export.check_picture_path(out)
        draft = assistant.planning.situation(municipality, whole_country=whole_country)
        if out:
            assistant.planning.export_picture(draft, out)
        for message in dict.fromkeys(w.message for w in draft.warnings if not w.citations):
            say(message)
        if json_:
            print_json(draft)
        elif out:
            print(f"written: {out}, {_counted(draft)}")
        else:
            print(assistant.planning.markdown([draft]))


def _counted(draft: SectionDraft) -> str:
    n = len(draft.plots)
    return f"{n} plot{'s' if n != 1 else ''}"
