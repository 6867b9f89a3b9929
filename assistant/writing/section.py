"""Writes a section of a plan out of the sources' own sentences: what is asked, what the municipality's documents say,
its objectives as a table, and a marked gap for each thing that nothing answers.

Nothing is made up between the quotes: a gap is a sentence with a mark, and no sentence of it says that something is so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from assistant.citing import Citing
from assistant.errors import CorpusError
from assistant.matching import OwnPassage, Shown
from assistant.needs import GAP, Need, alternatives
from assistant.plan import Section
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing, is_undecided
from assistant.text import collapse, content_stems, normalise
from assistant.types import BlockRole, Currency, DraftStatement, Hit, Passage, Placeholder, Quote, Source, UnitKind
from assistant.writing.extractive import quote_passages, same_matter

# Where the law does not ask for the section itself, what it says nearby is no requirement of the section.
REQUIREMENTS = {"duty": "What the law requires", "old-law": "What Act 1386/2010 required"}
SUGGESTIONS = "Good practice, as Kotoapuri suggests"
RELATED_LAW, RECOMMENDATIONS = "Law that bears on this section", "What official guidance recommends"
LATER_LAW = "Law that is not in force yet"
OBJECTIVES, NOTED = "Objectives and measures", "Also noted"
_PASSAGES_OF_A_NEED, _WITHIN = 3, 2.5  # passages that say it, and how far below the best of them (log odds)
_ROWS_OF_A_TABLE, _ITEMS_OF_A_LIST = 12, 8
_OBJECTIVES_AT_MOST = 8
_OF_A_CHAPTER = 6  # sentences of a document's chapter on the subject that no need asks for
_SAME_OBJECTIVE = 0.7  # share of the shorter one's content words
_AIM_CHARS = 90
ROW_GAP = ".objective-"  # in the id of what is open of one objective, before its number


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence with a mark, where nothing answers a need."""

    text: str
    placeholder: Placeholder


