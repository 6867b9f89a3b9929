"""Files of figures as PxWeb and people write them, of made-up municipalities, written by the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HERE, OTHER = "Esimerkkilä", "Mallikylä"
YEARS = [str(year) for year in range(2014, 2026)]
TOTAL = [21_480 + 40 * n for n in range(12)]
SINGLE = {
    "venäjä": [140 + 14 * n for n in range(12)],
    "viro": [120 + 3 * n for n in range(12)],
    "arabia": [40 + 9 * n for n in range(12)],
    "ukraina": [3, 3, 4, 5, 6, 6, 8, 9, 150, 190, 204, 215],
    "somali": [22, 25, 26, 30, 31, 33, 37, 41, 44, 46, 47, 52],
    "vietnam": [14, 15, 15, 17, 18, 20, 22, 23, 25, 26, 27, 29],
    "urdu": [2, 2, 3, 3, 4, 4, 3, 2, 3, 4, 4, 4],
    "tamili": [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
}
FOREIGN = [sum(counts[n] for counts in SINGLE.values()) for n in range(12)]
LANGUAGES = {
    "Yhteensä": TOTAL,
    "suomi": [TOTAL[n] - FOREIGN[n] - 1_150 - 6 for n in range(12)],
    "ruotsi": [1_150] * 12,
    "saame": [6] * 12,
    **SINGLE,
}


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file in an encoding."""
    path.write_bytes(text.encode(encoding))
    return path


