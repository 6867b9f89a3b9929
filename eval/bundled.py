"""Questions over the bundled corpus: vital facts, accuracy, the law on the day, warnings, languages.

    python -m eval.bundled [corpus|traps|warnings|languages|far]
                           --half dev|dev2|dev3|dev4|dev5|test|test2|test3|test4|test5|hard
                           [--pages DIR [--alone]] [--failures] [--json FILE]

A vital fact counts as found where one of its patterns matches the statements of the answer. An answer is accurate where
it holds all vital facts and nothing forbidden, its citations are verbatim, and it says of every rule that is not in
force on the day that it is not. A forbidden pattern counts only in a sentence that asserts it: not in one that denies
it or speaks of another time. With --pages the guidance pages of a folder are added without saying when they were
written: an answer that cites one must say what is wrong with it, where it was written under a law that is not in force.

The half `hard` was written by another hand after the floors of the suite were set; it stands outside the suite, as
`eval/cases/hard/` does (python -m eval --cases eval/cases/hard).
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.currency import NEW_ACT_FROM
from assistant.passages import sentence_spans
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import Answer, Citation, Currency, Passage, WarningCode
from eval.check_corpus import names_bare_section
from eval.seed_pages import CASES, answer_text, rate, report, report_parser

NAMES = ("corpus", "traps", "warnings", "languages", "far")
HALVES = ("dev", "dev2", "dev3", "dev4", "dev5", "test", "test2", "test3", "test4", "test5", "hard")
_PAGES_END = "2026-01-01"  # the pages that are added were written in 2024 and 2025: from this day all are out of date
_FIRST = 5  # citations that a reader looks at
# Words by which a sentence denies a rule or places it in another time.
_EXCUSED = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nothing|without|cannot|repealed|enacted|would|was|were|had|until|formerly|"
    r"former|earlier|previous\w*|old|1386/2010|bill|draft|propos\w*|aim(?:s|ed)?|dropped|replaced|removed|ended|"
    r"recommend\w*|good practice|guidance|pages?|advice|wrong|outdated|used to|original(?:ly)?)\b|n't\b|\?"
    r"|(?<![/\d])20(?:1\d|2[0-4])(?![\d/])",
    re.IGNORECASE,
)
# The same for a day before Act 681/2023 began: there the new rules are those of another time.
_EXCUSED_BEFORE = re.compile(
    r"\?|2025|(?:681|380)/2023|(?:1100|322|872|869|576|874)/2024|n't\b|\b(?:not|never|no|nor|neither|none|without|would|"
    r"will|later|since|future|enacted|propos\w*|bill|today|now|currently|at present|law in force|"
    r"new (?:Act|law|rules?))\b",
    re.IGNORECASE,
)
_NO_EXCUSE = re.compile(
    r"\bwithout delay\b|\bnot later than\b|\bdraft(?:s|ed|ing)?\b|\bpages?\b(?! say)", re.IGNORECASE
)
_NOT_IN_FORCE = {
    Currency.OUTDATED: WarningCode.OUTDATED_SOURCE,
    Currency.NEVER_IN_FORCE: WarningCode.NEVER_IN_FORCE,
    Currency.NOT_IN_FORCE_YET: WarningCode.NOT_IN_FORCE_YET,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what its answer must hold, must not say, must cite and must warn of."""

    id: str
    question: str
    language: str
    as_of: str | None
    vital: tuple[re.Pattern[str], ...]
    forbidden: tuple[re.Pattern[str], ...]
    sources: tuple[str, ...]
    sections: tuple[str, ...]
    warnings: tuple[str, ...]
    unwanted: tuple[str, ...]  # warnings that would be false alarms

    def is_right(self, passage: Passage) -> bool:
        """Whether a fact of the corpus holds any of the vital facts and is of a source that the case names."""
        pinpoint = passage.fact.pinpoint if passage.fact else ""
        named = any(_is_of(passage.source_id, pinpoint, wanted) for wanted in self.sources)
        if not self.vital:
            return named and (not self.sections or any(names_section(pinpoint, x) for x in self.sections))
        return any(p.search(passage.text) for p in self.vital) and (named or not self.sources)


