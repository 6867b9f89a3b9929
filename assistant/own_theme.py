"""Which passages of own documents are about a section because their document or chapter says so in its title.

"Good relations work in Mallikylä" goes on with a café, a training and a survey, none of which names relations. The
words of such titles are data (prompts/plans/), and narrow: that of a wellbeing plan, on everything, names no theme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.matching import OwnPassage
from assistant.needs import alternatives
from assistant.plan import Section, plan_named
from assistant.text import normalise

_LONG = 40  # passages: a longer document deals with more than its title says, and has chapters


def of_theme(section: Section, passages: Sequence[OwnPassage]) -> dict[str, tuple[str, ...]]:
    """The passages on the theme of a section, by id, in reading order, with all sections on whose theme each is."""
    lengths: dict[str, int] = {}
    for one in passages:
        lengths[one.passage.source_id] = lengths.get(one.passage.source_id, 0) + 1
    found = {
        one.passage.id: _themes(one, section.plan, whole=lengths[one.passage.source_id] < _LONG) for one in passages
    }
    return {id: themes for id, themes in found.items() if section.id in themes}


def _themes(one: OwnPassage, plan: str, *, whole: bool) -> tuple[str, ...]:
    """The sections whose theme the nearest heading names; the document's title where no heading names any."""
    for heading in reversed(one.passage.headings[1:]):
        if themes := _named(heading, one.source.language, plan):
            return themes
    titles = {one.source.title, *one.passage.headings[:1]} if whole else set()
    return tuple(dict.fromkeys(id for title in sorted(titles) for id in _named(title, one.source.language, plan)))


@cache
def _named(title: str, language: str, plan: str) -> tuple[str, ...]:
    said = normalise(title)
    return tuple(id for id, pattern in _patterns(language, plan) if pattern.search(said))


@cache
def _patterns(language: str, plan: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(s.id, alternatives(s.titled[language])) for s in plan_named(plan).sections if s.titled.get(language)]
