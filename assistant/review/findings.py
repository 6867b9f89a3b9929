"""From what the checks found to findings that an official can read: joined, worded, cited, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.citing import Citing, Numbering
from assistant.review.plan_text import Plan
from assistant.review.sentences import Raw
from assistant.review.signs import kinds
from assistant.types import Draft, Finding, Passage
from assistant.verification import verify_draft
from assistant.writing import extractive

MOST = 40  # findings; who gets more stops reading
_NEAR = 3  # places between two findings of one kind in one chapter that still are one
# How much farther apart two findings of one weakness count as where their kinds or their chapters differ.
_OTHER_KIND, _OTHER_CHAPTER = 3, 12
_AND_BODY = {"body": ", ", "successor": "; "}  # between what is told of several bodies; sentences take a space
_TOLD = 3  # kinds of which a joined finding tells


def joined(raws: Sequence[Raw]) -> list[Raw]:
    """Findings that belong together as one, in reading order, what the whole plan lacks last.

    Those of one kind that stand near each other in a chapter always. Where there are still too many, the two of one
    weakness that stand nearest are joined, again and again: a plan with a hundred weaknesses gets no longer list than
    others, but a coarser one, and each joined finding keeps its places.
    """
    lacking = [r for r in raws if not r.end]
    found = _neighbours(sorted(_bodies_together([r for r in raws if r.end]), key=_place))
    by_weakness: dict[int, list[Raw]] = {}
    for raw in sorted(found, key=_place):
        by_weakness.setdefault(kinds()[raw.kind].weakness, []).append(raw)
    left = len(found) + len(lacking)
    while left > MOST:
        distances = [_apart(a, b) for mine in by_weakness.values() for a, b in pairwise(mine)]
        if not distances:
            break
        nearest = min(distances)
        for weakness, mine in by_weakness.items():
            swept = mine[:1]
            for raw in mine[1:]:
                if left > MOST and _apart(swept[-1], raw) <= nearest:
                    swept[-1] = _one(swept[-1], raw)
                    left -= 1
                else:
                    swept.append(raw)
            by_weakness[weakness] = swept
    return [*sorted((raw for mine in by_weakness.values() for raw in mine), key=_place), *lacking]


def _place(raw: Raw) -> tuple[int, int]:
    return raw.start, raw.end


def _bodies_together(raws: Sequence[Raw]) -> list[Raw]:
    """Findings of one kind in one sentence that differ only in the body they name, as one that names all of them."""
    groups: dict[object, list[Raw]] = {}
    for raw in raws:
        groups.setdefault((raw.kind, raw.start, raw.end, None if "body" in raw.details else len(groups)), []).append(
            raw
        )
    return [
        replace(
            mine[0],
            details={
                name: _AND_BODY.get(name, " ").join(dict.fromkeys(one.details[name] for one in mine))
                for name in mine[0].details
            },
            cites=tuple(dict.fromkeys(fact for one in mine for fact in one.cites)),
        )
        if len(mine) > 1
        else mine[0]
        for mine in groups.values()
    ]


def _neighbours(raws: Sequence[Raw]) -> list[Raw]:
    groups: dict[object, list[Raw]] = {}
    for raw in raws:
        mine = groups.setdefault((raw.kind, raw.headings, raw.details.get("body"), raw.details.get("name")), [])
        if mine and (raw.start < mine[-1].end or raw.first - mine[-1].last <= _NEAR):
            mine[-1] = _one(mine[-1], raw)
        else:
            mine.append(raw)
    return [raw for mine in groups.values() for raw in mine]


def _apart(a: Raw, b: Raw) -> int:
    between = max(b.first - a.last, a.first - b.last, 0)
    return between + _OTHER_KIND * (a.kind != b.kind) + _OTHER_CHAPTER * (a.headings != b.headings)


def _one(a: Raw, b: Raw) -> Raw:
    first, second = sorted((a, b), key=_place)
    return replace(
        first, end=max(a.end, b.end), first=min(a.first, b.first), last=max(a.last, b.last),
        missing=tuple(dict.fromkeys((*a.missing, *b.missing))), places=tuple(sorted({*a.places, *b.places})),
        also=(*first.also, replace(second, also=()), *second.also),
    )  # fmt: skip


def worded(plan: Plan, raw: Raw, cite: Callable[[Sequence[str]], tuple[int, ...]]) -> Finding:
    """A finding as it is shown."""
    parts = list({one.kind: one for one in reversed((raw, *raw.also))}.values())[::-1]
    every = [kinds()[one.kind] for one in parts]
    told = [(kind, _details(one)) for kind, one in zip(every, parts, strict=True)][:_TOLD]
    first, details = told[0]
    more = f" (and {len(every) - 1} more)" if len(every) > 1 else ""
    rest = "".join(
        f" Also here: {kind.title.format(**_details(one))}."
        for kind, one in zip(every[_TOLD:], parts[_TOLD:], strict=True)
    )
    return Finding(
        weakness=first.weakness, start=raw.start, end=raw.end, text=plan.text[raw.start : raw.end],
        why=" ".join(dict.fromkeys(kind.why.format(**d) for kind, d in told)) + rest,
        what_to_do=" ".join(dict.fromkeys(kind.what_to_do.format(**d) for kind, d in told)),
        citations=cite([fact for kind, one in zip(every, parts, strict=True) for fact in (*one.cites, *kind.cites)]),
        kind=first.id,
        title=first.title.format(**details) + more,
        severity="duty" if any(kind.severity == "duty" for kind in every) else "advice", missing=raw.missing,
        places=raw.places,
    )  # fmt: skip


def _details(raw: Raw) -> dict[str, str]:
    return {"rows": "", "gap": "", "begin": "", "decision": "", **raw.details}


class Facts:
    """Cites facts of the bundled corpus, each once."""

    def __init__(self, facts: Sequence[Passage], citing: Citing, numbering: Numbering) -> None:
        """`facts`: all of them; where there are none nothing is cited."""
        self._facts = {p.fact.id: p for p in facts if p.fact}
        self._citing, self._numbering = citing, numbering
        self._cited: dict[str, tuple[int, ...]] = {}

    def of(self, fact_ids: Sequence[str]) -> tuple[int, ...]:
        """The numbers of the citations of these facts."""
        return tuple(dict.fromkeys(n for fact_id in fact_ids for n in self._numbers(fact_id)))

    def _numbers(self, fact_id: str) -> tuple[int, ...]:
        if fact_id not in self._cited:
            self._cited[fact_id] = self._quote(self._facts[fact_id]) if fact_id in self._facts else ()
        return self._cited[fact_id]

    def _quote(self, fact: Passage) -> tuple[int, ...]:
        drafted = extractive.quote_passages([fact], self._citing.group, self._citing.text)
        checked = verify_draft(Draft(extractive.NAME, tuple(drafted)), self._citing.source_text)
        return tuple(n for one in checked.statements for n in self._numbering.statement(one).citations)
