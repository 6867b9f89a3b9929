"""Questions over the five official pages: facts found per character, abstention, and a chunking baseline beside them.

    python -m eval.seed_pages --half dev --pages DIR [--json FILE]

The pages are not part of the project; DIR is a folder that holds them as text. A fact counts as found where its gold
words stand in the statements of the answer. The baseline is the plain one: chunks of 1,000 characters, the same
embedding model, the best four.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import Answer

CASES = Path(__file__).parent / "cases"
HALVES = ("dev", "dev2", "dev3", "dev4", "test", "test2", "test3")
PAGES = Path(__file__).resolve().parents[2] / "shared" / "seeds"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that an answer should hold: any of these words, verbatim from a page."""

    quotes: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        """Whether the fact is in a text, white space and case apart."""
        plain = collapse(text).casefold()
        return any(collapse(quote).casefold() in plain for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the facts asked for; none where the pages do not answer it."""

    id: str
    question: str
    style: str
    answerable: bool
    facts: tuple[Fact, ...]
    why: str = ""  # the pages do not answer it

    @property
    def is_far(self) -> bool:
        """Whether the question has nothing to do with the field."""
        return self.why.startswith(("off-topic", "far"))


def load_cases(half: str) -> list[Case]:
    """The questions of one set: "dev" to "dev4" are tuned on, "test" to "test3" only reported."""
    lines = (CASES / f"seeds-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Case(
            row["id"], row["question"], row["style"], row["answerable"],
            tuple(Fact((fact["quote"], *fact.get("or", ()))) for fact in row.get("facts", ())),
            row.get("why", ""),
        )
        for row in rows
    ]  # fmt: skip


def answer_text(answer: Answer) -> str:
    """What the reader reads of an answer, citations and warnings apart."""
    return "\n".join(statement.text for statement in answer.statements)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not n:
        return 0.0, 1.0
    z, p = 1.96, successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def measure(assistant: Assistant, cases: Sequence[Case], pages: Path) -> dict[str, Any]:
    """Ask every question and count; see the module for what counts."""
    texts = [collapse(path.read_text(encoding="utf-8")) for path in sorted(pages.glob("*.txt"))]
    found = asked = chars = valid = citations = refused = abstained = 0
    failures: list[dict[str, Any]] = []
    answerable = [case for case in cases if case.answerable]
    for case in cases:
        answer = assistant.ask(case.question)
        text = answer_text(answer)
        if case.answerable:
            missing = [fact.quotes[0] for fact in case.facts if not fact.stands_in(text)]
            asked += len(case.facts)
            found += len(case.facts) - len(missing)
            chars += len(text)
            refused += answer.abstained
            if missing:
                failures.append(
                    {"id": case.id, "question": case.question, "missing": missing, "refused": answer.abstained}
                )
        else:
            abstained += answer.abstained
            if not answer.abstained:
                failures.append({"id": case.id, "question": case.question, "answered": text[:200]})
        for citation in answer.citations:
            citations += 1
            valid += any(citation.quote in page for page in texts)
    n, out = len(answerable), len(cases) - len(answerable)
    return {
        "facts": rate(found, asked),
        "characters": round(chars / n),
        "citations valid": rate(valid, citations),
        "out of scope abstained": rate(abstained, out),
        "answerable refused": rate(refused, n),
        "failures": failures,
    }


def measure_chunks(cases: Sequence[Case], pages: Path, settings: Settings) -> dict[str, Any]:
    """The baseline: 1,000-character chunks, the same embedding model, the best four."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from assistant.embedding import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(settings)
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = [c for path in sorted(pages.glob("*.txt")) for c in splitter.split_text(path.read_text(encoding="utf-8"))]
    vectors, _ = embedder.embed_passages(chunks)
    found = asked = chars = 0
    answerable = [case for case in cases if case.answerable]
    for case in answerable:
        best = (vectors @ embedder.embed_queries([case.question])[0]).argsort()[::-1][:4]
        text = "\n".join(chunks[i] for i in best)
        asked += len(case.facts)
        found += sum(fact.stands_in(text) for fact in case.facts)
        chars += len(text)
    return {"facts": rate(found, asked), "characters": round(chars / len(answerable))}


def rate(successes: int, n: int) -> dict[str, Any]:
    """A share with its n and its 95 % interval."""
    low, high = wilson(successes, n)
    return {"value": round(successes / n, 4) if n else None, "n": n, "low": round(low, 3), "high": round(high, 3)}


def print_table(title: str, result: dict[str, Any]) -> None:
    """Print what `measure` gave, a line a figure."""
    print(title)
    for name, value in result.items():
        if isinstance(value, dict) and value["value"] is not None:
            interval = f"{value['low']:.2f} to {value['high']:.2f}"
            print(f"  {name:40} {value['value']:.3f}  ({interval}, n = {value['n']})")
        elif name == "characters":
            print(f"  {name:40} {value} on average")


def report_parser(doc: str | None, halves: Sequence[str]) -> argparse.ArgumentParser:
    """The options of every command that measures a half."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--half", choices=halves, default="dev")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--failures", action="store_true", help="print what failed too; for the development half")
    return parser


def report(result: dict[str, Any], tables: dict[str, dict[str, Any]], options: argparse.Namespace) -> None:
    """Write what was measured where the options want it, and print the tables, by title."""
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    for title, table in tables.items():
        print_table(title, table)
    if options.failures:
        for table in tables.values():
            for failure in table.get("failures", ()):
                print(json.dumps(failure, ensure_ascii=False))


def main() -> None:
    """Measure one half and print the table."""
    parser = report_parser(__doc__, HALVES)
    parser.add_argument("--pages", type=Path, default=PAGES)
    options = parser.parse_args()
    if not list(options.pages.glob("*.txt")):
        sys.exit(f"No .txt pages in {options.pages}. Name the folder that holds them with --pages.")
    settings = Settings(corpus="none")
    cases = load_cases(options.half)
    with tempfile.TemporaryDirectory() as folder, Assistant.open(workspace=folder, settings=settings) as assistant:
        assistant.add(sorted(options.pages.glob("*.txt")), kind="guidance")
        result = {"half": options.half, "assistant": measure(assistant, cases, options.pages)}
    result["chunks"] = measure_chunks(cases, options.pages, settings)
    tables = {f"{name} ({options.half} half)": result[name] for name in ("assistant", "chunks")}
    report(result, tables, options)


if __name__ == "__main__":
    main()
