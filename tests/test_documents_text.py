"""Structure out of plain text, Markdown, web pages and statutes in XML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_documents import DATA, check_invariants, outline, read_bytes

from assistant.documents import read_document
from assistant.settings import Settings
from assistant.types import BlockKind, Document

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = SHARED / "seeds"
LAW = SHARED / "law"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five official pages are not beside the repository")
needs_law = pytest.mark.skipif(not LAW.is_dir(), reason="the statutes are not beside the repository")


def read_lines(tmp_path: Path, *lines: str, name: str = "plan.txt") -> list[tuple[str, int, str]]:
    document = read_bytes("\n".join(lines).encode(), tmp_path, name)
    check_invariants(document)
    return outline(document)


def headings(document: Document) -> list[tuple[int, str]]:
    return [(level, text) for kind, level, text in outline(document) if kind == "heading"]


def test_finnish_text_keeps_its_structure() -> None:
    document = read_document(DATA / "esimerkkilan-suunnitelma.txt", settings=Settings())
    assert document.title == "Esimerkkilän kotoutumisen edistämisen suunnitelma"
    assert document.language == "fi"
    assert [(kind, level, text.split(".")[0][:28]) for kind, level, text in outline(document)] == [
        ("boilerplate", 1, "Siirry sisältöön"),
        ("heading", 1, "Esimerkkilän kotoutumisen ed"),
        ("paragraph", 1, "Esimerkkilä suunnittelee kot"),
        ("heading", 2, "1"),
        ("item", 1, "Koordinaattori kutsuu työryh"),
        ("item", 1, "Työryhmä selvittää:"),
        ("item", 2, "asukkaiden kielet"),
        ("item", 2, "palvelujen saavutettavuuden"),
        ("item", 1, "Kirjaamo säilyttää pöytäkirj"),
        ("paragraph", 1, "HUOM! Työryhmään voi kuulua "),
        ("heading", 2, "2"),
        ("paragraph", 1, "Asukkaat kertovat kokemuksis"),
        ("paragraph", 1, "Suunnitelmassa kuvataan"),
        ("item", 1, "tavoitteet,"),
        ("item", 1, "toimenpiteet ja"),
        ("item", 1, "seuranta"),
        ("paragraph", 1, "sekä niistä vastaavat toimie"),
        ("paragraph", 1, "Milloin suunnitelma päivitet"),
        ("boilerplate", 1, "Lue lisää:"),
        ("boilerplate", 1, "Esimerkkilän palvelut"),
        ("boilerplate", 1, "Kotoutumisen sanasto (avautu"),
    ]


def test_hard_wrapped_lines_are_one_paragraph(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path,
        "The integration plan of Mallikylä",
        "",
        "Mallikylä drew up this plan together with its neighbours, because many of",
        "the people who move there work on the other side of the river and use the",
        "services of both.",
        "The second paragraph begins after a short line and is wrapped in the very",
        "same way.",
        "",
        "- an item that is wrapped at the same column as the paragraphs above it is",
        "  still one item",
        "- another item",
    )
    assert [(kind, len(text.split("\n"))) for kind, _, text in blocks] == [
        ("heading", 1),
        ("paragraph", 3),
        ("paragraph", 2),
        ("item", 2),
        ("item", 1),
    ]


def test_numbered_lines_are_items_where_they_follow_each_other(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path,
        "Steps of Mallikylä",
        "",
        "1) ask residents",
        "2) write it down",
        "a) by hand",
        "",
        "3. Send it",
        "4. Wait",
    )
    assert [kind for kind, _, _ in blocks] == ["heading", *["item"] * 5]
    assert [text for _, _, text in blocks[1:3]] == ["ask residents", "write it down"]


def test_numbered_headings_nest_and_dates_are_no_numbers(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path,
        "Suunnitelma",
        "",
        "1 Johdanto",
        "",
        "Suunnitelma on voimassa neljä vuotta, ja sitä seurataan vuosittain valtuustossa.",
        "",
        "1.1 Lähtökohdat",
        "",
        "1. tammikuuta 2026 alkaen kunta vastaa palveluista.",
        "",
        "1.1.2025 alkaen laki muuttui.",
    )
    assert [(kind, level) for kind, level, _ in blocks] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 1),
        ("heading", 3),
        ("paragraph", 1),
        ("paragraph", 1),
    ]


def test_heading_directly_above_its_paragraph_is_one(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path, "Plan för Mallby", "", "Målen", "Kommunen har få mål.", "", "Åtgärder", "De är också få.", "", "Slut."
    )
    assert [kind for kind, _, _ in blocks] == ["heading", *["heading", "paragraph"] * 2, "paragraph"]


def test_bullets_of_equal_indent_stay_on_one_level_and_deeper_ones_nest(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path, "Aims of Mallby", "", "• one", "– two", "    o three", "        - four", "* five", "•", "six"
    )
    assert [(level, text) for _, level, text in blocks[1:]] == [
        (1, "one"),
        (1, "two"),
        (2, "three"),
        (3, "four"),
        (1, "five"),
        (1, "six"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The municipality will record its", "paragraph"),  # a lead-in that the list completes
        ("Municipalities in the region agree on", "paragraph"),
        ("Responsible parties", "heading"),
        ("The plan must hold at least:", "paragraph"),
        ("NOTE! Neighbours may take part", "paragraph"),
        ("Who follows the plan?", "paragraph"),
        ("Suunnitelmassa tulee", "paragraph"),
        ("Ansvariga aktörer", "heading"),
    ],
)
def test_line_before_a_list_is_heading_or_lead_in(line: str, kind: str, tmp_path: Path) -> None:
    blocks = read_lines(tmp_path, "Plan of Esimerkkilä", "", "It is short.", "", line, "", "- aims,", "- measures.")
    assert blocks[2] == (kind, 2 if kind == "heading" else 1, line)


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "Hyppää pääsisältöön",
        "Hoppa till innehållet",
        "Back to top",
        "Sivun alkuun",
        "Tillbaka upp",
        "Share on Facebook",
        "Tulosta sivu",
        "Skriv ut",
        "Oliko tästä sivusta apua?",
        "Home > Services > Integration",
        "Etusivu › Palvelut › Kotoutuminen",
        "We use cookies to make the site work better.",
        "Käytämme sivustolla evästeitä.",
        "Vi använder kakor på webbplatsen.",
        "Accept all cookies",
        "Integration services (Link to an external website, Opens in a new tab)",
        "Sanasto (avautuu uuteen välilehteen)",
        "Ordlista (öppnas i ett nytt fönster)",
        "Page 3 of 12",
    ],
)
def test_page_leftovers_are_boilerplate(line: str, tmp_path: Path) -> None:
    blocks = read_lines(tmp_path, "A plan", "", "Mallikylä writes a plan.", "", line, "", "The council adopts it.")
    assert [kind for kind, _, text in blocks if text == line] == ["boilerplate"]
    assert [kind for kind, _, _ in blocks].count("paragraph") == 2


@pytest.mark.parametrize(
    "line",
    [
        "For more information, contact the ELY Centre.",
        "Lisätietoja antaa koordinaattori Maija Meikäläinen.",
        "Läs mer om detta i kommunens plan, som fullmäktige har godkänt.",
        "Apply for it in the e-service (Opens in a new tab) before the end of March.",
        "The municipality shares feedback from residents with the council.",
        "Kunta tulostaa oppaan kahdella kielellä.",
    ],
)
def test_guidance_that_mentions_links_is_kept(line: str, tmp_path: Path) -> None:
    blocks = read_lines(tmp_path, "A plan", "", "Mallikylä writes a plan.", "", line, "", "The council adopts it.")
    assert ("paragraph", 1, line) in blocks


def test_link_list_ends_where_prose_begins_again(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path,
        "A plan",
        "",
        "Mallikylä writes a plan.",
        "",
        "More information:",
        "The Act",
        "Guide for planners",
        "",
        "Follow-up",
        "",
        "The council reads the report of Mallikylä every spring.",
    )
    assert [kind for kind, _, _ in blocks] == ["heading", "paragraph", *["boilerplate"] * 3, "heading", "paragraph"]


def test_more_information_with_prose_below_it_is_kept(tmp_path: Path) -> None:
    blocks = read_lines(
        tmp_path, "Suunnitelma", "", "Lyhyt.", "", "Lisätietoja", "", "Ota yhteyttä kunnan omaan neuvontaan heti."
    )
    assert blocks[2:] == [("heading", 2, "Lisätietoja"), ("paragraph", 1, "Ota yhteyttä kunnan omaan neuvontaan heti.")]


def test_markdown_keeps_lists_tables_and_link_text() -> None:
    document = read_document(DATA / "mallikyla-plan.md", settings=Settings())
    assert outline(document) == [
        ("heading", 1, "Integration plan of Mallikylä"),
        (
            "paragraph",
            1,
            "Mallikylä wrote this plan with its residents. The council adopts it every fourth year.",
        ),
        ("heading", 2, "Responsible parties"),
        ("item", 1, "The coordinator calls the group together."),
        ("item", 1, "The group meets four times a year:"),
        ("item", 2, "in spring"),
        ("item", 2, "in autumn"),
        ("row", 1, "Aim | 2024 | 2026"),
        ("row", 1, "Language cafés | 3 | –"),
        ("row", 1, "Mentors | 12 | 20"),
        ("heading", 3, "45 § Planning"),
        ("item", 1, "aims;"),
        ("item", 1, "measures:"),
        ("item", 2, "services"),
        ("item", 2, "training"),
        ("item", 1, "follow-up."),
        ("paragraph", 1, "code stays text"),
        ("paragraph", 1, "For more information, contact the coordinator of Mallikylä by phone."),
    ]
    assert "\n2) measures:\n  a) services\n" in document.text  # numbers stand in the text, outside the spans


def test_sections_of_equal_rank_leave_the_title_level_free(tmp_path: Path) -> None:
    blocks = read_lines(tmp_path, "# Aims", "Words.", "# Measures", "## Schools", "More words.", name="plan.md")
    assert [level for kind, level, _ in blocks if kind == "heading"] == [2, 2, 3]


def test_web_page_keeps_structure_and_loses_what_is_hidden() -> None:
    document = read_document(DATA / "mallby-sida.html", settings=Settings())
    assert (document.title, document.language) == ("Så främjar Mallby integrationen", "sv")
    assert outline(document) == [
        ("boilerplate", 1, "Hem > Service > Integration"),
        ("heading", 1, "Så främjar Mallby integrationen"),
        ("paragraph", 1, "Kommunen ansvarar för samordningen enligt 45 §.\nPlanen godkänns av fullmäktige."),
        ("heading", 2, "Arbetsgruppen"),
        ("item", 1, "Samordnaren"),
        ("item", 2, "sammankallar gruppen"),
        ("item", 1, "Skolan"),
        ("item", 1, "kansliet"),
        ("paragraph", 1, "Mål"),
        ("row", 1, "Mål | 2024 | 2026"),
        ("row", 1, "Språkkaféer | – | 4"),
        ("paragraph", 1, "Ett stycke i en layouttabell är ingen rad."),
        ("boilerplate", 1, "Läs mer"),
        ("boilerplate", 1, "Lagen"),
        ("boilerplate", 1, "Anvisningen"),
        ("boilerplate", 1, "Tillbaka upp"),
    ]
    assert "3. kansliet" in document.text


def test_page_without_main_or_title_is_read(tmp_path: Path) -> None:
    page = "<h2>Esimerkkilä</h2>alku<br><br>loppu<br>- kohta<dl><dt>Vuosi</dt><dd>2026</dd></dl><form>Hae</form>häntä"
    assert read_lines(tmp_path, page, name="sivu.html") == [
        ("heading", 1, "Esimerkkilä"),
        ("paragraph", 1, "alku"),
        ("paragraph", 1, "loppu"),
        ("item", 1, "kohta"),
        ("item", 1, "Vuosi"),
        ("item", 1, "2026"),
        ("paragraph", 1, "häntä"),
    ]


def test_statute_in_xml_keeps_chapters_sections_and_items() -> None:
    document = read_document(DATA / "esimerkkilaki.xml", settings=Settings())
    check_invariants(document)
    assert document.title == "Laki esimerkkien edistämisestä (1/2099)"
    assert outline(document)[1:] == [
        ("paragraph", 1, "Eduskunnan päätöksen mukaisesti säädetään:"),
        ("heading", 2, "1 luku Esimerkkien säännökset"),
        ("heading", 3, "1 § Esimerkin suunnittelu"),
        ("paragraph", 1, "Esimerkkilä laatii mallin joka vuosi."),
        ("paragraph", 1, "Mallissa kuvataan:"),
        ("item", 1, "tavoitteet;"),
        ("item", 1, "toimet:"),
        ("item", 2, "koulussa;"),
        ("row", 1, "Vuosi | Määrä"),
        ("row", 1, "2098 | 3"),
        ("heading", 3, "2 a §"),
        ("paragraph", 1, "Tämä laki tulee voimaan vuonna 2099."),
    ]


@needs_seeds
@pytest.mark.parametrize(
    ("name", "headings_of_levels", "nested_items", "leftovers"),
    [
        ("checklist-municipal-integration-programme.txt", [1, *[2] * 8], 28, 6),
        ("koto24-planning-of-municipal-integration-promotion.txt", [1, 2, 2], 0, 5),
        ("local-level-integration-work.txt", [1, 2, 2], 0, 6),
        ("municipalities-tasks.txt", [1], 0, 4),
        ("preparing-a-municipal-integration-programme.txt", [1, 2, 2, 2], 0, 5),
    ],
)
def test_official_pages_come_out_whole(
    name: str, headings_of_levels: list[int], nested_items: int, leftovers: int
) -> None:
    document = read_document(SEEDS / name, settings=Settings())
    check_invariants(document)
    assert [level for level, _ in headings(document)] == headings_of_levels
    depths = [block.level for block in document.blocks if block.kind is BlockKind.ITEM]
    assert depths.count(2) == nested_items
    bullets = re.findall(r"^ *[•-] (?!.*Link to an external)", (SEEDS / name).read_text(encoding="utf-8"), re.M)
    assert len(depths) == len(bullets)
    assert [block.kind for block in document.blocks].count(BlockKind.BOILERPLATE) == leftovers
    assert document.language == "en"
    open_ends = {"Municipalities will record the", "In planning the promotion of integration"}
    assert not any(text.startswith(tuple(open_ends)) for _, text in headings(document))


@needs_law
def test_every_statute_gives_its_headings_and_items() -> None:
    files = sorted(LAW.glob("[12]*.md"))
    assert files
    for file in files:
        raw = file.read_text(encoding="utf-8")
        document = read_document(file, settings=Settings())
        check_invariants(document)
        assert [text for _, text in headings(document)] == re.findall(r"^#+ +(\S.*?) *$", raw, re.M), file.name
        spans = [text for kind, _, text in outline(document) if kind == "item"]
        assert len(spans) >= len(re.findall(r"^ *- ", raw, re.M)), file.name
        assert not [text for text in spans if re.match(r"[-•]|\d+(?: \w)?\)|\w\)", text)], file.name
        assert document.language == file.stem[-2:], file.name
