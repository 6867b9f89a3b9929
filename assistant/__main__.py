"""The command line: each command makes one call into the package and prints what comes back."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.console import LANGUAGE_HELP, AsJson, Workspace, open_assistant, print_json, print_notes, progress, say
from assistant.copying_commands import add_copying_commands
from assistant.feedback_commands import add_feedback_commands
from assistant.plan_commands import add_plan_commands
from assistant.review_commands import add_review_commands
from assistant.shown import source_line, told_kind
from assistant.situation_commands import add_situation_commands

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.types import AddReport, Answer, Citation

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

app = typer.Typer(
    help="Cited, checked answers for those who write a Finnish municipality's integration plan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Date on which the law is taken, YYYY-MM-DD; today by default.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help=LANGUAGE_HELP)] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="Questions, one JSON object a line: id, question, as_of, language.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the answers of --batch go, one a line.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Answer a question, or a file of questions, with citations."""
    if (question is None) == (batch is None) or (batch is None) != (out is None):
        raise typer.BadParameter("Give one question, or --batch IN.jsonl with --out OUT.jsonl.")
    with open_assistant(workspace) as assistant:
        if batch is not None and out is not None:
            _ask_batch(assistant, batch, out, as_of, language)
            return
        answer = assistant.ask(question or "", as_of=as_of, language=language)
        if json_:
            print_json(answer)
        else:
            _print_answer(answer)


def _ask_batch(assistant: Assistant, batch: Path, out: Path, as_of: str | None, language: str | None) -> None:
    """Answer the good lines; a bad one is named, and an error stands in its place. The file appears whole or not."""
    from assistant.errors import AssistantError
    from assistant.question import read_question

    # A bad --as-of or --language is one problem, not one a line.
    read_question("Who?", as_of=as_of, language=language, max_chars=10)
    lines = _batch_lines(batch)
    target = Path(os.path.realpath(out))  # through a link, which stays one
    if target == Path(os.path.realpath(batch)) or (target.exists() and not target.is_file()):
        raise AssistantError(f"The answers cannot be written over {out}. Name another file with --out.")
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    bad = False
    try:
        # Half a surrogate pair in an id is no UTF-8, but as the escape that takes its place it is the same JSON.
        with half.open("w", encoding="utf-8", errors="backslashreplace") as file, progress(len(lines)) as advance:
            for number, line in lines:
                answer = _answer_line(assistant, line, as_of, language)
                if "error" in answer:
                    bad = True
                    say(f"{batch.name}, line {number}: {answer['error']}")
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")
                advance(f"line {number}")
        half.replace(target)
    except OSError as error:
        raise AssistantError(
            f"The answers cannot be written to {out} ({error.strerror}). Name another file with --out."
        ) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    if bad:
        raise typer.Exit(1)


