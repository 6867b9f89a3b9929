"""A file to a kept table: read, recognised, protected; refused in one line where it cannot be used."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.settings import Settings
from assistant.shown import web_address
from assistant.situation.indicators import read_indicators
from assistant.situation.reading import read_table
from assistant.situation.table import Origin, clipped, short_id
from assistant.types import SituationTable


def described(*, source: str | None, table: str | None, date_: str | None, url: str | None, n: int) -> Origin:
    """What a person said of files of figures; raises AssistantError where it makes no sense."""
    if table and n > 1:
        raise AssistantError("--table goes with one file: each table has an id of its own. Add the files one by one.")
    if date_:
        try:
            date.fromisoformat(date_)
        except ValueError:
            raise AssistantError(f"--date {date_[:20]!r} is no day. Write it as YYYY-MM-DD.") from None
    if url and not web_address(url):
        raise AssistantError(f"--url {clipped(url, 60)!r} is no web address. Begin it with https://.")
    return Origin(
        clipped(mask_text(source)) or None if source else None,
        short_id(clipped(mask_text(table), 40)) if table and table.strip() else None,
        date_ or None,
        url or None,
    )


def read_situation_table(
    path: Path, municipality: str | None, given: Origin, *, named: bool, today: str, settings: Settings
) -> SituationTable:
    """What a file tells of a municipality; see `read_table` and `read_indicators` for what is refused.

    Args:
        path: Of the file.
        municipality: Whose plan is written; None where the workspace does not know it.
        given: What a person said of the source, before what the file says.
        named: Whether a person named the municipality for this file.
        today: ISO date.
        settings: Limits of files.
    """
    table = read_table(path, settings=settings)
    found = read_indicators(table, municipality, given=named)
    url = given.url or (table.url if web_address(table.url) else None)
    return SituationTable(
        0, table.file, table.title, found.municipality, given.source or table.source, given.table_id or table.table_id,
        given.updated or table.updated, url, today, found.series, found.not_used, found.withheld,
        found.kept_back, digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )  # fmt: skip