@dataclass(frozen=True, slots=True)
class Row:
    """An objective to be, out of a row of a document's table or a sentence."""

    cells: Mapping[str, str]  # by column, the words of the quote
    quote: DraftStatement | None  # that the cells were taken from; None where no document states an objective
    indicator: DraftStatement | None = None  # an example of guidance, where the document names none


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document, shown as one."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[DraftStatement, ...]  # a row's text with " | " between the cells


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block before verification."""

    heading: str
    role: BlockRole
    content: tuple[DraftStatement | Gap | Table | Row, ...]


def asked_blocks(
    section: Section, requirements: Sequence[Hit], recommendations: Sequence[Hit], citing: Citing
) -> list[RawBlock]:
    """What the law and what guidance says, apart from each other; a block that would be empty is left out."""
    blocks = []
    later = [hit for hit in requirements if hit.currency is Currency.NOT_IN_FORCE_YET]
    requirements = [hit for hit in requirements if hit not in later]
    suggested = [hit for hit in recommendations if _is_our_advice(hit)]
    recommendations = [hit for hit in recommendations if hit not in suggested]
    for heading, role, hits in (
        (REQUIREMENTS.get(section.status, RELATED_LAW), BlockRole.REQUIREMENTS, requirements),
        (LATER_LAW, BlockRole.REQUIREMENTS, later),
        (RECOMMENDATIONS, BlockRole.RECOMMENDATIONS, recommendations),
        (SUGGESTIONS, BlockRole.SUGGESTIONS, suggested),
    ):
        content = [s for hit in hits for s in quote_passages([hit.passage], citing.group, citing.text)]
        if content:
            blocks.append(RawBlock(heading, role, tuple(content)))
    return blocks


def _is_our_advice(hit: Hit) -> bool:
    """Whether a fact is advice of ours, which is no official guidance."""
    return "Kotoapuri" in f"{hit.source.publisher} {hit.passage.text}" or "our suggestion" in hit.passage.text


def own_blocks(
    section: Section,
    needs: Mapping[str, Need],
    shown: Mapping[str, Sequence[Shown]],
    citing: Citing,
    *,
    may_be_said: Callable[[Passage], bool],
    notes: Sequence[Passage] = (),
    near: Mapping[str, str] = MappingProxyType({}),
    chapter: Sequence[Passage] = (),
    along: Mapping[str, Sequence[Passage]] = MappingProxyType({}),
    brief: bool,
) -> list[RawBlock]:
    """What the municipality's own documents say under each heading of a section, and what is to fill in.

    Args:
        section: Of the plan.
        needs: By id.
        shown: By id of need, what speaks of it, best first.
        citing: The sources.
        may_be_said: Whether a passage that comes along, of a table or short list, tells of no other place and no duty.
        notes: Typed for this section: what no need asks for comes under the part it is near to, or at the end.
        near: By id of a note, the need that it is nearest to.
        chapter: Of chapters of own documents on the subject: what no need asks for ends the last part.
        along: By id of a passage, what its paragraph goes on with; left out in brief.
        brief: Whether one passage of each need is enough.
    """
    blocks = []
    said: dict[str, Passage] = {}
    for part in section.parts:
        content: list[DraftStatement | Gap | Table | Row] = []
        for need_id in part.needs:
            need = needs[need_id]
            found = [s for s in shown.get(need_id, ()) if _is_text_of_a_plan(s.passage, need)]
            fresh = _chosen(found, said, 1 if brief else _PASSAGES_OF_A_NEED)
            with_it = {} if brief else {p.id: [q for q in along.get(p.id, ()) if q.id not in said] for p in fresh}
            said.update({q.id: q for p in fresh for q in (p, *with_it.get(p.id, ()))})
            content += _tables_and_quotes(fresh, citing, may_be_said, with_it)
            if not found or found[0].standing is Standing.DENIED:
                content.append(_gap(section, need))
        about = [p for p in notes if p.id not in said and near.get(p.id) in part.needs]
        said.update({p.id: p for p in about})
        content += [s for p in about for s in quote_passages([p], citing.group, citing.text)]
        if part is section.parts[-1] and not brief:
            content += _rest_of(chapter, said, citing, may_be_said)
        if content:
            blocks.append(RawBlock(part.heading, BlockRole.OWN, tuple(content)))
    if rest := [p for p in notes if p.id not in said]:
        quoted = [s for p in rest for s in quote_passages([p], citing.group, citing.text)]
        blocks.append(RawBlock(NOTED, BlockRole.OWN, tuple(quoted)))
    return blocks


def _rest_of(
    chapter: Sequence[Passage],
    said: dict[str, Passage],
    citing: Citing,
    may_be_said: Callable[[Passage], bool],
) -> list[DraftStatement | Gap | Table | Row]:
    rest = [p for p in chapter if p.id not in said and p.kind in (UnitKind.SENTENCE, UnitKind.ITEM)][:_OF_A_CHAPTER]
    said.update({p.id: p for p in rest})
    return _tables_and_quotes(rest, citing, may_be_said)


def _is_text_of_a_plan(passage: Passage, need: Need) -> bool:
    """Whether a table says it in a plan: figures and objectives; not opening hours and the like."""
    return passage.kind is not UnitKind.ROW or need.number or bool(objective_columns(passage.lead_in))


def _chosen(found: Sequence[Shown], said: Mapping[str, Passage], at_most: int) -> list[Passage]:
    """The best of what speaks of a need and was not said yet, in reading order of their documents."""
    best = [s for s in found if s.standing is found[0].standing and s.score >= found[0].score - _WITHIN]
    if any(s.passage.id in said for s in best[:1]):
        best = []  # said already where another need asked for it
    chosen: list[Shown] = []
    for one in best:
        if len(chosen) == at_most:
            break
        known = [*said.values(), *(c.passage for c in chosen)]
        if one.passage.id in said or any(same_matter(one.passage, p, one.source.language) for p in known):
            continue
        chosen.append(one)
    order = {s.source.source_id: n for n, s in reversed(list(enumerate(chosen)))}
    return [s.passage for s in sorted(chosen, key=lambda s: (order[s.source.source_id], s.passage.position))]


def _tables_and_quotes(
    passages: Sequence[Passage],
    citing: Citing,
    may_be_said: Callable[[Passage], bool],
    along: Mapping[str, Sequence[Passage]] = MappingProxyType({}),
) -> list[DraftStatement | Gap | Table | Row]:
    """Rows of a table of figures bring the table; a short list comes whole; the rest is quoted."""
    content: list[DraftStatement | Gap | Table | Row] = []
    tables: set[tuple[str, int]] = set()
    for p in passages:
        if p.kind is not UnitKind.ROW:
            together = [*_whole_list(p, citing, may_be_said), *along.get(p.id, ())]
            content += quote_passages(together, citing.group, citing.text)
        # Tables of objectives have a block of their own.
        elif (p.source_id, p.group) not in tables and not objective_columns(p.lead_in):
            tables.add((p.source_id, p.group))
            content.append(_table(p, citing, may_be_said))
    return content


def _whole_list(passage: Passage, citing: Citing, may_be_said: Callable[[Passage], bool]) -> list[Passage]:
    """A list item with its neighbours, where the list is short: one of three languages says little."""
    if passage.kind is not UnitKind.ITEM or collapse(passage.text).endswith((".", "!", "?")):
        return [passage]  # a whole sentence says enough
    items = [
        p for p in citing.group(passage.source_id, passage.group)
        if p.kind is UnitKind.ITEM and p.lead_in == passage.lead_in and may_be_said(p)
    ]  # fmt: skip
    return items if len(items) <= _ITEMS_OF_A_LIST else [passage]


def _table(row: Passage, citing: Citing, may_be_said: Callable[[Passage], bool]) -> Table:
    columns = tuple(collapse(cell) for cell in row.lead_in.split(" | "))
    rows = [p for p in citing.group(row.source_id, row.group) if p.kind is UnitKind.ROW and p.lead_in == row.lead_in]
    fitting = [p for p in rows if len(p.text.split(" | ")) == len(columns) and may_be_said(p)]
    near = fitting if len(fitting) <= _ROWS_OF_A_TABLE else [p for p in fitting if abs(p.position - row.position) < 4]
    caption = row.headings[-1] if row.headings else ""
    return Table(caption, columns, tuple(quote(p.source_id, p.text, p.start, p.end) for p in near))


def _gap(section: Section, need: Need) -> Gap:
    placeholder = Placeholder(f"{section.id}.{need.id}", need.asks, need.who_knows, need.where_to_find)
    return Gap(GAP.sub(placeholder.mark, need.missing), placeholder)


def quote(source_id: str, text: str, start: int, end: int) -> DraftStatement:
    """A statement that is its quote."""
    return DraftStatement(collapse(text), (Quote(source_id, text, start, end),))


# The table of objectives.


@dataclass(frozen=True, slots=True)
class _Wording:
    """prompts/objectives.toml, read."""

    columns: tuple[str, ...]
    headed: tuple[tuple[str, re.Pattern[str]], ...]
    aims: Mapping[str, re.Pattern[str]]


@cache
def _wording() -> _Wording:
    path = PROJECT_ROOT / "prompts" / "objectives.toml"
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Wording(
            tuple(row["columns"]),
            tuple((h["column"], alternatives(h["terms"])) for h in row["heading"]),
            {language: alternatives(terms) for language, terms in row["aims"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error


def columns() -> tuple[str, ...]:
    """The columns of a table of objectives, in order."""
    return _wording().columns


def objective_columns(lead_in: str) -> dict[int, str]:
    """Which column of ours each column of a document's table is, by its heading; empty where it is no such table."""
    found: dict[int, str] = {}
    for n, heading in enumerate(lead_in.split(" | ")):
        said = normalise(collapse(heading))
        fitting = (c for c, pattern in _wording().headed if c not in found.values() and pattern.search(said))
        if column := next(fitting, None):
            found[n] = column
    if "Change aimed at" not in found.values():  # "Target | Measure | Who": the target is what is aimed at
        found = {n: "Change aimed at" if c == "Target" else c for n, c in found.items()}
    names = set(found.values())
    # "Language | Target" is a table of figures; without a measure or somebody responsible nothing is planned.
    plans = "Change aimed at" in names and bool(names & {"Measure", "Responsible party", "Indicator"})
    return found if plans or {"Measure", "Responsible party"} <= names else {}


