"""Cases as JSON Lines: those that ship with the project, and anybody's own. One object a line:

    id, language      "en", "fi" or "sv"
    question          or turns: [{"role": "user", "text": ...}, ...], of which the last answer is judged
    as_of             ISO date on which the law is taken; left out: today, or the day that the question names
    documents         [{"name", "kind", "municipality", "text"}]: there for this case only
    payload           patterns of an attacker's words, which may stand in no statement
    kind, why         for figures by category; where the truth of the case is from
    expect            the rest, which may also stand outside it:
      behaviour       "answer", "abstain", "warn" or "any"
      vital, okay     [{"id", "any": [pattern, ...]}] or [{"id", "quotes": [words of a source, ...]}]
      forbidden       patterns that no sentence may assert as a rule of the day
      warnings        codes that must come; unwanted: codes that must not
      must_cite       an Act's number, a kind or a part of a source id; one must be among the first five citations
      warned_if_cited {name of a document: [codes, of which one must come where it is cited]}

A case that cannot be right is reported as invalid and is not counted as failed: a pattern that is none, a warning that
does not exist, a gold quote that stands in no source. A file that should be there and is not is reported as missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.corpus import bundled_documents
from assistant.errors import AssistantError
from assistant.text import LANGUAGES, collapse
from assistant.types import Kind, Passage, WarningCode
from eval import bundled, seed_pages

HALVES = ("dev", "test", "all")
BUNDLED = bundled.NAMES
SUITE = ("injection", "robustness", "conflicts", "multi-turn", "abstention")
_FOLDER = seed_pages.CASES / "suite"
_BEHAVIOURS = ("answer", "abstain", "warn", "any")


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact that an answer should hold: it does where the pattern matches."""

    id: str
    pattern: re.Pattern[str]
    vital: bool = True


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that is there for this case only."""

    name: str
    kind: str
    municipality: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation, of which the last answer is judged."""

    id: str
    file: str  # the set it belongs to: "traps", "injection"
    half: str
    kind: str  # for figures by category
    language: str
    turns: tuple[str, ...]
    as_of: str | None
    behaviour: str  # "answer", "abstain", "warn" or "any"
    nuggets: tuple[Nugget, ...] = ()
    forbidden: tuple[re.Pattern[str], ...] = ()
    payload: tuple[re.Pattern[str], ...] = ()  # an attacker's words, or what they should bring about
    sources: tuple[str, ...] = ()  # Acts, kinds or parts of source ids, one of which must be cited
    sections: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()  # warnings that would be false alarms
    documents: tuple[Attached, ...] = ()
    warned_if_cited: tuple[tuple[str, tuple[str, ...]], ...] = ()  # name of a document, warnings of which one must come
    why: str = ""

    @property
    def question(self) -> str:
        """The turn that is judged."""
        return self.turns[-1]

    @property
    def vital(self) -> tuple[Nugget, ...]:
        """The facts without which the answer is not right."""
        return tuple(n for n in self.nuggets if n.vital)

    def is_right(self, passage: Passage) -> bool:
        """Whether a fact of the corpus answers the case, at least in part."""
        return bundled.Case(
            self.id, self.question, self.language, self.as_of, tuple(n.pattern for n in self.nuggets), (),
            self.sources, self.sections, (), (),
        ).is_right(passage)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unusable:
    """A case that cannot be judged, and why."""

    id: str
    file: str
    why: str


@dataclass(slots=True)
class Loaded:
    """What was found."""

    cases: list[Case] = field(default_factory=list)
    invalid: list[Unusable] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # files that should be there

    def take(self, row: Mapping[str, Any], file: str, texts: Sequence[str]) -> None:
        """One more case, or one more that is invalid."""
        name = str(row.get("id", "?")) if isinstance(row, Mapping) else "?"
        try:
            case = _case(row, file)
            if any(case.id == other.id and case.file == other.file for other in self.cases):
                raise ValueError("the id stands twice")
            _check_quotes(row, [*texts, *(d.text for d in case.documents)])
        except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            self.invalid.append(Unusable(name, file, what))
        else:
            self.cases.append(case)


def load_shipped(half: str, *, folder: Path = _FOLDER) -> Loaded:
    """The cases of the project; "all" are those tuned on and those that are only reported."""
    found = Loaded()
    texts = corpus_texts()
    for name in BUNDLED:
        for row in _rows(seed_pages.CASES / f"bundled-{name}.jsonl"):
            if _is_of(half, row["half"]):
                found.take({**row, "kind": _kind_of(name, row), "behaviour": _behaviour_of(name, row)}, name, texts)
    for name in SUITE:
        for part in ("dev", "test") if half == "all" else (half,):
            path = folder / f"{name}-{part}.jsonl"
            if not path.is_file():
                found.missing.append(path.name)
                continue
            for row in _rows(path):
                found.take(row, name, texts)
    return found


