"""The copying check on planted cases: texts that took something over, and texts that must stay silent.

    python -m eval.copying [--half dev|dev2|test] [--misses] [--json FILE]

Scored as in PAN text alignment (Potthast et al., COLING 2010): macro-averaged precision and recall over characters of
the text and of its source, granularity, and plagdet = F1 / log2(1 + granularity); by degree and language. Cases that
were edited lightly or paraphrased are written by hand; verbatim ones and those that hide a copy (hyphens at line ends,
soft hyphens, look-alike letters, swapped names and numbers, reordered sentences) are made from the programmes here.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from assistant.copying import Compared, Comparison, read_meaning, read_words
from assistant.embedding import SentenceTransformerEmbedder, Vectors
from assistant.passages import sentence_spans
from assistant.settings import PROJECT_ROOT, Settings
from assistant.types import CopyingCheck, Kind, Match, Source

CASES = PROJECT_ROOT / "eval" / "cases" / "copying"
OTHERS = PROJECT_ROOT / "tests" / "data" / "municipalities" / "others"
# Official texts, for the cases that repeat them: these are left out where there are none.
OFFICIAL = PROJECT_ROOT.parent / "shared"
HALVES = ("dev", "dev2", "test")  # dev2: more paraphrases and hard originals, for fitting


@dataclass(frozen=True, slots=True)
class Planted:
    """A stretch that was taken over."""

    start: int
    end: int
    source_id: str
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Case:
    """A text to be checked, with what was taken over."""

    id: str
    language: str
    degree: str  # verbatim, hidden, light, paraphrase, translation; original, boilerplate, quotation, own
    text: str
    planted: tuple[Planted, ...] = ()
    added: tuple[tuple[str, str], ...] = ()  # (municipality, text) of programmes that the case needs
    own: str = ""  # an earlier programme of the municipality

    @property
    def silent(self) -> bool:
        """Whether nothing may be called a copy."""
        return not self.planted


@dataclass(frozen=True, slots=True)
class Score:
    """PAN's measures over some cases."""

    n: int
    plagdet: float
    precision: float
    recall: float
    granularity: float


def compared(source_id: str, municipality: str, text: str) -> Compared:
    """A programme."""
    source = Source(source_id, Kind.PROGRAMME, source_id, municipality=municipality)
    words = read_words(text)
    return Compared(source, words, read_meaning(text, words), lambda: text)


@cache
def _model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(Settings(embedding_model="plain"))


_vectors: dict[str, Vectors] = {}


def embed(texts: Sequence[str]) -> Vectors:
    """Vectors by the packaged model, each made once."""
    if new := [t for t in dict.fromkeys(texts) if t not in _vectors]:
        _vectors.update(zip(new, _model().embed_passages(new)[0], strict=True))
    return np.stack([_vectors[t] for t in texts])


@cache
def programmes() -> dict[str, tuple[str, str]]:
    """Municipality and text of every programme, by id."""
    rows = _rows(CASES / "programmes.jsonl")
    found = {r["id"]: (r["municipality"], (CASES / "programmes" / f"{r['id']}.md").read_text("utf-8")) for r in rows}
    return found | {p.stem: (p.stem.partition("-")[0].capitalize(), p.read_text("utf-8")) for p in OTHERS.glob("*.md")}


@cache
def _indexed() -> tuple[Compared, ...]:
    return tuple(compared(i, municipality, text) for i, (municipality, text) in programmes().items())


def cases(half: str) -> list[Case]:
    """All cases of a half."""
    written = [_written(row) for row in _rows(CASES / f"{half}.jsonl")]
    if half == "dev2":
        return written
    silent = [case for row in _rows(CASES / f"silent-{half}.jsonl") if (case := _silent(row))]
    hosts = [c for c in silent if c.degree == "original"]
    return [*written, *_made(half, hosts), *silent]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _written(row: Mapping[str, Any]) -> Case:
    text, planted = "", []
    for part in row["parts"]:
        text += ("\n\n" if part.get("break") else " ") * bool(text)
        if part["from"]:
            source = programmes()[part["from"]["source"]][1]
            at = source.index(part["from"]["quote"])
            planted.append(
                Planted(
                    len(text), len(text) + len(part["text"]), part["from"]["source"], at,
                    at + len(part["from"]["quote"]),
                )
            )  # fmt: skip
        text += part["text"]
    return Case(row["id"], row["language"], row["degree"], text, tuple(planted))


