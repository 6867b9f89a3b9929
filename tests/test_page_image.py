"""Pages of PDFs as pictures: what is marked, what is refused, what is kept of a file and for how long."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashedWords
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant import originals
from assistant.assistant import Assistant
from assistant.documents._page_image import draw_page, places_of
from assistant.errors import DocumentError, SourceNotFound, WorkspaceError
from assistant.settings import Settings
from assistant.store import Store

FIRST = "The municipality of Mallikylä draws up a plan for good relations between population groups."
SECOND = "Language cafés are held every week in the library of Mallikylä, and everybody is welcome."
MARKED = (253, 224, 71)


def pdf(path: Path, pages: tuple[tuple[str, ...], ...] = ((FIRST,), (SECOND,)), *, password: str = "") -> Path:
    canvas = Canvas(str(path), pagesize=A4, encrypt=password or None)
    for lines in pages:
        for n, line in enumerate(lines):
            canvas.drawString(60, 760 - 40 * n, line)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return pdf(tmp_path_factory.mktemp("pdf") / "plan.pdf").read_bytes()


def draw(content: bytes, page: int, quote: str, **settings: object) -> Image.Image:
    given = Settings(**settings)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(draw_page(content, page, quote=quote, name="plan.pdf", settings=given)))


def marked_rows(picture: Image.Image) -> int:
    """How many rows of pixels hold the marking's yellow."""
    width, height = picture.size
    pixels = picture.load()
    assert pixels is not None
    return sum(any(pixels[x, y] == MARKED for x in range(0, width, 2)) for y in range(height))


def test_quote_is_marked_on_its_page_and_on_no_other(plan: bytes) -> None:
    picture = draw(plan, 2, SECOND)
    assert picture.format == "PNG"
    assert picture.width == 1_100
    assert 10 < marked_rows(picture) < 40  # one line
    assert marked_rows(draw(plan, 1, SECOND)) == 0
    assert marked_rows(draw(plan, 2, "")) == 0


@pytest.mark.parametrize(
    ("quote", "letters", "found"),
    [
        ("draws up a plan", "drawsupaplan", [(0, 12)]),
        ("Työ-\nryhmä kokoontuu", "lapsetjatyoryhmakokoontuu", [(8, 25)]),  # a hyphen at a line's end, accents apart
        ("integration", "integrationandmoreintegrationofall", []),  # short and in two places: which is meant?
        ("the integration programme", "theintegrationprogrammexxtheintegrationprogramme", [(0, 23), (25, 48)]),
        ("12 | 34", "1234x1234", []),
        ("not there at all, whatever one does", "somethingelseentirelystandshere", []),
        ("", "anything", []),
        ("... !", "anything", []),
    ],
)
def test_quote_is_found_whatever_reading_changed(quote: str, letters: str, found: list[tuple[int, int]]) -> None:
    assert places_of(quote, letters) == found


def test_part_of_a_quote_that_goes_on_overleaf_is_marked() -> None:
    quote = (
        "The working group meets every other month and follows how the measures of the plan go forward in the villages."
    )
    page = "theworkinggroupmeetseveryothermonthandfollowshowthemeasures" + "7"  # and the page's number
    places = places_of(quote, page)
    assert places
    assert "".join(page[start:end] for start, end in places) == page[: places[-1][1]]


@pytest.mark.parametrize("page", [0, 3, 999_999])
def test_page_that_is_not_there_is_refused_in_one_line(plan: bytes, page: int) -> None:
    with pytest.raises(DocumentError, match=rf"plan\.pdf has no page {page}\. Its text can still be read\."):
        draw(plan, page, "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\x00" * 5_000, b"%PDF-1.4\n" + b"<<" * 100_000])
def test_what_is_no_pdf_cannot_be_drawn(content: bytes) -> None:
    with pytest.raises(DocumentError, match="cannot be drawn"):
        draw(content, 1, "")


def test_drawing_stops_at_the_limits(plan: bytes) -> None:
    with pytest.raises(DocumentError, match=r"takes longer than 0\.01 s"):
        draw(plan, 1, "", parse_timeout_s=0.01)
    with pytest.raises(DocumentError, match="cannot be drawn"):
        draw(plan, 1, "", parse_memory_mb=20)


def test_page_of_absurd_size_is_drawn_small(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "poster.pdf"), pagesize=(14_000, 200))
    canvas.drawString(20, 100, FIRST)
    canvas.save()
    assert draw((tmp_path / "poster.pdf").read_bytes(), 1, FIRST).size[0] <= 1_100


# In a workspace.


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(workspace=tmp_path / "workspace", corpus="none", model="", embedding_model="default")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        yield opened


def kept(assistant: Assistant) -> list[str]:
    folder = assistant.workspace / "originals"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_pdf_is_kept_shown_and_goes_with_its_source(assistant: Assistant, tmp_path: Path) -> None:
    path = pdf(tmp_path / "plan.pdf")
    assistant.add([path], kind="own", municipality="Mallikylä")
    (source,) = assistant.sources()
    assert source.original
    assert len(kept(assistant)) == 1
    path.unlink()
    passage = next(p for p in assistant.passages("plan") if p.page == 2)
    picture = Image.open(io.BytesIO(assistant.page_picture("plan", 2, passage.text)))
    assert marked_rows(picture) > 10
    assistant.remove("plan")
    assert kept(assistant) == []
    with pytest.raises(SourceNotFound):
        assistant.page_picture("plan", 2)


