"""Drafted sections and answered checklists as HTML, with the same marks and cards as answers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.export import labels
from assistant.shown import (
    GAP_MARK,
    Copied,
    copied_statements,
    source_line,
    their_words,
    web_address,
    with_gaps_together,
)
from assistant.types import BlockRole, Cell, ChecklistAnswer, DraftBlock, ItemAnswer, ItemStatus, SectionDraft
from assistant.web.pieces import escape, marks_html, notice_html, statement_html
from assistant.words import Words

_WIDE = 4  # columns that have room beside each other
_GROUND = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS, BlockRole.SUGGESTIONS)


def draft_html(say: Words, turn: int, draft: SectionDraft) -> str:
    """A drafted section: its blocks, what is to fill in, pointers to examples, warnings."""
    cited: set[int] = set()
    copied = copied_statements(draft)
    blocks = "".join(
        _block(say, turn, block, draft, cited, [copied.get((at, n), []) for n in range(len(block.statements))])
        for at, block in enumerate(draft.blocks)
    )
    whose = f" · {escape(draft.municipality)}" if draft.municipality else ""
    status = labels.section_status(draft, say)
    title = escape(labels.section_title(draft, say))
    head = f"<h4 class='section-title'>{title}{whose}</h4><p class='made'>{escape(status)}</p>"
    notices = "".join(notice_html(say, turn, n, draft) for n in draft.warnings)
    law = say("answer.law-as-of", date=say.date(draft.as_of))
    extractive = draft.writer == "extractive"
    writer = say("answer.writer-extractive") if extractive else say("answer.writer-model", writer=draft.writer)
    return (
        f"<div class='draft'>{head}{blocks}{_to_fill(say, draft)}{_examples(say, draft)}</div>{notices}"
        f"<p class='made'>{escape(law)}. {escape(writer)}</p>"
    )


def _block(
    say: Words, turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    heading = f"<h5>{escape(labels.heading(block.heading, say))}</h5>"
    if block.rows:
        draw = _table if len(block.columns) <= _WIDE else _objectives
        return f"<section>{heading}{draw(say, turn, block, draft, cited, copied)}</section>"
    statements = []
    for statement, found in zip(block.statements, copied, strict=True):
        if not statement.citations and GAP_MARK.search(statement.text):
            statements.append(f"<p>{_filled(escape(labels.gap_text(statement.text, say)))}</p>")
        else:
            statements.append(_with_copied(say, statement_html(say, turn, statement, draft, cited), found))
    ground = " class='ground'" if block.role in _GROUND else ""
    return f"<section{ground}>{heading}{''.join(statements)}</section>"


def _with_copied(say: Words, html: str, copied: Sequence[Copied]) -> str:
    """A statement, marked where it follows another programme, and a box for each such passage below it."""
    return f"<div class='copied'>{html}{_boxes(say, copied)}</div>" if copied else html


def _boxes(say: Words, copied: Sequence[Copied], row: str = "") -> str:
    return "".join(copied_box(say, one, row) for one in copied)


def copied_box(say: Words, one: Copied, row: str = "") -> str:
    """The words of the other programme, where they are from, and what to do; `row` is HTML that names a table's row."""
    match = one.match
    whose = match.municipality or say("draft.copied-from-another")
    name = escape(say("draft.copied", whose=whose, degree=say.of("plans.copying", match.degree)))
    place = source_line(match.title, match.pinpoint)
    if one.again:
        told = f"<p>{escape(say('draft.copied-again', place=place))}</p>"
    else:
        told = (
            f"<p>{escape(place)}</p><blockquote>{escape(their_words(match))}</blockquote>"
            f"<p><b>{escape(say('draft.copied-to-do'))}</b> {escape(say.message(match.what_to_do))}</p>"
        )
    return f"<div role='note' class='theirs' aria-label='{name}'>{row}<b>{name}</b>{told}</div>"