def px_csv(*, municipality: str = HERE, delimiter: str = ";", notes: bool = True) -> str:
    """Residents by language as PxWeb writes CSV: a title, an empty line, the table, notes."""

    def quoted(cells: Sequence[object]) -> str:
        return delimiter.join(f'"{cell}"' if isinstance(cell, str) else str(cell) for cell in cells)

    lines = [f'"11rm -- Kieli sukupuolen mukaan alueittain{"" if delimiter == "," else ", 2014-2025"}"', ""]
    lines.append(quoted(["Alue", "Kieli", *(f"{year} Väestö 31.12." for year in YEARS)]))
    lines += [quoted([f"KU999 {municipality}", name, *counts]) for name, counts in LANGUAGES.items()]
    if notes:
        lines += [
            "", '"Väestö 31.12. on vuoden viimeisen päivän väestö."', '"Lähde: Tilastokeskus, väestörakenne"',
            '"Viimeisin päivitys: 2.4.2026 8:00"', '"Yhteystiedot: Tilastokeskus"',
        ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def json_stat(
    variables: Mapping[str, Mapping[str, str]],
    values: Sequence[float | None] | Mapping[str, float],
    *,
    label: str,
    time: str,
    table_id: str = "statfin_vaerak_pxt_159t",
    source: str | None = "Tilastokeskus, väestörakenne",
    **more: Any,
) -> str:
    """A data set as PxWeb writes JSON-stat 2."""
    dimension = {
        code: {
            "label": code,
            "category": {"index": {c: n for n, c in enumerate(categories)}, "label": dict(categories)},
        }
        for code, categories in variables.items()
    }
    data = {
        "class": "dataset", "version": "2.0", "label": label, "updated": "2026-04-02T05:00:00Z",
        "id": list(variables), "size": [len(c) for c in variables.values()], "dimension": dimension,
        "value": values, "role": {"time": [time]}, "extension": {"px": {"tableid": table_id, "decimals": 0}}, **more,
    }  # fmt: skip
    if source:
        data["source"] = source
    return json.dumps(data, ensure_ascii=False)


def origins_json(**more: Any) -> str:
    """Key figures of the population as table 159t has them: several definitions beside each other."""
    contents = {
        "vaesto": "Väestö 31.12.", "ulkkans": "Ulkomaan kansalaiset", "ulksynt": "Ulkomailla syntyneet",
        "vieraskiel": "Vieraskieliset", "vieraskiel_p": "Vieraskielisten osuus, %", "taust": "Ulkomaalaistaustaiset",
    }  # fmt: skip
    areas = {"SSS": "KOKO MAA", "KU999": HERE, "KU998": OTHER}
    values: list[float] = []
    for area, content, n in product(areas, contents, range(len(YEARS))):
        scale = {"SSS": 250, "KU999": 1, "KU998": 2}[area]
        total = TOTAL[n] * scale
        foreign = FOREIGN[n] * scale
        of_content = {
            "vaesto": total, "ulkkans": foreign - 120 * scale + n, "ulksynt": foreign + 35 * scale,
            "vieraskiel": foreign, "vieraskiel_p": round(100 * foreign / total, 1), "taust": foreign + 61 * scale,
        }  # fmt: skip
        values.append(of_content[content])
    return json_stat(
        {"Alue": areas, "Tiedot": contents, "Vuosi": {year: year for year in YEARS}}, values, time="Vuosi",
        label="Väestö kansalaisuuden, syntymävaltion, kielen ja syntyperän mukaan", **more,
    )  # fmt: skip


AGES = {
    "0 - 4": (55, 1_010), "5 - 9": (58, 1_190), "10 - 14": (49, 1_310), "15 - 19": (40, 1_260), "20 - 24": (52, 890),
    "25 - 34": (310, 2_010), "35 - 44": (259, 2_590), "45 - 54": (71, 2_840), "55 - 64": (39, 3_010),
    "65 - 74": (14, 3_010), "75 -": (3, 2_800),
}  # fmt: skip


def ages_xlsx(path: Path, *, scale: float = 1.0, source: bool = True) -> Path:
    """Origin by age as PxWeb writes Excel: labels once, the heads of columns in two rows, notes below.

    Args:
        path: Of the file to write.
        scale: Of all counts.
        source: Whether the notes name it.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "11rt -- Syntyperä ja taustamaa iän mukaan, Esimerkkilä, 2020 ja 2025"
    sheet["D3"], sheet["E3"] = "2020", "2025"
    for column in "DE":
        sheet[f"{column}4"] = "Väestö 31.12."
    row = 5
    for group in ("Yhteensä", "Ulkomaalaistaustaiset"):
        at = 0 if group == "Ulkomaalaistaustaiset" else 1
        counts = {"Yhteensä": sum(v[at] for v in AGES.values()), **{age: v[at] for age, v in AGES.items()}}
        for n, (age, count) in enumerate(counts.items()):
            if n == 0 and group == "Yhteensä":
                sheet.cell(row, 1, f"KU999 {HERE}")
            if n == 0:
                sheet.cell(row, 2, group)
            sheet.cell(row, 3, age)
            value = round(count * scale) if age != "Yhteensä" else sum(round(v[at] * scale) for v in AGES.values())
            sheet.cell(row, 4, "..")
            sheet.cell(row, 5, value)
            row += 1
    if source:
        for n, text in enumerate(
            ("Viimeisin päivitys:", "20260402 08:00", "Lähde:", "Tilastokeskus, väestörakenne", "Sisäinen viitekoodi:",
             "statfin_vaerak_pxt_11rt"), start=row + 1,
        ):  # fmt: skip
            sheet.cell(n, 1, text)
    book.save(path)
    return path


def activity_csv() -> str:
    """Main type of activity by origin, in English, for people of 18 to 64."""
    rows = ["Area,Origin,Main type of activity,Age,Year,Persons"]
    counts = {
        "Total": {
            "Total": 11_800, "Employed": 9_050, "Unemployed": 990, "Students": 900, "Pensioners": 480, "Others": 380,
        },
        "Persons with foreign background": {
            "Total": 540, "Employed": 312, "Unemployed": 98, "Students": 61, "Pensioners": 4, "Others": 65,
        },
    }  # fmt: skip
    for origin, activity in ((o, a) for o in counts for a in counts[o]):
        rows.append(f"{HERE},{origin},{activity},18 - 64,2024,{counts[origin][activity]}")
    rows += ["", '"Source: Statistics Finland, employment"', '"Latest update: 2026-06-18"', '"Table id: 115b"']
    return "\n".join(rows) + "\n"


def rates_csv() -> str:
    """Employment rates with Finnish decimals, separated by tabs."""
    rows = ["Alue\tSyntyperä\tVuosi\tTyöllisyysaste, %"]
    for n, year in enumerate(YEARS[:-1]):
        rows.append(f"{HERE}\tYhteensä\t{year}\t{71.2 + 0.3 * n:.1f}".replace(".", ","))
        rows.append(f"{HERE}\tUlkomaalaistaustaiset\t{year}\t{50.4 + 0.8 * n:.1f}".replace(".", ","))
    return "\n".join(rows) + "\n\nLähde: KEHA-keskus, Kotoutumisen indikaattorit 117e\n"


def moves_csv() -> str:
    """Migration with the measures beside each other."""
    rows = ["Area;Year;Immigration;Emigration;Net immigration"]
    for n, year in enumerate(YEARS):
        come, go = 34 + (n * 7) % 31 + (110 if year == "2022" else 0), 12 + (n * 5) % 9
        rows.append(f"{HERE};{year};{come};{go};{come - go}")
    return "\n".join(rows) + "\n\nSource: Statistics Finland, migration\nLatest update: 2026-05-20\n"


def children_csv() -> str:
    """Children in early childhood education, of whom foreign-language speakers."""
    rows = ["Alue;Vuosi;Varhaiskasvatukseen osallistuneet;Vieraskieliset varhaiskasvatuksessa"]
    rows += [f"{HERE};{year};{810 - 9 * n};{41 + 4 * n}" for n, year in enumerate(("2022", "2023", "2024"))]
    return "\n".join(rows) + "\n\nLähde: Tilastokeskus, varhaiskasvatus\n"


def write_all(folder: Path) -> list[Path]:
    """One of each, enough for a whole picture."""
    return [
        write(folder / "11rm.csv", px_csv(), "latin-1"),
        write(folder / "159t.json", origins_json()),
        ages_xlsx(folder / "11rt.xlsx"),
        write(folder / "115b.csv", activity_csv(), "utf-8-sig"),
        write(folder / "117e.txt", rates_csv()),
        write(folder / "11a2.csv", moves_csv()),
        write(folder / "14jt.csv", children_csv()),
    ]