# What a column of a table of objectives shows by itself: `prompts/needs/` names the needs.
_SHOWN_BY = {
    "Change aimed at": ("objectives-set",),
    "Measure": ("measures-set",),
    "Responsible party": ("responsible-parties",),
    "Indicator": ("indicators",),
    "Baseline": ("baseline-and-target",),
    "Target": ("baseline-and-target",),
    "Source": ("indicator-sources",),
}
_BY_TABLE = 3.0  # log odds: a column headed "Responsible" leaves little doubt


def shown_by_tables(own: Sequence[OwnPassage]) -> dict[str, list[Shown]]:
    """What rows of tables of objectives show by their columns, by need; a cell "to be decided" denies it."""
    found: dict[str, list[Shown]] = {}
    for one in own:
        if one.passage.kind is not UnitKind.ROW:
            continue
        headed = objective_columns(one.passage.lead_in)
        texts = [collapse(cell) for cell in one.passage.text.split(" | ")]
        for n, column in headed.items():
            for need in _SHOWN_BY.get(column, ()):
                text = texts[n] if n < len(texts) else ""
                decided = bool(text.strip("-–— ?.")) and not is_undecided(text, one.source.language)
                how = Standing.SHOWN if decided else Standing.DENIED
                found.setdefault(need, []).append(Shown(one.passage, one.source, how, _BY_TABLE))
    return found


