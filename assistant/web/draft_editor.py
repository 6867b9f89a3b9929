"""The Draft tab as HTML: the outline, a section to edit, what it rests on, its versions.

What can be done with a statement is a real button with `data-do`; `draft.js` sends it, and keeps what is being typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import editing
from assistant.differences import differences
from assistant.editing import Place
from assistant.export import labels
from assistant.matching import OwnPassage
from assistant.plan import Plan, Section
from assistant.shown import GAP_MARK, Copied, copied_statements, web_address
from assistant.text import collapse, shortened
from assistant.types import (
    BlockRole,
    Cell,
    DraftBlock,
    Placeholder,
    SectionDraft,
    Statement,
    StatementState,
    Support,
    Surroundings,
    UnitKind,
    Version,
    VersionHead,
)
from assistant.web import rendering
from assistant.web.draft_html import copied_box
from assistant.web.pieces import escape, marks_html, moment, notice_html
from assistant.web.rendering import Exchange
from assistant.words import Words

TURN = 0  # of the ids of marks and cards; the conversation's begin at 1
_GROUND = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS, BlockRole.SUGGESTIONS)
_NAME_CHARS = 60  # of a statement in the name of a button


def title_of(say: Words, section: Section) -> str:
    """A section's title in the reader's language."""
    told = say.of("plans.section", section.id)
    return section.title if told == section.id else told


def why_of(say: Words, why: str) -> str:
    """Why a version was saved, in the reader's language."""
    if why.startswith("back to version "):
        return say("draft.why-back", number=why.rpartition(" ")[2])
    return say.of("draft.why", why)


def when_of(say: Words, at: str) -> str:
    """The day and time of a version."""
    when = moment(say, at)
    return f"{when['date']} {when['time']}"


# The outline.


@dataclass(frozen=True, slots=True)
class State:
    """What the outline tells of a drafted section."""

    standing: editing.Standing
    copied: bool


def state_of(draft: SectionDraft) -> State:
    """How far a section is, and whether it follows another programme."""
    return State(editing.standing(draft), bool(draft.copying and draft.copying.matches))


def outline_html(say: Words, plan: Plan, states: Mapping[str, State], chosen: str) -> str:
    """The sections of a plan, how far each is and who asks for it; `states` holds those that are drafted."""
    counts = [states[section.id].standing for section in plan.sections if section.id in states]
    progress = say(
        "draft.outline-progress",
        done=len(counts),
        total=len(plan.sections),
        accepted=sum(c.accepted for c in counts),
        statements=sum(c.statements for c in counts),
        open=sum(c.open for c in counts),
    )
    rows = "".join(
        _outline_row(say, section, states.get(section.id), section.id == chosen) for section in plan.sections
    )
    return (
        f"<nav aria-label='{escape(say('draft.outline'))}'><h2>{escape(say('draft.outline'))}</h2>"
        f"<p id='draft-progress'>{escape(progress)}</p>"
        f"<progress max='{len(plan.sections)}' value='{len(counts)}' aria-labelledby='draft-progress'></progress>"
        f"<ol>{rows}</ol></nav>"
    )


def _outline_row(say: Words, section: Section, state: State | None, chosen: bool) -> str:
    facts = [say(f"draft.asked-by.{section.status}")]
    copied, sign = "", "○"
    if state is None:
        facts.append(say("draft.not-drafted"))
    else:
        found = state.standing
        facts.append(say("draft.state", accepted=found.accepted, statements=found.statements, open=found.open))
        sign = "●" if not found.open and found.accepted == found.statements else "◐"
        if state.copied:
            copied = f"<small class='copying'>{escape(say('draft.copying-found'))}</small>"
    current = " aria-current='true'" if chosen else ""
    return (
        f"<li><button type='button' id='draft-open-{section.id}' data-do='open' data-section='{section.id}'{current}>"
        f"<span class='sign' aria-hidden='true'>{sign}</span><span><b>{escape(title_of(say, section))}</b>"
        f"<small>{escape(' · '.join(facts))}</small>{copied}</span></button></li>"
    )


# The section.


def _key(municipality: str | None, plan: str, section: str) -> str:
    """Names a section in the page."""
    return f"{municipality or ''}|{plan}|{section}"


