"""Personal identity codes and account numbers: found, told of, and masked wherever a document or a question goes.

The people are made up: codes of 900 to 999 are given to nobody for good. The account number is the banks' own example.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from fakes import HashedWords
from langchain_core.runnables import RunnableLambda
from reportlab.pdfgen.canvas import Canvas
from test_documents import check_invariants
from typer.testing import CliRunner

from assistant import Assistant, corpus
from assistant.__main__ import app
from assistant.documents import read_document
from assistant.langchain_retriever import KotoapuriRetriever
from assistant.personal_data import find_personal_data, mask_document, mask_text
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import Answer, Turn, WarningCode, as_json
from assistant.writing import chat_model
from assistant.writing.chat_model import ModelAnswer

CODE = "010190-900P"
MASKED = "██████-████"
ACCOUNT = "FI21 1234 5600 0007 85"

# What is masked, and what is not.


@pytest.mark.parametrize(
    "code",
    [
        CODE,
        "010190-900p",
        "010190+905V",
        "150385X912E",
        "150385Y912E",
        "311299W9551",
        "290296V999A",
        "010170U901K",
        "010101A907Y",
        "010101a907y",
        "290204B930B",  # 2004 was a leap year
        "120524C9011",
        "120524D9022",
        "120524E9033",
        "311223F9497",
        "010190\u2011900P",  # non-breaking hyphen
        "010190–900P",
        "010190\u2212900P",  # minus
        "010190\xad900P",  # soft hyphen
        "010190- 900P",
        "010190 -900P",
        "010190 – 900P",
        "010190-\n900P",  # at the end of a line
        "010190\xa0900P",  # the sign was lost
        "010190900P",
        "FI2112345600000785",
        ACCOUNT,
        "fi21-1234-5600-0007-85",
    ],
)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("Henkilötunnus ", "."), ("(", ")"), ("hetu:", ", tilinro")])
def test_code_is_masked_and_nothing_else(code: str, before: str, after: str) -> None:
    text = f"{before}{code}{after}"
    assert find_personal_data(text) == [(len(before), len(before) + len(code))]
    masked = mask_text(text)
    assert len(masked) == len(text)
    assert masked.startswith(before)
    assert masked.endswith(after)
    assert not any(c.isalnum() for c in masked[len(before) : len(before) + len(code)])


@pytest.mark.parametrize(
    "text",
    [
        "010190-900R",  # another control character
        "010190-901P",  # another number
        "310490-900F",  # 31 April
        "290200-911P",  # 1900 was no leap year
        "010190-000N",  # given to nobody
        "010190-001P",
        "1010190-900P",  # part of a longer number
        "311299W95512",
        "0101909090",  # would be right, but so is a telephone number
        "010190 9090",
        "010190-",
        "010190-, 150385-",
        "1.1.1990–31.12.2026, 2026-01-01",
        "Act 681/2023, KH/123/2024, TEM/2024/123456-9",
        "1234567-8",  # business id
        "040 123 4567, +358 40 1234567, 09 310 1691",
        "matti.esimerkki@esimerkkila.example",
        "12345678",  # a client number of the Immigration Service: not told from others
        "FI22 1234 5600 0007 85",
        "FI21 1234 5600 0007 8",
        "EFI2112345600000785",
        "FI 12345678",  # VAT number
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert find_personal_data(text) == []
    assert mask_text(text) == text


def test_every_code_of_a_text_is_masked() -> None:
    text = f"{CODE}{CODE} {ACCOUNT}\n010190-900R 150385X912E, {ACCOUNT} {CODE}"
    assert len(find_personal_data(text)) == 6
    masked = mask_text(text)
    assert [c for c in masked if c.isalnum()] == list("010190900R")
    assert mask_text(masked) == masked


def test_nothing_in_the_bundled_corpus_is_taken_for_personal_data() -> None:
    assert [source.source_id for source, document in corpus.bundled_documents() if mask_document(document).masked] == []


# Every format.

HEADING = f"Päätös {CODE}"
SENTENCE = f"Matti Esimerkki, henkilötunnus {CODE}, saa palvelun kunnalta. 150385X912E saa myös palvelun."
ITEM = f"tili {ACCOUNT}"
XML = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act>
<preface><p><docTitle>{}</docTitle></p></preface>
<body><section><num>1 §</num><subsection><content><p>{}</p></content></subsection>
<subsection><content><p>{}</p></content></subsection></section></body></act></akomaNtoso>"""


def _docx() -> bytes:
    document = docx.Document()
    document.core_properties.title = HEADING
    document.add_heading(HEADING, 0)
    paragraph = document.add_paragraph("Matti Esimerkki, henkilötunnus 010190")
    paragraph.add_run("-900").bold = True
    paragraph.add_run("P, saa palvelun kunnalta. 150385X912E saa myös palvelun.")
    document.add_paragraph(ITEM, style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setTitle(HEADING)
    canvas.setFont("Helvetica", 18)
    canvas.drawString(60, 780, HEADING)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 740, "Matti Esimerkki asuu Esimerkkilän kunnassa, ja hänellä on henkilötunnus 010190-")
    canvas.drawString(60, 728, "900P, joten hän saa palvelun kunnalta. 150385X912E saa myös palvelun.")
    canvas.showPage()
    canvas.drawString(60, 780, "Esimerkkilän kunta hyväksyy suunnitelman joka vuosi.")
    canvas.showPage()
    canvas.drawString(60, 780, f"Maksut kirjataan tilille {ACCOUNT}.")
    canvas.save()
    return buffer.getvalue()


