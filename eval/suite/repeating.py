"""Whether the same question gives the same bytes: asked again, in another order, by a process with other hash seeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT, Settings
from assistant.types import as_json
from eval.suite.measures import Figure, share

SEEDS = (1,)  # beside this process, whose seed is drawn anew each time
_ASKED = 40  # questions, evenly over the cases

Question = tuple[str, str | None]  # and the day


def chosen(questions: Sequence[Question]) -> list[Question]:
    """Some of the questions, evenly."""
    return list(questions)[:: max(1, len(questions) // _ASKED)][:_ASKED]


def answers(assistant: Assistant, questions: Sequence[Question]) -> list[str]:
    """Whole answers, as text to compare; of a question that is refused, why."""
    return [_answer(assistant, text, day) for text, day in questions]


def _answer(assistant: Assistant, text: str, day: str | None) -> str:
    try:
        return repr(as_json(assistant.ask(text, as_of=day)))
    except AssistantError as refusal:
        return str(refusal)


def answers_elsewhere(questions: Sequence[Question], seed: int) -> list[str]:
    """The same from a new process and workspace, the last question first.

    Raises:
        AssistantError: The process failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "eval.suite.repeating"], cwd=PROJECT_ROOT, text=True, capture_output=True,
        input=json.dumps(list(reversed(questions))), env={**os.environ, "PYTHONHASHSEED": str(seed)},
    )  # fmt: skip
    if done.returncode:
        raise AssistantError(f"The process with hash seed {seed} failed: {done.stderr.strip()[-300:]}")
    return list(reversed(json.loads(done.stdout)))


def measure_repeating(first: Sequence[str], others: Sequence[Sequence[str]]) -> list[Figure]:
    """Answers that are the same in every run."""
    same = sum(all(other[n] == one for other in others) for n, one in enumerate(first))
    return [share("answers the same in every run", same, len(first))]


def main() -> None:
    """Questions on standard input, answers on standard output."""
    questions: list[Question] = [(text, day) for text, day in json.load(sys.stdin)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(workspace=folder, settings=Settings(corpus="bundled", model="")) as assistant,
    ):
        print(json.dumps(answers(assistant, questions)))


if __name__ == "__main__":
    main()