def _batch_lines(batch: Path) -> list[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    from assistant.errors import AssistantError

    advice = "Give a file of JSON Lines in UTF-8."
    try:
        text = batch.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise AssistantError(f"The questions in {batch} cannot be read: it is no UTF-8. {advice}") from error
    except OSError as error:
        raise AssistantError(f"The questions in {batch} cannot be read ({error.strerror}). {advice}") from error
    # Not splitlines: JSON may hold U+2028 and its kin as they are.
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _answer_line(assistant: Assistant, line: str, as_of: str | None, language: str | None) -> dict[str, Any]:
    """The answer to one line of a batch with its id; what is wrong with it where there is none."""
    from assistant.errors import QuestionError
    from assistant.types import as_json

    row: Any = None
    with suppress(ValueError, RecursionError):
        row = json.loads(line)
    known = row.get("id") if isinstance(row, dict) else None
    known = known if isinstance(known, str | int) else None
    try:
        answer = assistant.ask(
            _checked(row)["question"], as_of=row.get("as_of") or as_of, language=row.get("language") or language
        )
    except QuestionError as error:
        return {"id": known, "error": str(error)}
    return {"id": known, **as_json(answer)}


def _checked(row: Any) -> dict[str, Any]:
    """The row of a batch if its fields are of the right types."""
    from assistant.errors import QuestionError

    if not isinstance(row, dict):
        raise QuestionError('Not a JSON object. Write it as {"id": "1", "question": "..."}.')
    if not isinstance(row.get("id"), str | int):
        raise QuestionError('No id. Give each question a text or a whole number: "id": "1".')
    if not isinstance(row.get("question"), str):
        raise QuestionError('No question. Write it as text: "question": "...".')
    for key in ("as_of", "language"):
        if not isinstance(row.get(key), str | None):
            raise QuestionError(f'"{key}" is no text. Put it in quotation marks, or leave it out.')
    return row


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files: .pdf .docx .html .md .txt or Akoma Ntoso .xml.")],
    kind: Annotated[str, typer.Option("--kind", help="law, guidance, programme (another municipality's) or own.")],
    municipality: Annotated[str | None, typer.Option("--municipality", help="Whose document it is.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title, for one file.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where the official text stands.")] = None,
    written: Annotated[
        str | None, typer.Option("--written", help="When it was written: YYYY-MM-DD, YYYY-MM or YYYY.")
    ] = None,
    law_basis: Annotated[str | None, typer.Option("--law-basis", help="681/2023 or 1386/2010.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Read, split and index documents."""
    with open_assistant(workspace) as assistant, progress(len(paths)) as advance:
        report = assistant.add(
            paths, kind=kind, municipality=municipality, title=title, url=url, written=written, law_basis=law_basis,
            progress=lambda done, total, what: advance(what, done),
        )  # fmt: skip
    _print_report(report, as_json=json_)


def _print_report(report: AddReport, *, as_json: bool) -> None:
    """What became of each file; ends with 1 where one failed."""
    if as_json:
        print_json(report)
    for file in report.files:
        for warning in file.warnings:
            say(warning.message)
        if file.status == "failed":
            print(file.message, file=sys.stderr)
        elif not as_json:
            note = f" ({file.message})" if file.message else ""
            print(f"{file.status}: {file.source_id}, {file.passages} passages, {file.title}{note}")
    if report.failed:
        raise typer.Exit(1)


@app.command()
def sources(json_: AsJson = False, workspace: Workspace = None) -> None:
    """List what is indexed."""
    with open_assistant(workspace) as assistant:
        found = assistant.sources()
    if json_:
        print_json(found)
        return
    for source in found:
        whose = f" of {source.municipality}" if source.municipality else ""
        digest = ", our digest" if source.digest else ""
        print(f"{source.source_id}\n    {source.kind.value}{whose}{digest}, {source.passages} passages: {source.title}")
    if not found:
        print("Nothing is indexed yet. Add documents with: python -m assistant add FILE --kind guidance")


@app.command()
def remove(
    source_id: Annotated[str, typer.Argument(help="As `sources` lists it.")], workspace: Workspace = None
) -> None:
    """Take a source out."""
    with open_assistant(workspace) as assistant:
        assistant.remove(source_id)
    print(f"removed: {source_id}")


@app.command()
def sync(
    source_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE_ID]...", help="All that have an official text by default.")
    ] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Download the official texts that the corpus manifest names, and index them."""
    with open_assistant(workspace) as assistant, progress(None) as advance:
        report = assistant.sync(
            source_ids or [], progress=lambda done, total, what: advance(f"{done} of {total}: {what}")
        )
    _print_report(report, as_json=json_)


@app.command()
def rebuild(workspace: Workspace = None) -> None:
    """Make the vector index anew, with the embedding model of the settings."""
    with open_assistant(workspace) as assistant, progress(None) as advance:
        assistant.rebuild(lambda done, total, what: advance(f"{done} of {total} {what}"))
    print("rebuilt")


def _print_answer(answer: Answer) -> None:
    if answer.abstained:
        print("Not found in the sources.")
        for warning in answer.warnings:
            print(warning.message)
    for statement in answer.statements:
        marks = "".join(f"[{n}]" for n in statement.citations)
        note = "  (not supported by its sources)" if statement.support.value == "unsupported" else ""
        print(f"{statement.text} {marks}{note}\n")
    if answer.citations:
        print("Sources")
    for citation in answer.citations:
        print(_citation_line(citation))
    if not answer.abstained:
        print_notes(answer.warnings)


def _citation_line(citation: Citation) -> str:
    facts = [
        citation.kind.value,
        citation.municipality,
        citation.written,
        f"Act {citation.law_basis}" if citation.law_basis else None,
    ]
    ours = "our own advice" if told_kind(citation) == "advice" else "our digest" if citation.digest else None
    known = ", ".join(fact for fact in [*facts, citation.currency.value, ours] if fact)
    link = f"\n    {citation.url}" if citation.url else ""
    return f"[{citation.id}] {source_line(citation.title, citation.pinpoint)} ({known}){link}"


add_plan_commands(app)
add_review_commands(app)
add_copying_commands(app)
add_situation_commands(app)
add_feedback_commands(app)


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    app()


if __name__ == "__main__":
    main()
