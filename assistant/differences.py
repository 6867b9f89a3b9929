"""Two versions of a section beside each other: what the newer one says in other words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from assistant.editing import finished
from assistant.shown import GAP_MARK
from assistant.types import SectionDraft

_TOKEN = re.compile(rf"{GAP_MARK.pattern.replace('(', '(?:')}|\s+|(?:(?!\[TO FILL)\S)+|\S")  # a mark is one word


@dataclass(frozen=True, slots=True)
class Difference:
    """A heading, statement or row of two versions: its words, each run the same, added or removed."""

    heading: str  # of the block
    parts: tuple[tuple[str, str], ...]  # ("same", "added" or "removed", words)


def differences(old: SectionDraft, new: SectionDraft) -> list[Difference]:
    """What has other words in a newer version, in reading order; what is the same in both is left out."""
    before, after = _lines(old), _lines(new)
    found = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone, come = before[a:b], after[c:d]
        for n in range(max(len(gone), len(come))):
            was, now = (lines[n] if n < len(lines) else ("", "") for lines in (gone, come))
            found.append(Difference(now[0] or was[0], _words_changed(was[1], now[1])))
    return found


def _lines(draft: SectionDraft) -> list[tuple[str, str]]:
    return [(block.heading, statement.text) for block in finished(draft).blocks for statement in block.statements]


def _words_changed(before: str, after: str) -> tuple[tuple[str, str], ...]:
    was, now = (_TOKEN.findall(text) for text in (before, after))
    parts: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(was[a:b])))
        else:
            parts += [("removed", "".join(was[a:b]))] if b > a else []
            parts += [("added", "".join(now[c:d]))] if d > c else []
    return tuple(parts)
