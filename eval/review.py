"""Plans with planted weaknesses, and good ones, against what the review finds.

    python -m eval.review --half dev [--misses]        plans that the checks were made with: dev, test and dev2
    python -m eval.review --half test2                 plans by another author, not looked at
    python -m eval.review --half dev3                  plans by a further author; test3 is kept aside

A planted weakness is found where a finding of that weakness overlaps its quote, or, of an absence, names what is
missing. The main plantings of a plan are its core rows. On a good plan every finding is a false one.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.corpus import bundled_documents
from assistant.documents import read_document
from assistant.passages import split_document
from assistant.review import checked, read_plan
from assistant.review.plan_text import Plan
from assistant.review.sentences import Raw
from assistant.review.signs import kinds
from assistant.settings import PROJECT_ROOT, Settings

CASES = PROJECT_ROOT / "eval" / "cases" / "review"
AS_OF = "2026-11-22"
TUNING = ("dev", "dev2", "dev3", "test", "good")  # `test` was looked at long ago
# Names that a case may give to what is missing, beside those of the findings.
_SAME = {
    "protection": {"persons-under-protection"},
    "participation-equality": {"equality", "participation"},
    "housing": {"wellbeing-health-housing"},
    "children-young-people-outside-work": {"children-young-people", "people-outside-work"},
    "follow-up": {"monitoring"},
    "language-path": {"swedish-path"},
    "target-group": {"all-immigrants"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One plan: what was planted and missed, and what was found."""

    name: str
    language: str
    kind: str
    planted: list[dict[str, Any]]
    missed: list[dict[str, Any]]
    found: list[Raw]
    plan: Plan
    seconds: float


def span_of(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote of the file stands in the text as read; only letters and digits count, marks do not."""
    places = [n for n, c in enumerate(text) if c.isalnum()]
    plain = "".join(text[n] for n in places)
    wanted = "".join(c for c in quote if c.isalnum())
    start = plain.find(wanted) if wanted else -1
    if start < 0:  # the number of a list item is no text of it
        wanted = wanted.lstrip("0123456789")
        start = plain.find(wanted) if wanted else -1
    return None if start < 0 else (places[start], places[start + len(wanted) - 1] + 1)


def is_found(planted: dict[str, Any], found: Sequence[Raw], text: str, *, strictly: bool = False) -> bool:
    """Whether some finding of the weakness overlaps the quote or names what is missing.

    Strictly: whether one of the sentences or rows that it means does, and not only the stretch from first to last.
    """
    same = [r for r in found if kinds()[r.kind].weakness == planted["weakness"]]
    if planted.get("missing"):
        wanted = {planted["missing"], *_SAME.get(planted["missing"], ())}
        return any(wanted & set(r.missing) for r in same)
    span = span_of(planted["quote"], text)
    places = [place for r in same for place in (r.places if strictly and r.places else [(r.start, r.end)])]
    return span is not None and any(start < span[1] and span[0] < end for start, end in places)


def plans(half: str) -> Iterator[tuple[dict[str, Any], Plan]]:
    """Every plan of a half, with its case."""
    for line in (CASES / f"{half}.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        document = read_document(Path(CASES / case["file"]), settings=Settings())
        yield case, read_plan(document, municipality=case["municipality"], others=(), as_of=AS_OF)


def review_all(half: str) -> list[Outcome]:
    """Every plan of a half, reviewed."""
    outcomes = []
    documents = [(source.source_id, document) for source, document in bundled_documents()]
    facts = [p for source_id, document in documents for p in split_document(document, source_id) if p.fact]
    for case, plan in plans(half):
        begun = time.perf_counter()
        found = checked(plan, facts)
        seconds = time.perf_counter() - begun
        missed = [p for p in case["planted"] if not is_found(p, found, plan.text)]
        outcomes.append(
            Outcome(case["file"], case["language"], case["kind"], case["planted"], missed, found, plan, seconds)
        )
    return outcomes


def main() -> None:
    """Review and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("dev", "dev2", "dev3", "test", "good", "test2", "test3"), default="dev")
    parser.add_argument(
        "--misses", action="store_true", help="name what was missed, and what good plans were blamed for"
    )
    options = parser.parse_args()
    outcomes = review_all(options.half)
    for one in outcomes:
        n, hit = len(one.planted), len(one.planted) - len(one.missed)
        told = f"{hit} of {n} found" if n else f"{len(one.found)} false findings"
        print(f"{one.name} ({one.language}, {one.kind}): {told}, {len(one.found)} findings, {one.seconds:.1f} s")
        for planted in one.missed if options.misses else ():
            print(f"    missed {planted['weakness']}: {planted.get('missing') or planted['quote'][:150]}")
        for raw in one.found if options.misses and not n else ():
            print(f"    false {kinds()[raw.kind].weakness} {raw.kind}: {one.plan.text[raw.start : raw.end][:150]!r}")
    _print_recall("all", outcomes, lambda planted: True)
    _print_recall("core", outcomes, lambda planted: bool(planted.get("core")))
    good = [len(one.found) for one in outcomes if not one.planted]
    print(f"good plans {len(good)}, false findings {good}")


def _print_recall(name: str, outcomes: Sequence[Outcome], counts: Callable[[dict[str, Any]], bool]) -> None:
    """Print what was found of the planted weaknesses that count, by weakness and by language."""
    rows = [(one, p, p in one.missed) for one in outcomes for p in one.planted if counts(p)]
    if not rows:
        return
    strict = sum(is_found(p, one.found, one.plan.text, strictly=True) for one, p, _ in rows)
    lost = Counter(p["weakness"] for _, p, missed in rows if missed)
    total = Counter(p["weakness"] for _, p, _ in rows)
    found = 1 - lost.total() / len(rows)
    print(f"{name}: planted {len(rows)}, found {found:.1%}, by exact sentence {strict / len(rows):.1%}")
    print("  by weakness: " + ", ".join(f"{k}: {total[k] - lost[k]}/{total[k]}" for k in sorted(total)))
    for language in ("en", "fi", "sv"):
        mine = [missed for one, _, missed in rows if one.language == language]
        if mine:
            print(f"  {language}: {1 - sum(mine) / len(mine):.1%} of {len(mine)}")


if __name__ == "__main__":
    main()