def states_objective(passage: Passage, language: str) -> bool:
    """Whether a passage is a row of a table of objectives, or a sentence that states one."""
    if passage.kind is UnitKind.ROW:
        return bool(objective_columns(passage.lead_in))
    if passage.kind not in (UnitKind.SENTENCE, UnitKind.ITEM):
        return False
    return _wording().aims[language].search(normalise(passage.text)) is not None


def objectives_block(passages: Sequence[tuple[Passage, Source]], indicator: DraftStatement | None) -> RawBlock:
    """The objectives that own documents state, a row each; one row of gaps where they state none.

    Args:
        passages: That state objectives of the section, best first.
        indicator: An example that guidance gives, for rows whose documents name none.
    """
    rows: list[Row] = []
    told: list[tuple[str, str]] = []
    for p, source in sorted(passages, key=lambda pair: pair[0].kind is not UnitKind.ROW):  # tables say more
        if any(_overlap(p.text, text, language) for text, language in told):
            continue
        told.append((p.text, source.language))
        cells = _cells(p) if p.kind is UnitKind.ROW else {columns()[0]: collapse(p.text)}
        proposed = None if "Indicator" in cells else indicator
        rows.append(Row(cells, quote(p.source_id, p.text, p.start, p.end), proposed))
    content = tuple(rows[:_OBJECTIVES_AT_MOST]) or (Row({}, None, indicator),)
    return RawBlock(OBJECTIVES, BlockRole.OBJECTIVES, content)


def _cells(row: Passage) -> dict[str, str]:
    headed = objective_columns(row.lead_in)
    texts = [collapse(cell) for cell in row.text.split(" | ")]
    return {headed[n]: text for n, text in enumerate(texts) if n in headed and text.strip("-–— ")}


def _overlap(a: str, b: str, language: str) -> bool:
    first, second = set(content_stems(a, language)), set(content_stems(b, language))
    return len(first & second) >= _SAME_OBJECTIVE * max(1, min(len(first), len(second)))


def row_gap(section: Section, number: int, missing: Sequence[str], aim: str) -> Placeholder:
    """What is still open of one objective, asked in one question."""
    return Placeholder(
        f"{section.id}{ROW_GAP}{number}",
        row_question(missing, aim),
        "The branch that carries the measure out, with the integration coordinator",
        "Branch plans, the budget, the situation picture and earlier follow-up",
    )


def row_question(missing: Sequence[str], aim: str) -> str:
    """The question that asks for what is still open of one objective: its columns, and the change aimed at if known."""
    what = ", ".join(column.lower() for column in missing)
    of = f" of the objective “{aim if len(aim) <= _AIM_CHARS else aim[: _AIM_CHARS - 1].rstrip() + '…'}”" if aim else ""
    return f"What is the {what}{of}?" if len(missing) == 1 else f"What are these{of}: {what}?"
