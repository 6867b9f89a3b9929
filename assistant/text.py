"""Words of a text: normal form, stems and stop words in Finnish, Swedish and English."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import Stemmer

LANGUAGES = ("en", "fi", "sv")
_STEMMERS = {"en": "english", "fi": "finnish", "sv": "swedish"}
# "681/2023" and "1.1.2025" are one word each; "co-operation" and "cooperation" are the same word.
_WORD = re.compile(r"\d+(?:[./:]\d+)+|[^\W_]+(?:[-’'][^\W_]+)*")

# Letters of Cyrillic and Greek that look like Latin ones, as Unicode's list of confusables has them.
_LOOK_ALIKES = str.maketrans(
    "асԁеһіјӏорԛѕԝхуүкмтнвьαινορτυχκγεηωɑɡıӧӓ", "acdehijlopqswxyykmthbbaivoptuxkyenwagiöä"
)  # fmt: skip

STOP_WORDS = {
    "en": frozenset(
        (
            "a about after all also am an and any are as at be because been being between both but by can could "
            "did do does doing done each either else even ever every for from get got had has have having he her "
            "here hers him his how i if in into is it its itself just know let like may me might more most much "
            "must my need no nor not now of off on once one only onto or other our ours out over own per please "
            "possible said same say shall she should so some still such tell than that the their them then there "
            "these they thing things this those through to too under until up upon us very want was way we were "
            "what when where whether which while who whom whose why will with within without would yes yet you "
            "your yours actually again anyone anything basically bit come day days else exactly give go going "
            "good help hi hello kind kinds lot many maybe okay ok quick question really right see sort sure thank "
            "thanks thought try wondering etc i'm i've we're we've it's that's what's don't doesn't isn't aren't "
            "can't couldn't there's who's whats im ive"
        ).split()
    ),
    "fi": frozenset(
        (
            "ei eivät eli emme en entä että ehkä hän he heidän hänen ja jo johon joka jolla jonka jos jossa josta "
            "jota jotka joten jotta juuri kaikki kanssa kenen ketkä ketä koska kuin kuinka kuka kun kyllä kai "
            "lähtien me meidän meillä mihin mikä miksi millainen millaisia millä minun minä missä mistä mitkä "
            "mitä miten mm muu muun muut mukaan mutta myös ne niiden niin niitä noin nyt näiden nämä oli olla ole "
            "olemme olen olet olevan olivat on ovat onko ovatko pitääkö saako se sekä sen siinä sitä siis sinä "
            "tai te tulee tämä tämän tässä tätä vai vaikka vain vielä voi voiko voidaan voivat voimme yli"
        ).split()
    ),
    "sv": frozenset(
        (
            "alla allt att av bli blir de dem den denna deras dess dessa det detta din du där då efter ej eller "
            "en er ett från för ha hade han har hon hur här i in inte jag ju kan kanske kunna man med mellan men "
            "mer min mot måste ni nu när någon något några och om oss på samt ska skall skulle som så till under "
            "upp ut utan vad var vara varför vem vi vid vilka vilken vilket är än åt över"
        ).split()
    ),
}


def normalise(text: str) -> str:
    """Lower case, compatibility forms, plain apostrophes and hyphens: for matching, never for showing."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text.replace("’", "'").replace("‐", "-").replace("‑", "-")


def latin(text: str) -> str:
    """A text in lower case, the letters of other alphabets that look Latin turned into Latin ones."""
    return text.casefold().translate(_LOOK_ALIKES)


def collapse(text: str) -> str:
    """White space collapsed to single spaces, stripped."""
    return " ".join(text.split())


def shortened(text: str, chars: int) -> str:
    """A text on one line, at most `chars` characters of it; "…" is where the rest was."""
    text = collapse(text)
    return text if len(text) <= chars else f"{text[: chars - 1].rstrip()}…"


def words(text: str) -> list[str]:
    """The words of a text in order, normalised; hyphens and apostrophes inside a word are dropped."""
    return [_plain(match) for match in _WORD.findall(normalise(text))]


def tokens(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def _plain(word: str) -> str:
    word = word.removesuffix("'s")
    return word.replace("-", "").replace("'", "")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS[language])


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in STOP_WORDS[language])


def is_stop_word(word: str, language: str) -> bool:
    """Whether a normalised word carries no meaning."""
    return word in _stop_words(language)


def stem(word: str, language: str) -> str:
    """The stem of a normalised word."""
    return str(_stemmer(language).stemWord(word))


def stems(text: str, language: str) -> list[str]:
    """Stems of all words of a text, in order.

    Finnish stems lose vowel length and gradation poorly ("takuuajan" and "takuuaika" differ): search adds prefixes.
    """
    return list(_stemmer(language).stemWords(words(text)))


def content_words(text: str, language: str) -> list[str]:
    """The words that carry meaning: stop words of the language are left out; order and repeats are kept."""
    return [word for word in words(text) if word not in _stop_words(language)]


def content_stems(text: str, language: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return list(_stemmer(language).stemWords(content_words(text, language)))
