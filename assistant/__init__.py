"""Kotoapuri: cited, checked answers for those who write a Finnish municipality's integration plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["Assistant"]


def __getattr__(name: str) -> object:
    # `from assistant import Assistant` without the cost of it for `python -m assistant --help`.
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
