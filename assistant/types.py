"""The records that cross module boundaries; imports nothing of ours.

Everything here is frozen: a stage of the flow makes new records and never changes those it was given.
`as_json` gives the shapes that `--json` prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

NOT_ESTABLISHED = "not established"  # a certainty of facts
OFFICIAL = ":official"  # ends the id of an official text that `sync` downloaded; no id that `add` gives can


class Kind(StrEnum):
    """The role of a source. Only law and guidance may carry a "must"."""

    LAW = "law"
    GUIDANCE = "guidance"
    OWN = "own"  # this municipality's own documents
    PROGRAMME = "programme"  # another municipality's programme: an example, never a source of text or figures


class BlockKind(StrEnum):
    """What a stretch of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # one list item, without its bullet or number
    ROW = "row"  # one table row
    FACT = "fact"  # one fact of the bundled corpus: quoted whole or not at all
    BOILERPLATE = "boilerplate"  # page leftovers ("Skip to Content"): kept so that offsets hold, never quoted


class UnitKind(StrEnum):
    """What a passage is."""

    SENTENCE = "sentence"
    LEAD_IN = "lead-in"  # introduces a list or table and says little alone
    ITEM = "item"  # a sentence of a list item, or the whole item
    ROW = "row"
    TAIL = "tail"  # ends the sentence that a list interrupts
    INSTRUCTION = "instruction"  # addresses an assistant: kept to warn of, never searched or quoted


class Support(StrEnum):
    """How a statement stands to its citations."""

    QUOTED = "quoted"  # the statement is the quote
    SUPPORTED = "supported"  # checked against its quotes
    UNSUPPORTED = "unsupported"  # shown to the reader as such


class Currency(StrEnum):
    """What a source is worth on a day."""

    CURRENT = "current"
    OUTDATED = "outdated"
    NOT_IN_FORCE_YET = "not-in-force-yet"
    NEVER_IN_FORCE = "never-in-force"
    UNKNOWN = "unknown"

    @property
    def may_hold(self) -> bool:
        """Whether nothing is known that speaks against it on that day."""
        return self in (Currency.CURRENT, Currency.UNKNOWN)


class WarningCode(StrEnum):
    """The codes of `interfaces`: what a reader is warned of."""

    COPYING = "copying"
    OTHER_MUNICIPALITY = "other-municipality"
    OUTDATED_SOURCE = "outdated-source"
    TERM_CHANGED = "term-changed"
    CONFLICTING_SOURCES = "conflicting-sources"
    UNSUPPORTED = "unsupported"
    NOT_ESTABLISHED = "not-established"
    NOT_IN_FORCE_YET = "not-in-force-yet"
    NEVER_IN_FORCE = "never-in-force"
    PERSONAL_DATA = "personal-data"
    INSTRUCTIONS_IN_SOURCE = "instructions-in-source"
    REMOTE_MODEL = "remote-model"


@dataclass(frozen=True, slots=True)
class Fact:
    """What the bundled corpus knows of one of its facts beside the words."""

    id: str
    questions: Mapping[str, tuple[str, ...]]  # that it answers, by language: searched, never shown or quoted
    certainty: str  # "statute text seen", "bill", "official guidance", "press" or "not established"
    url: str | None = None
    pinpoint: str = ""
    valid_from: str | None = None  # ISO dates on which it holds; None is open or not known
    valid_to: str | None = None
    never_in_force: bool = False
    pending: bool = False  # proposed or aimed at, and not known to be law
    note: str | None = None  # what a reader must know about its age


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document, in reading order; blocks do not overlap.

    The span leaves out the bullet or number of an item, the `#` of a Markdown heading and surrounding white space.
    """

    kind: BlockKind
    start: int  # characters into Document.text
    end: int  # exclusive
    level: int = 1  # heading: 1 is the title; item: depth of nesting, from 1
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its text, structure and pages."""

    title: str
    text: str
    blocks: tuple[Block, ...]
    language: str  # en, fi or sv
    page_starts: tuple[int, ...] = ()  # offset at which each page starts; empty where the format has no pages
    masked: tuple[int, ...] = ()  # offsets at which personal data was masked

    def page_of(self, offset: int) -> int | None:
        """The page, 1-based as a viewer counts, on which a character stands; None without pages."""
        if not self.page_starts:
            return None
        return max(1, sum(1 for start in self.page_starts if start <= offset))