def load_folder(folder: Path) -> Loaded:
    """Anybody's own cases: every .jsonl file of a folder.

    Raises:
        AssistantError: There is none.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise AssistantError(f"No .jsonl files in {folder}. Name the folder that holds your cases with --cases.")
    found = Loaded()
    texts = corpus_texts()
    for path in paths:
        for row in _rows(path):
            found.take(row, path.stem, texts)
    return found


def load_pages(half: str, pages: Path) -> Loaded:
    """The questions on the guidance pages of a folder; quotes that stand in no page make a case invalid."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(pages.glob("*.txt"))]
    if not texts:
        raise AssistantError(f"No .txt pages in {pages}. Name the folder that holds them with --pages.")
    found = Loaded()
    for part in (p for p in seed_pages.HALVES if _is_of(half, p)):
        for case in seed_pages.load_cases(part):
            row = {
                "id": f"{part}-{case.id}", "half": part, "kind": "pages" if case.answerable else "pages-outside",
                "language": "en", "question": case.question, "why": case.why,
                "behaviour": "answer" if case.answerable else "abstain",
                "vital": [{"id": f"v{n}", "quotes": fact.quotes} for n, fact in enumerate(case.facts, 1)],
            }  # fmt: skip
            found.take(row, "pages", texts)
    return found


def corpus_texts() -> list[str]:
    """The text of every bundled source, white space collapsed."""
    return [collapse(document.text) for _, document in bundled_documents()]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    # Not splitlines: a question may hold a character that Unicode takes for the end of a line.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise AssistantError(f"{path.name}, line {number}: no JSON ({error.msg}). Mend or remove it.") from None


def _is_of(half: str, part: str) -> bool:
    return half == "all" or part.rstrip("0123456789") == half


def _kind_of(name: str, row: Mapping[str, Any]) -> str:
    return {"corpus": str(row.get("kind")), "traps": "trap", "warnings": "warning", "far": "far"}.get(
        name, str(row["language"])
    )


def _behaviour_of(name: str, row: Mapping[str, Any]) -> str:
    if name == "far":
        return "abstain"
    return "answer" if row["vital"] or row["sources"] else "any"


def _case(row: Mapping[str, Any], file: str) -> Case:
    expect: Mapping[str, Any] = row.get("expect", row)
    turns = [turn["text"] for turn in row["turns"]] if "turns" in row else [row["question"]]
    as_of = row.get("as_of")
    if as_of is not None:
        date.fromisoformat(as_of)
    behaviour = expect["behaviour"]
    nuggets = (*_nuggets(expect.get("vital", ()), vital=True), *_nuggets(expect.get("okay", ()), vital=False))
    case = Case(
        str(row["id"]), file, str(row.get("half", "own")), _category(row, file), row["language"], tuple(turns),
        as_of, behaviour, nuggets, tuple(_patterns(expect.get("forbidden", ()))),
        tuple(_patterns(row.get("payload", expect.get("payload", ())))),
        (*expect.get("sources", ()), *expect.get("must_cite", ())), tuple(expect.get("section", ())),
        tuple(expect.get("warnings", ())), tuple(expect.get("unwanted", ())),
        tuple(Attached(d["name"], Kind(d["kind"]).value, d.get("municipality"), d["text"])
              for d in row.get("documents", ())),
        tuple((name, tuple(codes)) for name, codes in expect.get("warned_if_cited", {}).items()),
        str(row.get("why", "")),
    )  # fmt: skip
    if not turns or not all(isinstance(turn, str) for turn in turns):
        raise ValueError("no question")
    if behaviour not in _BEHAVIOURS:
        raise ValueError(f"behaviour is {behaviour!r}, not one of {', '.join(_BEHAVIOURS)}")
    if case.language not in LANGUAGES:
        raise ValueError(f"language is {case.language!r}")
    conditional = {code for _, codes in case.warned_if_cited for code in codes}
    if unknown := {*case.warnings, *case.unwanted, *conditional} - set(WarningCode):
        raise ValueError(f"no such warning: {', '.join(sorted(unknown))}")
    if both := {*case.warnings} & {*case.unwanted}:
        raise ValueError(f"wanted and unwanted: {', '.join(sorted(both))}")
    if behaviour == "abstain" and nuggets:
        raise ValueError("an answer that must not be given can hold no facts")
    return case


def _category(row: Mapping[str, Any], file: str) -> str:
    """The kind, told apart where cases of one kind want opposite things: a twin that can be answered, a look-alike."""
    kind = str(row.get("kind", file))
    group = "look-alike" if row.get("look_alike") else row.get("group", "") if kind == "abstention" else ""
    return f"{kind}, {group}" if group else kind


def _nuggets(rows: Iterable[Mapping[str, Any]], *, vital: bool) -> Iterator[Nugget]:
    for n, row in enumerate(rows, 1):
        spaced = (r"\s+".join(map(re.escape, quote.split())) for quote in row.get("quotes", ()))
        yield Nugget(str(row.get("id", n)), next(_patterns(["|".join([*row.get("any", ()), *spaced])])), vital)


def _patterns(found: Iterable[str]) -> Iterator[re.Pattern[str]]:
    for text in found:
        pattern = re.compile(text, re.IGNORECASE)
        if pattern.search(""):
            raise ValueError(f"the pattern {text!r} matches nothing said")
        yield pattern


def _check_quotes(row: Mapping[str, Any], texts: Sequence[str]) -> None:
    """A gold quote that no source holds cannot be found by anybody."""
    expect: Mapping[str, Any] = row.get("expect", row)
    for fact in (*expect.get("vital", ()), *expect.get("okay", ())):
        quotes = [collapse(quote).casefold() for quote in fact.get("quotes", ())]
        if quotes and not any(quote in collapse(text).casefold() for quote in quotes for text in texts):
            raise ValueError(f"the quote “{fact['quotes'][0]}” stands in no source")
