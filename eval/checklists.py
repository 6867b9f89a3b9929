"""Checklists answered for made-up municipalities, against keys made by hand.

    python -m eval.checklists [--half dev|dev2|dev3|test|test2] [--misses]

A key says of each item whether the municipality's documents show it: met, partly, no-evidence. Those of the test halves
were written, like their documents, without a look at the search terms of prompts/needs/; look at figures of them only.
Keys of `dev2`, `dev3` and `test2` hold one checklist for each municipality.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.settings import PROJECT_ROOT, Settings
from assistant.types import ItemAnswer, ItemStatus
from eval.municipalities import NAMES, documents

HALVES = {"dev": ("esimerkkila", "nayttoniemi"), "test": ("kuvitteela", "mallikyla")}
# Municipalities with a key and documents for checklists only, beside those whose whole plans are drafted.
MORE_HALVES = {
    "dev2": ("valelampi", "pahittby"),
    "dev3": ("huuhaaniemi", "hoponharju", "keksinharju", "uneksila", "dagdromsby"),
    "test2": ("luulola", "sagostrand"),
}
_NAMES = NAMES | {
    "valelampi": "Valelampi", "pahittby": "Påhittby", "luulola": "Luulola", "sagostrand": "Sagostrand",
    "huuhaaniemi": "Huuhaaniemi", "hoponharju": "Hoponharju", "keksinharju": "Keksinharju", "uneksila": "Uneksila",
    "dagdromsby": "Dagdrömsby",
}  # fmt: skip
_KEYS = PROJECT_ROOT / "eval" / "cases" / "checklists"


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with what the key says."""

    municipality: str
    checklist: str
    wanted: ItemStatus
    because: str
    answer: ItemAnswer

    @property
    def agrees(self) -> bool:
        """Whether the answer is the key's."""
        return self.answer.status is self.wanted


def keys(municipality: str) -> list[dict[str, str]]:
    """The key of a municipality, item by item."""
    return [json.loads(line) for line in (_KEYS / f"{municipality}.jsonl").read_text(encoding="utf-8").splitlines()]


@contextmanager
def opened(municipality: str, folder: Path) -> Iterator[tuple[Assistant, str]]:
    """A fresh workspace with a municipality's documents, and its name."""
    name = _NAMES[municipality]
    with Assistant.open(settings=Settings(workspace=folder / municipality)) as assistant:
        files = folder / f"{municipality}-files"
        files.mkdir(parents=True, exist_ok=True)
        own = documents(municipality, files) if municipality in NAMES else sorted((_KEYS / municipality).iterdir())
        report = assistant.add(own, kind="own", municipality=name)
        if report.failed:
            raise SystemExit("\n".join(file.message for file in report.failed))
        yield assistant, name


def judge(municipality: str, folder: Path) -> Iterator[Judged]:
    """Answer all checklists from a municipality's documents in a fresh workspace."""
    rows = keys(municipality)
    with opened(municipality, folder) as (assistant, name):
        for checklist in dict.fromkeys(key["checklist"] for key in rows):
            answers = {item.id: item for item in assistant.checklist(checklist, municipality=name).items}
            for key in rows:
                if key["checklist"] == checklist:
                    wanted = ItemStatus(key["status"])
                    yield Judged(municipality, checklist, wanted, key["because"], answers[key["item"]])


def report(judged: list[Judged]) -> str:
    """Agreement, and what became of each status of the key."""
    lines = []
    for whose in [*dict.fromkeys(j.municipality for j in judged), "all"]:
        some = [j for j in judged if whose in (j.municipality, "all")]
        agreeing = sum(j.agrees for j in some)
        lines.append(f"{whose}: {agreeing / len(some):.1%} agree ({agreeing} of {len(some)})")
        for wanted in ItemStatus:
            became = Counter(j.answer.status.value for j in some if j.wanted is wanted)
            lines.append(f"    key {wanted.value}: {dict(became)}")
    answered = [j for j in judged if j.answer.status is ItemStatus.MET]
    of_key = [j for j in judged if j.wanted is ItemStatus.MET]
    right = sum(j.agrees for j in answered)
    lines.append(f"met: precision {right} of {len(answered)}, recall {right} of {len(of_key)}")
    unshown = [j for j in judged if j.answer.status is ItemStatus.MET and not j.answer.statements]
    lines.append(f"met without a passage: {len(unshown)}")
    return "\n".join(lines)


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=[*HALVES, *MORE_HALVES], default="dev")
    parser.add_argument("--misses", action="store_true", help="print each item that differs (development half only)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        judged = [j for municipality in (HALVES | MORE_HALVES)[options.half] for j in judge(municipality, Path(folder))]
    if options.misses and options.half.startswith("dev"):
        for j in judged:
            if not j.agrees:
                print(f"{j.municipality} {j.answer.id}: key {j.wanted}, got {j.answer.status} | {j.answer.text}")
                print(f"    key: {j.because}")
                for statement in j.answer.statements:
                    print(f"    got: {' '.join(statement.text.split())[:300]}")
    print(report(judged))


if __name__ == "__main__":
    main()
