"""Records for other tools: one JSON object a line, in the column names that ragas and deepeval read.

Neither is a dependency: most of their measures ask a model to judge, and a gate on such a judge would not be one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.suite.judging import Judged

FORMATS = ("ragas", "deepeval")
_COLUMNS = {
    "ragas": ("user_input", "retrieved_contexts", "response", "reference"),
    "deepeval": ("input", "retrieval_context", "actual_output", "expected_output"),
}


def write_records(path: Path, judged: Sequence[Judged], format: str) -> None:
    """Write what was asked, found, answered and expected. What is expected are our patterns and the reason in words."""
    question, contexts, answer, expected = _COLUMNS[format]
    lines = [
        json.dumps(
            {
                question: j.case.question, contexts: list(j.response.contexts), answer: j.response.text,
                expected: "; ".join([j.case.why, *(n.pattern.pattern for n in j.case.nuggets)]),
            },
            ensure_ascii=False,
        )
        for j in judged
    ]  # fmt: skip
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
