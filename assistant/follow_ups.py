"""Questions that lie near an answer: those that the facts beside its citations answer, as the corpus words them.

Every fact of the bundled corpus carries questions that it answers, by language (`Fact.questions`). Nothing is made up
here, and the caller drops what the assistant would not answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.text import content_stems
from assistant.types import NOT_ESTABLISHED, Answer, Fact, Passage

_SAME = 0.6  # share of the shorter question's words in the other, from which both ask the same; by eye on fifty pairs


def near_questions(
    answer: Answer, facts: Sequence[Passage], found: Sequence[Passage], *, asked: Sequence[str] = ()
) -> Iterator[str]:
    """Questions in the language of an answer, nearest first, none of which asks what was asked or is offered already.

    Args:
        answer: Its citations say where to look.
        facts: All passages of the corpus that are facts.
        found: What was found for its question, best first.
        asked: Earlier questions of the conversation.
    """
    taken = [_words(question, answer.language) for question in (answer.question, *asked)]
    for passage in _near(answer, facts, found):
        question = _question(passage.fact, answer) if passage.fact else ""
        words = _words(question, answer.language)
        if question and not any(_alike(words, other) for other in taken):
            taken.append(words)
            yield question


def _near(answer: Answer, facts: Sequence[Passage], found: Sequence[Passage]) -> list[Passage]:
    """Facts that are not cited: found ones under a heading of a cited one, other found ones, then neighbours."""
    cited = [fact for fact in facts if any(_is_in(fact, c.source_id, c.start, c.end) for c in answer.citations)]
    known = {fact.id for fact in cited}
    places = {(fact.source_id, fact.headings) for fact in cited}
    beside = sorted((p for p in found if p.fact), key=lambda fact: (fact.source_id, fact.headings) not in places)
    neighbours = sorted(
        (fact for fact in facts if (fact.source_id, fact.headings) in places),
        key=lambda fact: min(abs(fact.position - one.position) for one in cited if one.source_id == fact.source_id),
    )
    nearest = {fact.id: fact for fact in (*beside, *neighbours) if fact.id not in known}
    return list(nearest.values())


def _is_in(fact: Passage, source_id: str, start: int, end: int) -> bool:
    return fact.source_id == source_id and fact.start < end and start < fact.end


def _question(fact: Fact, answer: Answer) -> str:
    """The first whole question of a fact that holds on the day; some are key words, typed but not read by people."""
    if fact.never_in_force or fact.pending or fact.certainty == NOT_ESTABLISHED:
        return ""
    if (fact.valid_from or "") > answer.as_of or (fact.valid_to is not None and fact.valid_to < answer.as_of):
        return ""
    return next((question for question in fact.questions.get(answer.language, ()) if question.endswith("?")), "")


def _words(question: str, language: str) -> frozenset[str]:
    return frozenset(content_stems(question, language))


def _alike(words: frozenset[str], other: frozenset[str]) -> bool:
    return bool(words) and len(words & other) >= _SAME * min(len(words), len(other))