def _silent(row: Mapping[str, Any]) -> Case | None:
    texts: list[str] = []
    repeated: list[str] = []
    added: list[tuple[str, str]] = []
    for part in row["parts"]:
        if "official" in part:
            # The words of an Act or an official page are pointed to and not kept here.
            pointer = part["official"]
            path = OFFICIAL / pointer["file"]
            if not path.is_file():
                return None
            official = path.read_text("utf-8")
            start = official.index(pointer["starts"])
            part = part | {"text": official[start : official.index(pointer["ends"], start) + len(pointer["ends"])]}
        if part.get("planted", row.get("planted_in") and not any("planted" in p for p in row["parts"])):
            repeated.append(part["text"])
        texts.append(("\n\n" if part.get("break") and texts else " " * bool(texts)) + part["text"])
        if quoted := part.get("quotes"):
            added.append((quoted["municipality"], f"Our programme.\n\n{quoted['text']}"))
    text = "".join(texts)
    if repeated:
        added.append(("Kaukola", "\n\n".join(repeated)))
    case = Case(row["id"], row["language"], row["degree"], text, (), tuple(added), row.get("own_programme", ""))
    if row["degree"] == "false-quotation":
        (_, theirs), quoted = added[0], added[0][1].split("\n\n")[1]
        at = text.index(quoted)
        planted = Planted(at, at + len(quoted), "added-0", theirs.index(quoted), len(theirs))
        case = Case(case.id, case.language, "verbatim", text, (planted,), case.added)
    if case.own:
        return Case(case.id, case.language, "own", text, (), (("Kaukola", case.own),), case.own)
    return case


# Cases that are made here.


