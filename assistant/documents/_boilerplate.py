"""Page leftovers in English, Finnish and Swedish: marked, kept for the offsets, never quoted.

Only whole lines of a known form are taken. A sentence of guidance that merely mentions a link, a cookie or further
information stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Block, BlockKind

_LINE = re.compile(
    r"""(?:
    (?:skip|jump)\ to\ (?:main\ )?content | (?:siirry|hyppää)\ (?:suoraan\ )?(?:pää)?sisältöön
    | (?:hoppa|gå)\ (?:direkt\ )?till\ (?:huvud)?innehåll(?:et)?
    | (?:back|return)\ to\ (?:the\ )?top(?:\ of\ (?:the\ )?page)? | (?:takaisin\ (?:ylös|alkuun)|sivun\ alkuun)
    | (?:tillbaka\ (?:upp|till\ toppen)|till\ (?:sidans\ )?(?:början|toppen))
    | (?:share|print)(?:\ (?:this|the)\ (?:page|article))? | share\ (?:on|via)\ \S+
    | (?:jaa|tulosta)(?:\ (?:tämä\ )?(?:sivu|artikkeli))? | jaa\ \S+(?:ssa|ssä|issa)
    | (?:dela|skriv\ ut)(?:\ (?:den\ här\ )?(?:sidan|artikeln))? | dela\ på\ \S+
    | (?:give|send)\ (?:us\ )?feedback | (?:anna|lähetä)\ palautetta(?:\ sivusta)?
    | (?:ge|lämna|skicka)\ (?:oss\ )?(?:feedback|respons)
    | (?:was|did\ you\ find)\ this\ (?:page|information)(?:\ \w+)?\? | oliko\ (?:tästä\ sivusta|tieto|sivu)\b.{0,30}\?
    | (?:hade\ du\ nytta\ av|var)\ (?:den\ här\ )?(?:sidan|informationen).{0,30}\?
    | (?:accept|reject|allow|decline)\ (?:all\ |only\ )?(?:necessary\ )?cookies | cookie\ settings
    | (?:hyväksy|salli|hylkää)\ (?:kaikki\ |vain\ )?(?:välttämättömät\ )?evästeet | evästeasetukset
    | (?:godkänn|acceptera|tillåt|avvisa)\ (?:alla\ |endast\ )?(?:nödvändiga\ )?(?:kakor|cookies)
    | (?:kak|cookie)inställningar
    | (?:(?:this|our)\ (?:web)?site\ uses|we\ use)\ cookies\b.{0,300}
    | (?:(?:tämä\ )?(?:verkko)?(?:sivusto|palvelu)(?:mme)?\ käyttää|käytämme)\ (?:\w+\ ){0,2}evästeitä\b.{0,300}
    | (?:(?:den\ här\ )?webbplatsen\ använder|vi\ använder)\ (?:\w+\ ){0,2}(?:kakor|cookies)\b.{0,300}
    | (?:home|etusivu|hem|startsida|start)\s*(?:[>›»/|]\s*[^>›»/|]{1,80}){1,8}
    | (?:page\ )?(?:last\ )?(?:updated|päivitetty|uppdaterad)\ ?:?\ [\d.\s:-]{6,20}
    | (?:page|sivu|sida|s\.)\s*\d{1,4}(?:\s*(?:/|\(|of|av)\s*\d{1,4}\)?)? | \d{1,4}\s*(?:/|\()\s*\d{1,4}\)?
    | .{0,150}?(?:\.\s?){5,}\s*\d{1,4}
    )\.?""",
    re.I | re.X | re.S,
)
_LINK_MARK = re.compile(
    r"\(?(?:link to an external (?:web)?site|opens in a new (?:tab|window)|linkki toiselle (?:verkko)?sivustolle"
    r"|(?:ulkoinen|ulkopuolinen) linkki|avautuu uu(?:teen|dessa) (?:välilehteen|välilehdessä|ikkunaan|ikkunassa)"
    r"|(?:extern länk|länk till (?:en )?(?:extern|annan) webbplats)"
    r"|öppnas i (?:en |ett )?ny(?:tt)? (?:flik|fönster))\)?",
    re.I,
)
_LINKS_FOLLOW = re.compile(
    r"(?:read more|more information|further information|see also|related (?:links|content|pages)|lue lisää|lue myös"
    r"|lisätieto(?:ja|a)|katso myös|aiheesta (?:muualla|lisää)|läs (?:mer|också|även)|mer(?: |a )information"
    r"|ytterligare (?:information|uppgifter)|tilläggsinformation|se (?:även|också))"
    r"(?: (?:about|on|aiheesta|om) [^.,!?]{1,60})?\s*:?",
    re.I,
)
_CONTENTS = re.compile(r"(?:table of )?contents|sisällys(?:luettelo)?|innehåll(?:sförteckning)?", re.I)
_PAGE_REFERENCE = re.compile(r".{1,200}[\s.]\d{1,3}", re.S)
_SHORT = 120  # longer than this is prose, not a link


def mark_boilerplate(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Turn page leftovers into boilerplate blocks; spans stay as they are."""
    marked = [
        replace(block, kind=BlockKind.BOILERPLATE, level=1) if is_leftover(text[block.start : block.end]) else block
        for block in blocks
    ]
    for index, block in enumerate(marked):
        line = text[block.start : block.end]
        end = index + 1
        if _LINKS_FOLLOW.fullmatch(line):
            while end < len(marked) and _is_link(text, marked, end):
                end += 1
            found = end > index + 1 or end == len(marked)
        elif found := _CONTENTS.fullmatch(line) is not None:
            while end < len(marked) and (
                marked[end].kind is BlockKind.BOILERPLATE
                or _PAGE_REFERENCE.fullmatch(text[marked[end].start : marked[end].end])
            ):
                end += 1
            found = end > index + 2
        if found:
            marked[index:end] = [replace(b, kind=BlockKind.BOILERPLATE, level=1) for b in marked[index:end]]
    return marked


def is_leftover(line: str) -> bool:
    """Whether a whole line belongs to the page and not to what it says."""
    if len(line) <= 400 and _LINE.fullmatch(line):
        return True
    rest, marks = _LINK_MARK.subn("", line)
    return marks > 0 and not _is_prose(rest)


def _is_link(text: str, blocks: Sequence[Block], index: int) -> bool:
    """Whether a block of a link list goes on with it: short, no sentence, and no heading of prose that follows."""
    block = blocks[index]
    line = text[block.start : block.end]
    if block.kind is BlockKind.BOILERPLATE:
        return True
    if len(line) > _SHORT or block.kind is BlockKind.ROW or line.endswith((".", "!", "?", ":", ";")):
        return False
    following = next((b for b in blocks[index + 1 :] if b.kind is not BlockKind.BOILERPLATE), None)
    if block.kind is BlockKind.HEADING:
        return following is None
    # The last short line before prose is the heading of that prose, unless it is an item of a list.
    lone = block.kind is BlockKind.PARAGRAPH and following is not None and following.kind is not BlockKind.ITEM
    return not (lone and following is not None and _is_prose(text[following.start : following.end]))


def _is_prose(line: str) -> bool:
    """Whether a line says something: a sentence of six words or more, or more than a link would hold."""
    line = line.strip(" ,.()") + ("." if line.rstrip().endswith((".", "!", "?", ";")) else "")
    return len(line) > _SHORT or (line.endswith(".") and len(line.split()) >= 6)
