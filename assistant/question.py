"""Reads a question: what is asked and what is background, its parts, its date, the names and numbers it rests on.

Deliberately shallow: word lists and patterns in English, Finnish and Swedish, no model. What is read here only steers
retrieval and abstention; nothing of it reaches the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date

from assistant.currency import NEW_ACT, NEW_ACT_FROM, OLD_ACT
from assistant.documents import detect_language
from assistant.errors import QuestionError
from assistant.text import STOP_WORDS, collapse, content_stems, words
from assistant.types import Question, Turn

_ASKING_WORDS = (
    "who whom whose what how when where which why do does did is are can could should must may has have will "
    "would kuka ketkä kenen kenelle keneltä mitä mikä minkä mitkä miten milloin missä mistä mihin minne miksi "
    "kuinka montako moniko paljonko millainen millaiset saako pitääkö voiko onko ovatko tuleeko joko vem vilka vilken "
    "vilket vad hur när var varför ska får måste kan bör är har finns"
).split()
_ASKING = "|".join(_ASKING_WORDS)
_ASKS_FI = re.compile(r"\w{3,}(?:aan|ään|vat|vät|ee|aa|ää|oi|isi|is)k[oö]$")  # "Järjestetäänkö", "Pitäisikö"
# Between the parts of a question: an end of sentence, "and" before a new asking word, a semicolon.
_BETWEEN_PARTS = re.compile(
    r"(?<=[?.!])\s+|;\s+"
    r"|,?\s+(?:and|or|but|also|ja|sekä|vai|mutta|och|eller|men)\s+"
    rf"(?=(?:(?:with|at|in|on|by|to|for|from|if)\s)?(?:{_ASKING}|whom|if so)\b)"
    rf"|,\s+(?=(?:{_ASKING})\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\?\s*$|^(?:(?:and|but|so|ja|entä|och|men|with|at|in|on|by|to|for|from)\s+)?(?:{_ASKING})\b"
    r"|^(?:please|kindly|tell|list|name|give|explain|describe|indicate|provide|show|"
    r"kerro|luettele|selitä|anna|berätta|nämn|förklara)\b",
    re.IGNORECASE,
)
_ASKS_LIST = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,3}?\w+s\b"
    r"|\b(?:list|examples?|members?|who (?:all|else|besides)|kinds? of|sections|topics|"
    r"themes|areas|elements|parts|contents?|belongs?|include)\b"
    r"|\b(?:mitkä|mitä kaikkea|ketkä|millaisia|luettele|esimerkkejä|jäsenet|teemat|osat|sisältää)\b"
    r"|\b(?:vilka|lista|exempel|medlemmar|teman|delar|innehåller?|ingår)\b",
    re.IGNORECASE,
)
# What a question asks for that only text of a certain look can answer: how it is asked, and the look of the answer.
_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|hundred|"
    r"annual(?:ly)?|yearly|monthly|half|thirds?|quarter|once|twice|"
    r"yksi|yhden|kaksi|kahde\w+|kolme\w*|neljä\w*|viisi|viide\w+|kuusi|kuude\w+|seitsemä\w*|yhdeksä\w*|kymmene\w+|"
    r"vuosittain|puolet|två|tre|fyra|fem|sex|sju|åtta|nio|tio|årligen|hälften"
)
_SWEDISH_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|"
    "januari|februari|mars|maj|juni|juli|augusti|oktober"
)
# Somebody of one's own, and what is decided on one person, by language.
_OF_ONE_PERSON = (
    (
        r"(?:my|our) (?:sister|brother|mother|father|wife|husband|son|daughter|child|friend|neighbou?r|cousin)"
        r"(?:['’]s)?",
        r"(?:applications?|permits?|appeals?|visas?|passports?|decision|decided|citizenship|deported)",
    ),
    (
        r"(?:minun|mun|(?:sisko|velje|äiti|isä|vaimo|miehe|poika|tyttäre|lapse|ystävä|naapuri|serkku)ni)",
        r"(?:hakemu\w+|(?:oleskelu|työ)?lu(?:pa|va)\w*|viisumi\w*|passi\w*|päätö\w+|kansalaisuu\w+)",
    ),
    (
        r"(?:min|mitt|mina) (?:syster|bror|mor|mamma|far|pappa|fru|man|son|dotter|barn|vän|granne|kusin)s?",
        r"(?:ansök\w+|(?:uppehålls|arbets)?tillstånd\w*|visum\w*|pass|beslut\w*|medborgarskap\w*)",
    ),
)
EXPECTED = {
    "a number": (
        re.compile(
            r"\bhow (?:many|much|long|often|old|big|large|high|well)\b|"
            r"\b(?:cost|costs|price|fee|euros?|amount|(?<!employment )rate|percentage|per cent|percent|"
            r"share|sum|size|quota size|number of|hourly|maximum|minimum|at most|at least how)\b|"
            r"\bwhat (?:time|year|percentage|share|number|level)\b|\bhours?\b|€"
            r"|\b(?:montako|kuinka (?:monta|moni|paljon|kauan|usein|suuri\w*)|moniko|paljonko|hinta|maksaa|euroa|osuus|"
            r"tuntia|prosenttia|lukumäärä)\b"
            r"|\b(?:hur (?:många|mycket|länge|ofta|stor\w*)|kostar|pris|belopp|andel|timmar|procent|antal)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    ),
    "a date": (
        re.compile(
            r"\b(?:deadline|last (?:submission )?(?:day|date)|closing date|by when|until when|until what|"
            r"(?:what|which|exact) date|on what day|due date|valid until|"
            r"määräaika|viimeistään|mihin mennessä|tidsfrist|senast när|sista dag)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"\b\d{{1,2}}\.\d{{1,2}}\.|\b\d{{1,2}}\.? (?:{_MONTHS})|\b(?:{_MONTHS})\w* \d|\b20\d\d\b"),
    ),
    "contact details": (
        re.compile(
            r"\be-?mail|\b(?:tele)?phone|\baddress\b|\bcontact details\b|\bweb ?site\b|\burl\b|"
            r"\b(?:opening|office) hours\b|\bdirect number\b"
            r"|\bsähköposti|\bpuhelin|\bosoite\b|\byhteystie|\baukioloa|\be-post|\btelefon|\badress\b|\böppettider",
            re.IGNORECASE,
        ),
        re.compile(r"@|https?:|www\.|\+?\d[\d -]{6,}"),
    ),
    "a person's name": (
        re.compile(
            r"\b(?:who is|name of|who's)\s+(?:\w+\s+){0,4}"
            r"(?:minister|director|head|coordinator|chair(?:man|person)?|contact person|mayor|manager)\b"
            r"|\bwho (?:leads|heads|chairs)\b"
            r"|\bkuka on\b.{0,30}(?:ministeri|johtaja|koordinaattori)"
            r"|\bvem är\b.{0,30}(?:minister|chef|direktör|koordinator)",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b[A-ZÅÄÖ][a-zåäö]+ [A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?, (?:minister|director|head)"
            r"|\b[Mm]inister [A-Z]"
        ),
    ),
    # "Has Migri decided on my sister's application?": no document tells of one person's matter.
    "a private matter": (
        re.compile(
            "|".join(
                rf"\b{whose}\b.{{0,60}}\b{matter}\b|\b{matter}\b.{{0,60}}\b{whose}\b"
                for whose, matter in _OF_ONE_PERSON
            ),
            re.IGNORECASE,
        ),
        re.compile(r"(?!)"),
    ),
    # "How long is the queue?", "Who won the tender?": only a document that says of when it tells can know.
    "how things are at this moment": (
        re.compile(
            r"\bwaiting (?:time|list)\w*|\bqueu(?:e|es|ing)\b|\bwho (?:won|got) the (?:tender|bid|contract)\b"
            r"|\b(?:odotusai\w+|jono(?:t|ssa|a|n|tusaika)?|jonotus\w*)\b"
            r"|\b(?:kuka|ketkä) voitti\w*\b.{0,40}\bkilpailutu\w+"
            r"|\b(?:väntetid\w*|kötid\w*|köer\w*|köns?)\b|\bvem vann\b.{0,40}\bupphandling\w*",
            re.IGNORECASE,
        ),
        re.compile(r"\b20(?:2[5-9]|[3-9]\d)\b.*\d|\d.*\b20(?:2[5-9]|[3-9]\d)\b"),
    ),
    "a salary": (
        re.compile(
            r"\b(?:salar(?:y|ies)|monthly pay|kuukausipalk\w+|palkka|palkan|månadslön\w*|lönen?)\b", re.IGNORECASE
        ),
        re.compile(
            r"\b(?:salar(?:y|ies)|palk\w+|lön\w*)\b.*\d|\d.*\b(?:salar(?:y|ies)|palk\w+|lön\w*)\b", re.IGNORECASE
        ),
    ),
}
_CAPITALS = re.compile(r"[A-ZÅÄÖ][a-zåäöé-]+(?:[ -][A-ZÅÄÖ][\w-]+)*")
_FOLLOW_UP = re.compile(
    r"^(?:and|but|so|or|what about|how about|then|also|ja|entä|entäs|mutta|och|men|hur är det med)\b"
    r"|^(?:why|how so|miksi|varför)\s*\?*$"
    r"|\b(?:it|they|them|this|that|these|those|its|their|one|there|he|she|him|her|"
    r"se|sen|sitä|siitä|sille|ne|niiden|niitä|tämä|tämän|siinä|siihen|den|det|dess|de|dem|denna|detta|dessa)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./])((?:19|20)\d\d)(?![\d/])")
_ACT = re.compile(r"(?<!\d)(?!20\d\d/)(\d{1,4}/(?:19|20)\d\d)(?!\d)")  # "2024/2025" is a turn of the year
# Other words for an Act: the one that ended, and on an earlier day the one that was to come.
_SAYS_OLD_ACT = re.compile(
    r"\b(?:old|former|previous|earlier|repealed|expired|2010) (?:integration )?(?:act|law|legislation|checklist)\b"
    r"|\b(?:act|law) (?:that|which) (?:is no longer|was) (?:in force|repealed)\b|\bused to (?:be|have|say|ask)\b"
    r"|\b(?:act|law) of 2010\b|\bbefore 2025\b|\buntil (?:the end of )?2024\b"
    r"|\b(?:vanha\w*|aiem\w+|entis\w+|kumot\w+|vuoden 2010) (?:kotoutumis)?la(?:ki|in|kia|issa|ista)\b"
    r"|\b(?:gamla|tidigare|förra|upphävda) (?:integrations)?lagen\b|\bdet förr var\b|\bförr (?:var|skulle|måste)\b"
    r"|\b(?:ennen|aikaisemmin|aiemmin) (?:oli|piti|kuului)\b",
    re.IGNORECASE,
)
_SAYS_COMING = re.compile(
    r"\b(?:will|going to|coming|upcoming|next (?:year|january)|takes? effect)\b"
    r"|\b(?:new|reformed) (?:integration )?(?:act|law)\b"
    r"|\b(?:tuleva\w*|uusi|uuden|uudessa|ensi vuonna)\b|\b(?:kommande|nya lagen|nästa år)\b"
    r"|\b(?:enters?|comes?|coming|entering) into force\b|\bat new year\b|\bvuodenvaihte\w+|\b(?:tulee|astuu) voimaan\b"
    r"|\bträder i kraft\b|\bvid årsskiftet\b",
    re.IGNORECASE,
)
# What was made under the former Act, and whether it goes on: "an agreement of 2022, does it still count?"
_MADE_BEFORE = re.compile(
    r"\b(?:from|of|in|since|under|vuodelta|vuodesta|vuonna|från|av|år) (?:the )?"
    r"(?:20(?:1\d|2[0-4])\b|(?:old|previous|former|repealed) (?:act|law)\b)"
    r"|\b(?:edelli\w+|vanha\w*|aiem\w+|kumot\w+) la(?:in|issa|illa)\b|\b(?:tidigare|gamla|förra) lagen\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:still|(?:never|not) renewed|enough|counts?|valid|nothing since)\b"
    r"|\b(?:vielä|edelleen|riittä\w+|päte\w+|kelpaa\w*)\b|\b(?:fortfarande|räcker|duger)\b",
    re.IGNORECASE,
)
# "What did section 45 say as it was passed in 2023?" asks for the words that never came into force.
_SAYS_ENACTED = re.compile(
    r"\bas (?:first |originally )?(?:enacted|passed|adopted)\b|\boriginal(?:ly)?\b|\bfirst (?:version|wording)\b"
    r"|\b(?:its adoption|was (?:enacted|passed|adopted))\b"
    r"|\b(?:2023|april) (?:version|wording|print|text|copy|edition)\b"
    r"|\bnever (?:came|began|applied)\b"
    r"|\balkuperäi\w+|\bursprunglig\w*",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"\b(?:section|sections|sec\.|pykälä\w*|paragraf\w*)\s+(\d+\s?[a-z]?)\b|(?<!\d)(\d+\s?[a-z]?)\s*§", re.IGNORECASE
)
# "What belongs in the section on housing?" asks about no section of an Act.
_PART_OF_PLAN = re.compile(r"\bsection(?=s? (?:on|about|of (?:the|our|a) plan|for|dealing with)\b)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w.])[A-ZÅÄÖ][\w’'-]*(?:\s+[A-ZÅÄÖ][\w’'-]*)*")
_ACT_TITLE = re.compile(r"\b(?:Act|Decree) on (?:the )?[A-ZÅÄÖ][\w’'-]*(?:\s+[A-ZÅÄÖ][\w’'-]*)*")
# "we in Mallikylä", "our town, Mallikylä": who asks, not what is asked about.
_SPEAKER = re.compile(
    r"(?:\b(?:we|us|here|i work|i am|working|our (?:municipality|town|city|area)|meillä|täällä|kunnassamme|hos oss|vi|"
    r"vår kommun)\b[\w ,]{0,25}?"
    r"(?:\bin|\bat|\bof|\bfor|\bi|,)?\s*)$",
    re.IGNORECASE,
)
# "Somali-speaking residents", "Ukrainian families": who lives there, not what is asked about. "Swedish towns" is.
_NATIONALITY = re.compile(
    r"^(?:[A-Z]\w+(?:ian|ean|ish|ese|ali|aqi|ani|ghan)s?|Kurd\w*|Finn?\w*|Suom\w+|Ukrain\w+)(?:-\w+)?$"
)
_PEOPLE = re.compile(
    r"^\W*(?:speak\w*|language|mother|background|people|person|wom[ae]n|m[ae]n|famil\w+|child\w*|resident\w*|national\w*|"
    r"citizen\w*|origin|famil\w*|youth|parent\w*|student\w*|refugee\w*|immigrant\w*|communit\w*|association\w*|$|[?.,!])",
    re.IGNORECASE,
)
# "Last Thursday", "by Easter", "in May": English writes with a capital when something was, and no name of anybody.
_TIMES = re.compile(
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|easter|christmas|midsummer|advent|ramadan|{_MONTHS})",
    re.IGNORECASE,
)
# The day that a question asks about, where it names one: an exact date, a month, a year, or one counted from today.
MONTH_NUMBERS = {
    **{name.lower(): n % 12 + 1 for n, name in enumerate(_MONTHS.split("|")[:24])},
    **{name: n for n, name in enumerate(_SWEDISH_MONTHS, 1)},
}
_EXACT_DATE = re.compile(
    rf"(?<![\d.])(\d{{1,2}})\.(\d{{1,2}})\.((?:19|20)\d\d)"
    rf"|\b(\d{{1,2}})\.? ({_MONTHS})(?:kuuta|kuun)? ((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(
    rf"\b(?:in|during|as of|since|from|i|från|sedan) ({_MONTHS}) ((?:19|20)\d\d)\b"
    rf"|\b({_MONTHS})kuu(?:ssa|sta|hun|lta|n|ta) ((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_BEFORE_YEAR = re.compile(
    r"\b(?:before|prior to|ennen(?: vuotta)?|före(?: år)?) (?:the (?:beginning|start) of )?((?:19|20)\d\d)\b"
    r"(?!\s*[/–-]\s*\d)",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(
    r"\b(?:in|during|throughout|back in|as of|from|starting|after|until|till|(?:at|by|until) the end of|in early|"
    r"in late|(?:in|until) (?:the )?(?:spring|summer|autumn|end)(?: of)?|vuonna|vuoden|vuodesta|vuoteen|år|"
    r"från(?: år)?|under) ((?:19|20)\d\d)\b(?!\s*[/–-]\s*\d)",
    re.IGNORECASE,
)
# "kotivanhemmille 2027 ja", "vad gäller 2027?": a year without a word before it that says so. What follows tells it
# from a count ("2027 immigrants"), what goes before from a sum, a range and the name of a document ("programme 2024").
_BARE_YEAR = re.compile(
    r"(?<![\d.,/§€–-])(?<!\d )\b(?P<before>[^\W\d_]+)(?P<comma>,?) (?P<year>20[012]\d)\b(?![/–:-]\s*\d)"
    r"(?=\s*$|\s*[?!:;)]|[.,](?!\d)|\s+(?:and|or|but|when|if|is|are|do|does|must|should|can|may|will|for|on|to|"
    r"ja|tai|vai|mutta|kun|jos|on|ovat|pitää|täytyy|voi|saa|mitä|kuka|kuinka|miten|"
    r"och|eller|men|när|om|är|ska|måste|kan|får|för|på|vad|vem|hur)\b)"
)
_NO_YEAR_AFTER = re.compile(
    r"(?:act|section|decree|law|laki|lain|laissa|asetus|asetuksen|pykälä|lag|lagen|förordning\w*|paragraf|"
    r"(?:\w*(?:program|ohjelma|suunnitelma|strategi|raport|rapport|report|bud[gj]et|checklist|tarkistuslista)\w*|"
    r"\w*plan(?:en|s)?|strategy)|"
    r"since|by|efter|mennessä|over|under|about|around|some|nearly|almost|least|most|than|of|number|eur|euros?|sum|to|and|between|"
    r"yli|alle|noin|lähes|melkein|vähintään|enintään|vuosina|ja|summa|"
    r"över|omkring|cirka|ca|nästan|minst|högst|drygt|knappt|åren|till|och|mellan|summan)",
    re.IGNORECASE,
)
# A year that is over is more often when somebody came or what a paper is of, and in English it needs a word before it.
_NOT_PAST_AFTER = re.compile(
    rf"(?:for|för|year|was|came|kom|tuli|saapui|from|päättyi|ut|vuosien|vuodelle|spring|summer|autumn|winter|"
    rf"våren|sommaren|hösten|vintern|{_MONTHS}|{'|'.join(_SWEDISH_MONTHS)})",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(r"\blast year\b|\bviime vuo\w+|\bi fjol\b|\bförra året\b|\bfjolårets\b", re.IGNORECASE)
_NEXT_YEAR = re.compile(r"\bnext year\b|\bensi vuo\w+|\bnästa år\b", re.IGNORECASE)
# "We approved it in 2022. Is it still valid?" asks about today.
_ASKS_TODAY = re.compile(
    r"\b(?:now|nowadays|today|still|any ?more|currently|at present|these days|nyt|nykyisin|nykyään|tänään|edelleen|"
    r"enää|vielä|nu|idag|i dag|numera|fortfarande|längre)\b",
    re.IGNORECASE,
)
# "How many foreigners live in Kuopio?", "the share of Somali speakers in Turku": people are counted.
_COUNTS = re.compile(
    r"\b(?:how many|(?:share|number|percentage|proportion) of) (?:[\w-]+ ){0,3}?"
    r"(?:people|persons|residents|inhabitants|speakers|immigrants|foreigners|citizens|refugees|children|pupils|"
    r"families|jobseekers|clients|women|men|ukrainians)\b"
    r"|\b(?:montako|kuinka (?:monta|moni|paljon))\b.{0,60}?"
    r"(?:asuk|ulkomaal|maahanmuut|pakolai|kieli|laps|ihmi|henkilö|perhe)"
    r"|\bhur många\b.{0,60}?(?:invånare|utlänning|invandrare|flykting|språkiga|barn|personer|familjer|människor)",
    re.IGNORECASE,
)
_NO_TOPIC = frozenset(word for stop_words in STOP_WORDS.values() for word in stop_words) | {
    "please", "list", "name", "give", "tell", "explain", "describe", "often", "long", "reason", "example", "examples",
}  # fmt: skip
_LEAST_TOPIC = 1  # words of its own that a part needs to stand alone
_FAR_FUTURE_YEARS = 2  # law is drafted that far ahead; a later year asks about what nobody knows


def read_question(
    text: str,
    *,
    as_of: str | None = None,
    language: str | None = None,
    conversation: Sequence[Turn] = (),
    max_chars: int,
    mend: Callable[[str], str] = lambda word: word,
) -> Question:
    """Read a question as asked.

    Args:
        text: The question.
        as_of: ISO date for which to answer; by default the day that the question names, or today.
        language: en, fi or sv; detected by default.
        conversation: Earlier turns, oldest first; a follow-up takes its topic from them.
        max_chars: A longer question is refused.
        mend: Gives the word that a misspelt English word stands for, or the word itself.

    Raises:
        QuestionError: The question is empty, too long or has no words; the date or language is none.
    """
    text = collapse("".join(c for c in text if c.isprintable() or c.isspace()))
    if not any(c.isalpha() for c in text):
        raise QuestionError(
            "The question is empty. Write it in words, for example: Who belongs to the cooperation group?"
        )
    if len(text) > max_chars:
        raise QuestionError(
            f"The question has {len(text):,} characters; the limit is {max_chars:,}. "
            "Shorten it, or add the text as a document."
        )
    if language not in (None, "en", "fi", "sv"):
        raise QuestionError(f"The language {language!r} is not known. Use en, fi or sv.")
    language = language or detect_language(text)
    mended = re.sub(r"[^\W\d_]{4,}", lambda m: mend(m.group()), text) if language == "en" else text
    mended = _PART_OF_PLAN.sub("chapter", mended)
    parts = _parts(mended)
    topic = _topic(mended, parts, language, conversation)
    if topic:
        parts = [f"{topic} {part}" for part in parts]
    asked = " ".join(parts)
    day = _date(as_of) if as_of is not None else (_named_day(text) or date.today()).isoformat()
    return Question(
        text=text,
        as_of=day,
        language=language,
        search_text=f"{topic} {mended}" if topic else mended,
        parts=tuple(parts),
        asks_list=bool(_ASKS_LIST.search(asked)),
        expects=_expected(_parts(mended)),
        is_follow_up=bool(topic),
        acts=_acts(text, day),
        enacted=_SAYS_ENACTED.search(text) is not None,
    )


def asks_whether_it_goes_on(text: str) -> bool:
    """Whether a question asks if what was made under the former Act is good for the present one."""
    return _MADE_BEFORE.search(text) is not None and _GOES_ON.search(text) is not None


def _acts(text: str, day: str) -> tuple[str, ...]:
    """The Acts that a question is about by number or by other words."""
    acts = _ACT.findall(text)
    acts += [OLD_ACT] * bool(_SAYS_OLD_ACT.search(text))
    coming = _SAYS_COMING.search(text) or ((named := _named_day(text)) and named.isoformat() >= NEW_ACT_FROM)
    acts += [NEW_ACT] * (day < NEW_ACT_FROM and bool(coming))
    return tuple(dict.fromkeys(acts))


def _named_day(text: str) -> date | None:
    """The day that the asking sentences name: "We approved it in 2022." is background."""
    parts = _parts(text)
    return named_day(" ".join(s for s in re.split(r"(?<=[?.!])\s+", text) if any(part in s for part in parts)))


def named_day(text: str) -> date | None:
    """The day that a question asks about, as far as it names one; None for today.

    A year that is over stands for its last day, a month for its first, a year to come for its first day.
    """
    if _ASKS_TODAY.search(text):
        return None
    plain = _ACT.sub(" ", text)
    today = date.today()
    try:
        if m := _EXACT_DATE.search(plain):
            day, month, year = (m[1], m[2], m[3]) if m[1] else (m[4], str(_month(m[5])), m[6])
            return date(int(year), int(month), int(day))
        if m := _IN_MONTH.search(plain):
            return date(int(m[2] or m[4]), _month(m[1] or m[3]), 1)
        if m := _BEFORE_YEAR.search(plain):
            return min(date(int(m[1]) - 1, 12, 31), today)
    except ValueError:  # 31.2.2024
        return None
    years = [int(m[1]) for m in _IN_YEAR.finditer(plain)] or _bare_years(plain)
    years += [today.year - 1] * bool(_LAST_YEAR.search(plain)) + [today.year + 1] * bool(_NEXT_YEAR.search(plain))
    if not years or years[0] == today.year:
        return None
    return date(years[0], 12, 31) if years[0] < today.year else date(years[0], 1, 1)


def _bare_years(text: str) -> list[int]:
    """Years without a word that says so, where the words around them leave nothing else; names take a capital."""
    found = []
    for m in _BARE_YEAR.finditer(text):
        before, year = m["before"], int(m["year"])
        may_be_past = "?" in text and not _NOT_PAST_AFTER.fullmatch(before) and detect_language(text) != "en"
        if _NO_YEAR_AFTER.fullmatch(before) or (m.start() and before[0].isupper()):
            continue
        if year > date.today().year or may_be_past:
            found.append(year)
    return found


def _month(name: str) -> int:
    return MONTH_NUMBERS[name.lower()]


def _expected(parts: Sequence[str]) -> tuple[str, ...]:
    """What kinds of answer are expected; nothing where a part expects none: that part can be answered without."""
    kinds = [tuple(what for what, (asks, _) in EXPECTED.items() if asks.search(part)) for part in parts]
    return tuple(dict.fromkeys(what for of_part in kinds for what in of_part)) if all(kinds) else ()


def _date(as_of: str) -> str:
    try:
        return date.fromisoformat(as_of.strip()).isoformat()
    except ValueError:
        raise QuestionError(f"The date {as_of!r} is none. Write it as YYYY-MM-DD, for example 2026-11-21.") from None


def _parts(text: str) -> list[str]:
    """What is asked, part by part; the whole text where nothing in it asks."""
    pieces = [piece.strip() for piece in _BETWEEN_PARTS.split(text) if piece and piece.strip()]
    parts: list[str] = []
    for piece in pieces:
        if _ASKS.search(piece):
            if parts and len({w for w in words(piece) if w not in _NO_TOPIC}) < _LEAST_TOPIC:
                parts[-1] += f" {piece}"  # "How often?", "A list please.": of what, the part before it says
            else:
                parts.append(piece)
    return parts or [text]


def _topic(text: str, parts: Sequence[str], language: str, conversation: Sequence[Turn]) -> str:
    """What a follow-up is about: the last question of the conversation that could stand alone. Empty for any other."""
    if not conversation or not _is_follow_up(text, parts, language):
        return ""
    for turn in reversed(conversation):
        earlier = collapse(turn.question)
        if not _is_follow_up(earlier, _parts(earlier), language):
            return earlier
    return collapse(conversation[0].question)


def _is_follow_up(text: str, parts: Sequence[str], language: str) -> bool:
    # A long question carries its own topic, whatever its pronouns point at.
    carried = len(set(content_stems(text, language)))
    return carried <= 2 or (carried <= 5 and len(parts) == 1 and _FOLLOW_UP.search(text) is not None)


def counted_place(question: Question, places: Collection[str]) -> str | None:
    """The place whose people a question counts; None where it counts none.

    Args:
        question: As read.
        places: Names of municipalities; one that is inflected is known by all but its last two letters.
    """
    if not _COUNTS.search(question.text):
        return None
    said = re.findall(r"[A-ZÅÄÖ][\w-]+", question.text)
    return next((place for place in sorted(places) if any(_is_form_of(word, place) for word in said)), None)


def _is_form_of(word: str, name: str) -> bool:
    """Whether a word is a name or a Finnish case of it: "Turussa"."""
    return word == name or (len(word) > len(name) and word.startswith(name[: max(3, len(name) - 2)]))


def named_in(question: Question, *, is_word: Callable[[str], bool] = lambda word: False) -> dict[str, str]:
    """The names, years, Acts and sections that the question turns on, each with what to look for in the sources.

    Left out: the asker's own municipality ("we in Mallikylä"), nationalities, and a year that only says when.

    Args:
        question: As read.
        is_word: Whether a lower-cased word is an ordinary word: a capital letter at the beginning of a sentence, or
            in a heading copied as a question, makes no name of it.

    Returns:
        What it is called in the question -> the words that a source must have, normalised.
    """
    found: dict[str, str] = {}
    asked = " ".join(_parts(question.text)) if not question.is_follow_up else question.text
    for act in _ACT.findall(asked):
        found[act] = act
    for m in SECTION.finditer(asked):
        number = (m.group(1) or m.group(2)).strip()
        found[f"section {number}"] = f"§ {number}"
    for year in _YEAR.findall(_ACT.sub(" ", asked)):
        if question.expects or int(year) > date.today().year + _FAR_FUTURE_YEARS or int(year) < 1990:
            found[year] = year
    tokens = asked.split()
    # "Who is Maija Meikäläinen?": the capital that every question begins with does not count.
    counted = tokens[1:] if tokens[0].istitle() and tokens[0].lower() in _ASKING_WORDS else tokens
    if sum(token[:1].isupper() for token in counted) > len(tokens) / 2:
        return found  # a title, or somebody who shouts: capitals say nothing
    for m in _ACT_TITLE.finditer(asked):
        found[m.group()] = " ".join(words(m.group())[:4])
    for m in _NAME.finditer(asked):
        names = _names(m.group(), asked, m.start(), is_word)
        # "Nationality Act", "ELY Centre": words that only together name something.
        for name in [" ".join(names)] if len(names) > 1 else names:
            found[name] = " ".join(words(name))
    return found


def _names(run: str, text: str, start: int, is_word: Callable[[str], bool]) -> list[str]:
    if _SPEAKER.search(text[:start]):
        return []
    begins = not text[:start].strip() or text[:start].rstrip()[-1] in '.?!:;"“”('
    names: list[str] = []
    for n, token in enumerate(run.split()):
        plain = token.strip("’'-").removesuffix("’s").removesuffix("'s")
        lower = plain.lower()
        if len(plain) < 2 or any(lower in STOP_WORDS[language] for language in STOP_WORDS) or _TIMES.fullmatch(lower):
            continue
        if _NATIONALITY.match(plain) and (
            lower[:4] in ("finn", "finl", "suom", "ukra") or _PEOPLE.match(text[start + len(run) :])
        ):
            continue
        is_asking = lower in _ASKING_WORDS or _ASKS_FI.search(lower)
        if begins and n == 0 and not plain.isupper() and (is_asking or is_word(lower)):
            continue
        names.append(plain)
    return names


def people_in(text: str) -> list[str]:
    """First and last names: two words with capitals in a row, where bodies and titles mostly have others."""
    return [name for name in _CAPITALS.findall(text) if len(name.split()) == 2]


def mend_word(word: str, vocabulary: Collection[str], is_word: Callable[[str], bool]) -> str:
    """The word of the sources that a misspelt English word stands for, or the word itself.

    Finnish and Swedish words are left as they are: an inflected form looks like a misspelt one.

    Args:
        word: One word of a question.
        vocabulary: The words of the sources, lower case.
        is_word: Whether a lower-case word is spelt as some English word is.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    lower = word.lower()
    if lower in vocabulary or lower in STOP_WORDS["en"] or word.isupper() or is_word(lower):
        return word
    near = [
        w
        for w in (*vocabulary, *STOP_WORDS["en"])
        if w[:1] == lower[:1] and abs(len(w) - len(lower)) <= 2 and len(w) > 3
    ]
    # 0.77: two letters swapped or one wrong in a word of five. Below that, other words come in.
    best = process.extractOne(lower, near, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.77)
    return best[0] if best else word
