"""Every fixed word exists in every language, says the same in each, and is used; every message has a translation."""

from __future__ import annotations

import ast
import importlib
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.currency import successions
from assistant.editing import FROM_ANSWERS
from assistant.needs import needs
from assistant.review.signs import signs
from assistant.settings import PROJECT_ROOT
from assistant.types import ItemStatus, Kind, WarningCode
from assistant.words import LANGUAGES, _pattern, catalogue, words
from assistant.writing import section

PACKAGE = PROJECT_ROOT / "assistant"
FOLDER = PACKAGE / "words"
OTHERS = [language for language in LANGUAGES if language != "en"]
MESSAGES: list[dict[str, str]] = tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8"))["message"]
ROWS = {**catalogue(), **{f"message {n}": row for n, row in enumerate(MESSAGES)}}

# Texts that a person never meets in the app, with the reason.
NOT_IN_THE_APP = {
    "give it the fields": "the data files of prompts/ are wrong, which shows when the program is built",
    "give each rule the fields": "as above",
    "give each kind the fields": "as above",
    "mend the": "as above",
    "give each part its words": "as above",
    "add them.": "as above, of prompts/needs/",
    "rename one of them": "as above, of prompts/needs/",
    "corpus/successions.jsonl lacks": "as above, of corpus/",
    "module ": "Python's own words for a name that a module lacks",
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", ROWS)
def test_row_says_the_same_in_every_language(key: str) -> None:
    row = ROWS[key]
    assert set(row) == set(LANGUAGES)
    for language, text in row.items():
        assert text.strip() == text != "", (key, language)
        assert fields(text) == fields(row["en"]), (key, language)
        assert text.count("“") == 0 or language == "en", (key, language)  # Finnish and Swedish open with ”


# Which keys are used.


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _literals(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _said(tree: ast.Module) -> Iterator[str]:
    """The keys of calls such as say("ask.send"), self.say("ask.send") and words("fi")("ask.send")."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        of_words = isinstance(node.func, ast.Call) and getattr(node.func.func, "id", "") == "words"
        if not (of_words or name in ("say", "_say", "_ENGLISH")):
            continue
        key = node.args[0]
        branches = [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]
        yield from (b.value for b in branches if isinstance(b, ast.Constant) and isinstance(b.value, str))


def test_every_key_that_is_said_exists() -> None:
    said = {(path.name, key) for path, tree in _trees("web", "export") for key in _said(tree)}
    assert len(said) > 100
    assert sorted((name, key) for name, key in said if key not in catalogue()) == []


def test_no_text_of_a_screen_or_file_is_unused() -> None:
    named: set[str] = set()
    begun: set[str] = set()
    for _, tree in _trees("."):
        named.update(_literals(tree))
        for node in ast.walk(tree):  # f"export.csv.{column}" uses the keys that begin so
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    begun = {text for text in begun if any(text.startswith(f"{path.stem}.") for path in FOLDER.glob("*.toml"))}
    unused = [
        key for key in catalogue()
        if key not in named and key.rpartition(".")[0] not in named and not any(key.startswith(b) for b in begun)
        # "needs.ask" names a group whose keys are sentences with stops in them
        and not any(key.startswith(f"{group}.") for group in named if group.count(".") == 1)
    ]  # fmt: skip
    assert unused == []


def test_every_key_of_an_enum_has_a_text() -> None:
    for status in ItemStatus:
        assert f"plans.item-status.{status}" in catalogue()
    for kind in Kind:
        assert f"answer.kind.{kind}" in catalogue()
    for code in WarningCode:
        assert f"answer.warning.{code}" in catalogue()


# What prompts/ names.


def _data(folder: str) -> dict[str, dict[str, Any]]:
    paths = sorted((PROJECT_ROOT / "prompts" / folder).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def _named_by_prompts() -> dict[str, str]:
    found: dict[str, str] = {}
    for plan, row in _data("plans").items():
        found |= {f"plan.{plan}": row["title"], f"about.{plan}": row["about"]}
        for one in row["section"]:
            found[f"section.{one['id']}"] = one["title"]
            found |= {f"heading.{part['heading']}": part["heading"] for part in one["part"]}
    headings = (
        *section.REQUIREMENTS.values(), section.RELATED_LAW, section.LATER_LAW, section.RECOMMENDATIONS,
        section.SUGGESTIONS, section.OBJECTIVES, section.NOTED, FROM_ANSWERS,
    )  # fmt: skip
    wording = _data("situation")["wording"]["en"]["headings"]
    found |= {f"heading.{heading}": heading for heading in (*headings, *wording.values())}
    found |= {f"column.{column}": column for column in section.columns()}
    for checklist, row in _data("checklists").items():
        found[f"checklist.{checklist}"] = row["title"]
        for group in row["group"]:
            found[f"group.{group['title']}"] = group["title"]
            for item in group["item"]:
                found |= {f"item.{item['id']}": item["text"], f"step.{item['id']}": item["next_step"]}
                found |= {f"law-note.{item['id']}": item["law_note"]} if item["law_note"] else {}
    for kind in _data("review")["kinds"]["kind"]:
        found[f"weakness.{kind['id']}"] = kind["title"]
    return found


def test_texts_of_prompts_have_a_translation_and_their_english_words() -> None:
    texts = {key.removeprefix("plans."): row["en"] for key, row in catalogue().items() if key.startswith("plans.")}
    named = _named_by_prompts()
    of_prompts = {key.partition(".")[0] for key in named}
    assert {key: text for key, text in texts.items() if key.partition(".")[0] in of_prompts} == named


def test_questions_of_needs_have_a_translation() -> None:
    asked = {
        **{f"needs.ask.{one.asks}": one.asks for one in needs().values()},
        **{f"needs.missing.{one.missing}": one.missing for one in needs().values()},
        **{f"needs.who.{one.who_knows}": one.who_knows for one in needs().values()},
        **{f"needs.where.{one.where_to_find}": one.where_to_find for one in needs().values()},
    }
    texts = {key: row["en"] for key, row in catalogue().items() if key.startswith("needs.")}
    assert texts == asked
    assert all(
        row[language].count("[TO FILL]") == row["en"].count("[TO FILL]")
        for key, row in catalogue().items() if key.startswith("needs.") for language in LANGUAGES
    )  # fmt: skip


# Messages.


_ERRORS = ("Error", "Stale", "NotFound", "Busy", "Unavailable", "MalformedDraft")
_OF_PYTHON = ("ValueError", "TypeError", "AttributeError", "AssertionError", "DatabaseError")  # caught by ours


# What stands in a message by a name that takes whole words of ours.
_SAMPLES = {
    "n": "1",
    "hint": "",
    "of": "",
    "there": "None was saved yet.",
    "whose": " of Mallikylä",
    "looked": "The indexed sources do not seem to answer this.",
    "why": "for a time that is over",
    "_newer": "",
}


def _templates() -> Iterator[tuple[str, str]]:
    """Where each message of the core is raised or given, and its words with a sample in the place of expressions."""
    for path, tree in _trees("."):
        if path.name.endswith("_commands.py") or path.name == "__main__.py" or path.parent.name in ("web", "words"):
            continue
        module = ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts).removesuffix(".__init__")
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for call in ast.walk(function):
                if not isinstance(call, ast.Call) or not (words_ := _words_of(call)):
                    continue
                for node in _assigned(words_, function):
                    if text := _sample(node, module, function):
                        name = getattr(call.func, "id", "")
                        in_place = f"source, address: {text}" if name in ("_Refused", "_Busy") else text
                        yield f"{path.name}:{call.lineno}", in_place


def _words_of(call: ast.Call) -> ast.expr | None:
    """The argument of a call that a person reads, where it is the making of an error or a warning."""
    name = getattr(call.func, "id", "")
    if name in ("Notice", "_notice") and len(call.args) > 1:
        return call.args[1]
    is_error = name.endswith((*_ERRORS, "_Refused")) and name not in _OF_PYTHON
    return call.args[0] if is_error and call.args else None


def _assigned(node: ast.expr, function: ast.AST) -> list[ast.expr]:
    """What a name may stand for in a function; the node itself where it is no name or of no such assignment."""
    if not isinstance(node, ast.Name):
        return [node]
    values = [
        one.value for one in ast.walk(function)
        if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets)
    ]  # fmt: skip
    return values or [node]


def _sample(node: ast.expr, module: str, function: ast.AST) -> str | None:
    """A message as it may read; None where it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):  # a constant of the module
        constant = getattr(importlib.import_module(module), node.id, None)
        return constant if isinstance(constant, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            assert isinstance(part, ast.FormattedValue)
            text += _value(part, module, function)
    return text


def _value(part: ast.FormattedValue, module: str, function: ast.AST) -> str:
    value = part.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") in _SAMPLES:
        return _SAMPLES[value.func.id]  # type: ignore[attr-defined]
    if isinstance(value, ast.Name):
        if value.id in _SAMPLES:
            return _SAMPLES[value.id]
        constant = getattr(importlib.import_module(module), value.id, None)
        if isinstance(constant, str):
            return constant  # _EXPORT, "Export the table again from PxWeb as JSON-stat 2."
        value = _assigned(value, function)[0]
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Constant):
        return ""  # ' and more' * (n > 1)
    if isinstance(value, ast.IfExp):
        value = value.body if _is_of_one(value.test) else value.orelse
        if isinstance(value, ast.Constant):
            return str(value.value)
    return "'x'" if part.conversion == ord("r") else "X"


def _is_of_one(test: ast.expr) -> bool:
    """Whether a condition on n, the number of things, holds of one; of any other condition, False."""
    try:
        return bool(eval(compile(ast.Expression(test), "<test>", "eval"), {"n": 1}))
    except NameError:
        return False


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_of_the_core_has_a_translation(language: str) -> None:
    say = words(language)
    templates = list(_templates())
    assert len(templates) > 150
    untold = [
        (where, text) for where, text in templates
        if say.message(text) == text and not any(part in text.lower() for part in NOT_IN_THE_APP)
    ]  # fmt: skip
    assert untold == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_of_the_review_has_a_translation(language: str) -> None:
    say = words(language)
    details = {"rows": " in 2 of 3 rows", "begin": " (1.1.2025)", "decision": " (2.2.2026)", "gap": " (2023–2025)"}
    for kind in _data("review")["kinds"]["kind"]:
        for text in (kind["why"], kind["what_to_do"]):
            for given_details in (details, dict.fromkeys(details, "")):
                names = dict.fromkeys(fields(text), "X")
                told = text.format(**{**names, **given_details})
                assert say.message(told) != told or text == "{message}", kind["id"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_row_of_messages_hides_behind_another(language: str) -> None:
    say = words(language)
    for row in MESSAGES:
        values = {name: f"value-{n}" for n, name in enumerate(sorted(fields(row["en"])))}
        assert say.message(row["en"].format(**values)) == row[language].format(**values)


_VALUES = st.text("abcåäö 0123456789._-{}%", min_size=1, max_size=12).map(str.strip).filter(bool)


@pytest.mark.parametrize("language", OTHERS)
@settings(max_examples=200, deadline=None)
@given(row=st.sampled_from(MESSAGES), data=st.data())
def test_message_is_translated_with_any_values(language: str, row: dict[str, str], data: st.DataObject) -> None:
    values = {name: data.draw(_VALUES, label=name) for name in sorted(fields(row["en"]))}
    text = row["en"].format(**values)
    said = words(language).message(text)
    # Values may make of a message one that a row before says more exactly, and two values with a space between them
    # ("0 0", "0") may be told apart at another space: then the sentence is the same, only its values lie elsewhere.
    if any(_pattern(one["en"]).fullmatch(text) for one in MESSAGES[: MESSAGES.index(row)]):
        return
    read = _pattern(row["en"]).fullmatch(text)
    assert read
    assert row["en"].format(**read.groupdict()) == text
    assert said == row[language].format(**read.groupdict())
    assert read.groupdict() == values or not all(value.isalnum() for value in values.values())


def test_message_that_no_row_fits_stays_english() -> None:
    assert words("fi").message("Nothing of ours reads so.") == "Nothing of ours reads so."


def test_sentence_of_the_corpus_stays_inside_its_message() -> None:
    said = words("sv").message("Part of this could not be established. The register was closed in 2024.")
    assert said == "En del av detta har inte kunnat fastställas. The register was closed in 2024."


# Names within messages.


@pytest.mark.parametrize(
    ("language", "body", "authority"),
    [("fi", "TE-toimisto", "työvoimaviranomainen"), ("sv", "TE-byrån", "arbetskraftsmyndighet")],
)
def test_bodies_that_ended_are_named_and_told_of_in_the_language_of_the_view(
    language: str, body: str, authority: str
) -> None:
    say = words(language)
    told = say.message("The measure is put on a body that has ended (TE Office, ELY Centre), so nobody carries it out.")
    assert body in told
    assert "Centre" not in told
    for s in successions():
        if s.term in signs("en").ended:
            assert say.name(s.term) != s.term or s.term == "Valvira"
            assert say.message(s.message) != s.message
            assert say.name(s.successor) != s.successor
    both = " ".join(s.message for s in successions() if s.term in ("TE Office", "ELY Centre"))
    assert authority in say.message(f"{both} The text names it as working today.")
    assert say.name("A name of Mallikylä") == "A name of Mallikylä"
