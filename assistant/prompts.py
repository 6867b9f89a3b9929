"""Fills the prompts of prompts/: one Markdown file each, with {placeholders}."""

from __future__ import annotations

import re

from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT


class PromptError(AssistantError):
    """A prompt is missing, or its placeholders and what was supplied differ."""


def fill_prompt(name: str, /, **values: str) -> str:
    """The text of prompts/NAME.md with its placeholders filled; each must be supplied, and no other."""
    path = PROJECT_ROOT / "prompts" / f"{name}.md"
    try:
        template = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"The prompt {path.name} cannot be read ({error}). Install Kotoapuri again.") from error
    wanted = set(re.findall(r"\{([a-z_]+)\}", template))
    if wanted != set(values):
        raise PromptError(f"The prompt {path.name} wants {sorted(wanted)} and was given {sorted(values)}.")
    return re.sub(r"\{([a-z_]+)\}", lambda m: values[m.group(1)], template)
