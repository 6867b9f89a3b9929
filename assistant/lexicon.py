"""Reads a text as tokens that can be compared: what counts as the same word, number, date, modal, and what as nothing.

For verification; English, Finnish and Swedish. Upper-case keys stand for a class of words ("must", "shall" and "is
obliged to" are all MUST); texts are lower-cased first, so the two never meet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.text import normalise

# Phrases and what they are read as, applied in this order to lower-cased text.
_PHRASES = {
    "en": [
        (r"\bcannot\b", "can not"),
        (r"n't\b", " not"),
        (r"\b(?:if|where|when|as) (?:necessary|needed|required)\b", "IFNEEDED"),
        (r"\b(?:if|where|when|as) (?:applicable|appropriate)\b", "IFAPPLICABLE"),
        (r"\bha(?:s|ve) an? (?:general |statutory )?(?:duty|obligation) to\b", "MUST"),
        (r"\b(?:is|are) (not )?(?:required|obliged|obligated) to\b", r"\1MUST"),
        (r"\b(?:has|have|needs) to\b|\b(?:is|are) to(?= [a-z])", "MUST"),
        (r"\bought to\b|\b(?:it )?is (?:advisable|recommended) to\b", "SHOULD"),
        (r"\b(?:for (?:example|instance)|such as|including)\b|\be\.g\.", "EG"),
        (r"\bin addition\b(?! to)|\bthat is why\b|\bfor (?:this|that) reason\b", " "),
        (r"\bas well as\b", "AND"),
        (r"\bper ?cent\b", "%"),
    ],
    "fi": [
        (r"\btarpeen mukaan\b|\btarvittaessa\b", "IFNEEDED"),
        (r"\bsoveltuvin osin\b", "IFAPPLICABLE"),
        (r"\b(?:on|ole) (?:velvollinen|velvollisia|velvoitettu)\b|\bon velvollisuus\b", "MUST"),
        (r"\bon\b((?: \w+){0,2}?) (?!merkittävä|riittävä|kestävä)(\w{2,}t[aä]v[aä])\b", r"MUST\1 \2"),
        (r"\b(?:esimerkiksi|muun muassa|kuten)\b|\b(?:esim|mm)\.", "EG"),
        (r"\bprosent\w+", "%"),
        (r"§:\w+", "§"),
    ],
    "sv": [
        (r"\bvid behov\b", "IFNEEDED"),
        (r"\bi tillämpliga delar\b", "IFAPPLICABLE"),
        (r"\bär (inte )?(?:skyldiga?|förpliktade?|förpliktad) att\b|\bhar (?:en )?skyldighet att\b", r"\1MUST"),
        (r"\btill exempel\b|\bbland annat\b|\bt\.ex\.|\bbl\.a\.|\bsåsom\b", "EG"),
        (r"\bsåväl som\b", "AND"),
        (r"\bprocent\b", "%"),
    ],
}  # fmt: skip
PHRASES = {language: [(re.compile(p), to) for p, to in rows] for language, rows in _PHRASES.items()}

_CLASSES = {
    "en": {
        "MUST": "must shall", "SHOULD": "should", "MAY": "may can could might", "BE": "is are be being am",
        "WAS": "was were", "NOT": "not", "AND": "and &", "OR": "or", "EACH": "every each",
        "WHICH": "which who whose", "HAVE": "has have having",
    },
    "fi": {
        "MUST": "pitää täytyy tulee", "SHOULD": "pitäisi tulisi", "MAY": "voi voivat voidaan saa saavat saadaan",
        "NOT": "ei eivät en emme ette", "AND": "ja sekä", "OR": "tai taikka",
        "WHICH": "joka jotka jonka joiden",
    },
    "sv": {
        "MUST": "ska skall måste", "SHOULD": "bör", "MAY": "kan får", "NOT": "inte ej icke", "AND": "och samt",
        "OR": "eller", "WHICH": "som vilken vilket vilka",
    },
}  # fmt: skip
CLASSES = {
    language: {word: name for name, group in classes.items() for word in group.split()}
    for language, classes in _CLASSES.items()
}

# Words that carry nothing that could be got wrong: they may come and go.
IGNORED = {
    "en": frozenset(
        (
            "a an the of both also however therefore moreover furthermore nevertheless alternatively additionally thus "
            "too that this these those it its they them their there do does so"
        ).split()
    ),
    "fi": frozenset(
        "on ovat se ne sen sitä niitä niiden tämä tämän nämä näiden että myös lisäksi kuitenkin siksi".split()
    ),
    "sv": frozenset(
        "en ett den det de dem dess deras denna detta dessa att är både också även dessutom därför".split()
    ),
}  # fmt: skip

# What limits a sentence wherever it stands in it: a statement never leaves it out.
_ALWAYS = "NOT IFNEEDED IFAPPLICABLE ? "
LIMITS = {
    "en": frozenset(
        (
            _ALWAYS + "no none never neither nor without nothing nobody longer if unless provided except excluding "
            "only when where once while until pending depending but appropriate subject extent far long up most least "
            "maximum minimum"
        ).split()
    ),
    "fi": frozenset(
        (
            _ALWAYS + "eikä eivätkä ilman älä enää jos mikäli ellei jollei elleivät jolleivät kun kunnes paitsi vain "
            "ainoastaan edellyttäen lukuun riippuen sikäli siltä vaan mutta asti saakka enintään korkeintaan vähintään"
        ).split()
    ),
    "sv": frozenset(
        (
            _ALWAYS + "aldrig utan ingen inga inget varken längre om ifall såvida förutsatt förutom utom endast bara "
            "när då tills men beroende högst minst"
        ).split()
    ),
}
NEGATIONS = frozenset(
    "NOT no none never neither nor without nothing nobody eikä eivätkä ilman älä aldrig utan ingen inga inget".split()
)
MODALS = frozenset(["MUST", "SHOULD", "MAY"])

# A segment that opens with one of these says where, when or for whom: it is not left out.
PREPOSITIONS = frozenset(
    (
        "about after against as at before between by during for from in of on over per since through to towards under "
        "until via with within according ennen enligt efter från för före genom hos i inom med mellan mot på till "
        "under vid av"
    ).split()
)
# Of these, the ones that open a clause which can stand first or last. "By the council" cannot: it says who acts.
MOVABLE = PREPOSITIONS - frozenset(
    "about against as between by for from of on to towards with av från mellan mot på till".split()
)
# "Under section 45 of the Act, ...": may name where the quotes stand, though their words do not.
ATTRIBUTIONS = frozenset(["under", "according", "enligt"])
LAWS = frozenset("to law act integration lag lagen integrationslagen".split())
ATTRIBUTION_WORDS = frozenset(
    "under according to section § act guide guidance mukaan lain enligt lag lagen i in".split()
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january tammikuuta tammikuun januari", "february helmikuuta helmikuun februari",
            "march maaliskuuta maaliskuun mars", "april huhtikuuta huhtikuun", "may toukokuuta toukokuun maj",
            "june kesäkuuta kesäkuun juni", "july heinäkuuta heinäkuun juli", "august elokuuta elokuun augusti",
            "september syyskuuta syyskuun", "october lokakuuta lokakuun oktober",
            "november marraskuuta marraskuun", "december joulukuuta joulukuun",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

NUMBERS = {
    word: str(value)
    for value, group in enumerate(
        (
            "zero nolla noll", "one yksi", "two kaksi kahden kahta kahdessa två",
            "three kolme kolmen kolmea kolmessa tre", "four neljä neljän neljää neljässä fyra",
            "five viisi viiden viittä viidessä fem",
            "six kuusi kuuden kuutta kuudessa sex", "seven seitsemän seitsemää seitsemässä sju",
            "eight kahdeksan kahdeksaa åtta", "nine yhdeksän yhdeksää nio", "ten kymmenen kymmentä tio",
            "eleven yksitoista elva", "twelve kaksitoista tolv",
        )
    )
    for word in group.split()
}  # fmt: skip
NUMBERS |= {
    word: str(value)
    for value, group in {
        15: "fifteen viisitoista femton", 20: "twenty kaksikymmentä kahdenkymmenen tjugo",
        30: "thirty kolmekymmentä kolmenkymmenen trettio", 40: "forty neljäkymmentä neljänkymmenen fyrtio",
        50: "fifty viisikymmentä viidenkymmenen femtio", 60: "sixty kuusikymmentä kuudenkymmenen sextio",
        70: "seventy seitsemänkymmentä sjuttio", 80: "eighty kahdeksankymmentä åttio",
        90: "ninety yhdeksänkymmentä nittio",
    }.items()
    for word in group.split()
}  # fmt: skip
# What a number counts, by any form of the word.
_UNITS = {
    "hours": r"hours?|tun(?:ti|nin|tia)\w*|timm\w+",
    "days": r"days?|päiv\w+|dag(?:ar|en|s)?",
    "weeks": r"weeks?|wks?|viik\w+|veck\w+",
    "months": r"months?|mths?|kuukau\w+|månad\w*",
    "years": r"years?|yrs?|vuo(?:si|den|dessa|tta|teen|sittain|ti(?:nen|s\w+))|år\w*",
    "times": r"times|kerta\w*|gång\w*",
    "euros": r"eur|€|euro\w*",
    "%": r"%|per ?cent|prosent\w+|procent",
}  # fmt: skip
_UNIT = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _UNITS.items()}
# "two thirds": the second word.
PARTS = re.compile(
    r"\b(\w+) (?:(third|kolmasosa|kolmannes|tredjedel)|(quarter|fourth|neljäsosa|neljännes|fjärdedel)"
    r"|(fifth|viidesosa|viidennes|femtedel)|(tenth|kymmenesosa|kymmenys|tiondel))(?:s|a|ar|ta|n)?\b"
)
PART_VALUES = (3, 4, 5, 10)

# Endings in which two forms of one Swedish noun or verb may differ: number and definiteness, never -s (passive,
# genitive) or -de (past).
SWEDISH_ENDINGS = frozenset(["", "n", "en", "et", "t", "a", "er", "ar", "or", "r", "na", "erna", "arna", "orna", "an"])


class Token(NamedTuple):
    """One word that counts, or one number, date, sign or class of words (upper case)."""

    key: str
    sep: str = ""  # what stands between it and the token before: "," for any punctuation, "and", or nothing
    proper: bool = False  # written with a capital inside a sentence of the text


_DATES = [
    (re.compile(r"\b(?:den )?(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(" + "|".join(MONTHS) + r"),? (\d{4})\b"), "dmy"),
    (re.compile(r"\b(" + "|".join(MONTHS) + r") (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b"), "mdy"),
    (re.compile(r"\b(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\b"), "dmy"),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), "ymd"),
]  # fmt: skip
_THOUSANDS = re.compile(r"(?<![\w.,/])\d{1,3}(?:[ .,]\d{3})+(?![\w/]|[.,]\d)")
_TOKEN = re.compile(
    r"(?P<date>D\d+\.\d+\.\d+)|(?P<number>\d+(?:[.,:/]\d+)*)|(?P<word>[^\W\d_][^\W_]*(?:[-'][^\W_]+)*(?P<open>-(?=[\s,]))?)"
    r"|(?P<sep>[,;:()\[\]–—•\n/]|(?<=\s)-(?=\s))|(?P<quiet>[\s.!\"'“”„«»…*`_-])|(?P<sign>.)"
)


@lru_cache(maxsize=4096)
def tokens(text: str, language: str) -> tuple[Token, ...]:
    """The words of a text that must agree, in order."""
    original = text
    # "IT" is a name and no pronoun.
    text = re.sub(r"\b[A-ZÅÄÖ]{2,}\b", lambda m: f"{m[0]}x" if m[0].lower() in IGNORED[language] else m[0], text)
    text = re.sub(r"^\s*- ", "\n", normalise(text).replace("\xad", ""), flags=re.MULTILINE)
    for pattern, order in _DATES:
        text = pattern.sub(lambda m, order=order: _date(dict(zip(order, m.groups(), strict=True))), text)  # type: ignore[misc]
    text = PARTS.sub(_fraction, _THOUSANDS.sub(lambda m: re.sub(r"\D", "", m[0]), text))
    for phrase, meaning in PHRASES[language]:
        text = phrase.sub(meaning, text)
    names = {normalise(name) for name in re.findall(r"(?<=[\w,;)] )[A-ZÅÄÖ][\w-]+", original)}
    found: list[Token] = []
    sep, is_owner = "", False
    is_open = False  # "social- och hälsovård" is one name: what follows an open hyphen is no new member
    for m in _TOKEN.finditer(text):
        key = m.group()
        if m.lastgroup == "quiet":
            continue
        if m["word"]:
            key = key.removesuffix("'s").replace("-", "").replace("'", "")
            key = CLASSES[language].get(key) or NUMBERS.get(key) or key
        elif m.lastgroup == "number":
            key = key.replace(",", ".")
        if m.lastgroup == "sep" or key == "AND":
            sep = "and" if "and" in (sep, key.lower()) else ","
        elif key not in IGNORED[language]:
            found.append(Token(key, "" if is_open else sep, m.group() in names))
            if is_owner and not found[-1].sep:
                # "the plan's aims" reads as "the aims of the plan".
                thing, owner = found.pop(), found.pop()
                found += [thing._replace(sep=owner.sep), owner._replace(sep="")]
            sep, is_open, is_owner = "", m["open"] is not None, m.group().endswith("'s")
    return tuple(found)


def unit_of(word: str) -> str:
    """What a word counts: "years" for "vuotta", "euros" for "€"; empty where it is no unit."""
    return next((name for name, pattern in _UNIT.items() if pattern.fullmatch(word)), "")


def _date(parts: dict[str, str]) -> str:
    month = MONTHS.get(parts["m"]) or int(parts["m"])
    return f"D{parts['y']}.{month}.{int(parts['d'])}"


def _fraction(m: re.Match[str]) -> str:
    whole = NUMBERS.get(m.group(1), m.group(1))
    if not whole.isdigit():
        return m.group()
    return f"{whole}/{next(v for v, name in zip(PART_VALUES, m.groups()[1:], strict=True) if name)}"


def same(a: str, b: str, language: str) -> bool:
    """Whether two keys are one word: inflection that changes neither voice, tense, nor who does what to whom."""
    if a == b:
        return True
    if not (a.isalpha() and b.isalpha() and a.islower() and b.islower()):
        return False
    if language == "en":
        return _english(a) == _english(b)
    if language == "fi":
        return _finnish_duty(a, b) or _finnish_duty(b, a)
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return n >= 4 and {a[n:], b[n:]} <= SWEDISH_ENDINGS


@lru_cache(maxsize=4096)
def _english(word: str) -> str:
    """A word without plural, third person or -ing; a stemmer would make one of "employer" and "employment"."""
    word = re.sub(r"ies$", "y", word)
    word = re.sub(r"(?<=[a-z]{3})(?:(?<=[sxzh])es|(?<![su])s|ing)$", "", word)
    return re.sub(r"(.)\1$", r"\1", word.removesuffix("e"))


def _finnish_duty(duty: str, infinitive: str) -> bool:
    """Whether "laadittava" and "laatia" are one verb."""
    if not re.search(r"t[aä]v[aä]$", duty) or not re.search(r"[aä]$", infinitive):
        return False
    a, b = (
        re.sub(r"(.)\1", r"\1", re.sub(ending, "", word)).replace("d", "t")
        for word, ending in ((duty, r"t?t[aä]v[aä]$"), (infinitive, r"(?:[tdlnr]?[aä])$"))
    )
    return min(len(a), len(b)) >= 2 and a[: min(len(a), len(b)) - 1] == b[: min(len(a), len(b)) - 1]
