"""Finnish questions over an Act and the Act that amends it, both added as they are: is the right section quoted?

    python -m eval.added_law --half dev|dev2|test|test2 --law DIR [--failures] [--json FILE]

DIR holds 2023-0681-fi.md and 2024-1100-fi.md. Right is a section among the citations of the first three statements,
from the Act that holds its wording in force; what the later Act changed or repealed must never stand as current from
the first.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.currency import act_number
from assistant.settings import Settings
from assistant.types import Citation, Currency
from eval.bundled import HALVES
from eval.seed_pages import CASES, rate, report, report_parser

LAW = Path(__file__).resolve().parents[2] / "shared" / "law"
FILES = ("2023-0681-fi.md", "2024-1100-fi.md")
_STATEMENTS = 3
_ACT = "681/2023"


def load_cases(half: str) -> list[dict[str, Any]]:
    """The questions: each with the section that answers it and the Act that holds its wording in force."""
    lines = (CASES / "bundled-finnish-law.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, filter(None, lines)) if row["half"] == half]


def measure(assistant: Assistant, cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Ask every question and count."""
    count: Counter[str] = Counter()
    failures = []
    for case in cases:
        answer = assistant.ask(case["question"])
        by_id = {c.id: c for c in answer.citations}
        first = [by_id[n] for statement in answer.statements[:_STATEMENTS] for n in statement.citations]
        right = any(act_number(c.title) == case["act"] and section(c) in case["section"] for c in first)
        stale = [
            c.quote
            for c in answer.citations
            if c.currency is Currency.CURRENT
            and act_number(c.title) == _ACT != case["act"]
            and section(c) in case["section"]
        ]  # fmt: skip
        count.update(right=right, stale=bool(stale), refused=answer.abstained)
        if not right or stale:
            cited = [f"{act_number(c.title)} {section(c)} {c.currency.value}" for c in answer.citations]
            failures.append({"question": case["question"], "wanted": [case["act"], *case["section"]], "cited": cited,
                             "stale": stale, "refused": answer.abstained})  # fmt: skip
    n = len(cases)
    return {
        "right section in the first three": rate(count["right"], n),
        "changed sections given as current": rate(count["stale"], n),
        "refused": rate(count["refused"], n),
        "failures": failures,
    }


def section(citation: Citation) -> str:
    """The number of the section that a citation of a Finnish Act is of: "13" of "2 luku / 13 § Ohjelma"."""
    found = re.search(r"(\d+(?: [a-z])?) §", citation.pinpoint)
    return found[1] if found else ""


def main() -> None:
    """Measure and print."""
    parser = report_parser(__doc__, HALVES)
    parser.add_argument("--law", type=Path, default=LAW)
    options = parser.parse_args()
    files = [options.law / name for name in FILES]
    if missing := [path.name for path in files if not path.is_file()]:
        sys.exit(f"{options.law} lacks {' and '.join(missing)}. Name the folder that holds them with --law.")
    cases = load_cases(options.half)
    settings = Settings(corpus="bundled")
    with tempfile.TemporaryDirectory() as folder, Assistant.open(workspace=folder, settings=settings) as assistant:
        assistant.add(files, kind="law")
        result = measure(assistant, cases)
    report(result, {f"law in Finnish, added ({options.half} half, {len(cases)} questions)": result}, options)


if __name__ == "__main__":
    main()
