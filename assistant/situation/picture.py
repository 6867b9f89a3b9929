"""The situation picture: what the figures show, what they cannot show, what to ask the residents, and plots.

Each table is a source with the sentences that were worked out from it, cited like what a person typed; definitions come
from the corpus, questions from prompts/situation/. Every sentence passes the same verification as a draft's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.citing import Citing
from assistant.documents import detect_language
from assistant.passages import split_document
from assistant.plan import Section
from assistant.situation.charts import charts, origin_words
from assistant.situation.indicators import mapping
from assistant.situation.sentences import SMALL, Choice, Said, choose, latest, sentences
from assistant.situation.table import TITLE_ID
from assistant.situation.wording import Wording, facts_for, need_for, wording
from assistant.text import collapse
from assistant.types import (
    Block,
    BlockKind,
    BlockRole,
    Citation,
    Document,
    Draft,
    DraftBlock,
    DraftStatement,
    Kind,
    Notice,
    Passage,
    Plot,
    Quote,
    SectionDraft,
    Showing,
    SituationTable,
    Source,
    Statement,
    WarningCode,
)
from assistant.verification import SourceText, Span, verify_draft

_YEARS = re.compile(r"\b(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d\b")
_QUESTIONS = "kotoapuri:questions"
_WORK = ("employment-rate", "unemployed-jobseekers", "neet-share")
_MOVES = ("immigration", "emigration", "net-immigration")


@dataclass(frozen=True, slots=True)
class Picture:
    """What a municipality's tables show, before it is put into a section."""

    own: tuple[SourceText, ...]  # a source for each table that is used, with its sentences
    beside: tuple[SourceText, ...]  # what limits the figures, and the questions: cited here and nowhere else
    figures: tuple[DraftStatement, ...]
    limits: tuple[DraftStatement, ...]
    questions: tuple[DraftStatement, ...]
    needs: frozenset[str]  # that the figures answer
    plots: tuple[Plot, ...]
    warnings: tuple[Notice, ...]
    headings: tuple[str, str, str]  # of the three blocks


def build_picture(
    tables: Sequence[SituationTable], municipality: str | None, facts: Sequence[Passage], *,
    whole_country: bool = False, language: str = "en",
) -> Picture:  # fmt: skip
    """Everything that the tables of a municipality show.

    Args:
        tables: Of the municipality, in the order in which they were added.
        municipality: By name; None where the workspace names none.
        facts: Of the corpus, of which those on figures are quoted.
        whole_country: Whether shares are set beside those of the whole country.
        language: Of the sentences, plots and questions: en, fi or sv.
    """
    words = wording(language)
    place = words.where(municipality)["place"]
    choice = choose(tables)
    headings = (wording()["headings.figures"], wording()["headings.cannot"], wording()["headings.ask"])
    used = {c.table.id: c.table for c in sorted(choice.chosen.values(), key=lambda c: c.table.id)}
    said = sentences(choice, municipality, words, whole_country=whole_country)
    said += [Said(t.id, words.say("source", title=_title(t), origin=origin_words(t, words)), need_for("source"))
             for t in used.values()]  # fmt: skip
    limits = _limits(choice, used, words)
    own = [_source(t, [s.text for s in said if s.table == t.id], _suffix(words), words) for t in used.values()]
    beside = [_source(t, texts, f":limits{_suffix(words)}", words) for t in used.values()
              if (texts := [s.text for s in limits if s.table == t.id])]  # fmt: skip
    questions = _questions(choice, words) if used else None
    return Picture(
        own=tuple(own),
        beside=(*beside, *([questions] if questions else [])),
        figures=tuple(_quoted(own, said, _suffix(words))),
        limits=(*_quoted(beside, limits, f":limits{_suffix(words)}"), *_facts(choice, used, facts)),
        questions=(_list(questions),) if questions else (),
        needs=frozenset(s.need for s in said if s.need),
        plots=tuple(charts(choice, place, words, heading=headings[0])),
        warnings=tuple(_warnings(tables, choice)),
        headings=headings,
    )