def editor_html(
    say: Words,
    section: Section,
    version: Version | None,
    municipality: str | None,
    places: Sequence[Surroundings | None],
    *,
    done: str = "",
) -> str:
    """A section to edit.

    Args:
        say: The reader's language.
        section: Of the plan.
        version: Its latest version, or none yet.
        municipality: Whose plan.
        places: Of each citation the quote in its place.
        done: The token of what was typed and is saved now, so that the page forgets it.
    """
    key = _key(municipality, section.plan, section.id)
    number = version.number if version else 0
    told = {
        name: say(f"draft.{name}")
        for name in ("save", "cancel-edit", "saving", "edit-hint", "typed-kept", "typed-lost", "discard", "no-reply")
    }
    head = f"<h2 id='draft-title' tabindex='-1'>{escape(title_of(say, section))}</h2>"
    asked = f"<p class='asked'>{escape(say.of('plans.section-status', section.status))}</p>"
    if version is None:
        body = f"<p class='empty'>{escape(say('draft.empty'))}</p>{_notes(say, '')}{_buttons(say, None)}"
    else:
        draft = version.draft
        languages = {
            c.id: place.source.language for c, place in zip(draft.citations, places, strict=False) if place is not None
        }
        made = ", ".join(
            (
                say("draft.version-line", number=version.number, when=when_of(say, version.at)),
                say("answer.law-as-of", date=say.date(draft.as_of)),
            )
        )
        cited: set[int] = set()
        copied = copied_statements(draft)
        blocks = "".join(_block(say, draft, n, cited, copied, languages) for n in range(len(draft.blocks)))
        body = f"{asked}<p class='made'>{escape(made)}</p>{_notes(say, draft.notes)}{_buttons(say, draft)}{blocks}"
    return (
        f"<div class='editor draft' data-key='{escape(key)}' data-section='{section.id}' data-version='{number}' "
        f"data-done='{escape(done)}' data-say='{escape(json.dumps(told, ensure_ascii=False))}'>"
        f"{head}<div class='lost' hidden></div>{body}</div>"
    )


def standing_html(say: Words, version: Version | None) -> str:
    """How far the section is, beside the button that exports it."""
    if version is None:
        return f"<p>{escape(say('draft.not-drafted'))}</p>"
    found = editing.standing(version.draft)
    counts = {"accepted": found.accepted, "statements": found.statements, "open": found.open}
    return f"<p>{escape(say('draft.standing', **counts))}</p>"


def _notes(say: Words, notes: str) -> str:
    return (
        f"<div class='notes'><label for='draft-notes'>{escape(say('draft.notes'))}</label>"
        f"<p id='draft-notes-hint'>{escape(say('draft.notes-hint'))}</p>"
        f"<textarea id='draft-notes' rows='3' data-kept='notes' aria-describedby='draft-notes-hint'>"
        f"{escape(notes)}</textarea></div>"
    )


def _buttons(say: Words, draft: SectionDraft | None) -> str:
    if draft is None:
        wanted = [("draft", "draft", True)]
    else:
        length = ("longer", "longer", False) if draft.wishes.brief else ("shorter", "shorter", False)
        wanted = [("draft", "redraft", False), length]
        if any(block.role is BlockRole.OBJECTIVES for block in draft.blocks):
            wanted.append(("indicator", "other-indicator", False))
    buttons = "".join(
        f"<button type='button' id='draft-do-{do}' data-do='{do}' class='{'main' if main else ''}'>"
        f"{escape(say(f'draft.{name}'))}</button>"
        for do, name, main in wanted
    )
    return f"<div class='actions'>{buttons}</div>"


def _block(
    say: Words,
    draft: SectionDraft,
    b: int,
    cited: set[int],
    copied: Mapping[Place, Sequence[Copied]],
    languages: Mapping[int, str],
) -> str:
    block = draft.blocks[b]
    heading = labels.heading(block.heading, say)
    rows = []
    for n, unit in editing.units(block):
        found = [one for at in range(n, n + len(unit)) for one in copied.get((b, at), ())]
        rows.append(_unit(say, draft, (b, n), cited, found, languages))
    ground = " ground" if block.role in _GROUND else ""
    waiting = [
        n for n, unit in editing.units(block)
        if unit[0].state is StatementState.DRAFTED and not editing.is_open(block, n)
    ]  # fmt: skip
    every = ""
    if len(waiting) > 1:
        name = escape(say("draft.about", action=say("draft.accept-part"), words=heading))
        every = (
            f"<button type='button' id='draft-part-{b}' data-do='accept-part' data-block='{b}' aria-label='{name}'>"
            f"{escape(say('draft.accept-part'))}</button>"
        )
    plots = "".join(
        f"<p class='plot'>{escape(say('draft.plot', alt=plot.alt))}</p>"
        for plot in draft.plots
        if plot.heading == block.heading
    )
    return (
        f"<section class='part{ground}'><div class='part-head'><h3>{escape(heading)}</h3>{every}</div>"
        f"<ul class='units'>{''.join(rows)}</ul>{plots}</section>"
    )


