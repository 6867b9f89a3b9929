"""Refuses a corpus whose facts cannot be trusted: no source, dates at odds, copied words, notes for no reader.

    python -m eval.check_corpus [FOLDER] [--texts DIR]

DIR holds official texts that nothing may be copied from; where it is absent, that one check is left out and said to be.
Prints one line a problem and exits with 1 where there is any.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.corpus import CORPUS, FactRow, ManifestRow
from assistant.text import words

TEXTS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
CERTAINTIES = ("statute text seen", "bill", "official guidance", "press", "not established")
RUN = 12  # words in a row that make a copy
_SAID = 4  # words of a question that make it a piece of the fact; fewer are keywords, such as "Act 936/2022"
_CHARS = (40, 480)
_MANIFEST = ("source_id", "kind", "title", "title_original", "publisher", "url", "established", "licence")
_FACT = ("id", "heading", "text", "source_url", "pinpoint", "certainty")
_VALID = ("valid_from", "valid_to")
_SECTION = re.compile(r"\b(?:[Ss]ections?|[Ss]s?\.)\s*\d+")
_ACT = re.compile(r"\b\d{1,4}/\d{4}\b|\b\d{4}:\d+\b")
# Either of its two meanings is named beside it: the old document, the new package, the Government's.
_PROGRAMME = re.compile(r"\b(?<!Government )(?<!government )(?<!state )[Ii]ntegration programmes?\b")
_WHICH = re.compile(
    r"kotouttamisohjelma|kotoutumisohjelma|integrationsprogram|integrationsfrämjande|1386/2010|681/2023|2012:74|"
    r"edistämisohjelma"
)
# What speaks to who answers, or of how the corpus was made, says nothing to the reader who is shown it.
_INTERNAL = re.compile(
    r"\b(?:answer(?:ing)? (?:with|rule)|with a guess|open question|numbering ours|called by us|(?:of|in) this corpus|"
    r"stored copy|not stored|metadata)\b",
    re.IGNORECASE,
)
# Act 1386/2010 ended, and Act 681/2023 began, between these two days.
_OLD_ENDS, _NEW_BEGINS = "2024-12-31", "2025-01-01"


class _SuccessionRow(BaseModel):
    """One row of successions.jsonl: what assistant.currency reads of it."""

    term: str
    variants: tuple[str, ...]
    ended: str | None
    since: str | None
    successor: str | None
    message: str


def problems(folder: Path, texts: Sequence[str] = ()) -> Iterator[str]:
    """Everything wrong with a corpus, one line each.

    Args:
        folder: With manifest.jsonl and facts/.
        texts: Official texts that no run of `RUN` words may be shared with.
    """
    copied = {run for text in texts for run in _runs(text)}
    sources: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}  # of sources in the manifest, and of the facts' ids
    for place, row, fault in _rows(folder / "manifest.jsonl", ManifestRow):
        if fault:
            yield f"{place}: {fault}"
            continue
        source_id = row["source_id"]
        if source_id in sources:
            yield f"{place}: {source_id} stands twice"
        sources[source_id] = row
        places.setdefault(source_id, place)
        yield from (f"{place}: no {name}" for name in _MANIFEST if not row.get(name))
        if row.get("kind") == "programme" and not row.get("municipality"):
            yield f"{place}: a programme without its municipality"
        yield from (f"{place}: {what}" for what in _dates(row))
    files = {path.stem: path for path in sorted((folder / "facts").glob("*.jsonl"))}
    yield from (f"{places[s]}: {s} has no file in facts/" for s in sources if s not in files)
    said: dict[str, str] = {}
    for source_id, path in files.items():
        if source_id not in sources:
            yield f"{path.name}: no such source in manifest.jsonl"
            continue
        for place, row, fault in _rows(path, FactRow):
            if fault:
                yield f"{place}: {fault}"
                continue
            if places.setdefault(row["id"], place) != place:
                yield f"{place}: the id {row['id']} stands twice, first in {places[row['id']]}"
            yield from (f"{place}: {what}" for what in _fact(row, sources[source_id], copied))
            plain = " ".join(words(row["text"]))
            if said.setdefault(plain, place) != place:
                yield f"{place}: the same words as {said[plain]}"
    if (folder / "successions.jsonl").exists():
        for place, row, fault in _rows(folder / "successions.jsonl", _SuccessionRow):
            if fault := fault or next(_no_dates(row, "ended", "since"), ""):
                yield f"{place}: {fault}"
            elif row["ended"] and row["since"] and row["ended"] >= row["since"]:
                yield f"{place}: {row['term']} ends on {row['ended']}, not before {row['since']}"


def names_bare_section(text: str, *, beside: str = "") -> bool:
    """Whether a text names a section and neither it nor what stands beside it names an Act."""
    return _SECTION.search(text) is not None and not _ACT.search(f"{text} {beside}")


def _fact(row: dict[str, Any], source: dict[str, Any], copied: set[str]) -> Iterator[str]:
    yield from (f"no {name}" for name in _FACT if not row.get(name))
    text, questions = row["text"], row.get("questions", {})
    if not row["id"].startswith(f"{source['source_id']}/"):
        yield f"id {row['id']!r} does not begin with {source['source_id']}/"
    if not _CHARS[0] <= len(text) <= _CHARS[1]:
        yield f"{len(text)} characters; a fact has {_CHARS[0]} to {_CHARS[1]}"
    if row.get("certainty") not in CERTAINTIES:
        yield f"certainty {row.get('certainty')!r} is none of {', '.join(CERTAINTIES)}"
    for language, least in (("en", 2), ("fi", 1), ("sv", 1)):
        asked = {" ".join(words(question)) for question in questions.get(language, ())} - {""}
        if len(asked) < least:
            yield f"{len(asked)} questions in {language}, not {least}"
    plain = f" {' '.join(words(text))} "
    for question in (q for asked in questions.values() for q in asked):
        if len(words(question)) >= _SAID and f" {' '.join(words(question))} " in plain:
            yield f"the question {question!r} is the fact itself"
    for what in (text, row["heading"]):
        if names_bare_section(what, beside=source["title"] if what != text else ""):
            yield f"a section without its Act: {what[:80]!r}"
    if _PROGRAMME.search(text) and not _WHICH.search(text):
        yield "integration programme, but which of the two meanings?"
    for what in (row.get("currency_note") or "", row.get("pinpoint") or ""):
        if _INTERNAL.search(what):
            yield f"no words for a reader: {what!r}"
    yield from _dates(row)
    if not any([*_no_dates(row, *_VALID), *_no_dates(source, *_VALID)]):
        yield from _against_source(row, source)
    if shared := [run for run in _runs(text) if run in copied]:
        yield f"{RUN} words in a row from an official text: {shared[0]!r}"


def _dates(row: dict[str, Any]) -> Iterator[str]:
    no_dates = list(_no_dates(row, *_VALID))
    yield from no_dates
    if not no_dates and row.get("valid_from") and row.get("valid_to") and row["valid_from"] > row["valid_to"]:
        yield f"valid from {row['valid_from']} to {row['valid_to']}"


def _no_dates(row: dict[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        try:
            # Dates are compared as text: "20250101" is a date for Python and sorts wrongly.
            sound = not row.get(name) or date.fromisoformat(row[name]).isoformat() == row[name]
        except (TypeError, ValueError):
            sound = False
        if not sound:
            yield f"{name} {row[name]!r} is no date"


def _against_source(row: dict[str, Any], source: dict[str, Any]) -> Iterator[str]:
    start, end = row.get("valid_from"), row.get("valid_to")
    law = source.get("kind") == "law"  # guidance on the old law may say what holds now
    if law and start and source.get("valid_to") and start > source["valid_to"]:
        yield f"begins on {start}, after its source has ended on {source['valid_to']}"
    if end and source.get("valid_from") and end < source["valid_from"] and not row.get("never_in_force"):
        yield f"ends on {end}, before its source begins on {source['valid_from']}"
    if not law or row.get("never_in_force"):
        return
    if source.get("law_basis") == "1386/2010" and not (end and end <= _OLD_ENDS) and not (start or "") >= _NEW_BEGINS:
        yield f"a rule of Act 1386/2010 that does not end on {_OLD_ENDS}"
    if source.get("law_basis") == "681/2023" and start and start < _NEW_BEGINS <= (end or _NEW_BEGINS):
        yield f"a rule of Act 681/2023 that begins before {_NEW_BEGINS}"


def _runs(text: str) -> Iterator[str]:
    tokens = words(text)
    for i in range(len(tokens) - RUN + 1):
        yield " ".join(tokens[i : i + RUN])


def _rows(path: Path, model: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Place and content of each line, and what makes it unreadable for the program; empty where nothing does."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            place, row, fault = f"{path.name}, line {number}", {}, ""
            try:
                row = json.loads(line)
                model.model_validate(row)
            except ValidationError as error:
                first = error.errors()[0]
                fault = f"{'.'.join(map(str, first['loc'])) or 'the row'}: {first['msg']}"
            except ValueError:
                fault = "not JSON"
            yield place, row, fault


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=CORPUS)
    parser.add_argument("--texts", type=Path, default=TEXTS)
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(options.texts.glob("*.txt"))]
    found = list(problems(options.folder, texts))
    print("\n".join(found))
    facts = sum(1 for path in (options.folder / "facts").glob("*.jsonl") for _ in _rows(path, FactRow))
    compared = f"compared with {len(texts)} official texts" if texts else f"no official texts in {options.texts.name}/"
    print(f"{facts:,} facts, {len(found)} problems; {compared}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