def put_into(draft: SectionDraft, picture: Picture, citing: Citing, *, as_of: str) -> SectionDraft:
    """A section with the picture in it: figures before what other documents say, limits after, questions last.

    Args:
        draft: Of the section, written without the tables.
        picture: Of the same municipality.
        citing: That knows the sources of the picture too.
        as_of: ISO date of the draft.
    """
    citations = list(draft.citations)
    figures, cannot, questions = (
        tuple(s for one in part if (s := _checked(one, citing, citations, as_of)))
        for part in (picture.figures, picture.limits, picture.questions)
    )
    if not figures:
        return replace(draft, warnings=(*draft.warnings, *picture.warnings))
    answered = {f"{draft.section}.{need}" for need in picture.needs}
    gone = [p.mark for p in draft.placeholders if p.id in answered]
    before: list[DraftBlock] = []
    after: list[DraftBlock] = []
    for block in draft.blocks:
        kept = tuple(s for s in block.statements if not any(mark in s.text for mark in gone))
        if block.role is not BlockRole.OWN or block.rows:
            (after if after else before).append(block)
        elif kept:
            after.append(replace(block, statements=kept))
    own = [DraftBlock(picture.headings[0], BlockRole.OWN, figures)]
    own += [DraftBlock(picture.headings[1], BlockRole.OWN, cannot)] if cannot else []
    ask = [DraftBlock(picture.headings[2], BlockRole.SUGGESTIONS, questions)] if questions else []
    return replace(
        draft,
        blocks=(*before, *own, *after, *ask),
        placeholders=tuple(p for p in draft.placeholders if p.id not in answered),
        citations=tuple(citations),
        warnings=(*draft.warnings, *picture.warnings),
        plots=picture.plots,
    )


def picture_section(section: Section, municipality: str | None, *, as_of: str) -> SectionDraft:
    """An empty section that takes a picture alone, without what law, guidance and other documents say."""
    return SectionDraft(section.id, section.title, municipality, as_of, "extractive", (), plan=section.plan)


def _checked(one: DraftStatement, citing: Citing, citations: list[Citation], as_of: str) -> Statement | None:
    """A statement that its source bears out, with its citations numbered after those before it."""
    verdict = verify_draft(Draft("extractive", (one,)), citing.source_text)
    if not verdict.statements:
        return None
    verified = verdict.statements[0]
    numbers = tuple(_number(span, citing, citations, as_of) for span in verified.spans)
    return Statement(verified.text, numbers, verified.support)


def _number(span: Span, citing: Citing, citations: list[Citation], as_of: str) -> int:
    for citation in citations:
        if (citation.source_id, citation.start, citation.end) == (span.source_id, span.start, span.end):
            return citation.id
    citations.append(citing.citation(max((c.id for c in citations), default=0) + 1, span, as_of))
    return citations[-1].id


# Sources.


def _title(table: SituationTable) -> str:
    """Its title without its id and years, which are told apart: a document's years say when its time was over."""
    return _YEARS.sub("", TITLE_ID.sub("", table.title)).strip(" ,") or table.file


def _suffix(words: Wording) -> str:
    """What tells the sources of one language from those of another: English ones go without."""
    return "" if words.language == "en" else f":{words.language}"


def _source(table: SituationTable, texts: Sequence[str], suffix: str, words: Wording) -> SourceText:
    """A table as a source: what was worked out from it, a sentence a paragraph, under a heading that says so."""
    heading = words.say("heading_read", file=table.file, day=words.day(table.added))
    name = f"{_title(table)} ({words.say('origin_table', id=table.table_id)})" if table.table_id else _title(table)
    source = Source(
        f"table:{table.id}{suffix}", Kind.OWN, name, publisher=table.source, url=table.url,
        municipality=table.municipality, written=table.date,
    )  # fmt: skip
    return _text(source, heading, texts)


