"""What a user may rely on when a process is killed, two write at once, a file is damaged or the disk is full."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import crash_child
import numpy as np
import pytest
from crash_child import QUESTION, open_workspace, page
from fakes import HashedWords
from filelock import FileLock
from typer.testing import CliRunner

from assistant.__main__ import app
from assistant.assistant import Assistant
from assistant.errors import IndexStale, WorkspaceBusy, WorkspaceError
from assistant.index import embedded_text, text_hash, token_text
from assistant.text import stems
from assistant.types import Passage

ROOT = Path(__file__).resolve().parent.parent
# Forked from a process that has the imports done: a child starts in milliseconds, with no model and no Chroma open.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["pytest", "chromadb", "assistant.assistant", "assistant.documents", "markdown_it"])

SIZES = {"alku": 9, "harju": 25, "kanava": 70, "lahti": 130, "niitty": 14}  # some below and some above one batch


class OtherModel(HashedWords):
    """Another embedding model."""

    @property
    def fingerprint(self) -> str:
        """Not that of HashedWords."""
        return "other-model"


def start(target: Callable[..., None], *arguments: object) -> tuple[Any, Connection]:
    receive, send = _processes.Pipe(duplex=False)
    child = _processes.Process(target=target, args=(*arguments, send), daemon=True)
    child.start()
    send.close()
    return child, receive


def write_pages(folder: Path, sizes: dict[str, int] = SIZES) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, n in sizes.items():
        (folder / f"{name}.md").write_text(page(name, n), encoding="utf-8")
    return [folder / f"{name}.md" for name in sizes]


def ids_by_full_text(assistant: Assistant, passage: Passage) -> set[str]:
    terms = sorted(set(stems(passage.text, "en")))
    return {found for found, _ in assistant._store.search(terms, "en", k=10_000, weights=(1.0, 0.5))}


def cosines_by_vectors(assistant: Assistant, passage: Passage) -> dict[str, float]:
    vectors = HashedWords().embed_queries([embedded_text(passage)])
    return dict(assistant._index.search(vectors, k=10_000)[0])


def check_whole(assistant: Assistant, expected: dict[str, list[Passage]]) -> None:
    """Every source has these passages and no other, each found by full text and by its own vector."""
    for source_id, passages in expected.items():
        assert assistant._store.passages(source_id) == passages
        assert assistant._store.source(source_id).passages == len(passages)
        for passage in passages[:: max(1, len(passages) // 5)]:
            assert passage.id in ids_by_full_text(assistant, passage)
            if assistant._store.count() < 1_000:  # above, Chroma's graph may miss one in a thousand
                assert cosines_by_vectors(assistant, passage)[passage.id] == pytest.approx(1, abs=1e-4)
        found = assistant._index._open().get(ids=[p.id for p in passages], include=["embeddings"])
        place = {passage_id: n for n, passage_id in enumerate(found["ids"])}
        vectors = np.asarray(found["embeddings"])[[place[p.id] for p in passages]]
        wanted = assistant._embedder.embed_queries([embedded_text(p) for p in passages])
        np.testing.assert_allclose(vectors, wanted, atol=1e-5)
        hashes = {text_hash(token_text(p)) for p in passages}
        assert assistant._store.has_vectors(assistant._index.token_code.fingerprint, sorted(hashes)) == hashes


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Passage]]:
    """The passages of each page after an `add` that nobody disturbed."""
    folder = tmp_path_factory.mktemp("clean")
    with open_workspace(folder / "workspace") as assistant:
        report = assistant.add(write_pages(folder / "pages"), kind="guidance")
        assert not report.failed
        return {source.source_id: assistant._store.passages(source.source_id) for source in assistant.sources()}


def cli(workspace: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command, in this process."""
    environment = {"KOTOAPURI_CORPUS": "none", "KOTOAPURI_WORKSPACE": str(workspace)}
    result = CliRunner().invoke(app, [str(a) for a in arguments], env=environment, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def assert_one_line(message: str) -> None:
    assert message.strip()
    assert len(message.strip().splitlines()) == 1
    assert "Traceback" not in message


# Killed.

KILLS = 0  # of all workspaces, and what had been acknowledged by then: printed with -s
ACKNOWLEDGED = 0


@pytest.mark.parametrize("seed", range(6))
def test_kill_loses_nothing_acknowledged_and_leaves_nothing_half(
    seed: int, tmp_path: Path, clean: dict[str, list[Passage]]
) -> None:
    global KILLS, ACKNOWLEDGED
    draw = random.Random(seed)
    paths = write_pages(tmp_path / "pages")
    workspace = tmp_path / "workspace"
    there: set[str] = set()
    for _ in range(5):
        child, told = start(crash_child.add_and_remove_for_ever, workspace, paths, draw.random(), seed % 2 == 1)
        messages = [told.recv() for _ in range(draw.randrange(1, 9))]  # "ready" is the first
        time.sleep(draw.uniform(0, 0.08))
        child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        messages += _what_is_left(told)
        under_way: set[str] = set()
        for what, names in messages:
            under_way = set(names) if what in ("adding", "removing") else set()
            if what == "added":
                there |= set(names)
                ACKNOWLEDGED += len(names)
            elif what == "removed":
                there -= set(names)
                ACKNOWLEDGED += 1
        KILLS += 1
        with open_workspace(workspace) as assistant:
            found = {source.source_id for source in assistant.sources()}  # resumes
            assert there - under_way <= found <= there | under_way
            check_whole(assistant, {source_id: clean[source_id] for source_id in found})
            again = assistant.add([p for p in paths if p.stem in found] or paths[:1], kind="guidance")
            found = found or {paths[0].stem}
            assert {file.source_id for file in again.files} == found
            assert {source.source_id for source in assistant.sources()} == found
            expected = {p.id for source_id in found for p in clean[source_id]}
            assert set(assistant._index._open().get(include=[])["ids"]) == expected
        there = found
    print(f"\n{KILLS} kills, {ACKNOWLEDGED} changes acknowledged, none lost")


def _what_is_left(told: Connection) -> list[tuple[str, tuple[str, ...]]]:
    messages = []
    while told.poll():
        try:
            messages.append(told.recv())
        except EOFError:
            break
    return messages


def run_cli(workspace: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *map(str, arguments), "--workspace", str(workspace)]
    return subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=120)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KOTOAPURI_")}
    return kept | {"KOTOAPURI_CORPUS": "none", "HF_HUB_OFFLINE": "1"}