FILES: dict[str, bytes] = {
    "päätös.txt": f"{HEADING}\n\n{SENTENCE}\n\n- {ITEM}\n".encode(),
    "päätös.md": f"# {HEADING}\n\n{SENTENCE}\n\n- {ITEM}\n".encode(),
    "päätös.html": (
        f"<html><head><title>{HEADING}</title></head><body><h1>{HEADING}</h1>"
        f"<p>{SENTENCE.replace('0-9', '0&shy;<b>9')}</b></p><ul><li>{ITEM}</li></ul></body></html>"
    ).encode(),
    "päätös.xml": XML.format(HEADING, SENTENCE, ITEM).encode(),
    "päätös.docx": _docx(),
    "päätös.pdf": _pdf(),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_masked_as_it_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    document = read_document(path, settings=Settings())
    check_invariants(document)
    assert len(document.masked) == 4
    assert all(document.text[at] == "█" for at in document.masked)
    assert document.title == f"Päätös {MASKED}"
    for part in ("010190", "900P", "150385", "912E", "1234 5600"):
        assert part not in document.text
    assert "saa palvelun kunnalta. ███████████ saa myös" in document.text
    assert [document.page_of(at) for at in document.masked] == ([1, 1, 1, 3] if name.endswith("pdf") else [None] * 4)


def test_masked_code_may_begin_a_sentence(tmp_path: Path) -> None:
    with Assistant.open(settings=Settings(workspace=tmp_path, corpus="none"), embedder=HashedWords()) as assistant:
        path = tmp_path / "a.txt"
        path.write_text(f"Kunta laatii suunnitelman. {CODE} saa palvelun.", encoding="utf-8")
        assert assistant.add([path], kind="own").files[0].passages == 2


# From adding to the answer.

GUIDE = f"""\
# Guide {CODE}

The municipal council approves the integration plan every fourth year, as asked for by {CODE}.

## Group of {CODE}

The cooperation group of {CODE} includes:

- the school
- the parish of 150385X912E
"""
QUESTION = "Who approves the integration plan?"
DIGITS = ("010190", "900P", "150385", "912E")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(workspace=tmp_path / "workspace", corpus="none", model="")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        yield opened


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / f"guide {CODE}.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


def clean(record: object) -> bool:
    """Whether a record holds no part of a code, in any form."""
    text = json.dumps(as_json(record), ensure_ascii=False)
    return not any(part in text for part in DIGITS)


def told(answer: Answer) -> list[str]:
    return [w.message for w in answer.warnings if w.code is WarningCode.PERSONAL_DATA]


def test_document_is_added_and_the_codes_in_it_are_told_of(assistant: Assistant, guide: Path) -> None:
    said: list[str] = []
    report = assistant.add([guide], kind="guidance", progress=lambda done, total, what: said.append(what))
    (added,) = report.files
    (warning,) = added.warnings
    assert (added.status, added.source_id, warning.code) == ("added", "guide", WarningCode.PERSONAL_DATA)
    assert warning.message.startswith(
        f"guide {MASKED}.md: 5 personal identity codes or account numbers found and masked."
    )
    assert clean([added.title, added.message, added.warnings, said, assistant.sources()])
    (again,) = assistant.add([guide], kind="guidance").files
    assert (again.status, again.warnings) == ("unchanged", added.warnings)


def test_pages_are_named(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "päätös.pdf"
    path.write_bytes(FILES[path.name])
    (added,) = assistant.add([path], kind="own").files
    assert "päätös.pdf: 4 personal identity codes or account numbers found (pages 1, 3)" in added.warnings[0].message


def test_document_without_codes_calls_for_no_warning(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(GUIDE.replace(CODE, "010190-900R").replace("150385X912E", "1234567-8"), encoding="utf-8")
    assert assistant.add([path], kind="own").files[0].warnings == ()
    assert assistant.sources()[0].personal_data == 0
    assert told(assistant.ask(QUESTION)) == []


def test_bad_file_is_named_without_the_code(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / f"{CODE}.md"
    path.write_text("")
    (failed,) = assistant.add([path], kind="own").files
    assert failed.status == "failed"
    assert clean([failed.title, failed.message])


def test_answer_is_masked_and_names_the_source(assistant: Assistant, guide: Path) -> None:
    assistant.add([guide], kind="guidance", title=f"Guide of {CODE}")
    for question in (QUESTION, "Who are the members of the cooperation group?"):
        answer = assistant.ask(question)
        assert not answer.abstained
        assert clean(answer)
        (warning,) = told(answer)
        assert f"“Guide of {MASKED}”" in warning
        (document,) = [assistant._store.text(s.source_id) for s in assistant.sources()]
        for citation in answer.citations:
            assert citation.quote == collapse(document[citation.start : citation.end])
            assert clean(assistant.surroundings(citation))
        assert MASKED in json.dumps(as_json(answer), ensure_ascii=False)


def test_nothing_in_the_workspace_holds_a_code(assistant: Assistant, guide: Path) -> None:
    assistant.add([guide], kind="guidance")
    assistant.ask(f"{QUESTION} {CODE} asks.")
    found = assistant._retriever.retrieve(assistant.retrieve(QUESTION).question, k=20, bundled=False)
    assert clean([hit.passage for hit in found.hits])
    assert clean([d.page_content for d in KotoapuriRetriever(assistant=assistant).invoke(QUESTION)])
    assistant.close()
    for path in assistant.workspace.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert CODE.encode() not in content, path
        assert b"150385" not in content, path


@pytest.mark.parametrize("question", [f"{QUESTION} It concerns {CODE}.", f"What does the ferry for {CODE} cost?"])
def test_code_in_the_question_is_masked_and_told_of(assistant: Assistant, guide: Path, question: str) -> None:
    guide.write_text("# Guide\n\nThe municipal council approves the integration plan.\n", encoding="utf-8")
    assistant.add([guide], kind="guidance")
    answer = assistant.ask(question)
    assert answer.abstained == ("ferry" in question)
    assert answer.question == question.replace(CODE, MASKED)
    assert clean(answer)
    assert len(told(answer)) == 1
    assert "The question held" in told(answer)[0]


def test_mask_changes_no_answer(assistant: Assistant, guide: Path) -> None:
    assistant.add([guide], kind="guidance")
    plain, masked = assistant.ask(QUESTION), assistant.ask(f"{QUESTION[:-1]} ({CODE})?")
    assert plain.statements == masked.statements


class Model:
    """Remembers what it was sent, and repeats the first passage."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def with_structured_output(self, schema: type, *, method: str) -> RunnableLambda[str, object]:
        def ask(prompt: str) -> object:
            self.prompts.append(prompt)
            quote = next(line for line in prompt.splitlines() if line.startswith("The municipal council"))
            number = prompt[: prompt.index(quote)].rpartition("[")[2].partition("]")[0]
            return ModelAnswer.model_validate(
                {"statements": [{"text": quote, "quotes": [{"passage": int(number), "quote": quote}]}]}
            )

        return RunnableLambda(ask)


def test_no_code_reaches_a_chat_model_or_a_log(
    assistant: Assistant, guide: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model = Model()
    monkeypatch.setattr(chat_model, "chat_model", lambda settings: model)
    caplog.set_level(logging.DEBUG, logger="assistant")
    assistant.settings = assistant.settings.model_copy(update={"model": "remote:one"})
    assistant.add([guide], kind="guidance", title=f"Guide of {CODE}")
    first = assistant.ask(QUESTION)
    answer = assistant.ask(
        f"Does it approve the integration plan for {CODE} too?", conversation=[Turn(f"{QUESTION} {CODE}", first)]
    )
    assert answer.writer == "remote:one"
    assert MASKED in answer.citations[0].quote
    assert MASKED in answer.question
    assert len(told(answer)) == 2
    assert len(model.prompts) == 2
    assert MASKED in model.prompts[1]
    assert clean([model.prompts, answer])
    model.prompts.clear()
    monkeypatch.setattr(Model, "with_structured_output", lambda *_, **__: RunnableLambda(lambda prompt: 1 / 0))
    assert assistant.ask(f"{QUESTION} {CODE}").writer == "extractive"
    assert caplog.records
    assert clean([record.getMessage() for record in caplog.records])


# The command line.


def test_command_line_tells_of_codes_and_shows_none(
    tmp_path: Path, guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTOAPURI_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KOTOAPURI_CORPUS", "none")
    monkeypatch.setattr("assistant.assistant.SentenceTransformerEmbedder", lambda settings: HashedWords())

    def run(*arguments: Any) -> tuple[str, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == 0
        return result.stdout, result.stderr

    out, err = run("add", guide, "--kind", "own")
    assert clean([out, err])
    (line,) = err.splitlines()
    assert line.startswith(f"guide {MASKED}.md: 5 personal identity codes or account numbers")
    out, err = run("add", guide, "--kind", "guidance", "--json")
    assert json.loads(out)["files"][0]["warnings"][0]["code"] == "personal-data"
    assert len(err.splitlines()) == 1
    for option in ([], ["--json"]):
        out, err = run("ask", f"{QUESTION} ({CODE})", *option)
        assert clean([out, err])
        assert MASKED in out
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": f"{QUESTION} ({CODE})"}), encoding="utf-8")
    run("ask", "--batch", questions, "--out", answers)
    assert "personal-data" in answers.read_text(encoding="utf-8")
    assert clean([answers.read_text(encoding="utf-8"), *run("sources")])
