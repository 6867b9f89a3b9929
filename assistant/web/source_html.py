"""The sources as HTML: the list, one document to read, what became of files that were added or fetched."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.currency import currency
from assistant.shown import link_words, page_of, told_kind
from assistant.types import OFFICIAL, Added, Currency, Kind, Passage, Source, UnitKind
from assistant.web.pages import page_address
from assistant.web.pieces import escape
from assistant.words import Words

AT_ONCE = 120  # passages of a document that are shown at a time, and that a search in it finds at most
_LOWEST_HEADING = 6
_GROUPS = (Kind.LAW, Kind.GUIDANCE, "advice", Kind.PROGRAMME, Kind.OWN)
_SIGNS = {
    Currency.CURRENT: "✓", Currency.OUTDATED: "✕", Currency.NOT_IN_FORCE_YET: "◷", Currency.NEVER_IN_FORCE: "✕",
    Currency.UNKNOWN: "?",
}  # fmt: skip
_WITHIN_FILE = re.compile(r": (\d+) of (\d+) passages$")


@dataclass(frozen=True, slots=True)
class Taking:
    """One file of several that are being taken in."""

    name: str
    doing: str = ""  # what is done to it now, as the package tells it; empty while it waits
    became: Added | None = None


def source_list(say: Words, sources: Sequence[Source], *, day: str, kind: str = "", words: str = "") -> str:
    """The sources that a filter lets through: what was added, the official texts, and what comes with the program.

    Args:
        sources: All that are indexed.
        day: ISO date on which their validity is told.
        kind: Only these; all where empty.
        words: That each stand in the title, the municipality, the publisher, the Act or the id.
    """
    if not sources:
        return f"<div class='empty'><p>{escape(say('sources.indexed-none'))}</p></div>"
    chosen = [s for s in sources if kind in ("", s.kind) and _fits(s, words)]
    count = say("sources.count", shown=len(chosen), total=len(sources))
    told = f"<p class='count' role='status'>{escape(count)}</p>"
    if not chosen:
        return f"{told}<p class='empty'>{escape(say('sources.none-fits'))}</p>"
    added = [s for s in chosen if not s.bundled and not s.source_id.endswith(OFFICIAL)]
    official = [s for s in chosen if s.source_id.endswith(OFFICIAL)]
    groups = [(say("sources.group.added"), added), (say("sources.group.official"), official)]
    bundled = [s for s in chosen if s.bundled]
    groups += [(say(f"sources.group.bundled-{one}"), [s for s in bundled if _group(s) == one]) for one in _GROUPS]
    filtered = bool(kind or words.strip())
    parts = []
    if not added and not filtered:
        parts.append(f"<p class='empty'>{escape(say('sources.added-none'))}</p>")
    for label, members in groups:
        if members:
            opened = " open" if filtered or members is added else ""
            rows = "".join(_row(say, source, day) for source in members)
            name = f"{escape(label)} <span class='many'>({len(members)})</span>"
            parts.append(f"<details{opened}><summary><h3>{name}</h3></summary><ul>{rows}</ul></details>")
    return told + "".join(parts)


def _group(source: Source) -> str:
    return source.kind if source.kind is Kind.LAW else told_kind(source)


def _fits(source: Source, words: str) -> bool:
    facts = (source.title, source.municipality, source.publisher, source.law_basis, source.written, source.source_id)
    text = " ".join(fact for fact in facts if fact).casefold()
    return all(word in text for word in words.casefold().split())


def _row(say: Words, source: Source, day: str) -> str:
    facts = (
        say.of("sources.kind-of-one", told_kind(source)), source.municipality or "", source.publisher or "",
        say("sources.written-on", date=say.date(source.written)) if source.written else "",
        _act(say, source.law_basis), say("sources.passages", count=source.passages),
    )  # fmt: skip
    small = " · ".join(escape(fact) for fact in facts if fact)
    notes = "".join(f" <span class='note'>{escape(note)}</span>" for note in _notes(say, source))
    return (
        f"<li><button type='button' class='open' data-source='{escape(source.source_id)}'>"
        f"<span lang='{escape(source.language)}'>{escape(source.title)}</span></button>"
        f"<p class='facts'>{small}</p><p class='facts'>{_validity(say, source, day)}{notes}</p></li>"
    )


def _notes(say: Words, source: Source) -> list[str]:
    told = [say("sources.digest")] if source.digest and told_kind(source) != "advice" else []
    return [*told, say("sources.masked")] if source.personal_data else told


def _validity(say: Words, source: Source, day: str) -> str:
    worth = currency(source, day)
    stale = "" if worth.may_hold else " stale"
    text = escape(say(f"sources.validity.{worth}", date=say.date(day)))
    return f"<span class='validity{stale}'><span aria-hidden='true'>{_SIGNS[worth]}</span> {text}</span>"


def document_head(say: Words, source: Source, day: str) -> str:
    """What is known of a document."""
    period = (say("sources.from", date=say.date(source.valid_from)) if source.valid_from else "") + (
        f" {say('sources.until', date=say.date(source.valid_to))}" if source.valid_to else ""
    )
    origin = "bundled" if source.bundled else "official" if source.source_id.endswith(OFFICIAL) else "added"
    url = page_of(source)
    name = f"{escape(link_words(source, say))} <small>({escape(say('page.new-tab'))})</small>"
    link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else ""
    facts = (
        ("kind", escape(say.of("sources.kind-of-one", told_kind(source)))),
        ("municipality", escape(source.municipality or "")),
        ("publisher", escape(source.publisher or "")),
        ("written", escape(say.date(source.written))),
        ("law-basis", escape(_act(say, source.law_basis))),
        ("validity", _validity(say, source, day)),
        ("period", escape(period.strip())),
        ("passages", str(source.passages)),
        ("origin", escape(say(f"sources.origin.{origin}"))),
        ("address", link),
    )
    rows = "".join(f"<div><dt>{escape(say(f'sources.field.{key}'))}</dt><dd>{v}</dd></div>" for key, v in facts if v)
    notes = "".join(f"<p class='note'>{escape(note)}</p>" for note in _notes(say, source))
    return (
        f"<h2 id='document-title' tabindex='-1' lang='{escape(source.language)}'>{escape(source.title)}</h2>"
        f"<dl>{rows}</dl>{notes}"
    )


def reading(say: Words, source: Source, passages: Sequence[Passage], *, start: int = 0, at: int | None = None) -> str:
    """A document's passages in reading order with their headings, `AT_ONCE` of them.

    Args:
        source: Whose passages these are.
        passages: All of it.
        start: Position of the first that is shown.
        at: Position of the one that is looked up.
    """
    shown = passages[start : start + AT_ONCE]
    if not shown:
        return f"<p class='empty'>{escape(say('sources.no-text'))}</p>"
    end = start + len(shown)
    many = len(passages) > AT_ONCE
    told = say("sources.part", first=start + 1, last=end, total=len(passages))
    status = f"<p class='count' role='status'>{escape(told)}</p>" if many else ""
    buttons = []
    if start:
        buttons.append(_go(say("sources.earlier"), max(0, start - AT_ONCE)))
    if end < len(passages):
        buttons.append(_go(say("sources.later"), end))
    turning = f"<p class='turning'>{''.join(buttons)}</p>" if buttons else ""
    text = "".join(_passages(say, source, shown, at))
    return f"{status}<div class='text' lang='{escape(source.language)}'>{text}</div>{turning}"


def _go(label: str, start: int, at: int | None = None) -> str:
    focus = "" if at is None else f" data-at='{at}'"
    return f"<button type='button' class='go' data-start='{start}'{focus}>{escape(label)}</button>"


def _passages(say: Words, source: Source, passages: Sequence[Passage], at: int | None) -> Iterable[str]:
    headings: tuple[str, ...] = ()
    page: int | None = None
    for _, members in itertools.groupby(passages, key=lambda p: (p.group, p.headings)):
        group = list(members)
        first = group[0]
        if first.page is not None and first.page != page:
            page = first.page
            yield _page(say, source, page)
        if first.headings != headings:
            same = next(
                (n for n, two in enumerate(zip(headings, first.headings, strict=False)) if two[0] != two[1]), None
            )
            same = min(len(headings), len(first.headings)) if same is None else same
            for depth, heading in enumerate(first.headings[same:], start=same):
                level = min(3 + depth, _LOWEST_HEADING)
                yield f"<h{level}>{escape(heading)}</h{level}>"
            headings = first.headings
        for is_part, parts in itertools.groupby(group, key=lambda p: p.kind in (UnitKind.ITEM, UnitKind.ROW)):
            if is_part:
                yield "<ul>" + "".join(f"<li>{_passage(say, p, at)}</li>" for p in parts) + "</ul>"
            else:
                yield "<p>" + " ".join(_passage(say, p, at) for p in parts) + "</p>"


def _passage(say: Words, passage: Passage, at: int | None) -> str:
    text = escape(passage.text)
    if passage.kind is UnitKind.INSTRUCTION:
        text = f"<s>{text}</s> <small>({escape(say('sources.instruction'))})</small>"
    here = passage.position == at
    marked = f"<mark>{text}</mark>" if here else text
    focus = " tabindex='-1'" if here else ""
    return f"<span id='passage-{passage.position}'{focus}>{marked}</span>"


def _page(say: Words, source: Source, page: int) -> str:
    name = escape(say("sources.page", page=page))
    if not source.original:
        return f"<p class='page'>{name}</p>"
    alt = escape(say("sources.page-picture", page=page, title=source.title))
    return (
        f"<details class='page'><summary>{name}: {escape(say('sources.page-show'))}</summary>"
        f"<img loading='lazy' alt='{alt}' src='{escape(page_address(source.source_id, page))}'></details>"
    )


def found_passages(say: Words, source: Source, passages: Sequence[Passage], words: str) -> str:
    """The passages of a document in which every one of some words stands, each with where that is."""
    wanted = words.casefold().split()
    found = [p for p in passages if all(word in p.text.casefold() for word in wanted)]
    told = say("sources.found", count=len(found), shown=min(len(found), AT_ONCE))
    rows = "".join(_found(say, source, p, wanted) for p in found[:AT_ONCE])
    return f"<p class='count' role='status'>{escape(told)}</p><ul class='found'>{rows}</ul>"


def _found(say: Words, source: Source, passage: Passage, wanted: Sequence[str]) -> str:
    pattern = re.compile("|".join(re.escape(word) for word in wanted), re.IGNORECASE)
    pieces, last = [], 0
    for match in pattern.finditer(passage.text):
        pieces += [escape(passage.text[last : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        last = match.end()
    text = "".join([*pieces, escape(passage.text[last:])])
    place = [*passage.headings[-1:], *([say("sources.page", page=passage.page)] if passage.page else [])]
    where = f"<small>{escape(', '.join(place))}</small> " if place else ""
    go = _go(say("sources.in-its-place"), passage.position // AT_ONCE * AT_ONCE, passage.position)
    picture = ""
    if source.original and passage.page:
        alt = escape(say("sources.page-picture", page=passage.page, title=source.title))
        address = escape(page_address(source.source_id, passage.page, passage.text))
        picture = (
            f"<details class='page'><summary>{escape(say('sources.page-show-marked', page=passage.page))}</summary>"
            f"<img loading='lazy' alt='{alt}' src='{address}'></details>"
        )
    return f"<li><p lang='{escape(source.language)}'>{text}</p><p class='facts'>{where}{go}</p>{picture}</li>"


def files_being_added(say: Words, files: Sequence[Taking], *, stopped: bool = False) -> str:
    """What became of each file so far, and what is done to the next; at last with how many there are."""
    rows = []
    for file in files:
        if file.became:
            rows.append(_file(say, file.became, "sources.status"))
        else:
            doing = _doing(say, file)
            key = "stopped" if stopped else "reading" if file.doing else "waiting"
            label = escape(say(f"sources.status.{key}"))
            rows.append(f"<li class='{key}'><b>{label}</b>: {escape(file.name)}{doing}</li>")
    became = [file.became.status for file in files if file.became]
    running = not stopped and any(not file.became for file in files)
    told = (
        say("sources.adding-now", done=len(became), total=len(files))
        if running
        else say(
            "sources.added-summary",
            added=became.count("added"), unchanged=became.count("unchanged"), failed=became.count("failed"),
        )
    )  # fmt: skip
    rest = f" {say('sources.add-stopped')}" if stopped and len(became) < len(files) else ""
    bar = f"<progress max='{len(files)}' value='{len(became)}' aria-hidden='true'></progress>" if running else ""
    return f"<p role='status'>{escape(told)}{escape(rest)}</p>{bar}<ul class='files'>{''.join(rows)}</ul>"


def _doing(say: Words, file: Taking) -> str:
    counted = _WITHIN_FILE.search(file.doing)
    if not counted:
        return ""
    return f"<br>{escape(say('sources.passages-done', done=counted[1], total=counted[2]))}"


def fetched_texts(say: Words, files: Sequence[Added], *, stopped: bool = False) -> str:
    """What became of each official text: how many, then those that failed, and the others folded away."""
    failed = [file for file in files if file.status == "failed"]
    rest = [file for file in files if file.status != "failed"]
    summary = say(
        "sources.fetched",
        new=sum(file.status == "new" for file in files),
        changed=sum(file.status == "changed" for file in files),
        unchanged=sum(file.status == "unchanged" for file in files),
        failed=len(failed),
    )
    lines = [say("sources.fetch-stopped")] if stopped else []
    lines += [summary] if files else []
    lines += [say("sources.fetch-offline")] if failed and not rest else []
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    folded = "".join(
        f"<details{' open' if some is failed and rest else ''}><summary>{escape(label)}</summary>"
        f"<ul class='files'>{''.join(_file(say, file, 'sources.fetched-status') for file in some)}</ul></details>"
        for label, some in ((say("sources.fetch-not"), failed), (say("sources.fetch-done"), rest))
        if some
    )
    return f"<div role='status'>{told}</div>{folded}"


def _file(say: Words, file: Added, group: str) -> str:
    counted = file.status == "added" or not file.message
    lines = [say("sources.passages", count=file.passages)] if counted and file.passages else []
    lines += [say.message(line) for line in (file.message, *(w.message for w in file.warnings)) if line]
    name = file.title or file.path.rsplit("/", 1)[-1]
    told = "".join(f"<br>{escape(line.removeprefix(f'{name}: '))}" for line in lines)
    label = escape(say.of(group, file.status))
    return f"<li class='{escape(file.status)}'><b>{label}</b>: {escape(name)}{told}</li>"


def _act(say: Words, law_basis: str | None) -> str:
    return say("answer.act", number=law_basis) if law_basis else ""