def test_one_file_of_two_sources_stays_until_both_are_gone(assistant: Assistant, tmp_path: Path) -> None:
    path = pdf(tmp_path / "plan.pdf")
    assistant.add([path], kind="own", municipality="Mallikylä")
    assistant.add([path], kind="guidance")
    assert len(kept(assistant)) == 1
    assistant.remove("plan")
    assert len(kept(assistant)) == 1
    assistant.page_picture("plan-2", 1)


@pytest.mark.parametrize("name", ["memo.md", "masked.pdf"])
def test_nothing_is_kept_of_other_files_or_where_personal_data_was_masked(
    name: str, assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name.endswith(".md"):
        path.write_text(f"# Memo\n\n{FIRST}\n", encoding="utf-8")
    else:
        pdf(path, ((FIRST, "The client's identity code is 010190-900P in the register of the municipality."),))
    report = assistant.add([path], kind="own")
    assert not report.failed
    assert kept(assistant) == []
    with pytest.raises(DocumentError, match="no PDF is kept of it"):
        assistant.page_picture(path.stem, 1)


def test_file_that_went_from_the_workspace_is_told_and_the_text_stays(assistant: Assistant, tmp_path: Path) -> None:
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="own")
    (assistant.workspace / "originals" / kept(assistant)[0]).unlink()
    with pytest.raises(DocumentError, match="missing from the workspace"):
        assistant.page_picture("plan", 1)
    assert assistant.passages("plan")


def test_what_a_killed_run_left_is_swept_by_the_next(assistant: Assistant, tmp_path: Path) -> None:
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="own")
    folder = assistant.workspace / "originals"
    for name in (f".{'0' * 64}.77.part", f"{'0' * 64}.pdf"):  # killed while writing it, or before the store named it
        (folder / name).write_bytes(b"%PDF-")
    assistant.add([pdf(tmp_path / "other.pdf", ((SECOND,),))], kind="own")
    assert len(kept(assistant)) == 2
    assert all(len(name) == 68 for name in kept(assistant))


def test_full_disk_adds_nothing_and_says_so(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WorkspaceError, match=r"could not be kept .*No space left.*try again"):
        assistant.add([pdf(tmp_path / "plan.pdf")], kind="own")
    monkeypatch.undo()
    assert assistant.sources() == []
    assert kept(assistant) == []
    assert not assistant.add([pdf(tmp_path / "plan.pdf")], kind="own").failed


def test_picture_is_drawn_once_for_the_same_quote(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def counted(content: bytes, page: int, *, quote: str, name: str, settings: Settings) -> bytes:
        drawn.append(page)
        return b"picture"

    monkeypatch.setattr(originals, "draw_page", counted)
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="own")
    assert [assistant.page_picture("plan", page) for page in (1, 1, 2, 1)] == [b"picture"] * 4
    assert drawn == [1, 2]


def test_workspace_from_before_files_were_kept_opens_as_it_is(assistant: Assistant, tmp_path: Path) -> None:
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="own")
    connection = assistant._store._connection
    connection.execute("DROP TABLE originals")
    connection.execute("PRAGMA user_version = 4")
    assistant.close()
    store = Store(assistant.workspace / "kotoapuri.sqlite")
    assert [source.original for source in store.sources()] == [False]
    assert store.originals() == set()
    store.close()


# Correcting what is known of a document.


def test_details_are_corrected_and_its_text_and_index_stay(assistant: Assistant, tmp_path: Path) -> None:
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="guidance", law_basis="1386/2010", written="2015")
    before = assistant.passages("plan")
    vectors = assistant._index._open().count()
    corrected = assistant.describe(
        "plan", title="  Plan for   Mallikylä ", kind="programme", municipality="Mallikylä", written="2026-01",
        law_basis="681/2023",
    )  # fmt: skip
    (listed,) = assistant.sources()
    assert corrected == listed
    assert (listed.title, listed.kind, listed.municipality) == ("Plan for Mallikylä", "programme", "Mallikylä")
    assert (listed.written, listed.law_basis, listed.original) == ("2026-01", "681/2023", True)
    assert assistant.passages("plan") == before
    assert assistant._index._open().count() == vectors
    assert assistant.add([tmp_path / "plan.pdf"], kind="programme", municipality="Mallikylä").files[0].status == (
        "unchanged"
    )
    assert assistant.add([tmp_path / "plan.pdf"], kind="guidance").files[0].status == "added"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "The title is empty"),
        ({"kind": "novel"}, "kind 'novel' is not known"),
        ({"kind": "programme"}, "needs the municipality"),
        ({"written": "yesterday"}, "Write it as YYYY"),
        ({"law_basis": "1/1999"}, "law basis '1/1999' is not known"),
    ],
)
def test_correction_that_makes_no_sense_changes_nothing(
    changes: dict[str, str], words: str, assistant: Assistant, tmp_path: Path
) -> None:
    assistant.add([pdf(tmp_path / "plan.pdf")], kind="guidance")
    before = assistant.sources()
    with pytest.raises(Exception, match=words):
        assistant.describe("plan", **{"title": "Plan", "kind": "guidance"} | changes)
    assert assistant.sources() == before


def test_correction_that_would_make_two_of_one_is_refused(assistant: Assistant, tmp_path: Path) -> None:
    path = pdf(tmp_path / "plan.pdf")
    assistant.add([path], kind="guidance")
    assistant.add([path], kind="own")
    with pytest.raises(Exception, match="same content is there already as plan "):
        assistant.describe("plan-2", title="Plan", kind="guidance")
    with pytest.raises(SourceNotFound):
        assistant.describe("plan-3", title="Plan", kind="guidance")
