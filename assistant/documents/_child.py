"""PDF and DOCX are parsed in a process of their own: a file that eats time or memory ends that process and no more.

`python -m assistant.documents._child FORMAT NAME MEMORY_MB CPU_S MAX_CHARS` takes the file on standard input and writes
JSON.
The limits on memory and processor time need the `resource` module (not on Windows); the wall clock holds everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import DocumentError
from assistant.types import Block, BlockKind, Document, as_json

if TYPE_CHECKING:
    from assistant.settings import Settings

_IMPORT_ROOT = str(Path(__file__).resolve().parents[2])


def parse_in_child(found: str, content: bytes, name: str, settings: Settings) -> Document:
    """Parse a PDF or DOCX within the limits of the settings."""
    seconds = settings.parse_timeout_s
    limits = [str(settings.parse_memory_mb), str(max(1, round(seconds)) + 1)]
    arguments = [found, name, *limits, str(settings.max_text_chars)]
    too_long = f"{name}: takes longer than {seconds:g} s to read. Split it, or raise KOTOAPURI_PARSE_TIMEOUT_S."
    try:
        done = run_child("assistant.documents._child", arguments, content, seconds)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(too_long) from error
    except OSError as error:
        raise DocumentError(f"{name}: no process could be started to read it ({error.strerror}). Try again.") from error
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        if -done.returncode in (9, 24):  # SIGKILL and SIGXCPU: what the limit on processor time sends
            raise DocumentError(too_long) from error
        raise DocumentError(f"{name}: the file brought the reader down. Open it and save it again as a PDF.") from error
    if "error" in result:
        raise DocumentError(result["error"])
    blocks = tuple(Block(BlockKind(b["kind"]), b["start"], b["end"], b["level"]) for b in result["blocks"])
    return Document(result["title"], result["text"], blocks, result["language"], tuple(result["page_starts"]))


def run_child(
    module: str, arguments: Sequence[str], given: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run a module of ours on standard input, wherever it is started; raises what `subprocess.run` raises."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=seconds,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([_IMPORT_ROOT, os.environ.get("PYTHONPATH", "")])},
    )


def main(arguments: Sequence[str]) -> None:
    """Read standard input under limits; write the document or the error as JSON."""
    found, name, memory_mb, cpu_s, max_chars = arguments
    limit_process(int(memory_mb), int(cpu_s))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not end up in the JSON
    too_much = {
        "error": f"{name}: needs more memory than {memory_mb} MB to read. Split it, or raise KOTOAPURI_PARSE_MEMORY_MB."
    }
    result: Any
    try:
        content = sys.stdin.buffer.read()
        if found == "PDF":
            from assistant.documents._pdf import read_pdf as read
        else:
            from assistant.documents._docx import read_docx as read
        document = read(content, name)
        if len(document.text) > int(max_chars):
            raise DocumentError(
                f"{name}: more than {int(max_chars):,} characters of text. Split it, or raise KOTOAPURI_MAX_TEXT_CHARS."
            )
        result = as_json(document)
    except DocumentError as error:
        result = {"error": str(error)}
    except MemoryError:
        result = too_much
    json.dump(result, out)
    out.flush()


def limit_process(memory_mb: int, cpu_s: int) -> None:
    """Hold this process to so much address space and processor time."""
    try:
        import resource
    except ImportError:  # Windows: the wall clock of the parent remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS refuses limits on the address space
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024,) * 2)


if __name__ == "__main__":
    main(sys.argv[1:])