@dataclass(frozen=True, slots=True)
class Source:
    """One indexed source: what is known of a document apart from its text."""

    source_id: str
    kind: Kind
    title: str
    publisher: str | None = None
    url: str | None = None
    municipality: str | None = None
    language: str = "en"
    written: str | None = None  # ISO date, as exact as known
    law_basis: str | None = None  # "681/2023" or "1386/2010": the Act under which it was written
    valid_from: str | None = None
    valid_to: str | None = None
    digest: bool = False  # our own summary of an official text, not the text itself
    never_in_force: bool = False  # enacted, but changed before it began
    early: bool = False  # written on Act 681/2023 before it began, when much of it was still another
    bundled: bool = False  # part of the corpus that ships with the program
    passages: int = 0
    personal_data: int = 0  # how many personal identity codes and account numbers were masked in it
    original: bool = False  # the PDF itself is kept, so that its pages can be shown


@dataclass(frozen=True, slots=True)
class Passage:
    """One quotable stretch of a document: a sentence, a list item or a table row, with what surrounds it.

    `document.text[start:end] == text` always holds, so a citation can be shown in place.
    """

    id: str  # "{source_id}:{start}-{end}"; stable when the index is rebuilt
    source_id: str
    start: int  # characters into Document.text
    end: int  # exclusive
    text: str
    kind: UnitKind
    position: int  # 0-based reading order within the document
    group: int  # passages of one paragraph, list (with its lead-in) or table share a number
    headings: tuple[str, ...] = ()  # from the title down
    lead_in: str = ""  # the words that introduce a list item or table row
    section: str | None = None  # number of the section of an Act, and of its subsection, such as "45(2)"
    page: int | None = None
    fact: Fact | None = None  # in the bundled corpus

    @property
    def context(self) -> str:
        """What a reader has read just before: headings and lead-in, outermost first."""
        lead_in = [self.lead_in] if self.lead_in and self.lead_in not in self.headings else []
        return " > ".join([*self.headings, *lead_in])


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked, and how it was read."""

    text: str  # as asked
    as_of: str  # ISO date on which the law is taken
    language: str  # en, fi or sv
    search_text: str  # spelling mended, the topic of the conversation put before a follow-up
    parts: tuple[str, ...]  # what is asked, without the background; each with what it needs of the others
    asks_list: bool = False  # "which themes", "members of": a whole list answers it
    expects: tuple[str, ...] = ()  # what only text of a certain look can answer: "a number", "a date"
    is_follow_up: bool = False
    acts: tuple[str, ...] = ()  # that the question is about, as "1386/2010": by number, or as "the old Act"
    enacted: bool = False  # whether it asks for an Act as it was enacted, in force or not


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. Scores order hits of one question and mean nothing across questions."""

    passage: Passage
    source: Source
    score: float
    cosine: float = 0.0  # question to passage, -1 to 1, higher is closer
    # Share of the question's content words in the passage and its context, weighted by idf; of a fact, where that is
    # more, its likeness to the nearest stored question.
    coverage: float = 0.0
    currency: Currency = Currency.UNKNOWN  # on the day of the question
    stands_for: Fact | None = None  # the fact of our digest whose place and score official words have taken


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A passage of an added document that claims of a section what the section does not say."""

    hit: Hit
    section: str  # of Act 681/2023, "45"; empty where the Act as a whole is meant
    says: str  # the words that have no ground
    denied_by: Passage | None = None  # the fact of our digest that says the opposite
    is_near: bool = False  # whether it was found near the top, so that the reader is to be told


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question, best first."""

    question: Question
    hits: tuple[Hit, ...]
    missing: tuple[str, ...] = ()  # names, years, numbers and Acts of the question that no source mentions
    sufficient: bool = True  # False: too little to answer from, say so instead
    unfounded: tuple[Unfounded, ...] = ()  # left out of the hits
    premise: Hit | None = None  # a rule of another time that the question takes for one of its day


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch that a writer puts forward as evidence; not yet checked."""

    source_id: str
    text: str
    start: int | None = None  # where the writer copied it from, if it knows
    end: int | None = None


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """A statement as written, with what it claims to rest on."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer wrote, before verification."""

    writer: str  # "extractive" or the name of the chat model
    statements: tuple[DraftStatement, ...]


