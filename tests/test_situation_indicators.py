"""What a table tells is recognised by one definition at a time; no count under five can be seen or worked out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from situation_cases import (
    FOREIGN,
    HERE,
    OTHER,
    SINGLE,
    TOTAL,
    activity_csv,
    ages_xlsx,
    children_csv,
    moves_csv,
    origins_json,
    px_csv,
    rates_csv,
    write,
)

from assistant.settings import Settings
from assistant.situation.disclosure import FEW, protect
from assistant.situation.indicators import Found, mapping, read_indicators
from assistant.situation.reading import read_table
from assistant.situation.table import TableError
from assistant.types import Observation, Series, Showing

Recognise = Callable[..., Found]


@pytest.fixture
def recognise(tmp_path: Path) -> Recognise:
    """What a text or a file tells of a municipality."""

    def run(
        content: str | Path, name: str = "table.csv", municipality: str | None = HERE, *, given: bool = False
    ) -> Found:
        path = content if isinstance(content, Path) else write(tmp_path / name, content)
        return read_indicators(read_table(path, settings=Settings(workspace=tmp_path)), municipality, given=given)

    return run


def series(
    found: Found, measure: str, group: str, by: str = "", category: str = "", *, country: bool = False
) -> Series:
    """The one series of these."""
    (one,) = (
        s for s in found.series
        if (s.measure, s.group, s.by, s.category, s.whole_country) == (measure, group, by, category, country)
    )  # fmt: skip
    return one


def values(one: Series) -> list[float | None]:
    return [o.value for o in one.observations]


def test_foreign_language_residents_are_all_less_those_of_national_languages(recognise: Recognise) -> None:
    found = recognise(px_csv())
    one = series(found, "residents", "foreign-language")
    assert values(one) == FOREIGN
    assert one.how == "rest-foreign-language"
    assert values(series(found, "residents", "all")) == TOTAL


def test_without_sami_the_rest_is_not_worked_out(recognise: Recognise) -> None:
    text = "\n".join(line for line in px_csv().splitlines() if "saame" not in line)
    found = recognise(text)
    assert not [s for s in found.series if s.group == "foreign-language" and not s.by]
    assert any("missing without which" in line for line in found.not_used)


def test_ready_sum_is_taken_and_sums_of_continents_are_no_countries(recognise: Recognise) -> None:
    rows = ["Alue;Kansalaisuus;2024;2025", f"{HERE};Yhteensä;21000;21100", f"{HERE};Suomi;20500;20500",
            f"{HERE};Ulkomaat yhteensä;500;600", f"{HERE};Eurooppa;300;350", f"{HERE};Viro;120;130",
            f"{HERE};Irak;60;70"]  # fmt: skip
    found = recognise("\n".join(rows) + "\n\nVäestö\n")
    assert values(series(found, "residents", "foreign-citizens")) == [500, 600]
    assert {s.category for s in found.series if s.by == "country"} == {"Viro", "Irak"}


def test_definitions_stay_apart(recognise: Recognise) -> None:
    found = recognise(origins_json(), "t.json")
    groups = {s.group for s in found.series if s.measure == "residents"}
    assert groups == {"all", "foreign-language", "foreign-citizens", "born-abroad", "foreign-background"}
    assert values(series(found, "share", "foreign-language"))[-1] == round(100 * FOREIGN[-1] / TOTAL[-1], 1)


def test_only_own_row_and_the_whole_country_are_taken(recognise: Recognise) -> None:
    found = recognise(origins_json(), "t.json")
    assert values(series(found, "residents", "all"))[-1] == TOTAL[-1]
    assert values(series(found, "residents", "all", country=True))[-1] == TOTAL[-1] * 250
    assert TOTAL[-1] * 2 not in [v for s in found.series for v in values(s)]


def test_ages_are_added_up_to_bands(recognise: Recognise, tmp_path: Path) -> None:
    found = recognise(ages_xlsx(tmp_path / "a.xlsx"))
    bands = {s.category: values(s)[-1] for s in found.series if s.by == "age" and s.group == "foreign-background"}
    assert bands == {"0–14": 162, "15–24": 92, "25–44": 569, "45–64": 110, "65–": 17}
    assert found.withheld > 0


@pytest.mark.parametrize(
    ("text", "measure", "group"),
    [
        (rates_csv(), "employment-rate", "foreign-background"),
        (moves_csv(), "net-immigration", "all"),
        (children_csv(), "early-childhood-education", "foreign-language"),
        (activity_csv(), "residents", "foreign-background"),
        (f"Kunta;Vuosi;Suomen kielen kurssille osallistuneet\n{HERE};2024;61\n", "language-teaching", "all"),
        (f"Kunta;Vuosi;Koulutettuja työntekijöitä\n{HERE};2024;61\n", "professionals-trained", "all"),
        (f"Region;Year;Unemployed jobseekers\n{HERE};2024M05;61\n{HERE};2025M05;70\n", "unemployed-jobseekers", "all"),
        (f"Område;Språk;År;Folkmängd\n{HERE};Totalt;2024;900\n{HERE};finska;2024;500\n{HERE};svenska;2024;300\n"
         f"{HERE};samiska;2024;6\n", "residents", "foreign-language"),
        (f"Area;Language;Year;Population\n{HERE};Total;2024;900\n{HERE};Foreign languages, total;2024;94\n",
         "residents", "foreign-language"),
    ],
)  # fmt: skip
def test_table_is_recognised_in_three_languages(recognise: Recognise, text: str, measure: str, group: str) -> None:
    if not measure:
        with pytest.raises(TableError, match="no indicator was recognised"):
            recognise(text)
        return
    assert series(recognise(text), measure, group)


GOOD = "Alue;Vuosi;Väestö\n"


@pytest.mark.parametrize(
    ("text", "municipality", "message"),
    [
        (f"{GOOD}{OTHER};2024;8\n", HERE, f"tells of {OTHER} and not of {HERE}"),
        (f"{GOOD}{OTHER};2024;8\n{HERE};2024;9\n", None, "holds 2 municipalities"),
        (f"Alue;Väestö\n{HERE};8\n", HERE, "does not say which year"),
        ("Vuosi;Väestö\n2024;8\n", HERE, "does not say of which area"),
        (f"{GOOD}{HERE};2024;8\n{HERE};2024M05;9\n", HERE, "years and months stand mixed"),
        (f"{GOOD}{HERE};2024;8\n{HERE};viime vuosi;9\n", HERE, "'viime vuosi' stands among the years"),
        (f"{GOOD}{HERE};2024;-8\n", HERE, "-8 persons cannot be"),
        (f"{GOOD}{HERE};2024;8,5\n", HERE, "8.5 is no whole number"),
        (f"Alue;Vuosi;Työllisyysaste, %\n{HERE};2024;108,5\n", HERE, "108.5 per cent cannot be"),
        (f"Alue;Vuosi;Kirjaston lainat\n{HERE};2024;8\n", HERE, "no indicator was recognised"),
        (f"Alue;Vuosi;Väri;Väestö\n{HERE};2024;punainen;8\n{HERE};2024;sininen;9\n", HERE, "'Väri'"),
    ],
)
def test_what_cannot_be_used_is_told(recognise: Recognise, text: str, municipality: str | None, message: str) -> None:
    with pytest.raises(TableError) as told:
        recognise(text, municipality=municipality)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_table_without_areas_is_taken_on_a_persons_word_or_by_its_title(recognise: Recognise) -> None:
    assert recognise("Vuosi;Väestö\n2024;80\n", given=True).municipality == HERE
    assert recognise(f"Väestö, {HERE}\n\nVuosi;Väestö\n2024;80\n").municipality == HERE


def test_only_municipality_of_a_table_is_its_own_where_none_is_known(recognise: Recognise) -> None:
    text = f"{GOOD}KU999 {HERE};2024;80\nKOKO MAA;2024;5600000\n"
    assert recognise(text, municipality=None).municipality == HERE


def test_preliminary_year_is_marked(recognise: Recognise) -> None:
    one = series(recognise(f"{GOOD}{HERE};2024;80\n{HERE};2025*;81\n"), "residents", "all")
    assert [o.preliminary for o in one.observations] == [False, True]


def test_mapping_names_a_measure_for_every_content() -> None:
    assert {measure for _, measure, _ in mapping().contents if measure} == set(mapping().measures)


# Small counts.


def test_no_count_under_five_is_shown(recognise: Recognise) -> None:
    found = recognise(px_csv())
    shown = [v for s in found.series for v in values(s) if v is not None]
    assert min(shown) >= FEW
    ukrainian = series(found, "residents", "foreign-language", "language", "ukraina")
    assert ukrainian.observations[0].shown is Showing.FEW


def test_single_small_count_takes_the_next_with_it(recognise: Recognise) -> None:
    found = recognise(activity_csv())
    hidden = {
        s.category: s.observations[0].shown for s in found.series
        if s.group == "foreign-background" and s.by == "activity" and s.observations[0].value is None
    }  # fmt: skip
    assert hidden == {"pensioners": Showing.FEW, "students": Showing.HIDDEN}


def test_net_number_goes_with_a_small_count(recognise: Recognise) -> None:
    found = recognise(f"Area;Year;Immigration;Emigration;Net immigration\n{HERE};2024;60;3;57\n")
    assert series(found, "net-immigration", "all").observations[0].shown is Showing.HIDDEN


def test_share_that_tells_a_small_count_is_hidden(recognise: Recognise) -> None:
    found = recognise(f"Alue;Vuosi;Väestö 31.12.;Vieraskieliset;Vieraskielisten osuus, %\n{HERE};2024;1000;3;0,3\n")
    assert series(found, "share", "foreign-language").observations[0].value is None


def table_of(total: int, parts: Sequence[int]) -> list[Series]:
    def one(by: str, category: str, value: int) -> Series:
        return Series("residents", "foreign-language", by, category, "persons", (Observation("2025", value),))

    return [one("", "", total), *(one("language", str(n), value) for n, value in enumerate(parts))]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(0, 12))
def test_no_small_count_can_be_worked_out(parts: list[int], rest: int) -> None:
    total, *shown = protect(table_of(sum(parts) + rest, parts))
    few = [n for n, value in enumerate(parts) if value < FEW]
    assert all(shown[n].observations[0].shown is Showing.FEW for n in few)
    if (sum_ := total.observations[0].value) is None:
        return
    left = sum_ - sum(o.value for s in shown for o in s.observations if o.value is not None)
    others = sum(s.observations[0].shown is Showing.HIDDEN for s in shown)
    gone = len(few) + others
    if not gone:
        assert left == 0 or left >= FEW
        return
    assert left >= FEW  # what is left together is a count too
    for _ in few:
        highest = min(FEW - 1, left - FEW * others)
        lowest = 0 if others or rest else left - (FEW - 1) * (len(few) - 1)
        assert highest - max(0, lowest) >= 3


def test_languages_of_the_fixture_are_told_apart_from_its_total() -> None:
    assert sum(counts[-1] for counts in SINGLE.values()) == FOREIGN[-1]


def test_those_born_abroad_are_no_other_group(recognise: Recognise) -> None:
    rows = ["Alue;Syntyperä;Vuosi;Työllisyysaste, %"]
    rows += [
        f"{HERE};Yhteensä;2024;72,0",
        f"{HERE};Suomalaistaustaiset ja Suomessa syntyneet ulkomaalaistaustaiset;2024;73,0",
        f"{HERE};Ulkomailla syntyneet ulkomaalaistaustaiset yhteensä;2024;58,0",
    ]
    found = recognise("\n".join(rows) + "\n")
    assert {(s.group, values(s)[0]) for s in found.series} == {("all", 72.0), ("first-generation", 58.0)}


def test_foreign_languages_with_sami_are_another_definition(recognise: Recognise) -> None:
    found = recognise(f"Alue;Vuosi;Väestö;Vieraskieliset ja saame\n{HERE};2024;900;80\n")
    assert {s.group for s in found.series} == {"all"}
    assert "Vieraskieliset ja saame: not recognised." in found.not_used


@pytest.mark.parametrize(
    ("every", "foreign"),
    [
        ("Alla språk", "Utländska språk"),
        ("Kaikki kielet", "Vieraskieliset"),
        ("All languages", "Foreign languages"),
        ("Språk totalt", "Personer med främmande språk"),
        ("Yhteensä", "Vieraat kielet yhteensä"),
        ("Koko väestö", "Muunkieliset"),
    ],
)
def test_total_and_sum_are_no_languages(recognise: Recognise, every: str, foreign: str) -> None:
    rows = ["Kommun;Språk;2024;2025"]
    rows += [f"{HERE};{name};{a};{b}" for name, a, b in ((every, 9_460, 9_400), ("Finska", 8_790, 8_680))]
    found = recognise("\n".join([*rows, f"{HERE};{foreign};580;612", f"{HERE};ryska;220;231", ""]))
    assert values(series(found, "residents", "all")) == [9_460, 9_400]
    assert values(series(found, "residents", "foreign-language")) == [580, 612]
    assert [s.category for s in found.series if s.by == "language"] == ["ryska"]


@pytest.mark.parametrize("odd", ["Väkeä kylässä", "Hela kommunen", "Klingon"])
def test_row_that_is_no_known_language_is_told_and_not_shown_as_one(recognise: Recognise, odd: str) -> None:
    rows = ["Alue;Kieli;2024;2025", f"{HERE};{odd};9460;9400", f"{HERE};suomi;8790;8680", f"{HERE};venäjä;220;231"]
    found = recognise("\n".join([*rows, ""]))
    assert [s.category for s in found.series] == ["venäjä"]
    assert f"{odd}: not recognised." in found.not_used


def test_sum_of_countries_under_an_unknown_name_is_no_country(recognise: Recognise) -> None:
    rows = ["Alue;Kansalaisuus;2024;2025"]
    counts = {"Yhteensä": (900, 910), "Suomi": (800, 805), "Ulkomaalaiset kaikki": (100, 105)}
    counts |= {"Viro": (60, 61), "Ruotsi": (30, 33), "Irak": (10, 11)}
    rows += [f"{HERE};{name};{a};{b}" for name, (a, b) in counts.items()]
    found = recognise("\n".join([*rows, ""]))
    assert [s.category for s in found.series if s.by == "country"] == ["Viro", "Ruotsi", "Irak"]


@pytest.mark.parametrize(
    "label", ["venäjä", "venäjänkieliset", "RU Venäjä", "ryska språket", "Russian speakers", "persia, farsi"]
)
def test_language_is_known_by_its_usual_names(recognise: Recognise, label: str) -> None:
    found = recognise(f"Alue;Kieli;2024\n{HERE};Yhteensä;900\n{HERE};suomi;800\n{HERE};{label};60\n")
    assert [s.by for s in found.series if s.by] == ["language"]


@pytest.mark.parametrize(
    "text",
    [
        "År;Antal personer med främmande språk\n2024;580\n2025;612\n",
        "ar;Vieraskielisiä\n2024;580\n2025;612\n",
        f"Area;Year;Population;Foreign-language residents\n{HERE};2025;9400;612\n",
        f"Alue;Vuosi;Väestö;Vieraskieliset\n{HERE};2025;9400;612\n",
        f"Område;År;Folkmängd;Personer med främmande språk\n{HERE};2025;9400;612\n",
    ],
)
def test_plainest_table_of_a_person_is_read(recognise: Recognise, text: str) -> None:
    assert values(series(recognise(text, given=True), "residents", "foreign-language"))[-1] == 612


def test_unrecognised_table_is_told_with_its_columns_and_an_example(recognise: Recognise) -> None:
    with pytest.raises(TableError) as told:
        recognise("ar;antal;andel\n2023;540;5,7\n2024;580;6,1\n", given=True)
    assert "(columns: antal, andel, ar)" in str(told.value)
    assert "For example: Area;Year;Population;Foreign-language residents" in str(told.value)
