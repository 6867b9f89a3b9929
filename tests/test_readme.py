"""The README names every command with its options, and every setting."""

from __future__ import annotations

import re

import pytest

from assistant.__main__ import app
from assistant.settings import PROJECT_ROOT, Settings

README = PROJECT_ROOT / "README.md"
COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands if command.callback)


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_there_are_commands_and_settings_to_name() -> None:
    assert {"add", "ask", "sources", "remove"} <= set(COMMANDS)
    assert {"workspace", "corpus", "model"} <= set(Settings.model_fields)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_in_the_readme(readme: str, command: str) -> None:
    # In an example, or at the head of a row of the table of commands.
    assert re.search(rf"(?:python -m assistant |kotoapuri |^\| *`){command}\b", readme, re.MULTILINE)


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_setting_is_in_the_readme(readme: str, setting: str) -> None:
    assert re.search(rf"\bKOTOAPURI_{setting.upper()}\b", readme)


def test_readme_names_no_setting_that_does_not_exist(readme: str) -> None:
    named = {name.lower() for name in re.findall(r"\bKOTOAPURI_([A-Z_]+)\b", readme)}
    assert named <= set(Settings.model_fields)
