"""Writing a finished file: whole or not at all, with one line that says what to do where it cannot be.

The content is made in memory first, so what goes wrong while it is made never touches the folder.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from assistant.errors import AssistantError


def suffix_of(path: Path, allowed: tuple[str, ...], message: str) -> str:
    """The suffix of a file in small letters; `message` says which ones there are where it is another."""
    suffix = path.suffix.lower()
    if suffix not in allowed:
        raise AssistantError(message)
    return suffix


def check_writable(path: Path) -> None:
    """Say what is wrong with a place before the work of filling it is done."""
    name = _shown(path)
    try:
        folder = path.parent
        if path.is_dir():
            raise AssistantError(f"{name} is a folder. Name a file in it.")
        if folder.exists() and not folder.is_dir():
            raise AssistantError(f"{_shown(folder)} is a file and not a folder. Choose another folder.")
        if not folder.is_dir():
            raise AssistantError(f"The folder {_shown(folder)} does not exist. Make it first, or choose another one.")
        if path.exists():
            if not path.is_file():
                raise AssistantError(f"{name} is no ordinary file. Choose another name.")
            if not os.access(path, os.W_OK):
                raise AssistantError(f"{name} is write-protected. Take the protection off, or choose another name.")
            for lock in _lock_files(path):
                if lock.exists():
                    raise AssistantError(
                        f"{name} seems to be open in another program. Close it there, or choose another name "
                        f"(if it is open nowhere, delete {_shown(lock.name)} beside it)."
                    )
    except (OSError, ValueError) as error:
        raise AssistantError(_reason(path, error)) from error


def check_folder(path: Path) -> None:
    """Say what is wrong with a folder that files are to go into; it may not be there yet."""
    try:
        if path.suffix and not path.is_dir():
            raise AssistantError(f"{_shown(path)}: name a file that ends in .docx or .md, or a folder.")
        if path.exists() and not path.is_dir():
            raise AssistantError(f"{_shown(path)} is a file and not a folder. Choose another name.")
        if not path.exists() and not path.parent.is_dir():
            raise AssistantError(
                f"The folder {_shown(path.parent)} does not exist. Make it first, or choose another one."
            )
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise AssistantError(f"{_shown(path)} cannot be written to. Choose another folder.")
    except (OSError, ValueError) as error:
        raise AssistantError(_reason(path, error)) from error


def make_folder(path: Path) -> None:
    """Make a folder where there is none yet."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise AssistantError(_reason(path, error)) from error


def write_file(path: Path, content: bytes) -> None:
    """Replace a file; a kill at any moment leaves the old one or the new one, and nothing beside it but on a kill."""
    check_writable(path)
    try:
        target = Path(os.path.realpath(path))  # a link keeps pointing where it points
        part = target.with_name(f".kotoapuri-{secrets.token_hex(6)}.part")
        try:
            # 0o666 less the umask, as a file saved by any program; an older file keeps its own permissions.
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):
                part.chmod(target.stat().st_mode & 0o7777)
            _replace(part, target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise AssistantError(_reason(path, error)) from error
    with suppress(OSError):  # the new name is on disk as well; not every system lets a folder be synced
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _replace(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except PermissionError as error:  # Windows, where another program holds the file
        if not target.exists():
            raise
        raise AssistantError(
            f"{_shown(target)} cannot be replaced: it is open in another program, or protected. Close it there, or "
            "choose another name."
        ) from error


def _lock_files(path: Path) -> list[Path]:
    """The files that LibreOffice and Word keep beside an open document.

    Word leaves out the first letter of a name of seven letters, the first two of a longer one.
    """
    cut = min(2, max(0, len(path.stem) - 6))
    names = dict.fromkeys((f".~lock.{path.name}#", f"~${path.name}", f"~${path.name[cut:]}"))
    return [path.with_name(name) for name in names]


def _reason(path: Path, error: OSError | ValueError) -> str:
    name, folder = _shown(path), _shown(path.parent)
    if isinstance(error, ValueError):  # a null character in the name, or half a surrogate pair
        return f"{name} is no name that a file can have. Choose another one."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"{folder} cannot be written to. Choose another folder, or get the right to write there."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {folder} is full. Free some space, or choose another folder."
    if error.errno == errno.ENAMETOOLONG:
        return f"The file name {name[:60]}… is too long. Choose a shorter one."
    return f"{name} could not be written ({error.strerror or type(error).__name__}). Choose another place."


def _shown(path: Path | str) -> str:
    """A path as it can stand in a message of one line."""
    return "".join(c if c.isprintable() else "\ufffd" for c in str(path))
