"""Each fault that a corpus can have is found and named with its place, and the corpus of the project has none."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.corpus import CORPUS
from eval import check_corpus
from eval.check_corpus import RUN, TEXTS, problems

Plant = Callable[[Path], None]

ACT = "Section 45(1) of Act 681/2023 puts the planning of integration on the municipality, year after year."
OLD_ACT = "Section 32 of Act 1386/2010 had the municipality draw up its own document with the local authorities."
MANIFEST: list[dict[str, Any]] = [
    {"source_id": "act-681-2023", "kind": "law", "title": "Act 681/2023", "law_basis": "681/2023",
     "valid_from": "2025-01-01", "valid_to": None},
    {"source_id": "act-1386-2010", "kind": "law", "title": "Act 1386/2010", "law_basis": "1386/2010",
     "valid_from": "2011-09-01", "valid_to": None},
    {"source_id": "guide", "kind": "guidance", "title": "Guide of Mallikylä",
     "valid_from": "2025-03-01", "valid_to": "2027-12-31"},
    {"source_id": "esimerkkila", "kind": "programme", "title": "Programme of Esimerkkilä",
     "municipality": "Esimerkkilä"},
    {"source_id": "decree-1-2025", "kind": "law", "title": "Decree 1/2025",
     "valid_from": "2025-01-01", "valid_to": "2025-12-31"},
]  # fmt: skip
FACTS: dict[str, list[dict[str, Any]]] = {
    "act-681-2023": [{"heading": "Section 45: planning", "text": ACT, "valid_from": "2025-01-01"}],
    "act-1386-2010": [{"heading": "Section 32: the old document", "text": OLD_ACT, "valid_to": "2024-12-31"}],
    "guide": [
        {"heading": "Who decides", "text": "The council of Mallikylä decides on the plan every fourth spring."},
        {"heading": "Who follows", "text": "The library of Mallikylä keeps a list of what has been done so far."},
    ],
    "esimerkkila": [{"heading": "Tutors", "text": "Esimerkkilä pays fourteen language tutors in its schools."}],
    "decree-1-2025": [{"heading": "Sums", "text": "Decree 1/2025 sets the sums that Mallikylä is paid for one year."}],
}
SUCCESSIONS: list[dict[str, Any]] = [
    {"term": "Integration Office", "variants": [], "ended": "2024-12-31", "since": "2025-01-01",
     "successor": "the municipality", "message": "The Integration Office ended on 31 December 2024."},
    {"term": "Advice Bureau", "variants": [], "ended": "2025-12-31", "since": None, "successor": None,
     "message": "The Advice Bureau ended on 31 December 2025."},
]  # fmt: skip
QUESTIONS = {
    "en": ["Who does it in our town?", "Is it us?"],
    "fi": ["Kuka sen tekee?"],
    "sv": ["Vem gör det?"],
}
# Fourteen words, and eleven and twelve of them.
OFFICIAL = "Every immigrant who moves to Mallikylä is met within two weeks by somebody who knows."
ELEVEN = "Every immigrant who moves to Mallikylä is met within two weeks at the library."
TWELVE = "Every immigrant who moves to Mallikylä is met within two weeks by trained staff."


def fact(source_id: str, number: int, **fields: Any) -> dict[str, Any]:
    """A sound fact but for the fields given."""
    return {
        "id": f"{source_id}/{number:03}", "questions": QUESTIONS, "source_url": "https://example.org/",
        "pinpoint": "page 1", "certainty": "official guidance", "valid_from": None, "valid_to": None, **fields,
    }  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A small corpus without a fault."""
    described = {
        "title_original": "Alkuperäinen", "publisher": "Mallikylä", "url": "https://example.org/",
        "established": "official guidance", "licence": "ours",
    }  # fmt: skip
    _write(tmp_path / "manifest.jsonl", [{**described, **row} for row in MANIFEST])
    (tmp_path / "facts").mkdir()
    for source_id, rows in FACTS.items():
        facts = [fact(source_id, n, **row) for n, row in enumerate(rows, start=1)]
        _write(tmp_path / "facts" / f"{source_id}.jsonl", facts)
    _write(tmp_path / "successions.jsonl", SUCCESSIONS)
    return tmp_path


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def with_fields(name: str, line: int, **fields: Any) -> Plant:
    """Change fields of one row."""

    def plant(folder: Path) -> None:
        lines = _lines(folder / name)
        lines[line - 1] = json.dumps({**json.loads(lines[line - 1]), **fields})
        (folder / name).write_text("\n".join(lines), encoding="utf-8")

    return plant


