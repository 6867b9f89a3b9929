"""Every placeholder of a prompt is supplied, and nothing else is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import prompts
from assistant.prompts import PromptError, fill_prompt


@pytest.fixture(autouse=True)
def greeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "greeting.md").write_text('Hello {name} of {town}: {"json": 1}', encoding="utf-8")
    monkeypatch.setattr(prompts, "PROJECT_ROOT", tmp_path)


def test_placeholders_are_filled_and_braces_of_values_stay() -> None:
    assert fill_prompt("greeting", name="{town}", town="Mallikylä") == 'Hello {town} of Mallikylä: {"json": 1}'


@pytest.mark.parametrize("values", [{"name": "x"}, {"name": "x", "town": "y", "extra": "z"}, {}])
def test_missing_or_surplus_value_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match=r"greeting\.md wants \['name', 'town'\]"):
        fill_prompt("greeting", **values)


def test_missing_prompt_is_named() -> None:
    with pytest.raises(PromptError, match=r"farewell\.md cannot be read"):
        fill_prompt("farewell")