def _text(source: Source, heading: str, texts: Sequence[str], items: Sequence[str] = ()) -> SourceText:
    """A text with a heading, paragraphs and, after the last of them, a list."""
    kinds = [BlockKind.HEADING, *(BlockKind.PARAGRAPH for _ in texts), *(BlockKind.ITEM for _ in items)]
    lines = [collapse(line) for line in (heading, *texts, *items)]
    blocks, start = [], 0
    for kind, line in zip(kinds, lines, strict=True):
        blocks.append(Block(kind, start, start + len(line)))
        start += len(line) + 2
    text = "\n\n".join(lines)
    document = Document(source.title, text, tuple(blocks), detect_language(text))
    passages = split_document(document, source.source_id)
    return SourceText(replace(source, language=document.language, passages=len(passages)), text, passages)


def _quoted(sources: Sequence[SourceText], said: Sequence[Said], suffix: str) -> list[DraftStatement]:
    """Each sentence as a statement that quotes it from its source."""
    texts = {one.source.source_id: one.text for one in sources}
    found = []
    for one in said:
        id, text = f"table:{one.table}{suffix}", collapse(one.text)
        start = texts[id].index(text)
        found.append(DraftStatement(text, (Quote(id, text, start, start + len(text)),)))
    return found


def _list(source: SourceText) -> DraftStatement:
    """A lead-in with its items as one statement."""
    lead, *items = source.text.split("\n\n")[1:]
    start = source.text.index(lead)
    text = "\n".join([lead, *(f"- {item}" for item in items)])
    return DraftStatement(text, (Quote(source.source.source_id, source.text[start:], start, len(source.text)),))


def _questions(choice: Choice, words: Wording) -> SourceText:
    groups = choice.groups()
    measures = {key[0] for key in choice.chosen}
    asked = list(words["ask.always"])
    asked += [question for group in groups for question in words.words["ask"].get(group, ())]
    asked += words["ask.work"] if measures & {*_WORK} or any(k[2] == "activity" for k in choice.chosen) else []
    asked += words["ask.children"] if "early-childhood-education" in measures else []
    asked += words["ask.moves"] if measures & {*_MOVES} else []
    source = Source(f"{_QUESTIONS}{_suffix(words)}", Kind.GUIDANCE, words["ask.title"], publisher="Kotoapuri")
    return _text(source, words["ask.title"], [words["ask.lead"]], asked)


# What figures cannot show.


def _limits(choice: Choice, used: dict[int, SituationTable], words: Wording) -> list[Said]:
    """What the tables themselves leave open, each once for a table."""
    said: list[Said] = []
    groups = choice.groups()
    if len(groups) > 1:
        named = words.listed([words[f"short.{group}"] for group in groups])
        first = next(chosen.table.id for key, chosen in choice.chosen.items() if key[1] == groups[0])
        said.append(Said(first, words.say("limits.definitions", n=len(groups), list=named)))
    said += _kept_back(used, words)
    for table in used.values():
        said += [Said(table.id, text) for text in _table_limits(table, choice, words)]
    return list({one.text: one for one in reversed(said)}.values())[::-1]  # what two tables leave open is said once


def _kept_back(used: dict[int, SituationTable], words: Wording) -> list[Said]:
    """That small counts are not shown, once for all tables."""
    shown = {id: [o.shown for s in t.series if not s.whole_country for o in s.observations] for id, t in used.items()}
    first = next((id for id, of_table in shown.items() if Showing.FEW in of_table or used[id].kept_back), None)
    if first is None:
        return []
    n = sum(of_table.count(Showing.HIDDEN) for of_table in shown.values())
    return [Said(first, words.say("limits.hidden" if n else "limits.few", n=words.number(n)))]


