"""A question is read for what is asked, what it rests on and what it goes on from; typing errors are mended."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.currency import NEW_ACT
from assistant.errors import QuestionError
from assistant.question import asks_whether_it_goes_on, counted_place, mend_word, named_in, read_question
from assistant.types import Question, Turn

VOCABULARY = frozenset("municipality integration programme council approve cooperation indicators".split())
ENGLISH = frozenset("who does what how the council plan when working under act".split())


def read(text: str, *, as_of: str | None = None, language: str | None = None, after: tuple[str, ...] = ()) -> Question:
    conversation = tuple(Turn(question) for question in after)
    return read_question(text, as_of=as_of, language=language, conversation=conversation, max_chars=4_000)


def names(text: str) -> list[str]:
    return list(named_in(read(text), is_word=ENGLISH.__contains__))


# What is asked.


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Who approves the plan?", ["Who approves the plan?"]),
        ("Who approves it, and how often is it reviewed?", ["Who approves it", "how often is it reviewed?"]),
        ("Who approves it; by when must it be ready?", ["Who approves it", "by when must it be ready?"]),
        ("Which body decides and with whom is it agreed?", ["Which body decides", "with whom is it agreed?"]),
        ("Kuka hyväksyy suunnitelman ja milloin se tarkistetaan?",
         ["Kuka hyväksyy suunnitelman", "milloin se tarkistetaan?"]),
        ("Vem godkänner planen och när ses den över?", ["Vem godkänner planen", "när ses den över?"]),
        # Background is left out.
        ("We are a small town. Nobody has done this before. Who can help us?", ["Who can help us?"]),
        ("I have read the guide twice. Please list the themes. Thank you.", ["Please list the themes."]),
        # "and" between things is no boundary, and a heading asks as a whole.
        ("Who trains staff and volunteers?", ["Who trains staff and volunteers?"]),
        ("cooperation group members", ["cooperation group members"]),
    ],
)  # fmt: skip
def test_question_is_cut_into_what_is_asked(text: str, parts: list[str]) -> None:
    assert list(read(text).parts) == parts


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Which themes belong in the plan?", True),
        ("Give examples of indicators.", True),
        ("Mitkä teemat kuuluvat suunnitelmaan?", True),
        ("Vilka teman hör till planen?", True),
        ("Who approves it?", False),
        ("Kuka sen hyväksyy?", False),
    ],
)
def test_question_for_a_list_is_recognised(text: str, asks: bool) -> None:
    assert read(text).asks_list is asks


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("How often is the plan reviewed?", ("a number",)),
        ("Kuinka usein suunnitelma tarkistetaan?", ("a number",)),
        ("Kuinka moni muutti kuntaan?", ("a number",)),
        ("Hur ofta ses planen över?", ("a number",)),
        ("What is the deadline?", ("a date",)),
        ("What is the phone number of the office?", ("a number", "contact details")),
        ("Who is the director of the centre?", ("a person's name",)),
        ("Who approves the plan?", ()),
        # What stands in the background is not asked for.
        ("It costs us 2,000 euros a year. Who approves the plan?", ()),
        # A part that expects nothing can be answered without the other.
        ("Who writes the reports, and by when must they be sent in?", ()),
        ("How long is it, and what does it cost?", ("a number",)),
        ("employment rate indicators", ()),
    ],
)
def test_question_says_what_the_answer_must_look_like(text: str, expects: tuple[str, ...]) -> None:
    assert set(read(text).expects) >= set(expects)
    assert bool(read(text).expects) == bool(expects)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Who approves the plan?", "en"), ("Kuka hyväksyy suunnitelman?", "fi"), ("Vem godkänner planen?", "sv")],
)
def test_language_is_detected_unless_given(text: str, language: str) -> None:
    assert read(text).language == language
    assert read(text, language="sv").language == "sv"


@pytest.mark.parametrize(("as_of", "expected"), [("2026-11-21", "2026-11-21"), (" 2024-02-29 ", "2024-02-29")])
def test_date_is_taken_as_given(as_of: str, expected: str) -> None:
    assert read("Who approves it?", as_of=as_of).as_of == expected


def test_date_is_today_by_default() -> None:
    assert read("Who approves it?").as_of == date.today().isoformat()


NEXT = date.today().year + 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"Mitä kunnan täytyy tehdä kotivanhemmille {NEXT} ja kuka maksaa?", f"{NEXT}-01-01"),
        (f"Vad ska kommunen ordna för hemmaföräldrar {NEXT}?", f"{NEXT}-01-01"),
        (f"What must we do for parents at home {NEXT}?", f"{NEXT}-01-01"),
        ("Var en delegation obligatorisk 2024?", "2024-12-31"),
        ("Paljonko kunta sai pakolaisesta 2024?", "2024-12-31"),
    ],
)
def test_bare_year_is_the_day_that_is_asked_about(text: str, day: str) -> None:
    assert read(text).as_of == day


@pytest.mark.parametrize(
    "text",
    [
        f"What is done in 2024-{NEXT}?",
        f"Mitä tehdään vuosina 2024-{NEXT}?",
        f"We have over {NEXT} immigrants, what must be done?",
        f"Meillä asuu {NEXT} ulkomaalaista, mitä pitää tehdä?",
        f"Räcker {NEXT} euro per person?",
        f"Is EUR {NEXT} enough?",
        f"Does section {NEXT} apply?",
        "What does Act 681/2023 ask?",
        "Does ÅFS 2020:32 apply?",
        f"Is the Government programme {NEXT} binding?",
        "Which sections have been amended since 2015?",
        "Klientens plan gjordes hösten 2024, hur länge får den gälla?",
        "Kan man göra en bedömning för en ukrainare som kom 2022?",
    ],
)
def test_number_that_may_be_no_year_or_is_none_of_the_question_is_no_day(text: str) -> None:
    assert read(text).as_of == date.today().isoformat()


@pytest.mark.parametrize("as_of", ["21.11.2026", "2026-02-30", "2026", "tomorrow", ""])
def test_bad_date_is_refused_with_an_example(as_of: str) -> None:
    with pytest.raises(QuestionError, match="YYYY-MM-DD"):
        read("Who approves it?", as_of=as_of)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("?!", "empty"),
        ("123", "empty"),
        ("\x00\x1b", "empty"),
        ("a" * 4_001, "4,001"),
    ],
)
def test_question_without_words_or_too_long_is_refused(text: str, reason: str) -> None:
    with pytest.raises(QuestionError, match=reason):
        read(text)


def test_unknown_language_is_refused() -> None:
    with pytest.raises(QuestionError, match="'de'"):
        read("Who approves it?", language="de")


@given(st.text(max_size=120), st.lists(st.text(max_size=40), max_size=2))
def test_any_text_is_read_or_refused(text: str, earlier: list[str]) -> None:
    try:
        question = read(text, after=tuple(earlier))
    except QuestionError:
        assert not any(c.isalpha() for c in text if c.isprintable())
        return
    assert question.parts
    assert all(question.parts)
    assert question.text == " ".join(question.text.split())
    named_in(question)


# Conversations.

OTHER = "Which indicators measure the employment of immigrants in the region?"
THEMES = "Which themes does the integration plan of a municipality cover?"


@pytest.mark.parametrize(
    "follow_up",
    ["and who approves it?", "Who approves it?", "Why?", "What about the council?", "entä kuka sen hyväksyy?",
     "och vem godkänner den?"],
)  # fmt: skip
def test_follow_up_keeps_the_topic(follow_up: str) -> None:
    question = read(follow_up, after=(THEMES,))
    assert question.is_follow_up
    assert question.text == follow_up
    assert question.search_text.startswith(THEMES)
    assert all(THEMES in part and follow_up.split()[0] in part for part in question.parts)


def test_follow_up_to_a_follow_up_goes_back_to_what_stood_alone() -> None:
    assert read("Why?", after=(OTHER, THEMES, "and who approves it?")).search_text == f"{THEMES} Why?"


def test_question_that_carries_its_own_topic_is_no_follow_up() -> None:
    question = read("Who belongs to the cooperation group of the wellbeing services county?", after=(THEMES,))
    assert not question.is_follow_up
    assert question.search_text == question.text


def test_first_question_is_no_follow_up() -> None:
    assert not read("Who approves it?").is_follow_up


def test_number_asked_before_is_not_expected_of_a_follow_up() -> None:
    assert read("Why?", after=("How many people moved to the municipality last year?",)).expects == ()


# What a question rests on.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What does Esimerkkilä do?", ["Esimerkkilä"]),
        ("Who leads the ELY Centre?", ["ELY Centre"]),
        ("What is Kela’s role?", ["Kela"]),
        ("Who is Maija Meikäläinen?", ["Maija Meikäläinen"]),
        ("What is Kela?", ["Kela"]),
        ("Mitä laki 1386/2010 sanoo?", ["1386/2010"]),
        ("What does section 48 say?", ["section 48"]),
        ("Mitä 8 a § sanoo?", ["section 8 a"]),
        ("What happens in 2050?", ["2050"]),
        ("How many moved in 2015?", ["2015"]),
        ("How do Swedish towns plan?", ["Swedish"]),
    ],
)
def test_names_years_and_acts_must_be_in_the_sources(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Who approves the plan?",
        "Council plan",  # a heading: its capital makes no name of an ordinary word
        "WHO APPROVES THE PLAN",
        "WHO APPROVES",
        "Which Themes Does The Plan Cover",
        "Who approved the plan in 2025?",  # the year only says when
        # Who asks is not what is asked about.
        "We in Mallikylä wonder who approves the plan?",
        "I work in Mallikylä and who approves the plan?",
        "Mallikylä is our town. Who approves the plan?",
        # Nor is who lives there.
        "How do Somali-speaking residents take part?",
        "How are Ukrainian families advised?",
        "Can Iraqi women join?",
        "Does Finnish law apply?",
        # Nor is when somebody asked.
        "The board wants to know by Thursday who approves the plan.",
        "Until Easter or the second week of May, who approves the plan?",
        "Joko valtuusto on hyväksynyt suunnitelman?",
    ],
)
def test_speakers_nationalities_and_capitals_make_no_names(text: str) -> None:
    assert names(text) == []


def test_section_is_looked_for_as_a_section() -> None:
    assert named_in(read("What does section 48 say?")) == {"section 48": "§ 48"}


# Typing errors.


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        ("muncipality", "municipality"),
        ("integraton", "integration"),
        ("programmme", "programme"),
        ("cuoncil", "council"),
        ("Indicatros", "indicators"),
        ("whihc", "which"),  # a stop word
        ("council", "council"),
        ("working", "working"),  # not in the sources, but English
        ("KELA", "KELA"),
        ("Mallikylä", "Mallikylä"),
        ("zzzzz", "zzzzz"),
    ],
)
def test_misspelt_word_is_mended_and_no_other(word: str, mended: str) -> None:
    assert mend_word(word, VOCABULARY, ENGLISH.__contains__) == mended


def test_only_english_is_mended() -> None:
    def shout(word: str) -> str:
        return word.upper()

    english = read_question("Who approves the plan?", max_chars=100, mend=shout)
    assert english.parts == ("Who APPROVES the PLAN?",)
    assert english.text == "Who approves the plan?"
    finnish = read_question("Kuka hyväksyy suunnitelman?", max_chars=100, mend=shout)
    assert finnish.search_text == "Kuka hyväksyy suunnitelman?"


@pytest.mark.parametrize(
    ("text", "as_of", "acts"),
    [
        ("What did the old Act say of it?", "2026-11-22", ("1386/2010",)),
        ("What was paid under section 47 a of the law that is no longer in force?", "2026-11-22", ("1386/2010",)),
        ("It used to be the municipality which founded them, true?", "2026-11-22", ("1386/2010",)),
        ("Mitä kumotun kotoutumislain 33 §:ssä sanottiin?", "2026-11-22", ("1386/2010",)),
        ("How did it change from the law of 2010?", "2026-11-22", ("1386/2010",)),
        ("Mitä vanha kotoutumislaki sanoi?", "2026-11-22", ("1386/2010",)),
        ("Vad sade den gamla lagen?", "2026-11-22", ("1386/2010",)),
        ("Is the old hall still open?", "2026-11-22", ()),
        ("Who will pay for it?", "2024-07-01", ("681/2023",)),
        ("Who will pay for it?", "2026-11-22", ()),
        ("Who pays for it?", "2024-07-01", ()),
    ],
)
def test_act_is_recognised_by_other_words_than_its_number(text: str, as_of: str, acts: tuple[str, ...]) -> None:
    assert read_question(text, as_of=as_of, max_chars=200).acts == acts


@pytest.mark.parametrize(
    ("text", "enacted"),
    [
        ("What did section 45 say as enacted?", True),
        ("What stood in the original wording?", True),
        ("Mitä alkuperäinen 45 § sanoi?", True),
        ("What does section 45 say?", False),
    ],
)
def test_question_for_the_act_as_enacted_is_recognised(text: str, enacted: bool) -> None:
    assert read_question(text, max_chars=200).enacted is enacted


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("How many foreigners live in Keksilä?", "Keksilä"),
        ("What is the share of Somali speakers in the town of Keksilä?", "Keksilä"),
        ("How many residents has Keksilä?", "Keksilä"),
        ("Montako ulkomaalaista Keksilässä asuu?", "Keksilä"),
        ("Hur många utlänningar bor i Keksilä?", "Keksilä"),
        ("How many refugees must we take?", None),
        ("How many years does the plan of Keksilä run?", None),
        ("Who counts the residents of Keksilä?", None),
        ("How many immigrants in Finland have Finnish citizenship?", None),
        ("How many persons does section 14 of Act 681/2023 name?", None),
        ("How many clients of Kela have the right?", None),
        ("How many residents has Mallikylä?", None),  # of which no programme is there
    ],
)
def test_place_whose_people_are_counted(text: str, place: str | None) -> None:
    assert counted_place(read_question(text, max_chars=200), {"Keksilä", "Naapurila"}) == place


@pytest.mark.parametrize(
    "text",
    [
        "Paljonko Keksilä myönsi yhdistykselle vuodelle 2026?",
        "Järjestetäänkö Keksilässä kursseja iltaisin?",
        "Minkä verran Keksilä maksaa?",
    ],
)
def test_word_that_begins_a_finnish_question_is_no_part_of_a_name(text: str) -> None:
    names = [name for name in named_in(read_question(text, as_of="2026-11-22", max_chars=200)) if not name.isdigit()]
    assert names in (["Keksilä"], ["Keksilässä"])


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("What belongs in the section on housing?", "What belongs in the chapter on housing?"),
        ("What do sections of the plan hold?", "What do chapters of the plan hold?"),
        ("What does section 45 say?", "What does section 45 say?"),
    ],
)
def test_part_of_a_plan_is_no_section_of_an_act(text: str, searched: str) -> None:
    assert read_question(text, as_of="2026-11-22", max_chars=200).search_text == searched


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We signed a contract under the previous law. Is it enough?", True),
        ("A contract of 2021, never renewed: what now?", True),
        ("Vuonna 2023 tehty sopimus, päteekö se?", True),
        ("Kumotun lain aikainen ohje, riittääkö se?", True),
        ("Räcker ett avtal från 2022?", True),
        ("Is the rule still in force?", False),
        ("What was signed in 2021?", False),
        ("Is the contract of 2026 still valid?", False),
    ],
)
def test_what_was_made_before_and_may_go_on_is_known(text: str, expected: bool) -> None:
    assert asks_whether_it_goes_on(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "How often is it under the law that comes into force in January?",
        "Mitä laki vaatii, kun se tulee voimaan?",
        "Vad kräver lagen som träder i kraft vid årsskiftet?",
    ],
)
def test_law_to_come_is_the_new_act_on_an_earlier_day(text: str) -> None:
    assert NEW_ACT in read_question(text, as_of="2024-09-30", max_chars=1000).acts
    assert NEW_ACT not in read_question(text, as_of="2026-09-30", max_chars=1000).acts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Has the police decided on my brother's passport?", "a private matter"),
        ("Milloin naapurini saa oleskeluluvan?", "a private matter"),
        ("När kommer beslutet om min systers medborgarskap?", "a private matter"),
        ("How long is the waiting list of the language course?", "how things are at this moment"),
        ("Kuka voitti koulutuksen kilpailutuksen?", "how things are at this moment"),
        ("Hur långa är köerna till kursen?", "how things are at this moment"),
        ("What is the salary of a settlement worker?", "a salary"),
        ("Mikä on koordinaattorin kuukausipalkka?", "a salary"),
    ],
)
def test_what_no_guidance_holds_is_known_to_be_asked_for(text: str, expected: str) -> None:
    assert expected in read(text).expects


@pytest.mark.parametrize(
    "text",
    [
        "Who in our municipality makes the decision on the plan?",
        "Which permit must a client have?",
        "Kuka tekee päätöksen kotoutumissuunnitelmasta?",
        "Vem fattar beslut om planen?",
        "Who takes part in the tender?",
        "Does pay subsidy help a client into work?",
    ],
)
def test_decisions_and_permits_in_general_are_no_private_matter(text: str) -> None:
    kinds = ("a private matter", "how things are at this moment", "a salary")
    assert not any(kind in read(text).expects for kind in kinds)