class StatementState(StrEnum):
    """What a person decided on a statement of a draft."""

    DRAFTED = "drafted"  # nothing yet
    ACCEPTED = "accepted"
    LEFT_OUT = "left-out"  # stands in no file


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as shown, with the numbers of its citations."""

    text: str  # a list stands as lines that begin with "- "
    citations: tuple[int, ...]
    support: Support
    # What a person made of it, in a draft.
    state: StatementState = StatementState.DRAFTED
    own_words: bool = False  # a person wrote it and no source is cited: neither sourced nor a fault
    original: Original | None = None  # as it was before a person changed its words
    continues: bool = False  # was parted from the statement before it when a person changed that


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked quote: `source text[start:end]`, white space collapsed."""

    id: int  # from 1, in order of first use
    source_id: str
    kind: Kind
    title: str
    publisher: str | None
    url: str | None
    municipality: str | None
    pinpoint: str  # heading, page or section
    quote: str
    written: str | None
    law_basis: str | None
    currency: Currency
    digest: bool
    start: int
    end: int
    page: int | None = None
    certainty: str | None = None  # of a fact of the bundled corpus: how it was established
    note: str | None = None  # what a reader must know about its age
    ends: str | None = None  # ISO date, the last day of which it tells, where that day is over; may be one to come


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning shown with an answer, or with a document that was added."""

    code: WarningCode
    message: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One cited answer; the same record that `ask --json` prints."""

    question: str
    as_of: str
    language: str
    writer: str
    abstained: bool
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[Notice, ...] = ()


class BlockRole(StrEnum):
    """What a block of a drafted section holds, so that what is asked and what is the case stay apart."""

    REQUIREMENTS = "requirements"  # of the law in force
    RECOMMENDATIONS = "recommendations"  # of official guidance
    SUGGESTIONS = "suggestions"  # our own advice, which is neither
    OWN = "own"  # what the municipality's own documents, figures and notes say, and what is still to fill in
    OBJECTIVES = "objectives"  # a table: a row for each objective


class ItemStatus(StrEnum):
    """What the municipality's own documents show of a checklist item."""

    MET = "met"
    PARTLY = "partly"  # a part of it, or only planned, or only in a document whose time is over
    NO_EVIDENCE = "no-evidence"  # nothing shows it, which never means that it was not done


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table in a draft, with the numbers of its citations."""

    text: str  # may hold a "[TO FILL: id]"
    citations: tuple[int, ...] = ()
    own_words: bool = False  # a person wrote it and no source is cited


@dataclass(frozen=True, slots=True)
class Original:
    """A statement or row as it was before a person changed its words."""

    text: str
    citations: tuple[int, ...]
    support: Support
    cells: tuple[Cell, ...] = ()  # of a row


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A part of a drafted section under one heading. Of a table, each statement is one row in words."""

    heading: str
    role: BlockRole
    statements: tuple[Statement, ...] = ()
    columns: tuple[str, ...] = ()  # empty where the block is no table
    rows: tuple[tuple[Cell, ...], ...] = ()  # as many cells as columns


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What is still to fill in; stands in the text as `[TO FILL: id]`."""

    id: str  # "{section}.{need}", of a table with the row: "good-relations.objective-1-owner"
    question: str
    who_knows: str
    where_to_find: str

    @property
    def mark(self) -> str:
        """As it stands in the text."""
        return f"[TO FILL: {self.id}]"


@dataclass(frozen=True, slots=True)
class Example:
    """Another municipality's programme on the same subject: where to read, none of its words."""

    source_id: str
    municipality: str
    title: str
    written: str | None
    pinpoint: str
    url: str | None
    caution: str  # why it may not transfer


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a section is to be written."""

    brief: bool = False
    indicator: int = 0  # which of the section's examples of indicators is proposed, counted on from the first


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of a text that another municipality's programme holds too; offsets count characters of the text."""

    start: int
    end: int
    text: str
    source_id: str
    municipality: str
    source_text: str
    degree: str  # "verbatim", "near" or "paraphrase"
    source_start: int = 0  # characters of the source's text
    source_end: int = 0
    title: str = ""  # of the programme
    pinpoint: str = ""  # where in it
    what_to_do: str = ""
    excuse: str = ""  # why it is no copying: "common" (law, guidance, official names), "own" or "quotation"


