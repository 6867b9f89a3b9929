"""The words of a workspace's documents: kept, made again, forgotten; and whose text a checked text is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashedWords
from test_copying import OURS, THEIRS

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.types import WarningCode

TEXT = f"{OURS}\n\n{THEIRS}\n\nWe end here."


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """With the programme of Naapurila, without the corpus."""
    (tmp_path / "naapurila.txt").write_text(f"Integration Programme of Naapurila\n\n{THEIRS}\n", encoding="utf-8")
    settings = Settings(workspace=tmp_path / "workspace", corpus="none")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        opened.add([tmp_path / "naapurila.txt"], kind="programme", municipality="Naapurila")
        yield opened


def add(assistant: Assistant, name: str, text: str, kind: str, municipality: str | None = None) -> str:
    path = assistant.workspace.parent / name
    path.write_text(text, encoding="utf-8")
    (file,) = assistant.add([path], kind=kind, municipality=municipality).files
    assert file.source_id, file.message
    return file.source_id


def kept(assistant: Assistant) -> list[Path]:
    return sorted((assistant.workspace / "words").iterdir())


def test_adding_a_document_keeps_its_words_and_removing_it_forgets_them(assistant: Assistant) -> None:
    assert [p.suffix for p in kept(assistant)] == [".npz"]
    added = add(assistant, "keksila.txt", f"Programme of Keksilä\n\n{OURS}", "programme", "Keksilä")
    assert len(kept(assistant)) == 2
    assistant.remove(added)
    add(assistant, "satumaa.txt", "Programme of Satumaa\n\nThe ferry is painted in spring.", "programme", "Satumaa")
    assert len(kept(assistant)) == 2


@pytest.mark.parametrize("content", [b"", b"no numpy file", b"PK\x03\x04 damaged"])
def test_damaged_words_are_made_again(assistant: Assistant, content: bytes) -> None:
    (path,) = kept(assistant)
    path.write_bytes(content)
    assert assistant.check_copying(TEXT).matches
    assert path.stat().st_size > 1_000


def test_words_that_are_gone_are_made_again(assistant: Assistant) -> None:
    (path,) = kept(assistant)
    path.unlink()
    assert assistant.check_copying(TEXT).matches
    assert path.exists()


def test_match_names_programme_and_place(assistant: Assistant) -> None:
    (match,) = assistant.check_copying(TEXT).matches
    assert (match.source_id, match.municipality) == ("naapurila", "Naapurila")
    assert match.title == "Integration Programme of Naapurila"
    assert match.pinpoint


def test_programme_added_later_is_compared_with(assistant: Assistant) -> None:
    before = assistant.check_copying(OURS)
    add(assistant, "keksila.txt", f"Programme of Keksilä\n\n{OURS}", "programme", "Keksilä")
    after = assistant.check_copying(OURS)
    assert (len(before.matches), len(after.matches)) == (0, 1)
    assert after.compared_with == 2


def test_own_earlier_programme_is_no_copying_and_that_of_others_is(assistant: Assistant) -> None:
    add(assistant, "our-plan.txt", f"Integration plan of Esimerkkilä 2021\n\n{THEIRS}", "own", "Esimerkkilä")
    found = assistant.check_copying(TEXT)
    assert (found.matches, [m.excuse for m in found.shared_with_law_or_guidance]) == ((), ["own"])


def test_own_memo_that_copied_does_not_excuse_a_plan(assistant: Assistant) -> None:
    add(assistant, "memo.txt", f"Memo of a meeting\n\n{THEIRS}", "own", "Esimerkkilä")
    assert assistant.check_copying(TEXT).matches


def test_guidance_of_the_workspace_is_common(assistant: Assistant) -> None:
    add(assistant, "page.txt", f"Guidance\n\n{THEIRS}", "guidance")
    found = assistant.check_copying(TEXT)
    assert (found.matches, [m.excuse for m in found.shared_with_law_or_guidance]) == ((), ["common"])


def test_programme_of_the_municipality_itself_is_its_own(assistant: Assistant) -> None:
    assert assistant.check_copying(TEXT, municipality="Naapurila").compared_with == 0


def test_of_several_municipalities_the_one_that_the_text_names_is_meant(assistant: Assistant) -> None:
    add(assistant, "a.txt", f"Plan of Mallikylä\n\n{THEIRS}", "own", "Mallikylä")
    add(assistant, "b.txt", "Plan of Esimerkkilä\n\nThe ferry is painted in spring.", "own", "Esimerkkilä")
    assert assistant.check_copying(TEXT).matches
    assert not assistant.check_copying(TEXT.replace("Esimerkkilä", "Mallikylä")).matches


def test_unknown_municipality_is_told(assistant: Assistant) -> None:
    add(assistant, "a.txt", "Plan of Mallikylä\n\nThe ferry is painted in spring.", "own", "Mallikylä")
    with pytest.raises(AssistantError, match="Mallikylä"):
        assistant.check_copying(TEXT, municipality="Toisaala")


def test_without_programmes_the_check_says_that_nothing_was_compared(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "workspace", corpus="none")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        found = opened.check_copying(TEXT)
    assert (found.share, found.compared_with) == (0.0, 0)
    (warning,) = found.warnings
    assert warning.code is WarningCode.NOT_ESTABLISHED
    assert "nothing was compared" in warning.message
