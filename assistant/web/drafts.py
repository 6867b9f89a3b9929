"""Drafted sections and answered checklists as HTML, with the same marks and cards as answers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.export import labels
from assistant.shown import (
    GAP_MARK,
    Copied,
    copied_statements,
    readable_date,
    their_words,
    web_address,
    with_gaps_together,
)
from assistant.types import BlockRole, Cell, ChecklistAnswer, DraftBlock, ItemAnswer, ItemStatus, SectionDraft
from assistant.web import strings
from assistant.web.pieces import escape, marks_html, notice_html, statement_html

_WIDE = 4  # columns that have room beside each other
_GROUND = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS, BlockRole.SUGGESTIONS)


def draft_html(turn: int, draft: SectionDraft) -> str:
    """A drafted section: its blocks, what is to fill in, pointers to examples, warnings."""
    cited: set[int] = set()
    copied = copied_statements(draft)
    blocks = "".join(
        _block(turn, block, draft, cited, [copied.get((at, n), []) for n in range(len(block.statements))])
        for at, block in enumerate(draft.blocks)
    )
    whose = f" · {escape(draft.municipality)}" if draft.municipality else ""
    status = labels.SECTION_STATUSES.get(draft.status, "")
    head = f"<h4 class='section-title'>{escape(draft.title)}{whose}</h4><p class='made'>{escape(status)}</p>"
    notices = "".join(notice_html(turn, n, draft) for n in draft.warnings)
    law = strings.LAW_AS_OF.format(date=readable_date(draft.as_of))
    extractive = draft.writer == "extractive"
    writer = strings.WRITER_EXTRACTIVE if extractive else strings.WRITER_MODEL.format(writer=draft.writer)
    return (
        f"<div class='draft'>{head}{blocks}{_to_fill(draft)}{_examples(draft)}</div>{notices}"
        f"<p class='made'>{escape(law)}. {escape(writer)}</p>"
    )


def _block(
    turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    heading = f"<h5>{escape(block.heading)}</h5>"
    if block.rows:
        draw = _table if len(block.columns) <= _WIDE else _objectives
        return f"<section>{heading}{draw(turn, block, draft, cited, copied)}</section>"
    statements = []
    for statement, found in zip(block.statements, copied, strict=True):
        if not statement.citations and GAP_MARK.search(statement.text):
            statements.append(f"<p>{_filled(escape(statement.text))}</p>")
        else:
            statements.append(_with_copied(statement_html(turn, statement, draft, cited), found))
    ground = " class='ground'" if block.role in _GROUND else ""
    return f"<section{ground}>{heading}{''.join(statements)}</section>"


def _with_copied(html: str, copied: Sequence[Copied]) -> str:
    """A statement, marked where it follows another programme, and a box for each such passage below it."""
    return f"<div class='copied'>{html}{_boxes(copied)}</div>" if copied else html


def _boxes(copied: Sequence[Copied], row: str = "") -> str:
    boxes = []
    for one in copied:
        match = one.match
        whose = match.municipality or strings.COPIED_FROM_ANOTHER
        name = escape(strings.COPIED.format(whose=whose, degree=labels.COPYING_DEGREES[match.degree]))
        place = ", ".join(part for part in (match.title, match.pinpoint) if part)
        if one.again:
            told = f"<p>{escape(strings.COPIED_AGAIN.format(place=place))}</p>"
        else:
            told = (
                f"<p>{escape(place)}</p><blockquote>{escape(their_words(match))}</blockquote>"
                f"<p><b>{strings.COPIED_TO_DO}</b> {escape(match.what_to_do)}</p>"
            )
        boxes.append(f"<div role='note' class='theirs' aria-label='{name}'>{row}<b>{name}</b>{told}</div>")
    return "".join(boxes)


def _objectives(
    turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    """Each row as a list of its own: nine columns beside each other are too narrow to read."""
    rows = []
    for number, row in enumerate(block.rows):
        marked: set[int] = set()
        lines = []
        for column, cell in with_gaps_together(block.columns, row):
            fresh = tuple(n for n in cell.citations if n not in marked)  # one mark a row is enough
            marked.update(fresh)
            text = f"{_filled(escape(cell.text))} {marks_html(turn, fresh, draft, cited)}"
            lines.append(f"<div><dt>{escape(column)}</dt><dd>{text}</dd></div>")
        html = f"<dl class='objective'>{''.join(lines)}</dl>"
        rows.append(_with_copied(html, copied[number] if number < len(copied) else ()))
    return "".join(rows)


def _table(
    turn: int, block: DraftBlock, draft: SectionDraft, cited: set[int], copied: Sequence[Sequence[Copied]]
) -> str:
    """Below it a box for each row that follows another programme, named by its first cell."""
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in block.columns)
    rows, below = [], ""
    for number, row in enumerate(block.rows):
        marked: set[int] = set()
        cells = "".join(_cell(turn, cell, draft, cited, marked) for cell in row)
        found = copied[number] if number < len(copied) else ()
        follows = " class='copied'" if found else ""
        rows.append(f"<tr{follows}>{cells}</tr>")
        if found:
            name = strings.COPIED_ROW.format(number=number + 1, text=row[0].text if row else "")
            below += _boxes(found, f"<small>{escape(name)}</small>")
    label = escape(block.heading)
    return (
        f"<div class='wide' role='region' aria-label='{label}' tabindex='0'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>{below}"
    )


def _cell(turn: int, cell: Cell, draft: SectionDraft, cited: set[int], marked: set[int]) -> str:
    fresh = tuple(n for n in cell.citations if n not in marked)  # one mark a row is enough
    marked.update(fresh)
    return f"<td>{_filled(escape(cell.text))} {marks_html(turn, fresh, draft, cited)}</td>"


def _filled(text: str) -> str:
    """Escaped text with its gaps marked."""
    return GAP_MARK.sub(lambda match: f"<mark class='gap'>{match[0]}</mark>", text)


def _to_fill(draft: SectionDraft) -> str:
    if not draft.placeholders:
        return ""
    rows = "".join(
        f"<li><b>{escape(p.question)}</b><br><small>{escape(p.who_knows)} · {escape(p.where_to_find)}</small></li>"
        for p in draft.placeholders
    )
    return f"<section><h5>{strings.TO_FILL.format(n=len(draft.placeholders))}</h5><ol>{rows}</ol></section>"


def _examples(draft: SectionDraft) -> str:
    if not draft.examples:
        return ""
    rows = []
    for example in draft.examples:
        url = web_address(example.url)
        name = escape(f"{example.title} ({readable_date(example.written) or strings.UNDATED})")
        link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else name
        rows.append(f"<li>{link}<br><small>{escape(example.caution)}</small></li>")
    return f"<section class='ground'><h5>{strings.EXAMPLES_ELSEWHERE}</h5><ul>{''.join(rows)}</ul></section>"


def checklist_html(turn: int, answer: ChecklistAnswer) -> str:
    """A checklist: how it stands, then what is lacking, then the rest folded away."""
    cited: set[int] = set()
    counts = {status: sum(_status(item) is status for item in answer.items) for status in ItemStatus}
    summary = ", ".join(f"{escape(labels.ITEM_STATUSES[status]).lower()} {n}" for status, n in counts.items())
    whose = f" · {escape(answer.municipality)}" if answer.municipality else ""
    parts = [f"<h4 class='section-title'>{escape(answer.title)}{whose}</h4><p>{summary}.</p>"]
    for status in (ItemStatus.NO_EVIDENCE, ItemStatus.PARTLY, ItemStatus.MET):
        items = [item for item in answer.items if _status(item) is status]
        if items:
            rows = "".join(_item(turn, item, answer, cited) for item in items)
            name = escape(f"{labels.ITEM_STATUSES[status]} ({len(items)})")
            shown = "" if status is ItemStatus.MET else " open"
            parts.append(f"<details{shown}><summary>{name}</summary><ul class='items'>{rows}</ul></details>")
    notices = "".join(notice_html(turn, n, answer) for n in answer.warnings)
    return f"<div class='draft'>{''.join(parts)}<p class='made'>{strings.NO_EVIDENCE}</p></div>{notices}"


def _status(item: ItemAnswer) -> ItemStatus:
    return item.override.status if item.override else item.status


def _item(turn: int, item: ItemAnswer, answer: ChecklistAnswer, cited: set[int]) -> str:
    evidence = "".join(statement_html(turn, s, answer, cited) for s in item.statements)
    said = f"<p><b>{escape(item.override.who)}:</b> {escape(item.override.note)}</p>" if item.override else ""
    step = "" if item.status is ItemStatus.MET else f"<p>{escape(item.next_step)}</p>"
    name = f"<b>{escape(item.text)}</b> <small>{escape(item.id)} · {escape(item.law)}</small>"
    return f"<li>{name}{said}{evidence}{step}</li>"
