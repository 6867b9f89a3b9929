"""How statuses, titles and headings are named, in files and on screen, in the language of the reader.

The titles and texts of prompts/ are English; plans.toml of `assistant/words` has them in the other languages. What
stands there under no key, such as a heading of another version of the program, is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.shown import GAP_MARK
from assistant.text import shortened
from assistant.types import BlockRole, DraftBlock, ItemAnswer, ItemStatus, Placeholder, SectionDraft
from assistant.words import Words, words

_ENGLISH = words("en")
SECTION_STATUSES = {
    one: _ENGLISH(f"plans.section-status.{one}") for one in ("duty", "recommended", "good-practice", "old-law")
}
COPYING_DEGREES = {one: _ENGLISH(f"plans.copying.{one}") for one in ("verbatim", "near", "paraphrase")}
ITEM_STATUSES = {one: _ENGLISH(f"plans.item-status.{one}") for one in ItemStatus}

# As `writing.section.row_gap` asks what is open of an objective.
_OPEN_OF_ROW = re.compile(
    r"What is the (?P<one>[a-z ]+?)(?: of the objective “(?P<aim>.+)”)?\?"
    r"|What are these(?: of the objective “(?P<aims>.+)”)?: (?P<some>[a-z, ]+)\?",
    re.DOTALL,
)
_GAP_CHARS = 180  # of what is missing, in a mark; the longest question has 147
_STILL_OPEN = "Still open: "  # how `checklist.answer_item` begins where questions are open


def section_status(section: SectionDraft, say: Words) -> str:
    """What a section rests on; empty where nothing is known of it."""
    return say(f"plans.section-status.{section.status}") if section.status in SECTION_STATUSES else ""


def section_title(section: SectionDraft, say: Words) -> str:
    """The title of a section of prompts/plans/; that of the draft for any other."""
    return _translated(say, "plans.section", section.section, section.title)


def plan_title(plan: str, title: str, say: Words) -> str:
    """The title of a plan by its id; `title` for one that has none of its own."""
    return _translated(say, "plans.plan", plan, title)


def plan_about(plan: str, about: str, say: Words) -> str:
    """What a plan is about, by its id."""
    return _translated(say, "plans.about", plan, about)


def heading(text: str, say: Words) -> str:
    """The heading of a block."""
    return say.of("plans.heading", text)


def columns(block: DraftBlock, say: Words) -> tuple[str, ...]:
    """The columns of a block's table: ours of a table of objectives; those of a document's own table stay."""
    if block.role is not BlockRole.OBJECTIVES:
        return block.columns
    return tuple(say.of("plans.column", column) for column in block.columns)


def law_note(item: ItemAnswer, say: Words) -> str:
    """What exactly the law says of an item."""
    return _translated(say, "plans.law-note", item.id, item.law_note)


def checklist_title(checklist: str, title: str, say: Words) -> str:
    """The title of a checklist by its id."""
    return _translated(say, "plans.checklist", checklist, title)


def group_title(group: str, say: Words) -> str:
    """The title of a group of items."""
    return say.of("plans.group", group)


def item_text(item: ItemAnswer, say: Words) -> str:
    """What an item of a checklist asks."""
    return _translated(say, "plans.item", item.id, item.text)


def next_step(item: ItemAnswer, say: Words) -> str:
    """What to do about an item; the questions that are open of it come first."""
    step = _ENGLISH.of("plans.step", item.id)
    if item.next_step.startswith(_STILL_OPEN) and item.next_step.endswith(f" {step}"):
        asked = " ".join(dict.fromkeys(questions(item.missing, say)))
        return say("export.still-open", questions=asked, step=say.of("plans.step", item.id))
    return say.message(_translated(say, "plans.step", item.id, item.next_step))


def questions(asked: Sequence[str], say: Words) -> list[str]:
    """Questions of prompts/needs/."""
    return [say.of("needs.ask", question) for question in asked]


def placeholder_words(placeholder: Placeholder, say: Words) -> tuple[str, str, str]:
    """The question of an open point, who knows the answer, and where to find it."""
    who = say.message(say.of("needs.who", placeholder.who_knows))
    where = say.message(say.of("needs.where", placeholder.where_to_find))
    return _question(placeholder.question, say), who, where


def gap_words(placeholder: Placeholder, say: Words) -> str:
    """What is missing, short enough for the middle of a sentence: the question, or the columns of a row."""
    if open_row := _OPEN_OF_ROW.fullmatch(placeholder.question):
        text = _columns(open_row, say)
    else:
        text = _question(placeholder.question, say).strip().rstrip("?")
        text = text[:1].lower() + text[1:]
    text = re.sub(r"[\[\]\s]+", " ", text).strip()
    return shortened(text, _GAP_CHARS) or placeholder.id


def _question(question: str, say: Words) -> str:
    """A question of prompts/needs/, or what is open of a row of objectives, with the names of its columns."""
    if say.language == "en" or not (open_row := _OPEN_OF_ROW.fullmatch(question)):
        return say.of("needs.ask", question)
    what = _columns(open_row, say)
    aim = open_row["aim"] or open_row["aims"]
    return say("export.open-of-objective", aim=aim, what=what) if aim else say("export.open-of-row", what=what)


def _columns(open_row: re.Match[str], say: Words) -> str:
    """The columns that are open of a row."""
    from assistant.writing.section import columns  # here: the command line names degrees and needs no more

    names = {name.lower(): say.of("plans.column", name).lower() for name in columns()}
    return ", ".join(names.get(name, name) for name in (open_row["one"] or open_row["some"]).split(", "))


def gap_text(text: str, say: Words) -> str:
    """A sentence of ours that is to be filled in; its mark stays as it is."""
    if not (match := GAP_MARK.search(text)):
        return text
    found = say.of("needs.missing", text.replace(match[0], "[TO FILL]"))
    return found.replace("[TO FILL]", match[0]) if "[TO FILL]" in found else text


def _translated(say: Words, group: str, key: str, text: str) -> str:
    """The text of a key, where its English words are still those given: a kept draft may have older ones."""
    return say.of(group, key) if text == _ENGLISH.of(group, key) else text