def _unit(
    say: Words,
    draft: SectionDraft,
    place: Place,
    cited: set[int],
    copied: Sequence[Copied],
    languages: Mapping[int, str],
) -> str:
    """A statement or row: its words, its state, what can be done with it."""
    b, n = place
    block = draft.blocks[b]
    unit = editing.unit_at(block, n)
    head = unit[0]
    row = block.rows[n] if n < len(block.rows) else None
    questions = {p.id: p for p in draft.placeholders}
    if row is None:
        words = "".join(_words(say, statement, draft, cited, languages) for statement in unit)
        text = "\n".join(labels.gap_text(statement.text, say) for statement in unit)
        fields = [{"label": say("draft.statement-text"), "text": text}]
    else:
        words = _row(say, block, row, draft, cited, languages)
        text = "; ".join(cell.text for cell in row if cell.text)
        fields = [_field(say, c, cell, questions) for c, cell in zip(labels.columns(block, say), row, strict=True)]
    is_open, out = editing.is_open(block, n), head.state is StatementState.LEFT_OUT
    numbers = sorted({number for statement in unit for number in statement.citations})
    state = "left-out" if out else "open" if is_open else head.state.value
    marks = [say(f"draft.mark.{state}")] if state != "drafted" else []
    marks += [say("draft.mark.edited")] if head.original and not out else []
    told = "".join(f"<span class='unit-state {state}'>{escape(mark)}</span>" for mark in marks)
    boxes = "" if out else "".join(copied_box(say, one) for one in copied)
    gaps = "" if out or row is not None else _gaps(say, place, unit, questions)
    tools = _tools(say, place, head, text, is_row=row is not None, is_open=is_open)
    return (
        f"<li id='draft-unit-{b}-{n}' class='unit {state}' tabindex='-1' data-place='{b}-{n}' "
        f"data-cites='{json.dumps(numbers)}' "
        f"data-fields='{escape(json.dumps(fields, ensure_ascii=False))}'>"
        f"<div class='words'>{words}</div>{boxes}{gaps}<div class='unit-tools'>{told}{tools}</div></li>"
    )


def _words(say: Words, statement: Statement, draft: SectionDraft, cited: set[int], languages: Mapping[int, str]) -> str:
    """Paragraphs and lists with their marks; own words say that they are."""
    language = next((languages[n] for n in statement.citations if n in languages), "")
    lang = f" lang='{escape(language)}'" if language and language != say.language else ""
    marks = marks_html(say, TURN, statement.citations, draft, cited)
    paragraphs, items = [], ""
    for line in labels.gap_text(statement.text, say).splitlines() or [""]:
        if line.startswith("- "):
            items += f"<li>{_filled(say, line.removeprefix('- '))}</li>"
            continue
        paragraphs += [f"<ul>{items}</ul>"] if items else []
        items = ""
        paragraphs.append(f"<p>{_filled(say, line)}</p>")
    paragraphs += [f"<ul>{items}</ul>"] if items else []
    own = f"<p class='own-words'>{escape(say('draft.mark.own-words'))}</p>" if statement.own_words else ""
    is_question = GAP_MARK.search(statement.text) is not None
    sound = bool(marks) and statement.support is not Support.UNSUPPORTED
    fault = ""
    if not (sound or statement.own_words or is_question):
        fault = f"<p class='unsourced'>{escape(say('answer.unsupported'))}</p>"
    return f"<div{lang}>{''.join(paragraphs)}</div>{marks}{own}{fault}"


