"""What labelled sentences taught finds weak sentences that no rule was made for, and doubts rules that went wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from review_cases import DAY, GOOD_EN, GOOD_FI, GOOD_SV
from test_review import FILLER, HEADINGS

from assistant.documents import as_document
from assistant.errors import CorpusError
from assistant.review import checked, learnt, read_plan
from assistant.review.learnt import WEAKNESSES, Learnt, counted, features_of, judged, weighed
from assistant.review.plan_text import Plan
from assistant.review.sentences import Raw, at
from assistant.review.signs import LANGUAGES, kinds
from eval.fit_review import least, main, rows


def plan_with(language: str, chapter: str, *sentences: str) -> Plan:
    text = "\n\n".join(sentences)
    other, heading = HEADINGS[language]["other"], HEADINGS[language][chapter]
    document = as_document(f"# Mallikylä\n\n## {other}\n\n{FILLER[language]}\n\n## {heading}\n\n{text}\n")
    return read_plan(document, municipality="Mallikylä", others=(), as_of=DAY)


def likened(plan: Plan) -> set[tuple[str, int]]:
    """What was found by likeness alone: (text, weakness)."""
    found = [one for raw in checked(plan) for one in (raw, *raw.also)]
    return {
        (plan.text[start:end], kinds()[raw.kind].weakness)
        for raw in found for start, end in raw.places if raw.kind.startswith("reads-like")
    }  # fmt: skip


def test_weak_sentences_that_no_rule_knows_are_found() -> None:
    """In none of these does a rule find the weakness; at least half are to be found."""
    weak = [
        ("en", "measures", "Some of us, and whoever else feels like it, will look after this.", 4),
        ("fi", "measures", "Tästä huolehtii kukin oman mielensä mukaan.", 4),
        ("sv", "measures", "Det här tar den hand om som råkar ha tid.", 4),
        ("en", "situation", "One hears that many are out of work.", 1),
        ("en", "other", "The village takes over the chapter of the neighbouring town as it stands.", 8),
        ("fi", "other", "Luku on otettu naapurikaupungin ohjelmasta sellaisenaan.", 8),
    ]
    plans = [(plan_with(language, chapter, text), text, weakness) for language, chapter, text, weakness in weak]
    found = [(text, weakness) in likened(plan) for plan, text, weakness in plans]
    assert sum(found) >= len(weak) / 2, found


@pytest.mark.parametrize(
    ("language", "text"), [("en", GOOD_EN), ("fi", GOOD_FI), ("sv", GOOD_SV)], ids=["en", "fi", "sv"]
)
def test_good_plan_reads_like_no_weak_one(language: str, text: str) -> None:
    plan = read_plan(as_document(text), municipality=None, others=(), as_of=DAY)
    assert plan.language == language
    assert len(likened(plan)) <= 2  # as many false ones as a good plan may have


def only(monkeypatch: pytest.MonkeyPatch, odds: float, *, weakness: int = 3, least_odds: float = 1.0) -> None:
    """Sets a model that gives every unit the same log odds of one weakness."""
    shipped = learnt.learnt()
    intercepts = np.full(len(WEAKNESSES), -9.0, dtype=np.float32)
    intercepts[weakness - 1] = odds
    bound = np.full(len(WEAKNESSES), np.inf, dtype=np.float32)
    bound[weakness - 1] = least_odds
    model = replace(shipped, weights=np.zeros_like(shipped.weights), intercepts=intercepts, least=bound)
    monkeypatch.setattr(learnt, "learnt", lambda: model)


def test_rule_that_nothing_bears_out_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_with("en", "measures", "Services are developed.")
    advice = at("vague-measure", plan.units[-1], verb="developed")
    certain = at("rate-small-group", plan.units[-1], count="24")
    lacking = Raw("no-money", missing=("money",))

    only(monkeypatch, -3.0)
    assert weighed(plan, [advice, certain, lacking]) == [certain, lacking]
    only(monkeypatch, -1.0)
    assert weighed(plan, [advice, certain, lacking]) == [advice, certain, lacking]


def test_what_a_rule_found_is_not_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_with("en", "measures", "Services are developed.")
    only(monkeypatch, 2.0)
    found = weighed(plan, [at("vague-measure", plan.units[-1], verb="developed")])
    assert [r.kind for r in found if (plan.units[-1].start, plan.units[-1].end) in r.places] == ["vague-measure"]


def test_what_is_no_duty_does_not_read_like_the_law_told_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_with("en", "law", "The Act does not require approval by the council.", "The Act has been read.")
    only(monkeypatch, 2.0, weakness=16)
    found = {plan.text[r.start : r.end] for r in weighed(plan, [])}
    assert "The Act does not require approval by the council." not in found
    assert "The Act has been read." in found


def test_history_is_not_judged() -> None:
    plan = plan_with("en", "other", "Until the end of 2024 nobody knew who paid.", "Nobody knows who pays.")
    assert [u.text for u in judged(plan)][-1] == "Nobody knows who pays."
    assert all("2024" not in u.text for u in judged(plan))


def test_three_languages_teach_one_model() -> None:
    said = {"en": "Money", "fi": "Raha", "sv": "Pengar"}
    shared = [
        set(features_of(plan, plan.units[-1]))
        for plan in (plan_with(language, "money", f"{said[language]}.") for language in LANGUAGES)
    ]
    assert any(not f.startswith(("heading:", "role:", "sign:", "length:")) for f in shared[0] & shared[1] & shared[2])


def test_threshold_keeps_to_its_precision_and_spares_good_plans() -> None:
    scores = np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    wanted = np.array([True, True, True, False, True, False])
    none = np.zeros(6, dtype=bool)
    assert least(scores, wanted, none) < 2.0  # four of five
    assert least(scores, ~wanted, none) == np.inf  # too few
    blamed = np.array([False, False, False, True, False, False])
    assert least(np.r_[scores, 2.8, 2.7], np.r_[wanted, False, False], np.r_[blamed, True, True]) > 2.7


def test_shipped_model_is_of_the_labelled_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_labelled_sentences_are_many_and_of_three_languages() -> None:
    every = [row for row in rows() if len(row.author) == 1]
    assert len(every) > 900
    assert {row.language for row in every} == set(LANGUAGES)
    assert {weakness for row in every for weakness in row.weak} == set(WEAKNESSES)


def test_model_is_kept_as_it_was(tmp_path: Path) -> None:
    Learnt(*(getattr(learnt.learnt(), name) for name in ("idf", "weights", "intercepts", "least"))).write(
        tmp_path / "learnt.npz"
    )
    again = Learnt.read(tmp_path / "learnt.npz")
    assert (again.log_odds([["money"]]) == learnt.learnt().log_odds([["money"]])).all()
    assert counted([["money"], []]).shape == (2, len(again.idf))


def test_damaged_model_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "learnt.npz"
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(CorpusError, match=r"learnt\.npz cannot be read .* Install Kotoapuri again\.$"):
        Learnt.read(path)
