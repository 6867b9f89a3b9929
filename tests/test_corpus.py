"""The bundled corpus loads whole, names a damaged line, and answers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from fakes import HashedWords

from assistant import Assistant
from assistant.corpus import CORPUS, background_matters, bundled_documents, corpus_digest
from assistant.errors import CorpusError, WorkspaceError
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.types import Currency, Kind, UnitKind, WarningCode


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus of one source with two facts."""
    (tmp_path / "facts").mkdir()
    row = {"source_id": "guide", "kind": "guidance", "title": "Guide", "written": "2025-02-03"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    facts = [
        {"id": "guide/1", "heading": "Who", "text": "The council\napproves the plan."},
        {"id": "guide/2", "heading": "Who", "text": "The board prepares it."},
    ]
    (tmp_path / "facts" / "guide.jsonl").write_text("\n".join(map(json.dumps, facts)), encoding="utf-8")
    (tmp_path / "background.txt").write_text("# Comment\n\nresidence permits\n", encoding="utf-8")
    return tmp_path


def test_every_bundled_source_becomes_passages() -> None:
    documents = list(bundled_documents())
    assert len({source.source_id for source, _ in documents}) == len(documents) > 20
    for source, document in documents:
        assert source.bundled
        assert source.digest
        assert source.title
        passages = split_document(document, source.source_id)
        assert passages, source.source_id
        assert all(p.headings[0] == source.title for p in passages)
        assert all(document.text[p.start : p.end] == p.text for p in passages)
        assert not [p.text for p in passages if p.kind in (UnitKind.INSTRUCTION, UnitKind.LEAD_IN)]


def test_every_bundled_source_has_a_publisher_an_address_and_whole_dates() -> None:
    for source, _ in bundled_documents():
        assert source.publisher, source.source_id
        assert source.url is None or re.match(r"https://", source.url), source.source_id
        for day in (source.valid_from, source.valid_to):
            assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day), source.source_id


def test_every_fact_file_has_a_row_in_the_manifest() -> None:
    named = {source.source_id for source, _ in bundled_documents()}
    assert {path.stem for path in (CORPUS / "facts").glob("*.jsonl")} == named


def test_facts_stand_under_their_headings(small: Path) -> None:
    ((source, document),) = bundled_documents(small)
    assert (source.title, source.kind, source.written) == ("Guide", Kind.GUIDANCE, "2025-02-03")
    assert [(p.text, p.headings) for p in split_document(document, "guide")] == [
        ("The council approves the plan.", ("Guide", "Who")),
        ("The board prepares it.", ("Guide", "Who")),
    ]


def test_digest_changes_with_any_fact(small: Path) -> None:
    before = corpus_digest(small)
    assert before == corpus_digest(small)
    path = small / "facts" / "guide.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("prepares", "drafts"), encoding="utf-8")
    assert corpus_digest(small) != before


@pytest.mark.parametrize("line", ['{"id": "guide/3"', '{"id": "guide/3", "heading": "Who"}', "[]"])
def test_damaged_fact_is_named_by_file_and_line(small: Path, line: str) -> None:
    with (small / "facts" / "guide.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}")
    with pytest.raises(CorpusError, match=r"corpus/guide\.jsonl, line 3: .*Mend the line") as caught:
        list(bundled_documents(small))
    assert "\n" not in str(caught.value)


def test_unknown_kind_in_the_manifest_is_refused(small: Path) -> None:
    (small / "manifest.jsonl").write_text('{"source_id": "x", "kind": "rumour", "title": "X"}', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"manifest\.jsonl, line 1"):
        list(bundled_documents(small))


@pytest.mark.parametrize("missing", ["manifest.jsonl", "facts"])
def test_missing_part_of_the_corpus_is_named(small: Path, missing: str) -> None:
    part = small / missing
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    with pytest.raises(CorpusError, match=r"cannot be read .* Install Kotoapuri again"):
        list(bundled_documents(small))


def test_background_matters_leave_out_comments(small: Path) -> None:
    assert background_matters(small) == (["residence permits"], 1)
    matters, far = background_matters()
    assert 20 < far < len(matters)
    assert not [matter for matter in matters if matter.startswith(("~", "#"))]


def test_bundled_corpus_answers_and_is_marked_as_a_digest(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path, corpus="bundled", model="")
    with Assistant.open(settings=settings, embedder=HashedWords()) as assistant:
        sources = assistant.sources()
        assert len(sources) > 20
        assert all(source.bundled and source.digest and source.passages for source in sources)
        answer = assistant.ask("Since when has Act 681/2023 on the promotion of immigrant integration applied?")
        assert not answer.abstained
        assert "1 January 2025" in " ".join(statement.text for statement in answer.statements)
        assert all(citation.digest for citation in answer.citations)
        old = assistant.ask("What did Act 1386/2010 on immigrant integration say of the integration programme?")
        assert Currency.OUTDATED in {citation.currency for citation in old.citations}
        assert WarningCode.OUTDATED_SOURCE in {warning.code for warning in old.warnings}
        with pytest.raises(WorkspaceError, match="KOTOAPURI_CORPUS=none"):
            assistant.remove(sources[0].source_id)
    # The same workspace without the corpus: it is not there, and answers nothing.
    with Assistant.open(settings=settings.model_copy(update={"corpus": "none"}), embedder=HashedWords()) as assistant:
        assert assistant.sources() == []
        assert assistant.ask("Since when has Act 681/2023 applied?").abstained