def _row(
    say: Words,
    block: DraftBlock,
    row: Sequence[Cell],
    draft: SectionDraft,
    cited: set[int],
    languages: Mapping[int, str],
) -> str:
    """A row as a list of its cells: nine columns beside each other are too narrow to read, and to write in."""
    marked: set[int] = set()
    lines = []
    for column, cell in zip(labels.columns(block, say), row, strict=True):
        if not cell.text:
            continue
        fresh = tuple(number for number in cell.citations if number not in marked)
        marked.update(fresh)
        marks = marks_html(say, TURN, fresh, draft, cited)
        language = next((languages[n] for n in cell.citations if n in languages), "")
        lang = f" lang='{escape(language)}'" if language and language != say.language else ""
        own = f"<small class='own-words'>{escape(say('draft.mark.own-words'))}</small>" if cell.own_words else ""
        lines.append(
            f"<div><dt>{escape(column)}</dt><dd><span{lang}>{_filled(say, cell.text)}</span> {marks}{own}</dd></div>"
        )
    return f"<dl class='objective'>{''.join(lines)}</dl>"


def _field(say: Words, label: str, cell: Cell, questions: Mapping[str, Placeholder]) -> dict[str, str]:
    """One box of the form that a row is edited in; of an open question it is empty, and says who knows."""
    gap = GAP_MARK.search(cell.text)
    if gap is None:
        return {"label": label, "text": cell.text}
    question = questions.get(gap[1])
    hint = say("draft.mark.open")
    if question:
        hint = f"{say('draft.who-knows')}: {labels.placeholder_words(question, say)[1]}"
    return {"label": label, "text": "", "hint": hint}


def _filled(say: Words, text: str) -> str:
    """Text with its open questions marked; what names them to the program is of no use to a reader."""
    mark = f"<mark class='gap'>[{escape(say('draft.mark.open'))}]</mark>"
    return GAP_MARK.sub(lambda _: mark, escape(text))


def _gaps(say: Words, place: Place, unit: Sequence[Statement], questions: Mapping[str, Placeholder]) -> str:
    """For each open question of a statement a box to answer it in."""
    boxes: list[str] = []
    for match in GAP_MARK.finditer("\n".join(statement.text for statement in unit)):
        question = questions.get(match[1])
        if question is None:
            continue
        name = f"draft-gap-{place[0]}-{place[1]}-{len(boxes)}"
        asked, who, where = labels.placeholder_words(question, say)
        boxes.append(
            f"<div class='fill'><label for='{name}'>{escape(asked)}</label>"
            f"<p id='{name}-hint'>{escape(say('draft.who-knows'))}: {escape(who)}<br>"
            f"{escape(say('draft.where-to-find'))}: {escape(where)}</p>"
            f"<textarea id='{name}' rows='2' data-kept='gap-{escape(question.id)}' aria-describedby='{name}-hint'>"
            f"</textarea><button type='button' id='{name}-do' data-do='fill' data-gap='{escape(question.id)}' "
            f"aria-label='{escape(say('draft.about', action=say('draft.fill'), words=asked))}'>"
            f"{escape(say('draft.fill'))}</button></div>"
        )
    return "".join(boxes)


def _tools(say: Words, place: Place, head: Statement, text: str, *, is_row: bool, is_open: bool) -> str:
    out = head.state is StatementState.LEFT_OUT
    wanted = []
    if head.state is StatementState.DRAFTED and not is_open:
        wanted.append(("accept", "accept"))
    if not out:
        wanted.append(("edit", "fill" if is_row and is_open else "edit"))
        wanted.append(("leave-out", "leave-out"))
    if head.state is not StatementState.DRAFTED or head.original:
        wanted.append(("undo", "undo"))
    words = shortened(" ".join(GAP_MARK.sub("…", text).split()), _NAME_CHARS)
    return "".join(
        f"<button type='button' id='draft-{do}-{place[0]}-{place[1]}' data-do='{do}' "
        f"aria-label='{escape(say('draft.about', action=say(f'draft.{name}'), words=words))}'>"
        f"{escape(say(f'draft.{name}'))}</button>"
        for do, name in wanted
    )


# Beside the section.