@dataclass(frozen=True, slots=True)
class CopyingCheck:
    """What a text shares with programmes of other municipalities."""

    characters: int
    copied_characters: int
    share: float  # 0 to 1
    matches: tuple[Match, ...] = ()
    shared_with_law_or_guidance: tuple[Match, ...] = ()  # no copying
    warnings: tuple[Notice, ...] = ()
    compared_with: int = 0  # programmes of other municipalities


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One line or one set of bars of a plot. What may not be shown has no value and says so by its mark."""

    name: str
    values: tuple[float | None, ...]  # one for each label of the plot
    marks: tuple[str, ...] = ()  # for each value "", or why there is none, in a few words: "fewer than 5"


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot shows, enough to draw it again; `situation/plots.py` draws it."""

    id: str  # "trend-foreign-language": of a file name too
    kind: str  # "trend" (labels are years) or "bars"
    title: str  # the finding
    subtitle: str  # what is counted, where and when
    alt: str  # the same in words, for those who do not see it
    source: str  # "Source: ...", as it stands below
    labels: tuple[str, ...]
    lines: tuple[PlotLine, ...]
    unit: str = ""  # "%" where the values are per cent
    language: str = "en"
    heading: str = ""  # of the block of the section below which it stands


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """One drafted section of a plan; the same record that `draft --json` prints."""

    section: str
    title: str
    municipality: str | None
    as_of: str
    writer: str
    blocks: tuple[DraftBlock, ...]
    placeholders: tuple[Placeholder, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[Notice, ...] = ()
    copying: CopyingCheck | None = None  # of the draft's own statements
    plan: str = "plan"
    status: str = ""  # who asks for the content: "duty", "recommended", "good-practice", "old-law"
    examples: tuple[Example, ...] = ()
    wishes: Wishes = Wishes()  # with which it was written
    notes: str = ""  # that were typed for it, personal data masked
    plots: tuple[Plot, ...] = ()
    closed: tuple[Placeholder, ...] = ()  # questions that a person has answered in the text, or left out


@dataclass(frozen=True, slots=True)
class Override:
    """A person's word on a checklist item; kept apart from what the documents show."""

    status: ItemStatus
    note: str
    who: str
    at: str  # ISO date and time, UTC


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item of a checklist, answered from the municipality's own documents."""

    id: str
    text: str
    status: ItemStatus
    statements: tuple[Statement, ...]  # the passages that show it, of a denial those that deny it
    next_step: str
    group: str = ""
    law: str = ""  # "duty", "general law", "advice", "never in force", "old law"
    law_note: str = ""
    asked: tuple[Statement, ...] = ()  # what law or guidance asks here
    section: str = ""  # of the plan, where it belongs
    missing: tuple[str, ...] = ()  # questions that nothing answers yet
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """A checklist answered; the same record that `checklist --json` prints."""

    checklist: str
    title: str
    municipality: str | None
    as_of: str
    items: tuple[ItemAnswer, ...]
    citations: tuple[Citation, ...] = ()
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A weakness of a plan; offsets count characters of the reviewed text."""

    weakness: int  # 1 to 16, as the corpus numbers them
    start: int  # start = end = 0, and no text: something is missing from the whole plan
    end: int
    text: str
    why: str
    what_to_do: str
    citations: tuple[int, ...]
    kind: str  # as prompts/review/kinds.toml names it
    title: str
    severity: str  # "duty": the law asks for it, or is told wrongly; "advice" otherwise
    missing: tuple[str, ...] = ()  # what is missing: themes, "money", "review-date"
    # Start and end of each sentence or row meant, where one finding stands for several between start and end.
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A plan held against the known weaknesses of such plans; the same record that `review --json` prints."""

    title: str
    municipality: str | None  # as told, or as the text names it
    as_of: str
    language: str
    characters: int
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...] = ()
    warnings: tuple[Notice, ...] = ()
    text: str = ""  # as it was read and reviewed