@pytest.mark.model
def test_killed_command_can_be_repeated_and_another_model_is_refused_until_rebuild(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages", {"joki": 40, "ranta": 200, "saari": 60})
    workspace = tmp_path / "workspace"
    kept = 0
    for wait_s in (0.0, 0.1):
        command = [sys.executable, "-m", "assistant", "add", *map(str, paths), "--kind", "guidance"]
        child = subprocess.Popen([*command, "--workspace", str(workspace)], cwd=ROOT, env=_environment())
        while child.poll() is None and _rows(workspace, "vectors") == kept:  # until it is in the middle of embedding
            time.sleep(0.05)
        time.sleep(wait_s)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        kept = _rows(workspace, "vectors")
        assert 0 < kept < 600  # vectors and token vectors of 300 passages
    done = run_cli(workspace, "add", *paths, "--kind", "guidance", "--json")
    assert done.returncode == 0, done.stderr
    assert {file["status"] for file in json.loads(done.stdout)["files"]} <= {"added", "unchanged"}
    listed = json.loads(run_cli(workspace, "sources", "--json").stdout)
    assert [source["source_id"] for source in listed] == ["joki", "ranta", "saari"]

    with sqlite3.connect(workspace / "kotoapuri.sqlite") as database:
        database.execute("UPDATE meta SET value = 'another model' WHERE key = 'embedding'")
    database.close()
    refused = run_cli(workspace, "ask", QUESTION)
    assert refused.returncode == 1
    assert_one_line(refused.stderr)
    assert "python -m assistant rebuild" in refused.stderr
    assert run_cli(workspace, "rebuild").returncode == 0
    answer = json.loads(run_cli(workspace, "ask", QUESTION, "--json").stdout)
    assert answer["citations"]


def _rows(workspace: Path, table: str) -> int:
    try:
        database = sqlite3.connect(f"file:{workspace / 'kotoapuri.sqlite'}?mode=ro", uri=True)
        try:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        finally:
            database.close()
    except sqlite3.Error:
        return 0  # not made yet


# Two at once.


def test_second_writer_is_refused_in_one_line_while_readers_answer(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages")
    workspace = tmp_path / "workspace"
    with open_workspace(workspace) as assistant:
        assistant.add(paths[:1], kind="guidance")
    child, told = start(crash_child.add_when_told, workspace, paths[3], tmp_path / "go")
    assert told.recv() == "adding"
    with open_workspace(workspace) as assistant:
        while not _is_locked(workspace):
            time.sleep(0.01)
        with pytest.raises(WorkspaceBusy) as refused:
            assistant.add(paths[1:2], kind="guidance")
        assert_one_line(str(refused.value))
        with pytest.raises(WorkspaceBusy):
            assistant.remove("alku")
        assert assistant.ask(QUESTION).citations
        assert [source.source_id for source in assistant.sources()] == ["alku"]
        with open_workspace(workspace) as another:
            assert another.ask(QUESTION).citations
        (tmp_path / "go").touch()
        assert told.recv() == "added"
        child.join()
        # What the other process has added is there without opening anew, by full text and by vectors.
        assert [source.source_id for source in assistant.sources()] == ["alku", "lahti"]
        check_whole(assistant, {"lahti": assistant._store.passages("lahti")})
        assert not assistant.add(paths[1:2], kind="guidance").failed


def _is_locked(workspace: Path) -> bool:
    lock = FileLock(workspace / "writing.lock")
    try:
        lock.acquire(timeout=0)
    except TimeoutError:
        return True
    lock.release()
    return False


def test_command_that_would_write_beside_another_ends_with_one_line_and_code_1(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages")
    with open_workspace(tmp_path / "workspace") as assistant:
        assistant.add(paths[:1], kind="guidance")
    with FileLock(tmp_path / "workspace" / "writing.lock"):
        for command in (["add", paths[1], "--kind", "guidance"], ["remove", "alku"], ["rebuild"]):
            code, out, error = cli(tmp_path / "workspace", *command)
            assert (code, out) == (1, "")
            assert_one_line(error)
            assert "Another process is writing" in error
        assert cli(tmp_path / "workspace", "sources")[0] == 0


# Damaged.


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with more passages than Chroma keeps in its database alone, so that all its files are there."""
    folder = tmp_path_factory.mktemp("large")
    with open_workspace(folder / "workspace") as assistant:
        assistant.add(write_pages(folder / "pages", {"meri": 2_400, "alku": 9}), kind="guidance")
    assert {path.name for path in (folder / "workspace" / "chroma").glob("*/*")} >= {
        "data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin",
    }  # fmt: skip
    return folder / "workspace"


def _delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _randomise(path: Path) -> None:
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            file.write_bytes(random.Random(0).randbytes(file.stat().st_size))


def _become_a_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_bytes(b"not a folder")


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("chroma", _delete),
        ("chroma", _randomise),
        ("chroma", _become_a_file),
        ("chroma/chroma.sqlite3", _delete),
        ("chroma/chroma.sqlite3", _halve),
        ("chroma/chroma.sqlite3", _randomise),
        ("chroma/*-*", _delete),
        ("chroma/*/data_level0.bin", _randomise),  # Chroma alone ends with a segmentation fault
        ("chroma/*/data_level0.bin", _halve),
        ("chroma/*/header.bin", _randomise),
        ("chroma/*/index_metadata.pickle", _delete),  # Chroma alone finds one passage and says nothing
        ("chroma/*/index_metadata.pickle", _randomise),
        ("chroma/*/link_lists.bin", _randomise),
    ],
)
def test_damaged_vector_index_is_answered_without_and_healed_by_the_next_write(
    pattern: str, damage: Callable[[Path], None], large: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(large, workspace)
    (target,) = workspace.glob(pattern)
    damage(target)
    with open_workspace(workspace) as assistant:
        assert assistant.ask(QUESTION).citations
    with open_workspace(workspace) as assistant:
        new = tmp_path / "uusi.md"
        new.write_text(page("uusi", 5), encoding="utf-8")
        assert not assistant.add([new], kind="guidance").failed
        whole = {s.source_id: assistant._store.passages(s.source_id) for s in assistant.sources()}
        assert list(whole) == ["meri", "alku", "uusi"]
        check_whole(assistant, whole)
        assert assistant.ask(QUESTION).citations


def test_copied_workspace_answers_though_its_files_have_other_times(large: Path, tmp_path: Path) -> None:
    shutil.copytree(large, tmp_path / "copy", copy_function=shutil.copyfile)
    with open_workspace(tmp_path / "copy") as assistant:
        passage = assistant._store.passages("meri")[7]
        assert cosines_by_vectors(assistant, passage)[passage.id] == pytest.approx(1, abs=1e-4)


def test_removal_that_was_cut_short_is_healed_when_the_workspace_is_next_used(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages")
    with open_workspace(tmp_path / "workspace") as assistant:
        assistant.add(paths, kind="guidance")
        assistant._store.remove("lahti")
        assistant._store.put("vector_files", "")  # as it stands while Chroma deletes
    with open_workspace(tmp_path / "workspace") as assistant:
        assert "lahti" not in {source.source_id for source in assistant.sources()}
        check_whole(assistant, {"alku": assistant._store.passages("alku")})
        found = cosines_by_vectors(assistant, assistant._store.passages("alku")[0])
        assert not [passage_id for passage_id in found if passage_id.startswith("lahti:")]


def test_index_from_other_embedding_model_is_refused_until_rebuilt(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages")
    with open_workspace(tmp_path / "workspace") as assistant:
        assistant.add(paths[:3], kind="guidance")
    with open_workspace(tmp_path / "workspace", OtherModel()) as assistant:
        for refused in (lambda: assistant.ask(QUESTION), lambda: assistant.add(paths[3:], kind="guidance")):
            with pytest.raises(IndexStale, match=r"python -m assistant rebuild$") as error:
                refused()
            assert_one_line(str(error.value))
        assert len(assistant.sources()) == 3
        assistant.rebuild()
        assert assistant.ask(QUESTION).citations
        check_whole(assistant, {s.source_id: assistant._store.passages(s.source_id) for s in assistant.sources()})
    with open_workspace(tmp_path / "workspace") as assistant, pytest.raises(IndexStale):
        assistant.ask(QUESTION)


def test_rebuild_that_was_killed_resumes_with_the_new_model(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages")
    with open_workspace(tmp_path / "workspace") as assistant:
        assistant.add(paths, kind="guidance")

    class Stops(OtherModel):
        def embed_passages(self, texts: object) -> Any:
            raise KeyboardInterrupt

    with open_workspace(tmp_path / "workspace", Stops()) as assistant, pytest.raises(KeyboardInterrupt):
        assistant.rebuild()
    with open_workspace(tmp_path / "workspace", OtherModel()) as assistant:
        check_whole(assistant, {s.source_id: assistant._store.passages(s.source_id) for s in assistant.sources()})
        assert assistant.ask(QUESTION).citations


@pytest.mark.parametrize("command", [["sources"], ["ask", QUESTION], ["remove", "alku"], ["rebuild"]])
def test_database_of_random_bytes_is_one_line_and_code_1(command: list[str], tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "kotoapuri.sqlite").write_bytes(random.Random(1).randbytes(20_000))
    with pytest.raises(WorkspaceError):
        open_workspace(workspace)
    code, out, error = cli(workspace, *command)
    assert (code, out) == (1, "")
    assert_one_line(error)
    assert "--workspace" in error


@pytest.mark.parametrize("begin", [0.05, 0.2, 0.5, 0.8])
def test_database_damaged_in_the_middle_never_shows_a_traceback(begin: float, large: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(large, workspace)
    file = workspace / "kotoapuri.sqlite"
    with file.open("r+b") as database:
        database.seek(int(file.stat().st_size * begin))
        database.write(random.Random(2).randbytes(file.stat().st_size // 6))
    for command in (["sources"], ["remove", "meri"]):
        code, _, error = cli(workspace, *command)
        if code != 0:
            assert_one_line(error)
    try:
        with open_workspace(workspace) as assistant:
            assistant.ask(QUESTION)
            assistant.add(write_pages(tmp_path / "pages"), kind="guidance")
    except WorkspaceError as error_:
        assert_one_line(str(error_))


def test_workspace_of_another_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as assistant:
        assistant._store._connection.execute("PRAGMA user_version = 99")
    code, _, error = cli(tmp_path, "sources")
    assert code == 1
    assert_one_line(error)
    assert "another version of Kotoapuri" in error


# No room, no permission.


def test_folder_without_permission_is_one_line() -> None:
    import tempfile  # pytest's own folders can be entered by their owner alone

    folder = Path(tempfile.mkdtemp(prefix="kotoapuri-"))
    try:
        paths = write_pages(folder / "pages")
        with open_workspace(folder / "workspace") as assistant:
            assistant.add(paths[:1], kind="guidance")
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        child, told = start(crash_child.try_without_permission, folder / "workspace", paths[1])
        answer = told.recv()
        child.join()
        assert answer.startswith("WorkspaceError: The workspace")
        assert_one_line(answer)
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(folder)


def test_full_database_changes_nothing_and_says_so(tmp_path: Path) -> None:
    paths = write_pages(tmp_path / "pages", SIZES | {"meri": 2_000})
    with open_workspace(tmp_path / "workspace") as assistant:
        assistant.add(paths[:2], kind="guidance")
        before = assistant.sources()
        connection = assistant._store._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        limit = connection.execute("PRAGMA max_page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        with pytest.raises(WorkspaceError, match="free space") as full:
            assistant.add(paths[5:], kind="guidance")
        assert_one_line(str(full.value))
        assert assistant.sources() == before
        assert assistant.ask(QUESTION).citations
        connection.execute(f"PRAGMA max_page_count = {limit}")
        assert not assistant.add(paths[5:], kind="guidance").failed
        assert [source.source_id for source in assistant.sources()] == ["alku", "harju", "meri"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("mount") or os.geteuid() != 0:
        pytest.skip("a small disk needs mount and root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_full_disk_is_one_line_and_what_was_there_stays(small_disk: Path, tmp_path: Path) -> None:
    sizes = {f"sivu{n}": 200 for n in range(12)}
    paths = write_pages(tmp_path / "pages", sizes)
    workspace = small_disk / "workspace"
    acknowledged: list[str | None] = []
    with open_workspace(workspace) as assistant:

        def add_until_full() -> None:
            for path in paths:
                acknowledged.extend(file.source_id for file in assistant.add([path], kind="guidance").files)

        with pytest.raises(WorkspaceError) as full:
            add_until_full()
    assert_one_line(str(full.value))
    assert acknowledged
    with open_workspace(workspace) as assistant:  # still full
        assert {source.source_id for source in assistant._store.sources()} >= set(acknowledged)
        for source in assistant._store.sources():
            assert len(assistant._store.passages(source.source_id)) == source.passages
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    with open_workspace(workspace) as assistant:
        assert assistant.ask(QUESTION).citations
        assert not assistant.add(paths, kind="guidance").failed
        assert {source.source_id for source in assistant.sources()} == set(sizes)
        check_whole(assistant, {s.source_id: assistant._store.passages(s.source_id) for s in assistant.sources()})