def side_html(say: Words, version: Version | None, places: Sequence[Surroundings | None]) -> str:
    """What the chosen statement rests on, what is open, what follows others, where to read, warnings."""
    head = f"<h2>{escape(say('draft.evidence'))}</h2>"
    if version is None:
        return f"{head}<p class='empty'>{escape(say('draft.evidence-hint'))}</p>"
    draft = version.draft
    # The cards of the conversation, without its heading.
    exchange = Exchange(TURN, "", draft, tuple(places))
    cards = rendering.source_panel(say, [exchange]).partition("</h2>")[2]
    hints = (
        f"<p class='empty hint'>{escape(say('draft.evidence-hint'))}</p>"
        f"<p class='empty none' hidden>{escape(say('draft.evidence-none'))}</p>"
    )
    parts = [
        _folded(say("draft.open-points", n=len(draft.placeholders)), _open_points(say, draft), draft.placeholders),
        _folded(say("draft.copying", n=_copies(draft)), _copying_points(say, draft), _copies(draft)),
        _folded(
            say("draft.warnings", n=len(draft.warnings)),
            "".join(notice_html(say, TURN, notice, draft) for notice in draft.warnings),
            draft.warnings,
        ),
        _folded(say("draft.examples-elsewhere"), _examples(say, draft), draft.examples),
    ]
    return f"{head}{hints}{cards}{''.join(parts)}"


def unused_html(
    say: Words, draft: SectionDraft, municipality: str | None, found: Sequence[OwnPassage] | None
) -> str:  # fmt: skip
    """What own documents say on the section and its text does not, each with a button; None: not looked for yet.

    It names its section, as an answer may come when the page shows another one.
    """
    key = _key(municipality, draft.plan, draft.section)
    name = say("draft.unused") if found is None else say("draft.unused-n", n=len(found))
    body = f"<p class='empty' role='status'>{escape(say('draft.unused-looking'))}</p>"
    if found is not None:
        rows = "".join(_unused_row(say, n, one) for n, one in enumerate(found))
        hint = say("draft.unused-hint") if found else say("draft.unused-none")
        body = (
            f"<p class='empty'>{escape(hint)}</p><ul class='unused'>{rows}</ul>" if found else f"<p>{escape(hint)}</p>"
        )
    return (
        f"<details id='draft-unused-box' data-of='{escape(key)}' data-known='{int(found is not None)}'>"
        f"<summary id='draft-unused-head'>{escape(name)}</summary>{body}</details>"
    )


def _unused_row(say: Words, n: int, one: OwnPassage) -> str:
    passage, language = one.passage, one.source.language
    text = collapse(f"{passage.lead_in} {passage.text}" if passage.kind is UnitKind.ITEM else passage.text)
    lang = f" lang='{escape(language)}'" if language and language != say.language else ""
    place = ", ".join(part for part in (one.source.title, *passage.headings[-1:]) if part)
    label = say("draft.about", action=say("draft.put"), words=shortened(GAP_MARK.sub("…", text), _NAME_CHARS))
    return (
        f"<li><blockquote{lang}>{escape(text)}</blockquote><small>{escape(place)}</small>"
        f"<button type='button' id='draft-put-{n}' data-do='put' data-passage='{escape(passage.id)}' "
        f"aria-label='{escape(label)}'>{escape(say('draft.put'))}</button></li>"
    )


def _folded(name: str, body: str, wanted: object) -> str:
    return f"<details><summary>{escape(name)}</summary>{body}</details>" if wanted else ""


def _place_of(draft: SectionDraft, gap: str) -> Place | None:
    mark = f"[TO FILL: {gap}]"
    for b, block in enumerate(draft.blocks):
        for n, _ in editing.units(block):
            cells = [cell.text for cell in block.rows[n]] if n < len(block.rows) else []
            if any(mark in text for text in (*(s.text for s in editing.unit_at(block, n)), *cells)):
                return b, n
    return None


def _open_points(say: Words, draft: SectionDraft) -> str:
    rows = []
    for point in draft.placeholders:
        place = _place_of(draft, point.id)
        asked, who, _ = labels.placeholder_words(point, say)
        name = escape(asked)
        link = f"<a href='#draft-unit-{place[0]}-{place[1]}'>{name}</a>" if place else name
        rows.append(f"<li>{link}<br><small>{escape(who)}</small></li>")
    return f"<ol>{''.join(rows)}</ol>"


def _copies(draft: SectionDraft) -> int:
    return len(draft.copying.matches) if draft.copying else 0


def _copying_points(say: Words, draft: SectionDraft) -> str:
    rows = []
    for (b, n), found in copied_statements(draft).items():
        while n and draft.blocks[b].statements[n].continues:
            n -= 1
        whose = found[0].match.municipality or say("draft.copied-from-another")
        degree = say.of("plans.copying", found[0].match.degree)
        name = escape(say("draft.copied", whose=whose, degree=degree))
        rows.append(f"<li><a href='#draft-unit-{b}-{n}'>{name}</a></li>")
    return f"<ul>{''.join(rows)}</ul>"


