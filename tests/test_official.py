"""Official texts that `sync` fetched are indexed beside the digest, again only when they change, and quoted first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashedWords
from typer.testing import CliRunner

from assistant import Assistant, sync
from assistant.__main__ import app
from assistant.errors import AssistantError, SourceNotFound
from assistant.settings import Settings
from assistant.sync import Fetched
from assistant.types import OFFICIAL, Currency, Kind

ACT = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body>
<section eId="sec_45"><num>45 §</num><heading>Suunnittelu kunnassa</heading>
<subsection><content><p>Kunta kirjaa tavoitteet toimenpideohjelmaan.</p></content></subsection></section>
<section eId="sec_46"><num>46 §</num><heading>Palvelujen järjestäminen</heading>
<subsection><content><p>Kunta järjestää kotoutumista edistävät palvelut paikallisen tarpeen mukaisesti.</p></content>
</subsection></section></body></act></akomaNtoso>"""


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Fetched]:
    """What the next `sync` fetches."""
    path = tmp_path / "act.xml"
    path.write_text(ACT, encoding="utf-8")
    results = {"act-681-2023": Fetched("act-681-2023", "new", path, "")}
    monkeypatch.setattr(sync, "fetch", lambda wanted, folder, *, report: [results[s] for s in wanted if s in results])
    return results


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(workspace=tmp_path / "workspace", corpus="bundled", model="")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        yield opened


def test_official_text_stands_beside_the_digest(assistant: Assistant, fetched: dict[str, Fetched]) -> None:
    (file,) = assistant.sync(["act-681-2023"]).files
    assert (file.status, file.source_id) == ("new", f"act-681-2023{OFFICIAL}")
    source = next(s for s in assistant.sources() if s.source_id == file.source_id)
    assert (source.kind, source.language, source.digest, source.bundled) == (Kind.LAW, "fi", False, False)
    assert source.valid_from == "2025-01-01"
    (again,) = assistant.sync(["act-681-2023"]).files
    assert again.status == "unchanged"


def test_changed_text_takes_the_place_of_the_one_before(assistant: Assistant, fetched: dict[str, Fetched]) -> None:
    assistant.sync(["act-681-2023"])
    path = fetched["act-681-2023"].path
    assert path is not None
    path.write_text(ACT.replace("paikallisen tarpeen", "alueen tarpeen"), encoding="utf-8")
    (file,) = assistant.sync(["act-681-2023"]).files
    assert file.status == "changed"
    assert [s.source_id for s in assistant.sources() if not s.bundled] == [f"act-681-2023{OFFICIAL}"]


def test_section_that_was_replaced_is_not_current(assistant: Assistant, fetched: dict[str, Fetched]) -> None:
    assistant.sync(["act-681-2023"])
    passages = {p.section: p for p in assistant._store.passages(f"act-681-2023{OFFICIAL}")}
    assert assistant.cite(passages["45(1)"], as_of="2026-11-22").currency is Currency.NEVER_IN_FORCE
    assert assistant.cite(passages["46(1)"], as_of="2026-11-22").currency is Currency.CURRENT


def test_text_that_cannot_be_read_is_named_and_passed_over(assistant: Assistant, fetched: dict[str, Fetched]) -> None:
    path = fetched["act-681-2023"].path
    assert path is not None
    path.write_bytes(b"<akomaNtoso><act>")
    report = assistant.sync(["act-681-2023"])
    assert [f.status for f in report.files] == ["failed"]
    assert report.files[0].message.startswith("act-681-2023: ")
    fetched["act-681-2023"] = Fetched("act-681-2023", "failed", None, "act-681-2023: no answer. Try again later.")
    assert assistant.sync(["act-681-2023"]).failed[0].message == "act-681-2023: no answer. Try again later."


def test_source_without_official_text_is_refused(assistant: Assistant) -> None:
    with pytest.raises(SourceNotFound, match="names no official text for 'nothing'"):
        assistant.sync(["nothing"])


def test_without_the_corpus_there_is_nothing_to_download(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path, corpus="none", model="")
    with (
        Assistant.open(settings=settings, embedder=HashedWords()) as assistant,
        pytest.raises(AssistantError, match="KOTOAPURI_CORPUS=bundled"),
    ):
        assistant.sync()


def test_unknown_source_is_one_line_on_the_command_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sync", "nothing", "--workspace", str(tmp_path)])
    assert result.exit_code == 1
    assert "names no official text" in result.output
    assert "Traceback" not in result.output


LAW = Path(__file__).resolve().parents[2] / "shared" / "law"


@pytest.mark.model
@pytest.mark.skipif(not LAW.is_dir(), reason="the statutes of shared/law are not here")
def test_finnish_question_is_answered_from_the_amending_act(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path, corpus="none", model="")
    with Assistant.open(settings=settings) as opened:
        opened.add([LAW / "2023-0681-fi.md", LAW / "2024-1100-fi.md"], kind="law")
        answer = opened.ask("Missä kunnan suunnitelmissa kotoutuminen on otettava huomioon?", as_of="2026-11-22")
        assert [c for c in answer.citations if c.title.startswith("1100/2024") and c.pinpoint.startswith("45 §")]
        assert not [
            c
            for c in answer.citations
            if c.title.startswith("681/2023") and c.pinpoint.startswith("45 §") and c.currency is Currency.CURRENT
        ]