def _objectives(
    say: Words, turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    """Each row as a list of its own: nine columns beside each other are too narrow to read."""
    rows = []
    for number, row in enumerate(block.rows):
        marked: set[int] = set()
        lines = []
        for column, cell in with_gaps_together(labels.columns(block, say), row):
            fresh = tuple(n for n in cell.citations if n not in marked)  # one mark a row is enough
            marked.update(fresh)
            text = f"{_filled(escape(cell.text))} {marks_html(say, turn, fresh, draft, cited)}"
            lines.append(f"<div><dt>{escape(column)}</dt><dd>{text}</dd></div>")
        html = f"<dl class='objective'>{''.join(lines)}</dl>"
        rows.append(_with_copied(say, html, copied[number] if number < len(copied) else ()))
    return "".join(rows)


def _table(
    say: Words, turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    """Below it a box for each row that follows another programme, named by its first cell."""
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in labels.columns(block, say))
    rows, below = [], ""
    for number, row in enumerate(block.rows):
        marked: set[int] = set()
        cells = "".join(_cell(say, turn, cell, draft, cited, marked) for cell in row)
        found = copied[number] if number < len(copied) else ()
        follows = " class='copied'" if found else ""
        rows.append(f"<tr{follows}>{cells}</tr>")
        if found:
            name = say("draft.copied-row", number=number + 1, text=row[0].text if row else "")
            below += _boxes(say, found, f"<small>{escape(name)}</small>")
    label = escape(block.heading)
    return (
        f"<div class='wide' role='region' aria-label='{label}' tabindex='0'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>{below}"
    )


def _cell(say: Words, turn: int, cell: Cell, draft: SectionDraft, cited: set[int], marked: set[int]) -> str:
    fresh = tuple(n for n in cell.citations if n not in marked)  # one mark a row is enough
    marked.update(fresh)
    return f"<td>{_filled(escape(cell.text))} {marks_html(say, turn, fresh, draft, cited)}</td>"


def _filled(text: str) -> str:
    """Escaped text with its gaps marked."""
    return GAP_MARK.sub(lambda match: f"<mark class='gap'>{match[0]}</mark>", text)


def _to_fill(say: Words, draft: SectionDraft) -> str:
    if not draft.placeholders:
        return ""
    rows = "".join(
        f"<li><b>{escape(asked)}</b><br><small>{escape(who)} · {escape(where)}</small></li>"
        for asked, who, where in (labels.placeholder_words(p, say) for p in draft.placeholders)
    )
    return f"<section><h5>{say('draft.to-fill', n=len(draft.placeholders))}</h5><ol>{rows}</ol></section>"


def _examples(say: Words, draft: SectionDraft) -> str:
    if not draft.examples:
        return ""
    rows = []
    for example in draft.examples:
        url = web_address(example.url)
        name = escape(f"{example.title} ({say.date(example.written) or say('draft.undated')})")
        link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else name
        rows.append(f"<li>{link}<br><small>{escape(say.message(example.caution))}</small></li>")
    return f"<section class='ground'><h5>{say('draft.examples-elsewhere')}</h5><ul>{''.join(rows)}</ul></section>"


def checklist_html(say: Words, turn: int, answer: ChecklistAnswer) -> str:
    """A checklist: how it stands, then what is lacking, then the rest folded away."""
    cited: set[int] = set()
    counts = {status: sum(_status(item) is status for item in answer.items) for status in ItemStatus}
    summary = ", ".join(f"{escape(say(f'plans.item-status.{status}')).lower()} {n}" for status, n in counts.items())
    whose = f" · {escape(answer.municipality)}" if answer.municipality else ""
    title = escape(labels.checklist_title(answer.checklist, answer.title, say))
    parts = [f"<h4 class='section-title'>{title}{whose}</h4><p>{summary}.</p>"]
    for status in (ItemStatus.NO_EVIDENCE, ItemStatus.PARTLY, ItemStatus.MET):
        items = [item for item in answer.items if _status(item) is status]
        if items:
            rows = "".join(_item(say, turn, item, answer, cited) for item in items)
            name = escape(f"{say(f'plans.item-status.{status}')} ({len(items)})")
            shown = "" if status is ItemStatus.MET else " open"
            parts.append(f"<details{shown}><summary>{name}</summary><ul class='items'>{rows}</ul></details>")
    notices = "".join(notice_html(say, turn, n, answer) for n in answer.warnings)
    return f"<div class='draft'>{''.join(parts)}<p class='made'>{say('checklist.no-evidence')}</p></div>{notices}"


def _status(item: ItemAnswer) -> ItemStatus:
    return item.override.status if item.override else item.status


def _item(say: Words, turn: int, item: ItemAnswer, answer: ChecklistAnswer, cited: set[int]) -> str:
    evidence = "".join(statement_html(say, turn, s, answer, cited) for s in item.statements)
    said = f"<p><b>{escape(item.override.who)}:</b> {escape(item.override.note)}</p>" if item.override else ""
    step = "" if item.status is ItemStatus.MET else f"<p>{escape(labels.next_step(item, say))}</p>"
    name = f"<b>{escape(labels.item_text(item, say))}</b> <small>{escape(item.id)} · {escape(item.law)}</small>"
    return f"<li>{name}{said}{evidence}{step}</li>"