def without(name: str, line: int, field: str) -> Plant:
    """Leave a field out of one row."""

    def plant(folder: Path) -> None:
        lines = _lines(folder / name)
        row = json.loads(lines[line - 1])
        del row[field]
        lines[line - 1] = json.dumps(row)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")

    return plant


def with_line(name: str, line: str) -> Plant:
    """Put a line at the end of a file, made where there is none."""

    def plant(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return plant


def with_row(name: str, **fields: Any) -> Plant:
    """Put a fact at the end of a file."""
    return with_line(name, json.dumps(fact(Path(name).stem, 9, heading="More", **fields)))


def without_file(name: str) -> Plant:
    """Take a file away."""
    return lambda folder: (folder / name).unlink()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault to plant, and the one line that must come of it: its place, and a pattern of what is said."""

    name: str
    plant: Plant
    place: str
    says: str


GUIDE, DECREE = "facts/guide.jsonl", "facts/decree-1-2025.jsonl"
NEW, OLD = "facts/act-681-2023.jsonl", "facts/act-1386-2010.jsonl"
SAME = FACTS["guide"][0]["text"]
FAULTS = [
    # What every fact has.
    *[
        Fault(f"fact with {field} {value!r}", with_fields(GUIDE, 2, **{field: value}), "guide.jsonl, line 2", says)
        for field, value, says in (
            ("source_url", None, "no source_url"),
            ("source_url", "", "no source_url"),
            ("pinpoint", "", "no pinpoint"),
            ("heading", "", "no heading"),
            ("certainty", "hearsay", "certainty 'hearsay' is none of .*, not established"),
        )
    ],
    *[
        Fault(f"fact without {field}", without(GUIDE, 2, field), "guide.jsonl, line 2", says)
        for field, says in (
            ("source_url", "no source_url"),
            ("pinpoint", "no pinpoint"),
            ("id", "id: Field required"),
            ("text", "text: Field required"),
        )
    ],
    Fault("text that is null", with_fields(GUIDE, 1, text=None), "guide.jsonl, line 1", "text: Input should be .*"),
    Fault(
        "questions that are no lists", with_fields(GUIDE, 1, questions={"en": "Who decides?"}), "guide.jsonl, line 1",
        r"questions\.en: Input should be .*",
    ),
    # Ids and files.
    Fault(
        "source not in the manifest", with_line("facts/ghost.jsonl", json.dumps(fact("ghost", 1))), "ghost.jsonl",
        r"no such source in manifest\.jsonl",
    ),
    Fault("manifest row without file", without_file(GUIDE), "manifest.jsonl, line 3", "guide has no file in facts/"),
    Fault(
        "source twice", with_fields("manifest.jsonl", 4, source_id="guide", kind="guidance"),
        "manifest.jsonl, line 4", "guide stands twice",
    ),
    Fault(
        "id twice", with_fields(GUIDE, 2, id="guide/001"), "guide.jsonl, line 2",
        r"the id guide/001 stands twice, first in guide\.jsonl, line 1",
    ),
    Fault(
        "id of another source", with_fields(GUIDE, 2, id="esimerkkila/002"), "guide.jsonl, line 2",
        "id 'esimerkkila/002' does not begin with guide/",
    ),
    *[
        Fault(f"source with {field} empty", with_fields("manifest.jsonl", 3, **{field: ""}), "manifest.jsonl, line 3",
              f"no {field}")
        for field in ("title", "title_original", "publisher", "url", "established", "licence")
    ],
    *[
        Fault(f"programme with municipality {value!r}", with_fields("manifest.jsonl", 4, municipality=value),
              "manifest.jsonl, line 4", "a programme without its municipality")
        for value in (None, "")
    ],
    # Dates.
    *[
        Fault(f"fact from {day}", with_fields(GUIDE, 1, valid_from=day), "guide.jsonl, line 1",
              f"valid_from '{day}' is no date")
        for day in ("2025-02-30", "1 May 2025", "2025", "20250501", "2025-W18-4")  # Python reads the last two as dates
    ],
    Fault("date that is a number", with_fields(GUIDE, 1, valid_to=2025), "guide.jsonl, line 1",
          "valid_to: Input should be .*"),
    Fault("fact from no date to an earlier day",
          with_fields(GUIDE, 1, valid_from="2026-13-01", valid_to="2026-05-01"), "guide.jsonl, line 1",
          "valid_from '2026-13-01' is no date"),
    Fault("source until no date", with_fields("manifest.jsonl", 3, valid_to="2027-13-01"), "manifest.jsonl, line 3",
          "valid_to '2027-13-01' is no date"),
    Fault("fact that ends before it begins", with_fields(GUIDE, 1, valid_from="2026-05-02", valid_to="2026-05-01"),
          "guide.jsonl, line 1", "valid from 2026-05-02 to 2026-05-01"),
    Fault("source that ends before it begins", with_fields("manifest.jsonl", 4, valid_from="2025-01-01",
          valid_to="2024-12-31"), "manifest.jsonl, line 4", "valid from 2025-01-01 to 2024-12-31"),
    Fault("fact that begins after its source", with_fields(DECREE, 1, valid_from="2026-01-01"),
          "decree-1-2025.jsonl, line 1", "begins on 2026-01-01, after its source has ended on 2025-12-31"),
    Fault("fact that ends before its source", with_fields(GUIDE, 1, valid_to="2025-02-28"), "guide.jsonl, line 1",
          "ends on 2025-02-28, before its source begins on 2025-03-01"),
    # The law on the day.
    *[
        Fault(f"rule of the old Act until {day}", with_fields(OLD, 1, valid_to=day), "act-1386-2010.jsonl, line 1",
              "a rule of Act 1386/2010 that does not end on 2024-12-31")
        for day in (None, "2025-01-01")
    ],
    *[
        Fault(f"rule of the new Act from 31 December 2024 until {day}",
              with_fields(NEW, 1, valid_from="2024-12-31", valid_to=day),
              "act-681-2023.jsonl, line 1", "a rule of Act 681/2023 that begins before 2025-01-01")
        for day in (None, "2026-12-31")
    ],
    # Words.
    *[
        Fault(f"section without its Act: {text}", with_row(GUIDE, text=text), "guide.jsonl, line 3",
              f"a section without its Act: '{re.escape(text)}'")
        for text in (
            "The council of Mallikylä decides as section 46 says.",
            "The council of Mallikylä decides as Sections 45 and 46 say.",
            "The council of Mallikylä decides, see s. 46 of the Act.",
            "The council of Mallikylä decides, see ss. 45-46 of it.",
        )
    ],
    Fault("heading with a section without its Act", with_fields(GUIDE, 1, heading="Section 46: who decides"),
          "guide.jsonl, line 1", "a section without its Act: 'Section 46: who decides'"),
    *[
        Fault(f"bare {words}", with_row(GUIDE, text=f"{words} of Mallikylä: the council decides on it."),
              "guide.jsonl, line 3", "integration programme, but which of the two meanings.*")
        for words in ("The integration programme", "Integration programmes")
    ],
    Fault("fact without questions", without(GUIDE, 1, "questions"), "guide.jsonl, line 1", "0 questions in sv, not 1"),
    *[
        Fault(f"questions {questions}", with_fields(GUIDE, 1, questions={**QUESTIONS, **questions}),
              "guide.jsonl, line 1", says)
        for questions, says in (
            ({"en": ["Who decides?"]}, "1 questions in en, not 2"),
            ({"en": ["Who decides?", "who decides"]}, "1 questions in en, not 2"),
            ({"fi": []}, "0 questions in fi, not 1"),
            ({"sv": ["?"]}, "0 questions in sv, not 1"),
        )
    ],
    *[
        Fault(f"question {question!r}", with_fields(GUIDE, 1, questions={**QUESTIONS, "en": ["Who?", question]}),
              "guide.jsonl, line 1", f"the question {re.escape(repr(question))} is the fact itself")
        for question in (SAME, SAME.rstrip("."), "the council of  Mallikylä decides on the plan?",
                         "Council of Mallikylä decides?")
    ],
    Fault("text of 39 characters", with_row(GUIDE, text="Mallikylä has " + "x" * 24 + "."), "guide.jsonl, line 3",
          "39 characters; a fact has 40 to 480"),
    Fault("text of 481 characters", with_row(GUIDE, text="Mallikylä has " + "x" * 466 + "."), "guide.jsonl, line 3",
          "481 characters; a fact has 40 to 480"),
    Fault("same words in one source", with_row(GUIDE, text=SAME.upper().replace(".", "")), "guide.jsonl, line 3",
          r"the same words as guide\.jsonl, line 1"),
    Fault("same words in two sources", with_row(GUIDE, text=FACTS["esimerkkila"][0]["text"]), "guide.jsonl, line 3",
          r"the same words as esimerkkila\.jsonl, line 1"),
    Fault("twelve words of an official text", with_row(GUIDE, text=TWELVE), "guide.jsonl, line 3",
          "12 words in a row from an official text: 'every immigrant .* by'"),
    *[
        Fault(f"{field} not for a reader: {words}", with_fields(GUIDE, 1, **{field: words}), "guide.jsonl, line 1",
              f"no words for a reader: {re.escape(repr(words))}")
        for field, words in (
            ("currency_note", "Open question: answer with where to ask."),
            ("currency_note", "Pending on the date of this corpus."),
            ("pinpoint", "planning page, item 3 (numbering ours)"),
        )
    ],
    # Damaged lines.
    *[
        Fault(f"damaged line in {name}: {line}", with_line(name, line), place, says)
        for name, place in (
            ("manifest.jsonl", "manifest.jsonl, line 6"),
            (GUIDE, "guide.jsonl, line 3"),
            ("successions.jsonl", "successions.jsonl, line 3"),
        )
        for line, says in (
            ('{"id": "guide/003"', "not JSON"),
            ("[]", "the row: Input should be .*"),
            ("{}", ".+: Field required"),
        )
    ],
    Fault("kind that is none", with_fields("manifest.jsonl", 3, kind="rumour"), "manifest.jsonl, line 3",
          "kind: Input should be .*"),
    # Successions.
    *[
        Fault(f"succession from {day}", with_fields("successions.jsonl", 1, since=day), "successions.jsonl, line 1",
              f"Integration Office ends on 2024-12-31, not before {day}")
        for day in ("2024-12-31", "2024-06-01")
    ],
    Fault("succession from no date", with_fields("successions.jsonl", 2, ended="2025"), "successions.jsonl, line 2",
          "ended '2025' is no date"),
]  # fmt: skip
# What a fault in one place brings about in another.
FOLLOWS = {
    "kind that is none": [r"guide\.jsonl: no such source in manifest\.jsonl"],
    "fact without questions": [
        f"guide\\.jsonl, line 1: 0 questions in {x}, not {n}" for x, n in (("en", 2), ("fi", 1))
    ],
    "source twice": [r"esimerkkila\.jsonl: no such source in manifest\.jsonl"],
}


def found_in(folder: Path) -> list[str]:
    return list(problems(folder, [OFFICIAL]))


def test_corpus_of_the_project_has_no_problem() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))]
    assert list(problems(CORPUS, texts)) == []


def test_sound_corpus_has_no_problem(corpus: Path) -> None:
    assert found_in(corpus) == []
    (corpus / "successions.jsonl").unlink()
    assert found_in(corpus) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_planted_fault_is_the_one_problem_and_is_named_with_its_place(corpus: Path, fault: Fault) -> None:
    fault.plant(corpus)
    found = found_in(corpus)
    told = [line for line in found if re.fullmatch(f"{re.escape(fault.place)}: {fault.says}", line)]
    assert len(told) == 1, found
    rest = [line for line in found if line not in told]
    expected = FOLLOWS.get(fault.name, [])
    assert len(rest) == len(expected), rest
    assert all(re.fullmatch(pattern, line) for pattern, line in zip(expected, rest, strict=True)), rest


@pytest.mark.parametrize(
    "plant",
    [
        with_row(GUIDE, text=ELEVEN),
        with_row(GUIDE, text="Mallikylä has " + "x" * 25 + "."),
        with_row(GUIDE, text="Mallikylä has " + "x" * 465 + "."),
        with_row(GUIDE, text="Mallikylä decides as section 46 of Act 681/2023 says."),
        with_row(GUIDE, text="Mallikylä decided as section 17 of Act 1999:493 said."),
        with_row(GUIDE, text="The old integration programme (kotouttamisohjelma) of Mallikylä has ended."),
        with_row(GUIDE, text="The integration programme of section 13 of Act 681/2023 is a package."),
        with_row(GUIDE, text="The Government integration programme binds Mallikylä to nothing at all."),
        with_fields(NEW, 1, heading="Section 45: planning"),  # the title of its source names the Act
        with_fields(GUIDE, 1, valid_from="2025-03-01", valid_to="2027-12-31"),
        with_fields(GUIDE, 1, valid_from="2026-05-01", valid_to="2026-05-01"),
        with_fields(DECREE, 1, valid_from="2025-12-31"),
        with_fields(GUIDE, 1, valid_from="2028-01-01"),  # guidance that has ended may say what holds now
        with_fields(GUIDE, 1, valid_to="2025-03-01"),
        with_fields("successions.jsonl", 1, ended=None),
        # A page tells of a rule that was over before the page was written.
        with_fields(GUIDE, 1, valid_to="2024-12-31", never_in_force=True),
        with_fields(OLD, 1, valid_from="2025-01-01", valid_to=None),  # a rule for the time after
        with_fields(OLD, 1, valid_to=None, never_in_force=True),
        with_fields(NEW, 1, valid_from="2024-05-01", valid_to=None, never_in_force=True),
        with_fields(GUIDE, 1, questions={**QUESTIONS, "en": ["council of Mallikylä", "Who?"]}),  # keywords
        with_fields(GUIDE, 1, currency_note="Ask the KEHA Centre; the answer of 2025 was not read."),
        with_line(GUIDE, ""),
    ],
)
def test_what_is_no_fault_is_no_problem(corpus: Path, plant: Plant) -> None:
    plant(corpus)
    assert found_in(corpus) == []


def test_several_faults_are_all_found(corpus: Path) -> None:
    with_fields(GUIDE, 1, source_url=None, certainty="hearsay")(corpus)
    with_fields(GUIDE, 2, source_url=None)(corpus)
    assert [line.partition(": ")[0] for line in found_in(corpus)] == ["guide.jsonl, line 1"] * 2 + [
        "guide.jsonl, line 2"
    ]


def test_runs_are_counted_in_words_across_punctuation(corpus: Path) -> None:
    with_row(GUIDE, text=TWELVE.replace(" is ", ", is ").replace("Every", "EVERY"))(corpus)
    assert len(found_in(corpus)) == 1
    assert list(problems(corpus)) == []  # no official text, no comparison
    assert RUN == 12


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "argv", ["check_corpus", *options])
    with pytest.raises(SystemExit) as ended:
        check_corpus.main()
    return int(ended.value.code or 0)


def test_command_prints_a_line_a_problem_and_fails(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "official.txt").write_text(OFFICIAL, encoding="utf-8")
    assert run(monkeypatch, str(corpus), "--texts", str(texts)) == 0
    assert capsys.readouterr().out.strip() == "6 facts, 0 problems; compared with 1 official texts"
    with_row(GUIDE, text=TWELVE)(corpus)
    assert run(monkeypatch, str(corpus), "--texts", str(texts)) == 1
    first, last = capsys.readouterr().out.strip().splitlines()
    assert first.startswith("guide.jsonl, line 3: 12 words in a row")
    assert last == "7 facts, 1 problems; compared with 1 official texts"
    # Without the texts it cannot be known, and it says so.
    assert run(monkeypatch, str(corpus), "--texts", str(tmp_path / "absent")) == 0
    assert capsys.readouterr().out.strip() == "7 facts, 0 problems; no official texts in absent/"


def _patterns() -> list[str]:
    """What eval/check_corpus.py can say, each as a pattern: its formatted strings that hold words."""
    tree = ast.parse(Path(check_corpus.__file__).read_text(encoding="utf-8"))
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield | ast.Assign)]
    said += [node.value.elt for node in ast.walk(tree) if isinstance(node, ast.YieldFrom)
             and isinstance(node.value, ast.GeneratorExp)]  # fmt: skip
    patterns = []
    for value in said:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            patterns.append(re.escape(value.value))
        elif isinstance(value, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".*" for p in value.values]
            patterns.append("".join(parts))
    return [pattern for pattern in dict.fromkeys(patterns) if re.search("[a-z]", pattern)]


def test_every_rule_can_fail_and_every_planted_fault_is_found(corpus: Path, tmp_path: Path) -> None:
    sound = {path: path.read_bytes() for path in corpus.rglob("*.jsonl")}
    said: list[str] = []
    found = 0
    for fault in FAULTS:
        fault.plant(corpus)
        lines = found_in(corpus)
        found += any(line.startswith(f"{fault.place}: ") for line in lines)
        said += lines
        for path in corpus.rglob("*.jsonl"):
            path.unlink()
        for path, content in sound.items():
            path.write_bytes(content)
    assert (found, len(FAULTS)) == (77, 77)
    rules = _patterns()
    assert len(rules) > 15
    assert [rule for rule in rules if not any(re.search(f"{rule}$", line) for line in said)] == []
