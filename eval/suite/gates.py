"""Gates: what a figure must reach, and what it must not fall below; the numbers are in gates.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.suite.measures import Figure

FILE = Path(__file__).with_name("gates.toml")


@dataclass(frozen=True, slots=True)
class Gate:
    """One row of gates.toml."""

    measure: str
    is_least: bool  # the figure must be at least this; else at most
    target: float
    floor: float  # what makes a run fail
    is_for_own: bool  # also with cases of one's own

    def reaches(self, value: float, bound: float) -> bool:
        """Whether a value is on the right side."""
        return value >= bound if self.is_least else value <= bound


@dataclass(frozen=True, slots=True)
class Passed:
    """A gate with the figure that came to it."""

    gate: Gate
    figure: Figure | None
    counts: bool  # whether the run fails by it

    @property
    def has_fallen(self) -> bool:
        """Whether the run fails: below the floor, or, of the cases that ship, not measured at all."""
        if not self.counts:
            return False
        if self.figure is None or self.figure.value is None:
            return True
        return not self.gate.reaches(self.figure.value, self.gate.floor)

    @property
    def reaches_target(self) -> bool:
        """Whether the aim is reached, too."""
        value = self.figure.value if self.figure else None
        return value is not None and self.gate.reaches(value, self.gate.target)

    @property
    def verdict(self) -> str:
        """In words for the table."""
        if self.figure is None or self.figure.value is None:
            return "FALLEN: not measured" if self.has_fallen else "not measured"
        if self.has_fallen:
            return "FALLEN"
        return "reached" if self.reaches_target else "target not reached"


def load_gates(half: str, path: Path = FILE) -> list[Gate]:
    """The gates with the floors of a half; both halves together have the lower of the two."""
    gates = []
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["gate"]:
        is_least = row["at"] == "least"
        floors = {"test": row["floor"], "dev": row.get("floor_dev", row["floor"])}
        lower = (min if is_least else max)(floors.values())
        gates.append(Gate(row["measure"], is_least, row["target"], floors.get(half, lower), row.get("own", False)))
    return gates


def pass_gates(gates: Sequence[Gate], figures: Sequence[Figure], *, own: bool, skipped: bool = False) -> list[Passed]:
    """Hold figures against gates.

    Args:
        gates: From `load_gates`.
        figures: Of the assistant.
        own: The cases are somebody's own: only gates that hold for any cases count, and only where they are measured.
        skipped: Parts were left out on purpose: what is not measured does not count.
    """
    by_name = {figure.name: figure for figure in figures}
    passed = []
    for gate in gates:
        figure = by_name.get(gate.measure)
        is_there = figure is not None and figure.value is not None
        passed.append(Passed(gate, figure, (is_there or not (own or skipped)) and (gate.is_for_own or not own)))
    return passed
