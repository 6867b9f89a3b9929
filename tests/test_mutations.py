"""The mutations: each names a place that is there, breaks it while it is applied, and leaves it as it was."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import pytest

from eval import mutations
from eval.mutations import MUTATIONS, Mutation, Outcome


def standing_at(mutation: Mutation) -> dict[tuple[str, str], Any]:
    found = {}
    for place, attribute, _ in mutation.places:
        module, _, owner = place.partition(":")
        target = importlib.import_module(module)
        found[place, attribute] = getattr(getattr(target, owner) if owner else target, attribute)
    return found


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutation_replaces_what_it_names_and_puts_it_back(mutation: Mutation) -> None:
    before = standing_at(mutation)
    with mutation.applied():
        during = standing_at(mutation)
    assert all(during[place] is not before[place] for place in before)
    assert standing_at(mutation) == before


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len(MUTATIONS) >= 30
    assert len({m.name for m in MUTATIONS}) == len(MUTATIONS)


def test_broken_checks_let_through_what_they_are_named_after() -> None:
    verification: Any = importlib.import_module("assistant.verification")
    by_name: Mapping[str, Mutation] = {m.name: m for m in MUTATIONS}
    assert not verification.same("2025", "2026", "en")
    with by_name["numbers and dates are not compared"].applied():
        assert verification.same("2025", "2026", "en")
        assert not verification.same("plan", "report", "en")
    with by_name["negations are not seen"].applied():
        assert "not" not in [t.key for t in verification.tokens("It must not be done.", "en")]


def test_suite_that_is_red_without_a_mutation_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pool:
        def __init__(self, *args: Any, **options: Any) -> None: ...

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *args: object) -> None: ...

        def submit(self, work: Any) -> Any:
            from concurrent.futures import Future

            future: Any = Future()
            name = work.args[0]
            future.set_result(Outcome(name, ("vital nuggets",) if name == mutations.UNBROKEN else (), 1.0))
            return future

    monkeypatch.setattr(mutations, "ProcessPoolExecutor", Pool)
    assert mutations.main(["--only", MUTATIONS[0].name]) == 1
    told = capsys.readouterr()
    assert "survived" in told.out
    assert "Killed: 0 of 1" in told.out
    assert told.err == "Without any mutation the suite is red: vital nuggets.\n"


def test_unknown_name_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutations.main(["--only", "nothing at all"]) == 1
    assert capsys.readouterr().err == "No such mutation: nothing at all. See them with --list.\n"