def load_cases(name: str, half: str) -> list[Case]:
    """The questions of eval/cases/bundled-NAME.jsonl: those of "dev" are tuned on, the others only reported."""
    lines = (CASES / f"bundled-{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, filter(None, lines)) if row["half"] == half]
    return [
        Case(
            row["id"], row["question"], row["language"], row["as_of"],
            tuple(re.compile("|".join(fact["any"]), re.IGNORECASE) for fact in row["vital"]),
            tuple(re.compile(pattern, re.IGNORECASE) for pattern in row["forbidden"]),
            tuple(row["sources"]), tuple(row.get("section", ())), tuple(row["warnings"]),
            tuple(row.get("unwanted", ())),
        )
        for row in rows
    ]  # fmt: skip


def asserts(pattern: re.Pattern[str], text: str, as_of: str | None = None) -> bool:
    """Whether a sentence of a text says what a pattern forbids, as a rule of the day (today by default)."""
    before = as_of is not None and as_of < NEW_ACT_FROM
    excused = _EXCUSED_BEFORE if before else _EXCUSED
    corrects = re.compile(r"681/2023|2025|not yet" if before else r"\bnever\b|\brepealed\b|no longer|as enacted")
    sentences = [line[start:end] for line in text.splitlines() for start, end in sentence_spans(line)]
    for n, sentence in enumerate(sentences):
        after = sentences[n + 1] if n + 1 < len(sentences) else ""
        if pattern.search(sentence) and not excused.search(_NO_EXCUSE.sub("", sentence)) and not corrects.search(after):
            return True
    return False


def names_section(pinpoint: str, section: str) -> bool:
    """Whether a pinpoint such as "Act 681/2023, s. 45(1)" names a section."""
    return (
        re.search(rf"(?:\bss?\. ?(?:[\d a-z(),-]+(?:,| and|-) ?)?|^){re.escape(section)}(?![\d/])", pinpoint)
        is not None
    )


def cites(citation: Citation, wanted: str) -> bool:
    """Whether a citation is of a source as a case names it: an Act's number, or a kind."""
    return wanted == citation.kind.value or _is_of(citation.source_id, citation.pinpoint, wanted)


def _is_of(source_id: str, pinpoint: str, wanted: str) -> bool:
    number, _, year = wanted.partition("/")
    act = f"-{number}-{year}-" if year else f"-{wanted}-"
    return act in f"-{source_id}-" or re.search(rf"(?<![\d/]){re.escape(wanted)}(?![\d/])", pinpoint) is not None


def measure(assistant: Assistant, cases: Sequence[Case], *, pages: Collection[str] = ()) -> dict[str, Any]:
    """Ask every question and count; `pages` are the ids of added pages that are out of date."""
    count: Counter[str] = Counter()
    characters = 0
    failures: list[dict[str, Any]] = []
    for case in cases:
        answer = assistant.ask(case.question, as_of=case.as_of)
        text = answer_text(answer)
        codes = {str(warning.code) for warning in answer.warnings}
        missing = [p.pattern for p in case.vital if not p.search(text)]
        wrong = [p.pattern for p in case.forbidden if asserts(p, text, case.as_of)]
        silent = [w for w in case.warnings if w not in codes]
        false_alarms = [w for w in case.unwanted if w in codes]
        cited_pages = [c for c in answer.citations if c.source_id in pages and answer.as_of >= _PAGES_END]
        warned = {n for w in answer.warnings if w.code in _NOT_IN_FORCE.values() for n in w.citations}
        unsaid = _unsaid(answer)
        valid = sum(_is_verbatim(assistant, citation) for citation in answer.citations)
        sourced = any(cites(c, wanted) for c in answer.citations[:_FIRST] for wanted in case.sources)
        bare = [s.text for s in answer.statements if names_bare_section(s.text)]
        accurate = not (missing or wrong or unsaid) and valid == len(answer.citations)
        if answer.abstained and (case.vital or case.sources):
            accurate = False
        for name, n in {
            "vital": len(case.vital), "found": len(case.vital) - len(missing), "accurate": accurate,
            "warned": len(case.warnings) - len(silent), "warnings": len(case.warnings),
            "sourced": sourced and bool(case.sources), "sourcing": bool(case.sources),
            "refused": answer.abstained, "bare": bool(bare), "valid": valid, "citations": len(answer.citations),
            "unsaid": bool(unsaid), "forbidden": bool(wrong), "pages": len(cited_pages),
            "named": sum(c.id in warned for c in cited_pages), "alarming": bool(false_alarms),
            "quiet": bool(case.unwanted),
        }.items():  # fmt: skip
            count[name] += n
        characters += len(text)
        if not accurate or silent or false_alarms or (case.sources and not sourced) or bare:
            failures.append(
                {"id": case.id, "question": case.question, "as_of": case.as_of, "missing": missing, "wrong": wrong,
                 "unwarned": silent, "false alarms": false_alarms, "sourced": sourced, "bare": bare, "unsaid": unsaid,
                 "refused": answer.abstained, "text": text, "codes": sorted(codes)}
            )  # fmt: skip
    n = len(cases)
    return {
        "vital facts": rate(count["found"], count["vital"]),
        "answers accurate": rate(count["accurate"], n),
        "characters": round(characters / n),
        "a right source in the first five": rate(count["sourced"], count["sourcing"]),
        "warnings present": rate(count["warned"], count["warnings"]),
        "answers with a false alarm": rate(count["alarming"], count["quiet"]),
        "added pages cited and warned of": rate(count["named"], count["pages"]),
        "answers that say what is forbidden": rate(count["forbidden"], n),
        "answers silent on what is not in force": rate(count["unsaid"], n),
        "answers with a section without Act": rate(count["bare"], n),
        "citations valid": rate(count["valid"], count["citations"]),
        "refused": rate(count["refused"], n),
        "failures": failures,
    }


def _unsaid(answer: Answer) -> list[str]:
    told = {(warning.code, number) for warning in answer.warnings for number in warning.citations}
    return [
        c.quote
        for c in answer.citations
        if c.currency in _NOT_IN_FORCE and (_NOT_IN_FORCE[c.currency], c.id) not in told
    ]


def _is_verbatim(assistant: Assistant, citation: Citation) -> bool:
    shown = assistant.surroundings(citation, chars=0)
    return collapse(shown.quote) == citation.quote


def main() -> None:
    """Measure and print."""
    parser = report_parser(__doc__, HALVES)
    parser.add_argument("name", choices=NAMES, nargs="?", default="corpus")
    parser.add_argument("--pages", type=Path, help="a folder of guidance pages, .txt, to add first")
    parser.add_argument("--alone", action="store_true", help="answer from those pages only")
    options = parser.parse_args()
    cases = load_cases(options.name, options.half)
    settings = Settings(corpus="none" if options.alone else "bundled")
    with tempfile.TemporaryDirectory() as folder, Assistant.open(workspace=folder, settings=settings) as assistant:
        added = assistant.add(sorted(options.pages.glob("*.txt")), kind="guidance").files if options.pages else ()
        result = measure(assistant, cases, pages=[file.source_id for file in added if file.source_id])
    report(result, {f"{options.name} ({options.half} half, {len(cases)} questions)": result}, options)


if __name__ == "__main__":
    main()
