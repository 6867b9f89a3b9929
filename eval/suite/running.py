"""One run of the suite: questions in this process, everything else beside it in a second one.

Two cores are enough for both. When the questions are done, this process takes over what the other has not begun.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from eval.suite import baselines, gates, measures, others, planted, ranking, repeating
from eval.suite.answering import OURS, PASSAGES, Asked, Asker, Cited, Corpus, Response, Said
from eval.suite.cases import Case, Loaded, Unusable
from eval.suite.judging import Judged, judge
from eval.suite.measures import Difference, Figure

ON_PAGES = f"{OURS}, pages"
PARTS = ("baselines", "planted", "copying", "checklists", "determinism")
Say = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(slots=True)
class Result:
    """Everything that a run found."""

    half: str
    day: str
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)  # cases by file
    invalid: list[Unusable] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    figures: dict[str, list[Figure]] = field(default_factory=dict)  # by writer; those of no writer with the first
    categories: dict[str, Figure] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    curve: list[tuple[float, float]] = field(default_factory=list)  # share answered, share of wrong ones among those
    judged: dict[str, list[Judged]] = field(default_factory=dict)  # by writer
    gates: list[gates.Passed] = field(default_factory=list)

    @property
    def ours(self) -> list[Judged]:
        """The answers of the assistant without a model."""
        return self.judged.get(OURS, [])

    @property
    def failures(self) -> list[Judged]:
        """Answers with a fault."""
        return [j for j in self.ours if not j.has_passed]

    @property
    def has_fallen(self) -> bool:
        """Whether any gate fell, or there was nothing to judge."""
        return any(passed.has_fallen for passed in self.gates) or not self.ours


def run(
    loaded: Loaded,
    *,
    half: str,
    own: bool = False,
    parts: Sequence[str] = PARTS,
    model: str = "",
    pages: Loaded | None = None,
    page_files: Sequence[Path] = (),
    say: Say = lambda what, done, total: None,
) -> Result:
    """Run the suite.

    Args:
        loaded: The cases.
        half: Of the shipped cases: chooses floors, and the halves of what has cases of its own.
        own: The cases are somebody's own.
        parts: Of PARTS; questions are always asked.
        model: A chat model as in KOTOAPURI_MODEL, that writes beside the extractive writer.
        pages: Questions on guidance pages.
        page_files: Those pages.
        say: Told of progress.
    """
    began = time.perf_counter()
    result = Result(half, date.today().isoformat(), versions=_versions(), missing=list(loaded.missing))
    result.invalid = [*loaded.invalid, *(pages.invalid if pages else ())]
    with tempfile.TemporaryDirectory(prefix="kotoapuri-eval-") as folder:
        asked, extra = _run(Path(folder), loaded.cases, half, parts, model, result, say)
        if pages:
            asked += _on_pages(Path(folder), pages.cases, page_files, result, say)
    conclude(result, asked, extra, own=own, skipped=set(parts) != set(PARTS))
    result.seconds = time.perf_counter() - began
    return result


def conclude(
    result: Result, asked: Sequence[Asked], extra: Sequence[Figure], *, own: bool = False, skipped: bool = False
) -> None:
    """From answers to figures, comparisons and gates.

    Args:
        result: Gets them.
        asked: Cases with their answers.
        extra: Figures of the parts that are no questions.
        own: The cases are somebody's own.
        skipped: Parts were left out on purpose.
    """
    for one in asked:
        for response in one.responses:
            result.judged.setdefault(response.writer, []).append(judge(one, response))
    result.counts = _counts(j.case.file for j in result.ours)
    for writer, judged in result.judged.items():
        result.figures[writer] = measures.measure(judged)
    result.figures.setdefault(OURS, [])
    searched = [one for one in asked if one.responses[0].writer == OURS]
    result.figures[OURS] += [*ranking.measure_ranking(searched), *extra, *measures.latency(result.ours)]
    result.categories = measures.by_category(result.ours)
    rivals = [judged for writer, judged in result.judged.items() if writer != OURS]
    result.differences = [difference for rival in rivals for difference in measures.compare(result.ours, rival)]
    result.curve = measures.risk_coverage(result.ours)
    result.gates = gates.pass_gates(gates.load_gates(result.half), result.figures[OURS], own=own, skipped=skipped)


def ask_all(
    assistant: Assistant, cases: Sequence[Case], folder: Path, result: Result, say: Say, *, writer: str = OURS
) -> list[Asked]:
    """Put all cases to one assistant; one whose document cannot be read is invalid."""
    asker = Asker(assistant, folder, writer=writer)
    asked = []
    for n, case in enumerate(cases):
        say(f"questions, {writer}", n, len(cases))
        try:
            asked.append(asker.ask(case, baseline=writer == OURS))
        except AssistantError as error:
            result.invalid.append(Unusable(case.id, case.file, str(error)))
    say(f"questions, {writer}", len(cases), len(cases))
    return asked


def _run(
    folder: Path, cases: Sequence[Case], half: str, parts: Sequence[str], model: str, result: Result, say: Say
) -> tuple[list[Asked], list[Figure]]:
    plain = [(case.question, case.as_of) for case in cases if len(case.turns) == 1 and not case.documents]
    repeated = repeating.chosen(plain) if "determinism" in parts else []
    with (
        Assistant.open(workspace=folder / "workspace", settings=Settings(corpus="bundled", model="")) as assistant,
        _beside() as beside,
    ):
        texts = {s.source_id: assistant._store.text(s.source_id) for s in assistant.sources()}
        tasks: dict[str, tuple[Future[Any], Callable[[], Any]]] = {}
        wanted: dict[str, Callable[[], Any]] = {}
        if "baselines" in parts:
            wanted["tutorial"] = partial(baselines.retrieve_chunks, texts, cases)
        if repeated:
            wanted |= {
                f"hash seed {seed}": partial(repeating.answers_elsewhere, repeated, seed) for seed in repeating.SEEDS
            }
        if "checklists" in parts:
            wanted["checklists"] = partial(others.measure_checklists, half)
        if "copying" in parts:
            wanted["copying"] = partial(others.measure_copying, half)
        for name, work in wanted.items():
            tasks[name] = beside.submit(work), work
        first = repeating.answers(assistant, repeated)
        asked = ask_all(assistant, cases, folder, result, say)
        corpus = Corpus(assistant)
        extra: list[Figure] = []
        if "planted" in parts:
            say("planted errors", 0, 1)
            extra += planted.measure_planted(planted.try_planted(assistant))
            say("planted errors", 1, 1)
        again = [repeating.answers(assistant, repeated)]
        done = dict(_finished(tasks, say))
    if repeated:
        runs = [*again, *(done[f"hash seed {seed}"] for seed in repeating.SEEDS)]
        extra += repeating.measure_repeating(first, runs)
    extra += [*done.get("copying", ()), *done.get("checklists", ())]
    if "baselines" in parts:
        asked = [_with_tutorial(one, done["tutorial"], corpus) for one in asked]
    else:
        asked = [_without(one, PASSAGES) for one in asked]
    if model:
        settings = Settings(corpus="bundled", model=model)
        with Assistant.open(workspace=folder / "model", settings=settings) as assistant:
            asked += ask_all(assistant, cases, folder, result, say, writer=model)
    return asked, extra


@contextmanager
def _beside() -> Iterator[ProcessPoolExecutor]:
    """A second process that is made anew: threads of this one would not survive a fork."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _finished(tasks: Mapping[str, tuple[Future[Any], Callable[[], Any]]], say: Say) -> Iterator[tuple[str, Any]]:
    """Results of all tasks; what is not begun, the last first, is done here."""
    for n, (name, (future, work)) in enumerate(reversed(list(tasks.items()))):
        say(f"beside: {name}", n, len(tasks))
        yield name, work() if future.cancel() else future.result()
    say("beside", len(tasks), len(tasks))


