"""A small workspace for tests of plans: documents of two made-up municipalities, and a programme of a third with traps.

The sentences are near those of prompts/needs/, so that the tests hold whatever the weights of matching are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from fakes import HashedWords

from assistant.assistant import Assistant
from assistant.kept_drafts import KeptDrafts
from assistant.planning import Planning
from assistant.settings import Settings

DAY = "2026-11-22"
HERE, OTHER = "Mallikylä", "Naapurila"

COORDINATOR = (
    "The planning of integration in Mallikylä is coordinated by the education branch, whose coordinator Aino Esimerkki "
    "convenes the working group."
)
NUMBERS = "At the end of 2025 Mallikylä had 812 foreign-language residents, 6.4 per cent of the population."
MEETINGS = "Meetings between population groups are organised every week in the Myllytupa village hall."
NO_HOUSING = "No housing guidance for newcomers has been arranged."
STRATEGY = f"""# Municipal work on integration in Mallikylä

## Coordination

{COORDINATOR}

Under the Integration Act the municipality must appoint a cooperation group and report on integration every two years.

The law obliges the municipality to:

- appoint a cooperation group for the promotion of integration
- draw up an action plan with indicators for integration

The Integration Act requires a cooperation group of authorities. It follows the integration work of the municipality.

## Objectives for good relations

| Objective | Measure | Responsible | Timetable | Indicator | Baseline | Target |
|---|---|---|---|---|---|---|
| Good relations between population groups grow | Village evenings at Myllytupa | Culture services | 2026 | \
Evenings held | 3 | 12 |
"""
SURVEY = f"""# Population and everyday life in Mallikylä

## Population

{NUMBERS}

At the end of 2025 Naapurila had 4,321 foreign-language residents, 17.7 per cent of the population.

| Municipality | Foreign-language residents at the end of 2025 | Share of the population |
|---|---|---|
| Mallikylä | 812 foreign-language residents | 6.4 per cent of the population |
| Naapurila | 4,321 foreign-language residents | 17.7 per cent of the population |

## Relations

{MEETINGS}

In Naapurila neighbourhood mediation is run by Sovintola. It is in use in all rental areas and supports good relations \
between population groups.

## Homes

In housing, neighbouring Naapurila offers newcomers:

- rental homes for quota refugees and immigrant families in the housing company Siltakoti

The aim is that participation, equality and non-discrimination of immigrants in Mallikylä improve by 2028.
"""
NAAPURILA = """# Integration programme of Naapurila 2022–2025

The planning of integration is coordinated by the office Kotikolo in the education branch.

At the end of 2024 the city had 7,318 foreign-language residents, 8.77 per cent of the population.

Meetings between population groups are organised every week in the village hall Tervahovi.

Neighbourhood mediation by Sovintola is in use in all rental areas and supports good relations between population \
groups.

The objective is that participation, equality and non-discrimination of immigrants improve by 2026 with Ovensuu.
"""
TRAPS = ("Naapurila", "Kotikolo", "7,318", "8.77", "Tervahovi", "Sovintola", "Ovensuu", "4,321", "17.7", "Siltakoti")


def open_assistant(workspace: Path, *, corpus: Literal["bundled", "none"] = "bundled") -> Assistant:
    """A workspace with the small embedding model."""
    settings = Settings(workspace=workspace, corpus=corpus, model="", embedding_model="default")
    return Assistant.open(settings=settings, embedder=HashedWords())


def add(assistant: Assistant, folder: Path, documents: Iterable[tuple[str, str, str, str | None]]) -> None:
    """Add documents given as (file name, text, kind, municipality)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text, kind, municipality in documents:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        report = assistant.add([path], kind=kind, municipality=municipality)
        assert not report.failed, report.failed


MALLIKYLA = (("strategy.md", STRATEGY, "own", HERE), ("survey.md", SURVEY, "own", HERE))
PROGRAMME = ("naapurila.md", NAAPURILA, "programme", OTHER)


# Fixtures of test modules: a workspace is made once, and each test opens a copy of it.


def made_with(
    *documents: tuple[str, str, str, str | None], then: Callable[[Assistant], object] = lambda assistant: None
) -> Callable[[pytest.TempPathFactory], Path]:
    """The fixture `made`: the folder of a workspace with these documents and what `then` does, without the corpus."""

    def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("made")
        with open_assistant(folder / "workspace", corpus="none") as assistant:
            add(assistant, folder / "files", documents)
            then(assistant)
        return folder / "workspace"

    return pytest.fixture(scope="module")(made)


@contextmanager
def copied(made: Path, folder: Path) -> Iterator[Assistant]:
    """A copy of a workspace, opened."""
    shutil.copytree(made, folder / "workspace")
    with open_assistant(folder / "workspace", corpus="none") as assistant:
        yield assistant


def copy_of_made(made: Path, tmp_path: Path) -> Iterator[Assistant]:
    """The fixture `assistant`."""
    with copied(made, tmp_path) as assistant:
        yield assistant


def planning_of(assistant: Assistant) -> Planning:
    """The fixture `planning`."""
    return assistant.planning


def kept_drafts_of(assistant: Assistant) -> KeptDrafts:
    """The fixture `kept_drafts`."""
    return assistant.kept_drafts