@dataclass(frozen=True, slots=True)
class Profile:
    """What a municipality told of itself."""

    name: str
    population: int | None = None
    population_date: str | None = None  # ISO
    languages: str = ""  # "Finnish", "Finnish and Swedish"
    employment_area: str = ""
    wellbeing_county: str = ""
    regional_centre: str = ""
    plan_from: str | None = None  # ISO dates, as exact as known
    plan_to: str | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the municipality gave, with where it comes from."""

    id: int
    name: str  # "Residents whose mother tongue is other than Finnish, Swedish or Sami"
    value: str  # as it is to be printed: "1,240", "6.2 %"
    date: str  # ISO date that it describes, as exact as known
    source: str  # "Statistics Finland, vaerak 159t, extracted 1 October 2026"
    note: str = ""


class Showing(StrEnum):
    """Whether a value of a table is shown, and why not."""

    YES = "yes"
    FEW = "fewer than five"
    HIDDEN = "hidden"  # a smaller count could be worked out from it
    WITHHELD = "withheld"  # by whoever publishes the table
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a series."""

    period: str  # "2025" or "2026-07"
    value: float | None  # only where `shown` is YES
    shown: Showing = Showing.YES
    preliminary: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """What a table tells of one group, period by period, oldest first. Never of two definitions."""

    measure: str  # a measure of prompts/situation/mapping.toml: "residents", "employment-rate"
    group: str  # "all", or by one definition: "foreign-language", "foreign-citizens", "born-abroad" ...
    by: str  # "" for the whole group, or what divides it: "age", "sex", "activity", "language", "country"
    category: str  # of that division
    unit: str  # "persons", "moves" or "per cent"
    observations: tuple[Observation, ...]
    whole_country: bool = False  # else of the municipality
    how: str = ""  # how it was worked out; empty where the table has it as it is
    limits: str = ""  # "women only": what else the table is limited to


@dataclass(frozen=True, slots=True)
class SituationTable:
    """What a file of figures tells of a municipality, as far as it may be shown; nothing else of the file is kept."""

    id: int
    file: str
    title: str
    municipality: str | None
    source: str | None  # None: it can be looked at and is no indicator
    table_id: str | None
    date: str | None  # ISO date on which the source updated it
    url: str | None
    added: str  # ISO date
    series: tuple[Series, ...]
    not_used: tuple[str, ...] = ()  # what was not recognised, a line each
    withheld: int = 0  # values that the source does not give
    kept_back: int = 0  # languages or countries that are in no series, as they are too small in every period
    digest: str = ""  # of the file: the same one added again takes the place of the first


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a drafted section."""

    number: int  # from 1
    at: str  # ISO date and time, UTC
    who: str
    why: str  # "drafted", "made shorter", "edited", "accepted", "back to version 2"
    draft: SectionDraft
    beside: tuple[int, ...] = ()  # versions that somebody else saved since the one this was made from


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version of a section without its text: for lists of many."""

    section: str
    number: int
    at: str
    who: str
    why: str
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept of a municipality, or of none."""

    sections: tuple[tuple[str, str], ...] = ()  # plan and section of which there are drafts
    checklists: tuple[str, ...] = ()  # ids of those that were answered, or that people gave their word on
    figures: int = 0
    tables: int = 0
    documents: tuple[str, ...] = ()  # titles of its own documents

    def __bool__(self) -> bool:
        return bool(self.sections or self.checklists or self.figures or self.tables or self.documents)


@dataclass(frozen=True, slots=True)
class ModelTrial:
    """What a chat model gave back to one made-up question."""

    reply: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question or request of the conversation and what came of it."""

    question: str
    answer: Answer | None = None
    draft: SectionDraft | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote in its place, for the source panel: the text before it, the quote, the text after it."""

    source: Source
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file given to `add`."""

    path: str
    source_id: str | None
    title: str
    passages: int
    status: str  # "added", "unchanged" (same content is there already) or "failed"; of `sync` also "new", "changed"
    message: str = ""  # for "failed": what, which, and what to do; for "unchanged": which source has it
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class AddReport:
    """What `add` did, file by file, in the order given."""

    files: tuple[Added, ...] = field(default=())

    @property
    def failed(self) -> list[Added]:
        """The files that were not added."""
        return [file for file in self.files if file.status == "failed"]


def as_json(record: Any) -> Any:
    """Turn records into what `json.dumps` takes; the shapes of the interface."""
    if is_dataclass(record) and not isinstance(record, type):
        return {f.name: as_json(getattr(record, f.name)) for f in fields(record)}
    if isinstance(record, StrEnum):
        return record.value
    if isinstance(record, Mapping):
        return {key: as_json(value) for key, value in record.items()}
    if isinstance(record, Sequence) and not isinstance(record, str):
        return [as_json(value) for value in record]
    return record
