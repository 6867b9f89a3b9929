"""A drafted section or a whole plan as Markdown: pipe tables, block quotes for the boxes, `[^1]` footnotes.

Every text is escaped, so that none of it becomes a link, an image, a heading or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from assistant.export import _text as words
from assistant.export import labels
from assistant.export._text import one_line
from assistant.shown import Copied, copied_statements
from assistant.types import Citation, DraftBlock, Plot, Profile, SectionDraft, Statement
from assistant.words import Words

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINE_START = re.compile(r"^(?:([-+#=])|(\d{1,9})([.)])(?=\s|$))")


class MarkdownNotes:
    """The footnotes of one text: a citation keeps its number wherever it stands again."""

    def __init__(self, say: Words, marks: Mapping[str, str] | None = None) -> None:
        """Begin a text; `marks` are those of its open points, by id, as they stand in a file."""
        self.say, self.gaps = say, marks or {}
        self._numbers: dict[tuple[str, int, int, str], int] = {}
        self._texts: list[str] = []

    def marks(self, numbers: Iterable[int], citations: Sequence[Citation]) -> str:
        """The marks of citations, to stand after a text."""
        return "".join(f"[^{self._number(citation)}]" for citation in words.cited(numbers, citations))

    def definitions(self) -> list[str]:
        """What the marks refer to, in order."""
        return [f"[^{number}]: {text}" for number, text in enumerate(self._texts, start=1)]

    def _number(self, citation: Citation) -> int:
        key = (citation.source_id, citation.start, citation.end, citation.pinpoint)
        if (number := self._numbers.get(key)) is None:
            number = self._numbers[key] = len(self._texts) + 1
            source = words.source_words(citation, self.say)
            place = f", {escape(source.place)}" if source.place else ""
            sentences = [f"*{escape(source.title)}*{place}", *(escape(detail) for detail in source.details)]
            text = " ".join(sentence if sentence.endswith(".") else f"{sentence}." for sentence in sentences)
            self._texts.append(f"{text} {link(source.url)}" if source.url else text)
        return number


def plan_text(
    sections: Sequence[SectionDraft], *, title: str, profile: Profile | None, plan_about: str = "",
    images: Mapping[Plot, str], say: Words,
) -> str:  # fmt: skip
    """The whole text; it ends with what is still to fill in, the warnings and the notes.

    Args:
        sections: In the order of the plan.
        title: Of the plan.
        profile: Of the municipality.
        plan_about: Below the title.
        images: File names of plots; one that has none stands in words.
        say: The language of the text.
    """
    municipality = one_line(profile.name) if profile else words.municipality_of(sections)
    period = words.period(profile.plan_from, profile.plan_to, say) if profile else ""
    facts = (
        (say("export.municipality"), municipality),
        (say("export.plan-period"), period),
        (say("export.date"), say.date(date.today().isoformat())),
        (say("export.law-as-of"), words.law_as_of((section.as_of for section in sections), say)),
        (say("export.contact"), one_line(profile.contact) if profile else ""),
    )
    notes = MarkdownNotes(say, words.marks_of(sections, say))
    first = labels.section_title(sections[0], say)
    parts = [f"# {escape(title or first)}", f"**{say('export.draft')}**"]
    parts += [escape(plan_about)] if plan_about.strip() else []
    parts.append("\n".join(f"- {name}: {escape(value)}" for name, value in words.told_facts(facts)))
    headed = len(sections) > 1 or one_line(title) not in ("", one_line(first))
    for section in sections:
        parts += _section(section, notes, images, headed=headed)
    parts += _closing(sections, say)
    if definitions := notes.definitions():
        parts += [f"## {say('export.sources')}", *definitions]
    return "\n\n".join(parts) + "\n"


def escape(text: object) -> str:
    """One line of text that Markdown shows as it is; what is to fill in stands as it is, in bold."""
    stretches = words.split_marks(one_line(text))
    plain = "".join(_SPECIAL.sub(r"\\\1", t) if id is None else f"**{_marked(t)}**" for t, id in stretches)
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", plain)


def link(url: str) -> str:
    """An address that `web_address` let through, as a link."""
    return f"[{escape(words.shown_address(url))}](<{url}>)"


def pipe_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def statement_text(statement: Statement, citations: Sequence[Citation], notes: MarkdownNotes) -> str:
    """Paragraphs and list items with their notes; what no source supports says so."""
    flag = _flag(notes.say) if words.is_unsupported(statement, citations) else ""
    text = words.in_words(labels.gap_text(statement.text, notes.say), notes.gaps)
    own = f" {escape(notes.say('export.own-words'))}" if statement.own_words else ""
    return _lines(text, flag, own + notes.marks(statement.citations, citations))


def _flag(say: Words) -> str:
    return f"**{say('export.unsupported')}** "


def _marked(mark: str) -> str:
    return re.sub(r"([\\`*<>|~&$])", r"\\\1", mark)


def _lines(text: str, flag: str, marks: str) -> str:
    shown = ""
    previous = None
    for line in words.lines_of(text) or [words.Line("–", False)]:
        between = "" if previous is None else "\n" if line.is_item and previous.is_item else "\n\n"
        shown += f"{between}{'- ' if line.is_item else ''}{flag if previous is None else ''}{escape(line.text)}"
        previous = line
    return shown + marks


def _section(section: SectionDraft, notes: MarkdownNotes, images: Mapping[Plot, str], *, headed: bool) -> list[str]:
    say = notes.say
    parts = [f"## {escape(labels.section_title(section, say))}"] if headed else []
    if status := labels.section_status(section, say):
        parts.append(f"*{status}*")
    copied = copied_statements(section)
    for number, block in enumerate(section.blocks):
        follows = [copied.get((number, at), []) for at in range(len(block.statements))]
        if block.heading.strip():
            parts.append(f"### {escape(labels.heading(block.heading, say))}")
        if block.rows:
            parts.append(_table(block, section.citations, notes))
            parts += [
                _quoted([_copied(one, say, f"{say('export.row', number=row)} ")])
                for row, some in enumerate(follows, start=1)
                for one in some
            ]
        elif not block.statements:
            parts.append(f"*{say('export.no-text')}*")
        else:
            texts = []
            for statement, some in zip(block.statements, follows, strict=True):
                texts.append(statement_text(statement, section.citations, notes))
                texts += [_quoted([_copied(one, say)]) for one in some]
            ground = f"*{say.of('export.ground', block.role)}*"
            parts += [_quoted([ground, *texts])] if block.role in words.GROUNDS else texts
        parts += [_plot(plot, images.get(plot)) for plot in words.plots_below(section, block)]
    if section.examples:
        examples = []
        for heading, caution, url in words.example_words(section, say):
            examples.append(
                " ".join(p for p in (f"**{escape(heading)}.**", escape(caution), link(url) if url else "") if p)
            )
        parts += [f"### {say('export.examples')}", _quoted([f"*{say('export.examples-lead')}*", *examples])]
    return parts


def _plot(plot: Plot, image: str | None) -> str:
    """An image with its text alternative, or that text where there is no image; the source below."""
    alt = escape(plot.alt)
    shown = f"![{alt}](<{quote(image)}>)" if image else f"*{alt}*"
    return f"**{escape(plot.title)}**\n\n{shown}\n\n*{escape(plot.source)}*"


def _copied(copied: Copied, say: Words, row: str = "") -> str:
    """One line below a statement, or below its table, that says which programme it follows."""
    return row + " ".join(escape(text) for text in words.copied_words(copied, say))


def _quoted(texts: Sequence[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(texts).split("\n"))


def _table(block: DraftBlock, citations: Sequence[Citation], notes: MarkdownNotes) -> str:
    flagged = words.unsupported_rows(block, citations)
    rows = []
    for number, row in enumerate(block.rows):
        cells = []
        for at, cell in enumerate(row):
            flag = _flag(notes.say) if at == 0 and number in flagged else ""
            told = words.lines_of(words.in_words(cell.text, notes.gaps))
            lines = [f"• {escape(t.text)}" if t.is_item else escape(t.text) for t in told]
            own = f" {escape(notes.say('export.own-words'))}" if cell.own_words else ""
            cells.append(flag + (" ".join(lines) or "–") + own + notes.marks(cell.citations, citations))
        rows.append(cells)
    return pipe_table([escape(column) for column in labels.columns(block, notes.say)], rows)


def _closing(sections: Sequence[SectionDraft], say: Words) -> list[str]:
    parts = [f"## {say('export.notes')}"]
    told = ((words.section_title(s, say), s.warnings) for s in sections)
    parts += warning_list(words.warnings_once(told, say), len(sections), say, words.unsettled(sections, say))
    parts += [f"### {say('export.copying')}", *map(escape, words.copying_summary(sections, say))]
    if passages := words.copied_passages(sections, say):
        rows = [[*map(escape, (p.beginning, p.section, p.source, p.degree))] for p in passages]
        parts.append(pipe_table(words.copying_columns(say), rows))
    parts.append(f"### {say('export.open')}")
    if points := words.open_points(sections, say):
        rows = []
        for point in points:
            asked = point.placeholder
            texts = (asked.question, asked.who_knows, asked.where_to_find)
            rows.append([escape(point.mark), *(escape(text) or "–" for text in texts)])
        parts.append(pipe_table(words.open_columns(say), rows))
    else:
        parts.append(say("export.open-none"))
    reading = (say("export.check"), say("export.digest"), escape(words.writers(sections, say)))
    return [*parts, f"### {say('export.reading')}", *reading]


def warning_list(
    warnings: Sequence[tuple[str, list[str]]], parts: int, say: Words, unsettled: Sequence[str] = ()
) -> list[str]:
    """Each warning once, where only some parts give it with which; before them what is unsettled."""
    lines = [f"- {escape(text)}" for text in unsettled] + [
        f"- {escape(message)}"
        + ("" if len(titles) == parts else " " + escape(say("export.only-in", titles="; ".join(titles))))
        for message, titles in warnings
    ]
    return [f"### {say('export.warnings')}", "\n".join(lines) or say("export.no-warnings")]
