"""The evaluation suite: what a municipality's data officer runs before trusting the assistant.

    python -m eval [--cases DIR] [--half dev|test|all] [--pages DIR] [--model NAME] [--json FILE] [--html FILE]

Without options it runs the test half of the cases that ship with the project, needs no model and no network, and takes
minutes. Exit codes: 0 every gate of eval/suite/gates.toml held; 1 one fell, or a problem with what was given, said in
one line; 2 wrong usage. The test half is for judging: whoever changes the assistant looks at failures of the other one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# Before torch is imported: questions and what runs beside them have a core each.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite and say how it went; returns the exit code."""
    options = _parser().parse_args(arguments)
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from assistant.errors import AssistantError
    from eval.suite import cases, records, report, running

    try:
        loaded = cases.load_folder(options.cases) if options.cases else cases.load_shipped(options.half)
        pages = cases.load_pages(options.half, options.pages) if options.pages else None
        with Progress(console=Console(stderr=True), transient=True) as progress:
            shown: dict[str, TaskID] = {}

            def say(what: str, done: int, total: int) -> None:
                task = shown.get(what)
                if task is None:
                    task = shown[what] = progress.add_task(what, total=total)
                progress.update(task, completed=done, total=total)

            result = running.run(
                loaded, half=options.half, own=options.cases is not None, parts=options.parts, model=options.model,
                pages=pages, page_files=sorted(options.pages.glob("*.txt")) if options.pages else (), say=say,
            )  # fmt: skip
        if options.json:
            report.write_json(options.json, result)
        if options.html:
            report.write_html(options.html, result)
        if options.records:
            records.write_records(options.records, result.ours, options.records_for)
    except (AssistantError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    report.print_result(Console(), result)
    return int(result.has_fallen)


def _parser() -> argparse.ArgumentParser:
    from eval.suite.cases import HALVES
    from eval.suite.records import FORMATS
    from eval.suite.running import PARTS

    parser = argparse.ArgumentParser(prog="python -m eval", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=Path, metavar="DIR", help="a folder of your own cases, .jsonl, instead of ours")
    parser.add_argument("--half", choices=HALVES, default="test", help="of our cases; test by default")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="the five guidance pages as .txt: asks on them, too")
    parser.add_argument("--model", default="", metavar="NAME", help="a chat model, as KOTOAPURI_MODEL, beside ours")
    parser.add_argument(
        "--parts", nargs="*", choices=PARTS, default=PARTS, help="what to do beside asking questions; all by default"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything, answer by answer")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report with plots and every failure")
    parser.add_argument("--records", type=Path, metavar="FILE", help="write what was asked, found and answered")
    parser.add_argument("--records-for", choices=FORMATS, default="ragas", help="whose column names --records has")
    return parser


if __name__ == "__main__":
    sys.exit(main())
