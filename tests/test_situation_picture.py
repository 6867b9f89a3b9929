"""Sentences, plots and the section say what the tables show, with their sources, and nothing that may not be shown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from fakes import HashedWords
from PIL import Image
from situation_cases import (
    FOREIGN,
    HERE,
    TOTAL,
    activity_csv,
    ages_xlsx,
    origins_json,
    px_csv,
    rates_csv,
    write,
    write_all,
)

from assistant import export
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.situation.plots import png, svg
from assistant.situation.wording import wording
from assistant.types import BlockRole, Plot, PlotLine, SectionDraft, SituationTable, Support, as_json
from assistant.workbook import read_record


def open_assistant(folder: Path, *, corpus: str = "none") -> Assistant:
    settings = Settings(workspace=folder, corpus=corpus)  # type: ignore[arg-type]
    return Assistant.open(settings=settings, embedder=HashedWords())


def added(assistant: Assistant, paths: Sequence[Path], **given: str) -> list[SituationTable]:
    """Tables of these files, which must all be good."""
    found = assistant.municipalities.add_tables(paths, municipality=HERE, **given)
    bad = [str(one) for one in found if isinstance(one, AssistantError)]
    assert not bad
    return [one for one in found if isinstance(one, SituationTable)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SectionDraft:
    """The picture of one table of each kind, with the bundled corpus."""
    folder = tmp_path_factory.mktemp("whole")
    with open_assistant(folder / "workspace", corpus="bundled") as assistant:
        added(assistant, write_all(folder))
        return assistant.planning.situation()


def texts(draft: SectionDraft, heading: str) -> list[str]:
    return [s.text for block in draft.blocks if block.heading == heading for s in block.statements]


def test_sentence_names_both_figures_of_a_share_and_the_past(whole: SectionDraft) -> None:
    share = f"{100 * FOREIGN[-1] / TOTAL[-1]:.1f}"
    assert texts(whole, "What the figures show")[0] == (
        f"At the end of 2025 Esimerkkilä had {FOREIGN[-1]} residents whose registered mother tongue is other than "
        f"Finnish, Swedish or Sami, {share} per cent of all {TOTAL[-1]:,} residents; five years earlier {FOREIGN[-6]}."
    )


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _templates(table: dict[str, object], within: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= _templates(value, f"{within}{name}.")
        elif isinstance(value, str):
            found[within + name] = value
    return found


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_word_of_a_picture_is_in_every_language(language: str) -> None:
    english, other = _templates(wording("en").words), _templates(wording(language).words)
    assert {key for key in english if not key.startswith("headings.")} <= set(other)
    numbers = {"count", "share", "total", "n", "m", "a", "b", "x", "y", "list", "past", "years", "women", "men"}
    for key, text in english.items():
        if key in other and key != "day" and key != "plots.activity":
            assert _places(text) & numbers == _places(other[key]) & numbers, key


@pytest.mark.parametrize(
    ("language", "sentence", "title", "question"),
    [
        ("fi", "Vuoden 2025 lopussa kunnassa Esimerkkilä oli 889 asukasta, joiden", "Yleisin vieras äidinkieli: venäjä",
         "Aiotteko jäädä tänne"),
        ("sv", "I slutet av år 2025 fanns det i Esimerkkilä 889 invånare med", "Det vanligaste främmande modersmålet",
         "Tänker du stanna här"),
    ],
)  # fmt: skip
def test_picture_and_the_draft_with_it_speak_the_language_asked_for(
    tmp_path: Path, language: str, sentence: str, title: str, question: str
) -> None:
    with open_assistant(tmp_path / "workspace", corpus="bundled") as assistant:
        added(assistant, write_all(tmp_path))
        picture = assistant.planning.situation(language=language)
        version = assistant.planning.redraft("situation-picture", municipality=HERE, who="web", language=language)
        citing = assistant.planning.citing(version.draft)
        for draft in (picture, version.draft):
            texts = [s.text for block in draft.blocks for s in block.statements]
            assert any(text.startswith(sentence) for text in texts)
            assert any(question in text for text in texts)
            assert any(plot.title.startswith(title) for plot in draft.plots)
            ours = [c for c in draft.citations if c.source_id.startswith(("table:", "kotoapuri:"))]
            by_id = {c.id for c in draft.citations if not c.digest}
            own = [s.text for b in draft.blocks for s in b.statements if set(s.citations) <= by_id and s.citations]
            assert not [text for text in own if re.search(r"\b(?:the|of|were|residents)\b", text)]
            assert all(
                citing.source_text(c.source_id) for c in ours
            )  # the draft can be checked again, whoever opens it


def test_every_statement_is_cited_and_checked(whole: SectionDraft) -> None:
    known = {c.id: c for c in whole.citations}
    for block in whole.blocks:
        for statement in block.statements:
            assert statement.citations
            assert statement.support in (Support.QUOTED, Support.SUPPORTED)
            quotes = " ".join(known[n].quote for n in statement.citations)
            assert set(re.findall(r"\d[\d,.]*", statement.text)) <= set(re.findall(r"\d[\d,.]*", quotes))


def test_citations_of_figures_name_source_table_and_date(whole: SectionDraft) -> None:
    cited = {c.source_id: c for c in whole.citations if c.source_id.startswith("table:")}
    language = next(c for c in cited.values() if c.title.endswith("(table 11rm)"))
    assert (language.publisher, language.written) == ("Tilastokeskus, väestörakenne", "2026-04-02")


def test_the_three_parts_stand_in_order(whole: SectionDraft) -> None:
    assert [(b.heading, b.role) for b in whole.blocks] == [
        ("What the figures show", BlockRole.OWN),
        ("What the figures cannot show", BlockRole.OWN),
        ("What to ask the residents", BlockRole.SUGGESTIONS),
    ]
    cannot = " ".join(texts(whole, "What the figures cannot show"))
    for words in (
        "4 definitions",
        "asylum seekers are not among them",
        "Counts under five",
        "worked out from the table",
    ):
        assert words in cannot
    assert "\n- " in texts(whole, "What to ask the residents")[0]


def test_no_plot_sentence_or_json_holds_a_count_under_five(whole: SectionDraft) -> None:
    for plot in whole.plots:
        for line in plot.lines:
            assert all(v is None or v >= 5 or plot.unit == "%" for v in line.values)
    assert "fewer than five pensioners" in " ".join(texts(whole, "What the figures show"))


def test_each_trend_is_of_one_definition(whole: SectionDraft) -> None:
    trends = [p for p in whole.plots if p.kind == "trend" and p.id.startswith("trend-residents")]
    assert [p.id for p in trends] == ["trend-residents-foreign-language"]
    assert all(len(p.lines) == 1 for p in trends)


def test_alternative_text_tells_every_value_and_source_stands_below(whole: SectionDraft) -> None:
    trend = whole.plots[0]
    for year, value in zip(trend.labels, trend.lines[0].values, strict=True):
        assert f"{year}: {value:,.0f}" in trend.alt
    assert all(p.source.startswith("Source: ") and len(p.source) > 20 for p in whole.plots)


def test_picture_comes_back_from_json(whole: SectionDraft) -> None:
    assert read_record(SectionDraft, as_json(whole)) == whole


def test_whole_country_stands_beside_only_when_asked(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w") as assistant:
        added(assistant, [write(tmp_path / "t.json", origins_json())])
        plain = texts(assistant.planning.situation(), "What the figures show")
        beside = texts(assistant.planning.situation(whole_country=True), "What the figures show")
    assert not any("whole country" in text for text in plain)
    assert f"in the whole country the share was 4.1 per cent ({FOREIGN[-1] * 250:,}" in beside[0]


def test_table_without_a_source_is_no_indicator(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w") as assistant:
        table = added(assistant, [ages_xlsx(tmp_path / "a.xlsx", source=False)])[0]
        assert (table.source, table.table_id) == (None, "11rt")
        draft = assistant.planning.situation()
        assert not draft.blocks
        assert "--source" in draft.warnings[0].message
        again = added(assistant, [tmp_path / "a.xlsx"], source="Statistics Finland")[0]
        assert [t.id for t in assistant.municipalities.tables()] == [again.id]
        assert assistant.planning.situation().blocks


def test_small_group_is_given_in_counts_with_why(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w") as assistant:
        added(assistant, [ages_xlsx(tmp_path / "a.xlsx", scale=0.09), write(tmp_path / "r.csv", rates_csv())])
        draft = assistant.planning.situation()
    shown = " ".join(texts(draft, "What the figures show"))
    assert "employment rate of residents with a foreign background" not in shown
    assert "per cent of the residents with a foreign background" not in shown
    assert "fewer than 100 people" in " ".join(texts(draft, "What the figures cannot show"))
    ages = next(p for p in draft.plots if p.id.startswith("ages"))
    assert ages.unit == ""


def test_what_a_sentence_is_limited_to_stands_inside_it(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w") as assistant:
        added(assistant, [write(tmp_path / "a.csv", activity_csv())])
        shown = texts(assistant.planning.situation(), "What the figures show")
    assert all("(this table only: Age: 18 - 64)" in text for text in shown if "foreign background" in text)


def test_years_without_figures_stay_open_in_a_trend(tmp_path: Path) -> None:
    text = "Alue;Vuosi;Vieraskieliset\n" + "".join(f"{HERE};{y};{n}\n" for y, n in ((2018, 60), (2019, 70), (2025, 90)))
    with open_assistant(tmp_path / "w") as assistant:
        added(assistant, [write(tmp_path / "a.csv", text)], source="Tilastokeskus")
        draft = assistant.planning.situation()
    assert draft.plots[0].labels == tuple(map(str, range(2018, 2026)))
    assert draft.plots[0].lines[0].marks[2] == "no data"
    assert any("2020, 2021, 2022, 2023 and 2024" in text for text in texts(draft, "What the figures cannot show"))


def test_two_figures_for_the_same_are_told(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w") as assistant:
        for name, count in (("a.csv", 90), ("b.csv", 91)):
            text = f"Alue;Vuosi;Vieraskieliset\n{HERE};2025;{count}\n"
            added(assistant, [write(tmp_path / name, text)], source="Tilastokeskus")
        messages = [w.message for w in assistant.planning.situation().warnings]
    assert any("Tables 1 and 2 give two figures for the same" in message for message in messages)


def test_section_of_the_plan_takes_the_picture_and_asks_no_more_for_it(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "w", corpus="bundled") as assistant:
        bare = assistant.planning.draft("situation-picture")
        assert not bare.plots
        added(assistant, [write(tmp_path / "l.csv", px_csv()), ages_xlsx(tmp_path / "a.xlsx")])
        draft = assistant.planning.draft("situation-picture", who="tests")
        other = assistant.planning.draft("own-language-and-culture")
        assert assistant.kept_drafts.versions("situation-picture")[0].draft == draft
    open_ = {p.id.partition(".")[2] for p in draft.placeholders}
    assert {"immigrant-numbers", "age-and-sex", "languages-spoken", "data-sources"}.isdisjoint(open_)
    assert {"reasons-for-coming", "expected-arrivals", "service-use"} <= open_
    roles = [b.role for b in draft.blocks]
    assert roles.index(BlockRole.OWN) == [b.heading for b in draft.blocks].index("What the figures show")
    assert len(draft.plots) == 3
    assert not other.plots
    assert len({c.id for c in draft.citations}) == len(draft.citations)


# Files.


@pytest.mark.parametrize("dark", [False, True])
def test_svg_is_well_formed_and_names_itself(whole: SectionDraft, dark: bool) -> None:
    for plot in whole.plots:
        root = ET.fromstring(svg(plot, dark=dark))
        assert root[0].text == plot.title
        assert root[1].text == plot.alt
        assert root.get("role") == "img"


def test_png_is_wide_enough_for_print(whole: SectionDraft) -> None:
    with Image.open(BytesIO(png(whole.plots[0]))) as image:
        assert image.width >= 1_200
        assert round(image.info["dpi"][0]) == 200


def test_same_plot_is_the_same_file(whole: SectionDraft) -> None:
    assert png(whole.plots[0]) == png(whole.plots[0])
    assert svg(whole.plots[1]) == svg(whole.plots[1])


@pytest.mark.parametrize(
    "plot",
    [
        Plot("a", "trend", "$x_1$ " * 30, "sub", "alt", "s.", ("2024",), (PlotLine("a" * 200, (None,), ("few",)),)),
        Plot("b", "bars", "", "", "", "", ("<b>&" * 30, "ق"), (PlotLine("1", (0, 1e9)), PlotLine("2", (3, 4)))),
    ],
)
def test_odd_texts_and_values_are_drawn(plot: Plot) -> None:
    assert png(plot)
    ET.fromstring(svg(plot))


def test_word_file_has_plots_with_alternative_text_and_source(whole: SectionDraft, tmp_path: Path) -> None:
    export.write_plan([whole], tmp_path / "s.docx", title="Situation picture", profile=None)
    document = Document(str(tmp_path / "s.docx"))
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [p.alt for p in whole.plots]
    lines = [p.text for p in document.paragraphs]
    for plot in whole.plots:
        assert any(line.endswith(plot.title) and line.startswith("Figure") for line in lines)
        assert plot.source in lines


def test_markdown_file_has_plots_beside_it(whole: SectionDraft, tmp_path: Path) -> None:
    export.write_plan([whole], tmp_path / "s.md", title="Situation picture", profile=None)
    text = (tmp_path / "s.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[[^\]]*(?:\\\][^\]]*)*\]\(<([^>]+)>\)", text)
    assert len(named) == len(whole.plots)
    assert all((tmp_path / name).is_file() for name in named)
    assert all(plot.source.split(",")[0] in text for plot in whole.plots)


def test_folder_has_text_and_every_plot_three_times(whole: SectionDraft, tmp_path: Path) -> None:
    export.write_picture(whole, tmp_path / "out", title="Situation picture", profile=None)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    wanted = {f"{p.id}{end}" for p in whole.plots for end in (".png", "-light.svg", "-dark.svg")}
    assert names == {"situation-picture.md"} | wanted


def test_plot_of_a_block_that_is_gone_still_stands_in_the_file(whole: SectionDraft) -> None:
    moved = replace(whole, plots=(replace(whole.plots[0], heading="No such heading"),))
    assert whole.plots[0].title in export.plan_markdown([moved], title="", profile=None)


@pytest.mark.parametrize(
    ("language", "value", "decimals", "wanted"),
    [
        ("en", 1234, 0, "1,234"),
        ("en", 5.25, 1, "5.2"),
        ("en", -85, 0, "−85"),
        ("en", 1_234_567, 0, "1,234,567"),
        ("fi", 1234, 0, "1\u00a0234"),
        ("sv", 5.25, 1, "5,2"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, value: float, decimals: int, wanted: str
) -> None:
    assert wording(language).number(value, decimals=decimals) == wanted