def _made(half: str, hosts: Sequence[Case]) -> Iterator[Case]:
    rows = [r for r in _rows(CASES / "programmes.jsonl") if r["half"] == half]
    chance = random.Random(half)
    for row in rows:
        text = programmes()[row["id"]][1]
        stretches = [s for s in _stretches(text) if 250 <= s[1] - s[0] <= 900]
        fitting = [h for h in hosts if h.language == row["language"]]
        for n, change in enumerate((*[_same] * 3, _shouted, _broken_lines, _soft_hyphens, _look_alikes, _new_numbers,
                                    _new_names, _reordered)):  # fmt: skip
            start, end = stretches[chance.randrange(len(stretches))]
            host = _paragraphs(chance.choice(fitting).text)
            taken = change(text[start:end], chance)
            before = " ".join(host[: len(host) // 2])
            whole = f"{before}\n\n{taken}\n\n{' '.join(host[len(host) // 2 :])}"
            at = len(before) + 2
            degree = "verbatim" if change is _same else "hidden"
            planted = Planted(at, at + len(taken), row["id"], start, end)
            yield Case(f"{row['id']}-{change.__name__[1:]}-{n}", row["language"], degree, whole, (planted,))


def _stretches(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"(?m)^(?![#|\-*>\d]).+(?:\n(?!\n|[#|\-*]).+)*", text)]


def _paragraphs(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


def _same(text: str, chance: random.Random) -> str:
    return text


def _shouted(text: str, chance: random.Random) -> str:
    return re.sub(r"[,;]", "", text).upper().replace(". ", " – ")


def _broken_lines(text: str, chance: random.Random) -> str:
    cut = re.sub(r"([a-zåäö]{4})([a-zåäö]{4})", lambda m: m[1] + ("-\n" if chance.random() < 0.3 else "") + m[2], text)
    return re.sub(r"(\S{3,}) (?=\S)", lambda m: m[1] + ("\n" if chance.random() < 0.1 else " "), cut)


def _soft_hyphens(text: str, chance: random.Random) -> str:
    return re.sub(r"([a-zåäö]{3})([a-zåäö]{3})", "\\1\u00ad\\2\u200b", text)


def _look_alikes(text: str, chance: random.Random) -> str:
    pairs = dict(zip("aceopxyi", "асеорхуі", strict=True))
    return "".join(pairs.get(c, c) if chance.random() < 0.4 else c for c in text)


def _new_numbers(text: str, chance: random.Random) -> str:
    return re.sub(r"\d", lambda m: str((int(m[0]) + chance.randrange(1, 9)) % 10), text)


def _new_names(text: str, chance: random.Random) -> str:
    text = _new_numbers(text, chance)
    return re.sub(r"(?<=[a-zåäö,] )([A-ZÅÄÖ])(\w{3,})", lambda m: f"Uusi{m[2][:3]}{m[1].lower()}{m[2][-2:]}", text)


def _reordered(text: str, chance: random.Random) -> str:
    sentences = _paragraphs(text)
    return " ".join([*sentences[1::2], *sentences[::2]])


# Scoring.


def check(case: Case) -> CopyingCheck:
    """The check of one case."""
    more = [compared(f"added-{n}", municipality, text) for n, (municipality, text) in enumerate(case.added)]
    own = [read_words(case.own)] if case.own else []
    return Comparison([*_indexed(), *more], own=own, embed=embed).check(case.text)


def score(found: Sequence[tuple[Case, Sequence[Match]]]) -> Score:
    """PAN's measures of what was found in some cases."""
    recalls, precisions, pieces = [], [], []
    for case, matches in found:
        for planted in case.planted:
            hits = [m for m in matches if _detects(m, planted)]
            recalls.append(_shared(planted, hits) / (_size(planted)))
            if hits:
                pieces.append(len(hits))
        precisions += [_covered(m, [p for p in case.planted if _detects(m, p)]) / _size(m) for m in matches]
    recall = sum(recalls) / len(recalls) if recalls else 0.0
    precision = sum(precisions) / len(precisions) if precisions else 1.0
    granularity = sum(pieces) / len(pieces) if pieces else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(len(recalls), f1 / log2(1 + granularity), precision, recall, granularity)


def _detects(match: Match, planted: Planted) -> bool:
    return (
        match.source_id == planted.source_id
        and match.start < planted.end and planted.start < match.end
        and match.source_start < planted.source_end and planted.source_start < match.source_end
    )  # fmt: skip


def _size(span: Match | Planted) -> int:
    return span.end - span.start + span.source_end - span.source_start


def _shared(planted: Planted, matches: Sequence[Match]) -> int:
    here = {n for m in matches for n in range(max(m.start, planted.start), min(m.end, planted.end))}
    there = {
        n for m in matches
        for n in range(max(m.source_start, planted.source_start), min(m.source_end, planted.source_end))
    }  # fmt: skip
    return len(here) + len(there)


def _covered(match: Match, planted: Sequence[Planted]) -> int:
    here = {n for p in planted for n in range(max(match.start, p.start), min(match.end, p.end))}
    there = {
        n for p in planted for n in range(max(match.source_start, p.source_start), min(match.source_end, p.source_end))
    }
    return len(here) + len(there)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="dev")
    parser.add_argument("--misses", action="store_true", help="print what was missed and what was found wrongly")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    chosen = parser.parse_args(arguments)
    found = [(case, check(case)) for case in cases(chosen.half)]
    figures: dict[str, Any] = {}
    by_group: dict[tuple[str, str], list[tuple[Case, Sequence[Match]]]] = defaultdict(list)
    for case, result in found:
        if not case.silent:
            for language in ("all", case.language):
                by_group[case.degree, language].append((case, result.matches))
    for (degree, language), group in sorted(by_group.items()):
        s = score(group)
        figures[f"{degree} {language}"] = asdict(s)
        print(
            f"{degree:12} {language:4} n {s.n:3}  plagdet {s.plagdet:.3f}  precision {s.precision:.3f}  "
            f"recall {s.recall:.3f}  granularity {s.granularity:.2f}"
        )
    silent: dict[str, list[tuple[Case, CopyingCheck]]] = defaultdict(list)
    for case, result in found:
        if case.silent:
            silent[case.degree].append((case, result))
    for degree, checks in sorted(silent.items()):
        accused = sum(bool(r.matches) for _, r in checks)
        characters = sum(r.copied_characters for _, r in checks) / sum(len(c.text) for c, _ in checks)
        figures[degree] = {"n": len(checks), "accused": accused, "characters": characters}
        print(f"{degree:12} {'all':4} n {len(checks):3}  accused {accused}  characters {characters:.2%}")
    if chosen.misses:
        _print_misses(found)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _print_misses(found: Sequence[tuple[Case, CopyingCheck]]) -> None:
    for case, result in found:
        for planted in case.planted:
            hits = [m for m in result.matches if _detects(m, planted)]
            share = _shared(planted, hits) / _size(planted)
            if share < 0.9 or len(hits) > 1:
                print(f"\nMISSED {case.id} {share:.0%} in {len(hits)}: {case.text[planted.start : planted.end]}")
        for match in result.matches:
            right = _covered(match, [p for p in case.planted if _detects(match, p)]) / _size(match)
            if right < 0.9:
                print(f"\nWRONG {case.id} {right:.0%} {match.degree}: {match.text}\n  <> {match.source_text}")


if __name__ == "__main__":
    main()