def _examples(say: Words, draft: SectionDraft) -> str:
    rows = []
    for example in draft.examples:
        url = web_address(example.url)
        name = escape(f"{example.title} ({say.date(example.written) or say('draft.undated')})")
        link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else name
        rows.append(f"<li>{link}<br><small>{escape(say.message(example.caution))}</small></li>")
    return f"<ul>{''.join(rows)}</ul>"


# Versions.


def versions_html(say: Words, versions: Sequence[VersionHead], compared: str = "", *, is_open: bool = False) -> str:
    """The versions of a section, newest first; what was saved in one go for one reason is one row."""
    if not versions:
        return ""
    rows = []
    for first, last in reversed(_bursts(versions)):
        one, many = "draft.version-row", "draft.version-burst"
        name = say(
            one if first is last else many,
            first=first.number,
            number=last.number,
            why=why_of(say, last.why),
            when=when_of(say, last.at),
            who=say.of("draft.who", last.who),
        )
        back = ""
        if last is not versions[-1]:
            label = escape(say("draft.about", action=say("draft.go-back"), words=name))
            back = (
                f"<button type='button' id='draft-back-{last.number}' data-do='back' data-number='{last.number}' "
                f"aria-label='{label}'>{escape(say('draft.go-back'))}</button>"
            )
        rows.append(f"<li><span>{escape(name)}</span>{back}</li>")
    pick = ""
    if len(versions) > 1:
        pick = (
            f"<div class='pick'>{_select(say, 'older', versions, versions[-2].number)}"
            f"{_select(say, 'newer', versions, versions[-1].number)}"
            f"<button type='button' id='draft-compare' data-do='compare'>{escape(say('draft.compare'))}</button></div>"
        )
    shown = " open" if is_open else ""
    return (
        f"<details id='draft-versions-box'{shown}><summary>{escape(say('draft.versions', n=len(versions)))}</summary>"
        f"{pick}<div id='draft-compared' tabindex='-1'>{compared}</div>"
        f"<ol class='history'>{''.join(rows)}</ol></details>"
    )


def _bursts(versions: Sequence[VersionHead]) -> list[tuple[VersionHead, VersionHead]]:
    """(first, last) of runs of versions that one person saved for one reason on one day."""
    found: list[tuple[VersionHead, VersionHead]] = []
    for version in versions:
        if found:
            first, last = found[-1]
            if (last.why, last.who, last.at[:10]) == (version.why, version.who, version.at[:10]) and not version.beside:
                found[-1] = (first, version)
                continue
        found.append((version, version))
    return found


def _select(say: Words, which: str, versions: Sequence[VersionHead], chosen: int) -> str:
    options = "".join(
        f"<option value='{v.number}'{' selected' if v.number == chosen else ''}>"
        f"{v.number} · {escape(why_of(say, v.why))}</option>"
        for v in reversed(versions)
    )
    return (
        f"<label for='draft-{which}'>{escape(say(f'draft.compare-{which}'))}</label>"
        f"<select id='draft-{which}'>{options}</select>"
    )


def compared_html(say: Words, old: Version, new: Version) -> str:
    """What has other words in a newer version: removed and added, told in words as well as marked."""
    head = f"<h3>{escape(say('draft.compared', old=old.number, new=new.number))}</h3>"
    changes = differences(old.draft, new.draft)
    if not changes:
        return f"{head}<p>{escape(say('draft.no-difference'))}</p>"
    rows, heading = [], ""
    for change in changes:
        if change.heading != heading:
            heading = change.heading
            rows.append(f"<h4>{escape(labels.heading(heading, say))}</h4>")
        rows.append(f"<p>{''.join(_part(say, kind, words) for kind, words in change.parts)}</p>")
    return f"{head}<div class='changes'>{''.join(rows)}</div>"


def _part(say: Words, kind: str, words: str) -> str:
    if kind == "same":
        return _filled(say, words)
    tag = "ins" if kind == "added" else "del"
    return f"<{tag}><span class='heard'>{escape(say(f'draft.{kind}'))} </span>{_filled(say, words)}</{tag}>"