def _with_tutorial(one: Asked, found: Mapping[tuple[str, str], baselines.Retrieved], corpus: Corpus) -> Asked:
    """The chunks of the tutorial's pipeline as an answer of its own."""
    retrieved = found[one.case.file, one.case.id]
    as_of = one.responses[0].as_of or one.case.as_of or date.today().isoformat()
    cited = tuple(
        Cited(
            chunk.source_id, corpus.sources[chunk.source_id].kind.value if chunk.source_id in corpus.sources else "own",
            "", chunk.text, True,
            corpus.holds(chunk.source_id, chunk.start, chunk.start + len(chunk.text), as_of),
        )
        for chunk in retrieved.chunks
    )  # fmt: skip
    said = tuple(Said(chunk.text, (n,)) for n, chunk in enumerate(retrieved.chunks))
    response = Response(
        baselines.TUTORIAL, said, cited, not said, as_of, (), retrieved.seconds,
        contexts=tuple(chunk.text for chunk in retrieved.chunks),
    )  # fmt: skip
    return _replaced(one, (*one.responses, response))


def _without(one: Asked, writer: str) -> Asked:
    return _replaced(one, tuple(r for r in one.responses if r.writer != writer))


def _replaced(one: Asked, responses: tuple[Response, ...]) -> Asked:
    return Asked(one.case, responses, one.rankings, one.attached, one.right, one.stages)


def _on_pages(folder: Path, cases: Sequence[Case], files: Sequence[Path], result: Result, say: Say) -> list[Asked]:
    """Questions on guidance pages, answered from them alone."""
    settings = Settings(corpus="none", model="")
    with Assistant.open(workspace=folder / "pages", settings=settings) as assistant:
        assistant.add(list(files), kind="guidance")
        return ask_all(assistant, cases, folder, result, say, writer=ON_PAGES)


def _counts(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("kotoapuri", "ir-measures", "langchain-chroma", "sentence-transformers")}
