"""What the reader of an answer is warned of: the state of its sources, changed names, what verification did.

Only words and their order are decided here; what is current, changed or unsupported is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from assistant import currency
from assistant.gloss import gloss
from assistant.legal_claims import amounts
from assistant.question import MONTH_NUMBERS, SECTION
from assistant.settings import Settings
from assistant.text import content_stems
from assistant.types import (
    NOT_ESTABLISHED,
    Citation,
    Currency,
    Document,
    Kind,
    Notice,
    Passage,
    Question,
    Statement,
    WarningCode,
)
from assistant.verification import Verdict

# "Integration programme" with nothing that tells which of its two meanings is asked about.
_PROGRAMME = re.compile(r"\bintegration program(?:me)?s?\b|\bkotouttamisohjelm\w*|\bintegrationsprogram", re.IGNORECASE)
# What tells: whose it is, the new Finnish name, or what only the package of section 13 has: services, and when.
_TELLS_WHICH = re.compile(
    r"\b(?:government|state|national)(?:['’]?s)?(?: own)? integration program|\bvaltion kotouttamisohjelm"
    r"|\bstatens (?:\w+ )?integrationsprogram|\bkotoutumisohjelma|\bVALKO\b"
    r"|\b(?:section 13|13 §)|\b(?:service|early)[- ](?:package|phase|stage)|\bpackage of\b|\bearly[- ]stage\b"
    r"|\bsettl(?:e|es|ed|ing) in\b"
    r"|\b(?:integration|early|initial) services\b|\bcivic orientation\b|\bpalvelukokonaisuu\w*|\balkuvaih\w+"
    r"|\btjänstehelhet\w*|\bservicehelhet\w*",
    re.IGNORECASE,
)
# A statement that says that a rule of Act 681/2023 is none, and one on a reform that is only planned.
_NEVER_BEGAN = re.compile(
    r"\bas enacted\b.*\b(?:never|before (?:it|the Act|1 January 2025))\b"
    r"|\bnever (?:\w+ ){0,3}(?:in force|into force|began|begun|applied|bound|due)\b"
    r"|\b(?:repealed|dropped|removed|left out|took\b.{0,60}\bout)\b[^.]{0,90}"
    r"\bbefore (?:it|the Act|Act 681/2023|1 January 2025)\b"
)
_ONLY_PLANNED = re.compile(
    r"\b(?:Government(?:['’]s)? aim\w*|announced an aim|aims? to (?:lift|remove)|draft bill|reform draft|"
    r"reform\b.{0,60}\baim(?:s|ed) (?:at|for))\b"
)
# A question that takes the reform for done: what says that it is only planned counts wherever it stands.
_REFORM = re.compile(
    r"\b2027\b|\breform\w*|\buudistu\w+|\babolish\w*|\bpoist(?:etaan|uu|uvat)\w*|\bavskaff\w+", re.IGNORECASE
)
_FIRST = 2  # statements that answer what was asked; those after them add to it
# "The old page says every year, the new one every six months. Which holds?": sources that the reader knows to differ.
_SAYS = r"(?:says?|said|wants?|tells?|claims?|states?|writes?|speaks? of|gives?|demands?)"
_WHICH_HOLDS = (
    r"\b(?:which|whom?|what)\b[^?]*\b(?:holds?|appl(?:y|ies)|counts?|right|correct|valid|prevails?|believe|follow|"
    r"trust|go by|true)\b"
)
_SOURCE = (
    r"\b(?:pages?|sources?|laws?|Acts?|guid\w+|checklists?|copies|news|texts?|sivu\w*|lähte\w+|laki|lain|ohje\w*|"
    r"lista\w*|tarkistuslista\w*|sid(?:a|an|or)|käll\w+|lag(?:en|ar)?|anvisning\w*|checklist\w*)\b"
)
_KUMPI = r"\bkump(?:i|aa|aan|ikaan|aakaan)\b"
_DIFFER = re.compile(
    rf"\b{_SAYS}\b.*\b(?:{_SAYS}|another|the other|newer|older|later)\b.*{_WHICH_HOLDS}"
    rf"|{_SOURCE}.*\b(?:contradict|disagree|conflict)\w*\b.*\b(?:which|whom?)\b"
    r"|\b(?:sano\w+|mukaan|lukee|vaatii)\b.*\b(?:sano\w+|mukaan|toi(?:nen|sen|sessa)|uudempi|vanhempi|lukee)\b.*"
    rf"(?:{_KUMPI}|\b(?:mikä pätee|pitää paikkansa)\b)"
    rf"|{_SOURCE}.*\bristiri\w+|\bristiri\w+.*{_SOURCE}|{_KUMPI}.*\b(?:pätee|pitää paikkansa|noudat\w+|uskoa)\b"
    rf"|\b(?:säger|skriver|står|kräver)\b.*\b(?:säger|skriver|en annan|den andra|nyare|äldre|står)\b.*"
    r"\b(?:vilke[nt](?:dera)?|vem)\b"
    r"|\bboth (?:be )?(?:right|true|correct)\b|\bwhich (?:list|page|version|text|one|of (?:the two|them))\b[^?]{0,40}"
    r"\b(?:the law|holds?|right|follow|applies)\b|\bkumpi (?:pitää|on oikein|on oikea)\b"
    rf"|{_SOURCE}.*\bmotsäg\w+|\bvilken(?:dera)? (?:sida|uppgift)?\s*(?:gäller|stämmer)\b",
    re.IGNORECASE,
)
# The same by its build, whatever the two are: "Two trainers, two answers", "yhdellä sivulla 25, toisella 23".
_SAYS_FI = r"\b(?:sano\w+|väit\w+|mukaan|lukee|kirjoit\w+|kerto\w+|vaati\w+|puhu\w+)\b"
_SAYS_SV = r"\b(?:säger|sade|skriver|står|kräver|påstår|enligt|anger)\b"
_TWO_ACCOUNTS = re.compile(
    rf"\b{_SAYS}\b.*\b{_SAYS}\b|\bone\b[^?]*\b(?:another|the other|a second|the second)\b"
    r"|\b(?:two|three|different|differing|conflicting) (?:\w+ )?(?:answers|figures|numbers|versions|opinions|views|"
    r"dates|sources|pages|trainers|people|colleagues|texts|guides|experts|lawyers|officials|readings)\b"
    r"|\b(?:yksi|yhden|yhdellä|yhdessä|toinen|toisen|toisella|toisessa|eräs)\b.*"
    r"\b(?:toinen|toisen|toisella|toisessa|toisaalla)\b"
    rf"|{_SAYS_FI}.*{_SAYS_FI}|\b(?:kaksi|kahta|kahden) (?:eri )?(?:\w+ )?"
    r"(?:vastaus\w*|lukua|tietoa|ohjetta|versiota)\b"
    r"|\b(?:ena|en|ett)\b.*\b(?:en annan|ett annat|(?:den|det) andra)\b"
    rf"|{_SAYS_SV}.*{_SAYS_SV}|\btvå (?:olika )?(?:svar|siffror|uppgifter|versioner|källor|sidor|besked)\b",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(
    rf"{_WHICH_HOLDS}|\bwhich (?:one|of (?:them|the two)|is it)\b|\bwho is (?:right|wrong|mistaken)\b"
    r"|\b(?:a|one|the) single (?:line|answer|figure|number|version|wording|sentence)\b|\bcan(?:['’]t|not) both be\b"
    rf"|{_KUMPI}|\bkumma\w*\b|\b(?:ketä|keneen|mihin|mitä) (?:\w+ )?(?:uskoa|usko(?:n|mme)|luot\w+)\b"
    r"|\bkuka on oikeassa\b|\bmikä (?:niistä |näistä )?(?:pätee|on oikein)\b"
    r"|\b(?:vilke[nt]dera|vem har rätt|vad gäller|vad stämmer|vilke[nt] (?:\w+ )?(?:gäller|stämmer|är rätt|ska vi))\b"
    r"|\blita på\b|\bska (?:jag|vi|man) tro\b",
    re.IGNORECASE,
)
# What a question wants to make its own of another municipality's.
_TAKES_OVER = re.compile(
    r"\b(?:same|identical)\b|\b(?:cop(?:y|ies|ied|ying)|borrow\w*|lift(?:ed|ing)?|adopt\w*|reus\w+|imitat\w+|"
    r"tak(?:e|en|ing) (?:over|from|as)|steal|paste\w*|replicat\w+|our name)\b"
    r"|\b(?:kopioi\w*|lainata|lainaa\w*|lainais\w+|samanlai\w+|sama(?:n|t|a)?|samoja|ottaa sellaisenaan|sellaisena\w*|"
    r"hyödyntä\w+|matki\w+)\b"
    r"|\b(?:kopier\w+|låna\w*|sam(?:ma|t)|ta över|härma|återanvänd\w*|rakt av)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./])(20\d\d)(?![\d/])")
_MONTHS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_BEGINS = re.compile(
    rf"\b(?:from|since|on|as of) (?P<day>\d{{1,2}}) (?P<month>{_MONTHS}) (?P<year>20\d\d)\b", re.IGNORECASE
)
_EVERYWHERE = frozenset("municip integr act law section immigr plan must duti requir".split())
_ON, _LEAST_ASKED = 2 / 3, 3  # share of the words asked that a statement has, of how many
_ASKED_NEVER = (
    "Part of what is asked about stood in Act 681/2023 as enacted in 2023, was changed before the Act began, and has "
    "never been in force."
)
_PLANNED = (
    "A reform is only planned: an aim, a draft or a bill is not yet a duty and takes none away. The Act in force holds "
    "until an amending Act begins."
)
_TWO_MEANINGS = (
    "“Integration programme” has named two things. Until 31 December 2024 it was the municipality's plan document "
    "(kotouttamisohjelma) of Act 1386/2010, section 32. Since 1 January 2025 it is the package of early-stage services "
    "(kotoutumisohjelma) of Act 681/2023, section 13; the duty to plan is now in section 45 of Act 681/2023."
)


def source_notices(
    question: Question,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    early: Collection[str],
    instructing: Collection[str],
    municipalities: Collection[str],
    masked: Collection[str],
    premise: Passage | None = None,
) -> Iterator[Notice]:
    """Warnings that the sources of an answer call for.

    Args:
        question: As read; its `as_of` is the day on which the law is taken.
        statements: Of the answer.
        citations: Of the answer.
        early: Ids of sources written on Act 681/2023 before it began.
        instructing: Ids of sources that hold sentences which address an assistant.
        municipalities: Those whose programmes are indexed, as their sources name them: "Turku", "Kotka and Hamina".
        masked: Ids of sources in which personal data was masked.
        premise: A rule of another time that the question takes for one of its day.
    """
    as_of = question.as_of
    if premise and (resting := [c for c in citations if _is_of(c, premise)]):
        yield _premise_notice(premise, resting, as_of)
        # It stands there for comparison, so that the sources do not disagree, and is told of once.
        kept = [c for c in citations if c not in resting]
        statements = [s for s in statements if not s.citations or any(c.id in s.citations for c in kept)]
        citations = kept
    # The first statements answer; one further down counts where it is on what was asked.
    answering = [s for n, s in enumerate(statements) if n < _FIRST or _is_on(s, question)]
    on_section = [s for s in statements if _names_section_of(question, s)]
    by_state = {state: [c for c in citations if c.currency is state] for state in Currency}
    never = by_state[Currency.NEVER_IN_FORCE]
    # Asked of a day to come: what is known until a day before that one is not past, and contradicts nothing.
    until = [c for c in by_state[Currency.OUTDATED] if c.ends and c.ends >= date.today().isoformat()]
    outdated = [c for c in by_state[Currency.OUTDATED] if c not in until]
    for day in dict.fromkeys(c.ends for c in until):
        of_one = [c for c in until if c.ends == day]
        message = (
            f"{_titles(of_one)} tells what is known of the time until {day}. What holds on {as_of} may differ: look "
            "for something newer before you rely on it."
        )
        yield _notice(WarningCode.OUTDATED_SOURCE, message, of_one)
    for basis, why in (
        (currency.OLD_ACT, f"under Act {currency.OLD_ACT}, which is no longer in force"),
        (None, "for a time that is over"),
    ):
        if of_one := [c for c in outdated if (c.law_basis == currency.OLD_ACT) == (basis is not None)]:
            message = f"{_titles(of_one)} was written {why} on {as_of}. Check what applies now before you use it."
            yield _notice(WarningCode.OUTDATED_SOURCE, message, of_one)
    if told := [c for c in _told_of_the_old_act(question, statements, citations) if c not in outdated]:
        message = (
            f"What is said of Act {currency.OLD_ACT} is no longer in force: it ended on 31 December 2024. It stands "
            "here for comparison."
        )
        yield _notice(WarningCode.OUTDATED_SOURCE, message, told)
    if never:
        message = (
            f"{_titles(never)} speaks of rules that were enacted, changed before they began, and have never been in "
            "force. Nobody has to follow them."
        )
        yield _notice(WarningCode.NEVER_IN_FORCE, message, never)
    elif told_never := _cited_where(
        _NEVER_BEGAN, [s for s in statements if s in (*answering, *on_section) and _is_of_new_act(s)], citations
    ):
        yield _notice(WarningCode.NEVER_IN_FORCE, _ASKED_NEVER, told_never)
    elif as_of >= currency.NEW_ACT_FROM and currency.asks_of_never(question.text):
        yield Notice(WarningCode.NEVER_IN_FORCE, _ASKED_NEVER)
    if before := [c for c in citations if c.source_id in early]:
        message = (
            f"{_titles(before)} was written before Act 681/2023 began. Act 1100/2024 had by then rewritten section "
            "45 of Act 681/2023 (planning) and repealed its section 48 (cooperation group), so duties that the "
            "page describes may never have come into force. Check each against the Act as in force."
        )
        yield _notice(WarningCode.NEVER_IN_FORCE, message, before)
    if not_yet := by_state[Currency.NOT_IN_FORCE_YET]:
        message = f"{_titles(not_yet)} was not in force on {as_of}: a plan or a rule of a later day, not yet a duty."
        yield _notice(WarningCode.NOT_IN_FORCE_YET, message, not_yet)
    elif planned := _cited_where(_ONLY_PLANNED, statements if _REFORM.search(question.text) else answering, citations):
        yield _notice(WarningCode.NOT_IN_FORCE_YET, _PLANNED, planned)
    elif as_of < date.today().isoformat() and (
        later := [s for s in statements[:_FIRST] if _tells_of_a_later_day(s.text, as_of)]
    ):
        cited = [c for c in citations if any(c.id in s.citations for s in later)]
        yield _notice(
            WarningCode.NOT_IN_FORCE_YET,
            f"Part of this holds from a day after {as_of}: on that day it was not yet a duty.",
            cited,
        )
    in_force = [c for c in by_state[Currency.CURRENT] if c.kind is Kind.LAW][:1]
    if in_force and (outdated or never):
        message = (
            f"The sources disagree: {_titles([*outdated, *never])} says what does not hold on {as_of}. "
            f"{_titles(in_force)} holds, because it is the law in force on that day."
        )
        yield _notice(WarningCode.CONFLICTING_SOURCES, message, [*in_force, *outdated, *never])
    elif statements and _tells_of_two(question.text):
        if in_force:
            message = (
                f"You ask about sources that differ. {_titles(in_force)} holds on {as_of}: the Act in force goes "
                "before guidance, and a newer page before an older one."
            )
        else:
            message = (
                "You ask about sources that differ. No Act in force is cited here; a newer page goes before an older "
                "one, and news or a draft binds nobody."
            )
        yield _notice(WarningCode.CONFLICTING_SOURCES, message, in_force)
    if open_points := [c for c in citations if c.certainty == NOT_ESTABLISHED]:
        notes = " ".join(dict.fromkeys(c.note for c in open_points if c.note))
        message = (
            f"Part of this could not be established. {notes or 'Check the official source before you rely on it.'}"
        )
        yield _notice(WarningCode.NOT_ESTABLISHED, message, open_points)
    later_year = _year_to_come(question)
    sums = [s for s in statements[:_FIRST] if later_year and later_year not in s.text and _is_sum(s.text)]
    if sums and (cited := [c for c in citations if any(c.id in s.citations for s in sums)]):
        message = (
            f"Sums of {later_year} were not seen: those given here are the last ones known, and a decree may change "
            "them. Check the one of that year before you rely on them."
        )
        yield _notice(WarningCode.NOT_ESTABLISHED, message, cited)
    if others := [c for c in citations if c.kind is Kind.PROGRAMME or _named(c, municipalities)]:
        whose = ", ".join(
            dict.fromkeys(
                f"{c.municipality or c.title} ({c.written or 'undated'})"
                if c.kind is Kind.PROGRAMME
                else ", ".join(_named(c, municipalities))
                for c in others
            )
        )
        message = (
            f"This is an example from another municipality's programme: {whose}. Situations and needs differ, so "
            "do not copy its text, figures or measures."
        )
        yield _notice(WarningCode.OTHER_MUNICIPALITY, message, others)
    elif lenders := _taken_over_from(question.text, municipalities):
        message = (
            f"You speak of taking over from {', '.join(lenders)}. Another municipality's programme is an example: "
            "situations and needs differ, so do not copy its text, figures or measures."
        )
        yield Notice(WarningCode.OTHER_MUNICIPALITY, message)
    yield from changes(question, statements)
    for source_id in dict.fromkeys(c.source_id for c in citations if c.source_id in instructing):
        cited = [c for c in citations if c.source_id == source_id]
        message = (
            f"{cited[0].title} holds sentences that address an assistant. They were not followed and are not quoted; "
            "check where the document comes from."
        )
        yield _notice(WarningCode.INSTRUCTIONS_IN_SOURCE, message, cited)
    if holding := [c for c in citations if c.source_id in masked]:
        message = (
            f"{_titles(holding)} holds personal identity codes or bank account numbers. They are masked here; check "
            "whether the file may be kept and shared as it is."
        )
        yield _notice(WarningCode.PERSONAL_DATA, message, holding)


def _premise_notice(premise: Passage, cited: Sequence[Citation], as_of: str) -> Notice:
    """Says that a question takes a rule of another time for one of its day, which rule it is, and of what time."""
    fact, which = premise.fact, f"“{cited[0].title}”, {cited[0].pinpoint}"
    if cited[0].currency is Currency.NOT_IN_FORCE_YET:
        first_day = fact.valid_from if fact and fact.valid_from else currency.NEW_ACT_FROM
        return _notice(
            WarningCode.NOT_IN_FORCE_YET,
            f"What is asked seems to rest on a rule that had not begun on {as_of}: {which}. It begins on {first_day} "
            "and stands last, for comparison.",
            cited,
        )
    last_day = fact.valid_to if fact and fact.valid_to else currency.OLD_ACT_UNTIL
    return _notice(
        WarningCode.OUTDATED_SOURCE,
        f"What is asked seems to rest on a rule that ended on {last_day}: {which}, of the time of Act "
        f"{currency.OLD_ACT}. It stands last, for comparison; what holds on {as_of} stands before it.",
        cited,
    )


def _is_of(citation: Citation, passage: Passage) -> bool:
    """Whether a citation quotes a passage."""
    return citation.source_id == passage.source_id and citation.start < passage.end and citation.end > passage.start


def _told_of_the_old_act(
    question: Question, statements: Sequence[Statement], citations: Sequence[Citation]
) -> list[Citation]:
    """Citations of statements on the Act that ended, where the question asks about it or the answer begins with it."""
    if question.as_of < currency.NEW_ACT_FROM:
        return []
    on_it = [s for s in statements if currency.OLD_ACT in s.text]
    if not on_it or not (currency.OLD_ACT in question.acts or on_it[0] is statements[0]):
        return []
    numbers = {n for s in on_it for n in s.citations}
    return [c for c in citations if c.id in numbers]


def _is_on(statement: Statement, question: Question) -> bool:
    """Whether a statement is on what was asked, by the words that they share."""
    english = question.text if question.language == "en" else gloss(question.text, question.language)
    asked = {*content_stems(english, "en")} - _EVERYWHERE
    return len(asked) >= _LEAST_ASKED and len(asked & {*content_stems(statement.text, "en")}) >= _ON * len(asked)


def _names_section_of(question: Question, statement: Statement) -> bool:
    """Whether a statement names a section that the question names."""
    asked = {(a or b).strip() for a, b in SECTION.findall(question.text)}
    named = (rf"\bsections? (?:[\d(), a-]*(?:and )?)?(?<!\d){re.escape(n)}(?!\d)" for n in asked)
    return any(re.search(pattern, statement.text, re.IGNORECASE) for pattern in named)


def _tells_of_a_later_day(text: str, as_of: str) -> bool:
    """Whether a rule begins after the day of the question: "from 1 April 2025" on 10 February 2025."""
    for found in _BEGINS.finditer(text):
        day = f"{found['year']}-{MONTH_NUMBERS[found['month'].lower()]:02}-{int(found['day']):02}"
        if day > as_of:
            return True
    return False


def _is_of_new_act(statement: Statement) -> bool:
    """Whether a statement names Act 681/2023 or the Act that rewrote it, or no Act at all."""
    named = re.findall(r"\b\d+/\d{4}\b", statement.text)
    return not named or not {currency.NEW_ACT, "1100/2024"}.isdisjoint(named)


def _cited_where(
    pattern: re.Pattern[str], statements: Sequence[Statement], citations: Sequence[Citation]
) -> list[Citation]:
    """Citations of law, or of our digest, by those of the statements that a pattern matches.

    What a municipality's own document says of its own doings is no rule: "The pilot was dropped before it began."
    """
    numbers = {n for s in statements if pattern.search(s.text) for n in s.citations}
    return [c for c in citations if c.id in numbers and (c.digest or c.kind is Kind.LAW)]


def _named(citation: Citation, municipalities: Collection[str]) -> list[str]:
    """The municipalities that a quote of our digest names: what it says is an example of theirs."""
    if not citation.digest or citation.kind is Kind.LAW:
        return []
    names = [name for whose in sorted(municipalities) for name in re.split(r", | and ", whose) if name[:1].isupper()]
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", citation.quote)]


def _tells_of_two(question: str) -> bool:
    """Whether a question tells of two accounts of one thing and wants to know which holds."""
    if _DIFFER.search(question):
        return True
    return _TWO_ACCOUNTS.search(question) is not None and _ASKS_WHICH.search(question) is not None


def _taken_over_from(question: str, municipalities: Collection[str]) -> list[str]:
    """The municipalities whose programme a question wants to take over, in whole or in part."""
    if not _TAKES_OVER.search(question):
        return []
    names = [name for whose in sorted(municipalities) for name in re.split(r", | and ", whose) if name[:1].isupper()]
    # All but the last two letters: "Kuopion", "Turussa".
    return [n for n in names if re.search(rf"\b{re.escape(n[: max(4, len(n) - 2)])}\w*", question, re.IGNORECASE)]


def _year_to_come(question: Question) -> str | None:
    """A year after this one of which a question asks for a number."""
    years = [year for year in _YEAR.findall(question.text) if int(year) > date.today().year]
    return years[0] if years and "a number" in question.expects else None


def _is_sum(text: str) -> bool:
    return any(unit == "euros" for _, unit, _ in amounts(text, "en"))


def _notice(code: WarningCode, message: str, citations: Sequence[Citation]) -> Notice:
    return Notice(code, message, tuple(c.id for c in citations))


def _titles(citations: Sequence[Citation]) -> str:
    return "; ".join(dict.fromkeys(f"“{c.title}”" for c in citations))


def changes(question: Question, statements: Sequence[Statement] = ()) -> Iterator[Notice]:
    """Names in the question or the answer that have ended by the day."""
    found: dict[str, tuple[str, list[int]]] = {}
    for change in currency.changed_terms(question.text, question.as_of):
        found[change.term] = (change.message, [])
    for statement in statements:
        if currency.OLD_ACT in statement.text:
            continue  # it tells itself of which time it speaks
        for change in currency.changed_terms(statement.text, question.as_of):
            found.setdefault(change.term, (change.message, []))[1].extend(statement.citations)
    is_either = _PROGRAMME.search(question.text) and not _TELLS_WHICH.search(question.text)
    if question.as_of >= currency.NEW_ACT_FROM and is_either:
        yield Notice(WarningCode.TERM_CHANGED, _TWO_MEANINGS)
    for message, numbers in found.values():
        yield Notice(WarningCode.TERM_CHANGED, message, tuple(dict.fromkeys(numbers)))


def question_notices(*, masked: bool, what: str = "The question") -> list[Notice]:
    """Says that personal data in the question was masked, where it was."""
    message = (
        f"{what} held a personal identity code or a bank account number. It was masked before anything was "
        "searched, sent to a model or logged."
    )
    return [Notice(WarningCode.PERSONAL_DATA, message)] if masked else []


def document_notices(name: str, document: Document) -> tuple[Notice, ...]:
    """Says that personal data in a document was masked, how much and on which pages, where it was.

    Args:
        name: Of the file.
        document: As read.
    """
    if not (n := len(document.masked)):
        return ()
    what = "personal identity code or bank account number" if n == 1 else "personal identity codes or account numbers"
    pages = list(dict.fromkeys(str(page) for at in document.masked if (page := document.page_of(at))))
    where = f" (page{'s' if len(pages) > 1 else ''} {', '.join(pages)})" if pages else ""
    message = (
        f"{name}: {n} {what} found{where} and masked. They are neither shown, searched nor sent anywhere; check "
        "whether the file may be kept and shared as it is."
    )
    return (Notice(WarningCode.PERSONAL_DATA, message),)


def fallback_notice(writer: str, why: str) -> Notice:
    """Says that the extractive writer took over from a chat model, and why."""
    return Notice(
        WarningCode.UNSUPPORTED,
        f"{why.rstrip('.')}. The answer below was put together from the sources' own sentences instead of by {writer}.",
    )


def remote_notice(settings: Settings, what: str) -> Notice:
    """Says that text left the machine, and to whom."""
    where = settings.model_base_url or settings.model.partition(":")[0]
    return Notice(WarningCode.REMOTE_MODEL, f"{what} sent to {where}.")


def verification_notices(verdict: Verdict) -> list[Notice]:
    """Says what verification replaced or left out; empty where it did neither."""
    notices = []
    repaired = [v for v in verdict.statements if v.repaired]
    if repaired:
        why = "; ".join(dict.fromkeys(v.repaired.value for v in repaired if v.repaired))
        notices.append(
            Notice(
                WarningCode.UNSUPPORTED,
                f"{len(repaired)} statement(s) did not agree with their sources ({why}) and stand here in the sources' "
                "own words.",
            )
        )
    if verdict.dropped:
        why = "; ".join(dict.fromkeys(fault.value for _, fault in verdict.dropped))
        notices.append(Notice(WarningCode.UNSUPPORTED, f"{len(verdict.dropped)} statement(s) were left out: {why}."))
    return notices
