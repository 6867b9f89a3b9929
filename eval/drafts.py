"""Every section of a plan drafted for made-up municipalities, beside programmes of others that hold traps.

    python -m eval.drafts [--half dev|test] [--misses]

Counts what a draft must hold (facts of the municipality's own documents, verbatim) and what it must not: figures,
names, services and places of other municipalities; duties that ended or never began; quotes that do not stand in
their source.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import BlockRole, Currency, SectionDraft, Support
from eval.checklists import HALVES
from eval.municipalities import FOLDER, NAMES, documents

OTHERS = {"naapurila-2022-2025.md": "Naapurila", "satumaa-2024.md": "Satumaa", "keksila-2026-2029.md": "Keksilä"}
# Duties that ended with Act 1386/2010, or stood in Act 681/2023 as enacted only, told as if they held.
_NEVER = re.compile(
    r"\b(?:must|has to|have to|shall|is required|is obliged|are required)\b"
    r"(?:(?!\bnot\b|\bno\b|\breviewed\b)[^.]){0,90}"
    r"(?:every (?:two|four) years|cooperation group|action plan|integration programme (?:document|approved)|"
    r"multi-?sectoral (?:assessment|plan)|indicators?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one municipality's plan."""

    municipality: str
    sections: int
    statements: int
    unsupported: int  # that hold no mark to fill in
    bad_quotes: int
    stale: tuple[str, ...]  # statements on the law that rest on what is not in force
    duties: tuple[str, ...]  # told as duties, which are none
    traps: tuple[str, ...]  # found
    tried_traps: int
    facts: int
    missed: tuple[str, ...]
    gaps: int


def check(municipality: str, folder: Path) -> Checked:
    """Draft the whole plan in a fresh workspace and look at it."""
    name = NAMES[municipality]
    with Assistant.open(settings=Settings(workspace=folder / municipality)) as assistant:
        files = folder / f"{municipality}-files"
        files.mkdir(parents=True, exist_ok=True)
        assistant.add(documents(municipality, files), kind="own", municipality=name)
        for file, whose in OTHERS.items():
            assistant.add([FOLDER / "others" / file], kind="programme", municipality=whose)
        drafts = assistant.planning.draft_plan(municipality=name)
        sources = {s.source_id: collapse(assistant._store.text(s.source_id)) for s in assistant.sources()}
    texts = {d.section: text_of(d) for d in drafts}
    whole = "\n".join(texts.values())
    every = [s for d in drafts for b in d.blocks for s in b.statements]
    traps = [row["trap"] for row in _rows(FOLDER / "others" / "traps.jsonl")]
    facts = list(_rows(FOLDER / municipality / "facts.jsonl"))
    missed = [f"{f['section']}: {f['fact']}" for f in facts if not _holds(texts.get(f["section"], ""), f["fact"])]
    return Checked(
        municipality, len(drafts), len(every),
        sum(s.support is Support.UNSUPPORTED and "[TO FILL" not in s.text for s in every),
        sum(collapse(c.quote) not in sources.get(c.source_id, "") for d in drafts for c in d.citations),
        tuple(_stale(drafts)),
        tuple(s.text for s in every if _NEVER.search(s.text)),
        tuple(t for t in traps if _holds(whole, t)), len(traps), len(facts), tuple(missed),
        sum(len(d.placeholders) for d in drafts),
    )  # fmt: skip


def text_of(draft: SectionDraft) -> str:
    """All words of a draft but its pointers to other programmes, which name them."""
    return "\n".join(collapse(s.text) for block in draft.blocks for s in block.statements)


def _stale(drafts: list[SectionDraft]) -> Iterator[str]:
    for draft in drafts:
        state = {c.id: c.currency for c in draft.citations}
        for block in draft.blocks:
            if block.role in (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS, BlockRole.SUGGESTIONS):
                for statement in block.statements:
                    if any(not state[n].may_hold or state[n] is Currency.NEVER_IN_FORCE for n in statement.citations):
                        yield statement.text


def _holds(text: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\d)", text, re.IGNORECASE) is not None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=HALVES, default="dev")
    parser.add_argument("--misses", action="store_true", help="print the facts missed (development half only)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for municipality in HALVES[options.half]:
            c = check(municipality, Path(folder))
            print(
                f"{c.municipality}: {c.sections} sections, {c.statements} statements, {c.gaps} gaps; own facts "
                f"{1 - len(c.missed) / c.facts:.1%} (n {c.facts}); traps {len(c.traps)} of {c.tried_traps}; duties "
                f"that are none {len(c.duties)}; not in force {len(c.stale)}; quotes not verbatim {c.bad_quotes}; "
                f"unsupported {c.unsupported}"
            )
            for line in (*c.traps, *c.duties, *c.stale):
                print(f"    {line}")
            if options.misses and options.half == "dev":
                print("    missed: " + "; ".join(c.missed))


if __name__ == "__main__":
    main()
