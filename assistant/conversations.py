"""Conversations as they are kept, and readers' feedback on answers as cases for the evaluation suite.

The workbook keeps them (`Workbook.keep_asked`, `Workbook.keep_feedback`). A case can only say what the reader said: the
quotes of a helpful answer are what another answer must hold too, and of one that was not right nothing is known but
that, so its case expects nothing yet and waits for somebody to write what would have been right.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.types import Answer, ChecklistAnswer, SectionDraft

TITLE_CHARS = 90


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer."""

    helpful: bool
    note: str
    at: str  # ISO date and time, UTC


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a conversation and what came of it then: one of answer, draft and checklist."""

    question: str
    number: int = 0  # from 1 in its conversation; the workbook gives it
    at: str = ""  # ISO date and time, UTC; likewise
    answer: Answer | None = None
    draft: SectionDraft | None = None
    checklist: ChecklistAnswer | None = None
    feedback: Feedback | None = None  # the latest; likewise


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a list of conversations shows of one."""

    id: str
    title: str  # its first question
    municipality: str | None
    latest: str  # ISO date and time, UTC, of the last answer
    questions: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with what a reader said of it, and the questions that led to it."""

    conversation: str
    asked: Asked
    earlier: tuple[str, ...] = ()


def evaluation_case(judged: Judged) -> dict[str, Any]:
    """A judged answer as `python -m eval --cases` reads it, with what was answered beside it.

    Only quotes of the bundled corpus are asked for again: the suite has no other documents.
    """
    answer, feedback = judged.asked.answer, judged.asked.feedback
    if answer is None or feedback is None:
        raise ValueError("There is no answer, or nothing was said of it.")
    said = "helpful" if feedback.helpful else "not right"
    note = f" {feedback.note}" if feedback.note else ""
    turns = (*judged.earlier, judged.asked.question)
    vital = okay = ()
    behaviour = "any"
    if answer.abstained:
        behaviour = "abstain" if feedback.helpful else "answer"
    elif feedback.helpful:
        vital, okay = _nuggets(answer)
        behaviour = "answer" if vital else "any"
    return {
        "id": f"feedback-{judged.conversation[:8]}-{judged.asked.number}",
        "language": answer.language,
        "turns": [{"role": "user", "text": text} for text in turns],
        "as_of": answer.as_of,
        "kind": f"feedback, {said}",
        "behaviour": behaviour,
        "vital": vital,
        "okay": okay,
        "why": f"A reader found this answer {said} on {feedback.at[:10]}.{note}",
        "given": [statement.text for statement in answer.statements] or [notice.message for notice in answer.warnings],
        "cited": [citation.source_id for citation in answer.citations],
    }


def _nuggets(answer: Answer) -> tuple[Any, Any]:
    """What the first statement with a quote of the corpus rests on is vital; what the others rest on is welcome."""
    quotes = {citation.id: citation.quote for citation in answer.citations if citation.digest}
    found = []
    for number, statement in enumerate(answer.statements, 1):
        of_this = [quotes[id] for id in statement.citations if id in quotes]
        if of_this:
            found.append({"id": f"statement-{number}", "quotes": of_this})
    return tuple(found[:1]), tuple(found[1:])


def write_feedback(judged: Sequence[Judged], path: Path) -> int:
    """Write all feedback as a JSON Lines file of evaluation cases and return how many; the file appears whole or not.

    Raises:
        AssistantError: There is none, or the file cannot be written.
    """
    if not judged:
        raise AssistantError(
            "No answer has been judged yet. Under each answer of the Ask tab, readers can say whether it helped."
        )
    target = Path(os.path.realpath(path))  # through a link, which stays one
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():
            raise IsADirectoryError(0, "it is no file")
        lines = [json.dumps(evaluation_case(one), ensure_ascii=False) + "\n" for one in judged]
        half.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
        half.replace(target)
    except OSError as error:
        raise AssistantError(
            f"The feedback cannot be written to {path} ({error.strerror}). Name another file with --out."
        ) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return len(judged)
