"""The parts that need no question: copying and checklists, as figures; each has a command of its own, too."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from assistant.types import ItemStatus
from eval import checklists, copying
from eval.suite.measures import Figure, share


def _halves(half: str) -> list[str]:
    return ["dev", "test"] if half == "all" else [half]


def measure_copying(half: str) -> list[Figure]:
    """Plagdet by degree over planted copies, and how many honest texts are accused."""
    found = [(case, copying.check(case)) for part in _halves(half) for case in copying.cases(part)]
    by_degree = defaultdict(list)
    for case, result in found:
        if not case.silent:
            by_degree[case.degree].append((case, result.matches))
    figures = []
    for degree, some in sorted(by_degree.items()):
        score = copying.score(some)
        figures.append(Figure(f"copying plagdet, {degree}", score.plagdet, score.n, unit="score"))
    silent = [bool(result.matches) for case, result in found if case.silent]
    return [*figures, share("honest texts accused of copying", sum(silent), len(silent))]


def measure_checklists(half: str) -> list[Figure]:
    """Checklists of made-up municipalities against keys made by hand."""
    judged: list[checklists.Judged] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in _halves(half):
            judged += [j for name in checklists.HALVES[part] for j in checklists.judge(name, Path(folder))]
    shown = [j for j in judged if j.wanted is not ItemStatus.NO_EVIDENCE]
    none = [j for j in judged if j.wanted is ItemStatus.NO_EVIDENCE]
    met = [j for j in judged if j.answer.status is ItemStatus.MET]
    return [
        share("checklist items that agree with the key", _count(j.agrees for j in judged), len(judged)),
        share(
            "checklist items shown and found",
            _count(j.answer.status is not ItemStatus.NO_EVIDENCE for j in shown), len(shown),
        ),
        share("checklist items without evidence, said so", _count(j.agrees for j in none), len(none)),
        share("checklist items met without a passage", _count(not j.answer.statements for j in met), len(met)),
    ]  # fmt: skip


def _count(found: Iterable[bool]) -> int:
    return sum(found)