def _table_limits(table: SituationTable, choice: Choice, words: Wording) -> list[str]:
    own = [s for s in table.series if not s.whole_country]
    chosen = [one for one in choice.chosen.values() if one.table.id == table.id]
    texts = []
    if table.withheld:
        texts.append(words.say("limits.withheld", n=words.number(table.withheld)))
    texts += [
        words.say("limits.rest", short=words[f"short.{s.group}"])
        for s in own if s.how == f"rest-{s.group}" and not s.by and s.group != "all"
    ]  # fmt: skip
    for one in chosen:
        head = choice.get("residents", one.first.group)
        now = latest(head.first) if head and one.first.group != "all" else None
        is_small = now is not None and (now.value is None or now.value < SMALL)
        if one.first.unit == "per cent" and one.first.measure != "share":
            texts.append(words.say("limits.small", n=SMALL) if is_small else "" if now else
                         words.say("limits.unknown_base", name=words[f"names.{one.first.measure}"]))  # fmt: skip
        elif is_small and one.first.by in ("age", "activity"):
            texts.append(words.say("limits.small", n=SMALL))
        periods = [o.period for o in one.first.observations]
        begin = mapping().measures[one.first.measure].break_at
        if begin and periods[0] < begin <= periods[-1]:
            texts.append(words.say("limits.break", year=begin))
        if not one.first.by and len(periods) > 1:
            years = [int(period[:4]) for period in periods]
            missing = sorted(set(range(years[0], years[-1])) - set(years))
            if missing:
                texts.append(words.say("limits.gap", years=words.listed([str(year) for year in missing])))
            texts.append(words.say("limits.merger") if one.first.measure == "residents" else "")
    return list(dict.fromkeys(text for text in texts if text))


def _facts(choice: Choice, used: dict[int, SituationTable], facts: Sequence[Passage]) -> list[DraftStatement]:
    """Facts of the corpus on what such figures mean."""
    if not used:
        return []
    groups = choice.groups()
    measures = {key[0] for key in choice.chosen}
    divided = {key[2] for key in choice.chosen}
    about = [*groups, *(["several"] if len(groups) > 1 else [])]
    about += ["parts"] if divided & {"language", "country"} else []
    about += ["work"] if measures & {*_WORK} or "activity" in divided else []
    about += ["moves"] if measures & {*_MOVES} else []
    about += ["rates"] if any(c.first.unit == "per cent" for c in choice.chosen.values()) else []
    by_id = {p.fact.id: p for p in facts if p.fact}
    ids = dict.fromkeys(id for what in (*about, "always") for id in facts_for(what))
    return [
        DraftStatement(collapse(p.text), (Quote(p.source_id, p.text, p.start, p.end),))
        for id in ids if (p := by_id.get(id))
    ]  # fmt: skip


def _conflicts(tables: Sequence[SituationTable]) -> list[Notice]:
    """Tables that give two figures for the same."""
    first: dict[tuple[str, str, str, str, str, bool, str], tuple[float, SituationTable]] = {}
    found: dict[tuple[int, int], str] = {}
    for table in (t for t in tables if t.source is not None):
        for s in table.series:
            for o in s.observations:
                key = (s.measure, s.group, s.by, s.category, s.limits, s.whole_country, o.period)
                if o.value is None:
                    continue
                value, other = first.setdefault(key, (o.value, table))
                if value != o.value:
                    what = f"{s.measure}, {s.group}{f', {s.category}' if s.category else ''}, {o.period}"
                    found[other.id, table.id] = f"{what}: {value:,g} and {o.value:,g}"
    return [
        Notice(
            WarningCode.CONFLICTING_SOURCES,
            f"Tables {a} and {b} give two figures for the same ({what}). Check their dates and divisions of areas, and "
            "remove the one that does not hold with: python -m assistant situation remove NUMBER",
        )
        for (a, b), what in found.items()
    ]


def unsourced(table: SituationTable) -> Notice:
    """That nothing of a table is shown, as nobody has said where it comes from."""
    return Notice(
        WarningCode.NOT_ESTABLISHED,
        f"Table {table.id} ({_title(table)}) has no known source, so nothing of it is in the situation picture. Add "
        'the file again with --source, such as --source "Statistics Finland".',
    )


def _warnings(tables: Sequence[SituationTable], choice: Choice) -> list[Notice]:
    found = [unsourced(table) for table in tables if table.source is None]
    found += [
        Notice(
            WarningCode.NOT_ESTABLISHED, f"Nothing of the table {title} is shown: a newer table has the same figures."
        )
        for title in choice.passed_over
    ]
    return found + _conflicts(tables)
