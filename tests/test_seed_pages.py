"""The five official pages that the project began with: every quote is theirs, nothing is lost, nothing is made up.

The pages are not part of the project; these tests run where a copy of them lies beside the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import Answer, Kind, Support
from eval.seed_pages import PAGES, load_cases, measure

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not PAGES.is_dir(), reason=f"the five official pages are not in {PAGES}"),
]
# Left over from navigation, or where the page lost a link and two sentences ran together.
LEFTOVERS = ["Skip to Content", "Opens in a new tab", "published at Approximately", "Read more:", "Back to top"]


class Remembering(Assistant):
    """Keeps what it answered."""

    def ask(self, *args: Any, **kwargs: Any) -> Answer:
        """As an Assistant does."""
        answer = super().ask(*args, **kwargs)
        self.answers = [*getattr(self, "answers", []), answer]
        return answer


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(workspace=tmp_path_factory.mktemp("seeds"), corpus="none", model="", embedding_model="default")
    with Remembering.open(settings=settings) as opened:
        report = opened.add(sorted(PAGES.glob("*.txt")), kind=Kind.GUIDANCE)
        assert [file.status for file in report.files] == ["added"] * 5
        yield opened


@pytest.fixture(scope="module")
def measured(assistant: Assistant) -> dict[str, Any]:
    return measure(assistant, load_cases("dev"), PAGES)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {path.stem: collapse(path.read_text(encoding="utf-8")) for path in PAGES.glob("*.txt")}


@pytest.fixture(scope="module")
def answers(assistant: Remembering, measured: dict[str, Any]) -> list[Answer]:
    assert measured
    return assistant.answers


def test_every_quote_stands_on_its_page(answers: list[Answer], pages: dict[str, str]) -> None:
    assert len(answers) > 30
    citations = [citation for answer in answers for citation in answer.citations]
    assert len(citations) > 60
    for citation in citations:
        assert citation.quote in pages[citation.source_id]
        assert citation.pinpoint


def test_every_statement_is_cited_and_supported(answers: list[Answer]) -> None:
    statements = [(statement, answer) for answer in answers for statement in answer.statements]
    for statement, answer in statements:
        assert statement.support is not Support.UNSUPPORTED
        assert set(statement.citations) <= {citation.id for citation in answer.citations}
        assert statement.citations


def test_page_leftovers_are_never_quoted(assistant: Assistant, answers: list[Answer]) -> None:
    asked = [assistant.ask(f"What does it say about {leftover}?") for leftover in LEFTOVERS]
    asked.append(assistant.ask("How many municipalities have an integration programme, and where are they published?"))
    for answer in [*answers, *asked]:
        shown = [statement.text for statement in answer.statements] + [citation.quote for citation in answer.citations]
        for leftover in LEFTOVERS:
            assert not [text for text in shown if leftover.lower() in text.lower()]


# The limits lie below what was measured when they were set, so that noise passes and a loss does not.
def test_development_half_is_answered_as_well_as_before(measured: dict[str, Any]) -> None:
    assert measured["facts"]["value"] >= 0.78
    assert measured["characters"] <= 900
    assert measured["citations valid"]["value"] == 1.0
    assert measured["answerable refused"]["value"] <= 0.1


def test_development_half_out_of_scope_is_not_answered(measured: dict[str, Any]) -> None:
    assert measured["out of scope abstained"]["value"] >= 0.9
