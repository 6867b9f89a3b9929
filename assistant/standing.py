"""How a sentence of a municipality's own document puts a thing: it is so, it is only planned, it is denied.

"A cooperation group has not been set up" holds every word of what a checklist asks, and says the opposite; "will be set
up in 2027" says that it is not there yet. Two judges: signs in the clause in which the thing is named, as in NegEx
(Chapman et al., Journal of Biomedical Informatics 2001), and what the sentences of prompts/needs/examples.jsonl taught
("was wound up", "is out for comment"): ridge regression on character n-grams.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any

from assistant.needs import taught
from assistant.text import normalise


class Standing(IntEnum):
    """What a sentence says of a thing; more is more."""

    DENIED = 0
    PLANNED = 1  # begun, proposed, intended, under preparation
    SHOWN = 2


def _compiled(by_language: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {language: re.compile(pattern) for language, pattern in by_language.items()}


# Where one clause ends and another begins; a sign in one says nothing of the other.
_CLAUSES = re.compile(
    r"[;:–]"
    r"|,\s+(?=(?:and|but|or|so|while|although|because|which|who|where|when|since|whereas|as|mutta|vaan|ja|sekä|"
    r"koska|vaikka|joka|jotka|jossa|joissa|jolla|kun|että|men|utan|och|som|eftersom|fastän|medan|där|när|att)\b)"
    r"|\s+(?=(?:but|although|because|whereas|while|mutta|koska|vaikka|men|eftersom|medan)\s)"
)
_DENIALS = _compiled(
    {
        "en": (
            r"\b(?:has|have|had|is|are|was|were|does|do|did|will|can|could)(?: \w+)? not\b"
            r"|\b(?:hasn|haven|isn|aren|wasn|weren|doesn|don|didn|won|can)'t\b|\bcannot\b"
            r"|\bnot (?:yet |been |all |every )?\w+(?:ed|en|up|made|kept|known|available|place|one)\b"
            r"|\b(?:no|neither|none of|nobody|nothing|never|lacks?|lacking|missing|without)\b|\bnot yet\b"
            r"|\byet to be\b|\bremains? (?:open|to be|undecided|unknown)\b|\b(?:left|are|is) out of\b"
            r"|\b(?:are|is|stays?|fall|falls) outside (?:all|the|this)\b|\bto be decided\b|\bdecided later\b"
            r"|\b(?:unknown|undecided|unanswered|discontinued|abolished|refused|rejected|cancelled|scrapped"
            r"|withdrawn)\b"
            r"|\b(?:cut|struck|dropped|removed|taken) (?:out|off|from)\b|\b(?:turned|shut|closed|wound) (?:down|up)\b"
            r"|\b(?:ended|ceased|was closed|expired|lapsed|was dropped|were dropped) (?:in|on|at|with|when)\b"
            r"|\b(?:no ?one|nor|ignored|overlooked|forgotten|disbanded|dissolved|abandoned|shelved|neglected|omitted)\b"
            r"|\bgave (?:it )?up\b|\bgiven up\b|\b(?:fell|fallen) (?:through|away)\b|\bcame to nothing\b|\bfailed\b"
            r"|\b(?:left|stayed|remained|still|stands?) (?:blank|empty|undone|unsaid|unsettled|unanswered|unwritten"
            r"|open)\b"
            r"|\bun(?:read|sent|written|touched|settled|named|signed|used|opened|asked)\b|\bnot (?:a"
            r"|one) (?:single )?word\b"
            r"|\b(?:only|just) (?:found|heard|learned|learnt|read|told)\b.*\b(?:after|afterwards|once|when|from)\b"
            r"|\b(?:found out|heard of it|was told|were told|learned of it) (?:only |afterwards|at the end|later)"
            r"|\b(?:too late|in vain)\b|\bruled out\b|\b(?:kept|stayed) away\b|\bturned down\b|\bhas gone\b"
            r"|\bdeclined\b"
        ),
        "fi": (
            r"\b(?:ei|eivät|eikä|eivätkä|emme|ettei|etteivät|ellei)\b|\bpuuttu\w+|\bilman\b|\bvailla\b"
            r"|\bpuutetta\b|\bavoinna\b(?! \d)|\blakkautet\w+|\bpäätty(?:i|nyt|neet)\b|\blopetet\w+"
            r"|\bpäätetään myöhemmin\b|\bulkopuolelle\b"
            r"|\bluovu(?:ttiin|ttu|tti|taan)\b|\b(?:jäi|jäivät|jäänyt|jääneet) (?:\w+ )?(?:\w+ma(?:tta|ttä)|\w+mättä"
            r"|kesken|auki|"
            r"tyhjäksi|avoimeksi|pois|toteutumatta|sivuun|syrjään)\b|\bjätet(?:tiin|ty|ään) (?:\w+ )?(?:pois"
            r"|tyhjäksi|auki|"
            r"tekemättä|huomiotta|sivuun|syrjään|kirjaamatta|väliin)\b|\b(?:raukesi|kariutui|peruttiin|peruuntui"
            r"|hylättiin|"
            r"torjuttiin|sivuutettiin|unohtui|unohdettiin|kumottiin|purettiin|lakkasi|kieltäytyi\w*|epäonnistui)\b"
            r"|\bpoistettiin (?:\w+ )?(?:listalta|esityslistalta)\b|\bkukaan ei\b|\bturhaan\b"
        ),
        "sv": (
            r"\b(?:inte|ej|icke|ingen|inget|inga|aldrig|saknas|saknar|saknades|utan|varken)\b|\bupphörde\b"
            r"|\bnedlagd\w*|\böppen fråga\b|\b(?:beslutas|avgörs) senare\b"
            r"|\b(?:ingenting|inget|ingendera|förgäves|avslog\w*|avslagits|förkasta\w+|bordla\w+|skrinla\w+"
            r"|glöm[dt]\w*)\b"
            r"|\b(?:upplös\w+|avskaff\w+|lagts? ned|lades ned|lagts på is|lades på is|föll bort|fallit bort"
            r"|fallit igenom)\b"
            r"|\b(?:ströks|strukits|drogs tillbaka|dragits tillbaka|uteblev|uteblivit|rann ut|runnit ut|misslyckades)\b"
            r"|\blämna\w+ (?:\w+ )?(?:tom\w*|öppen|öppet|utanför|därhän)\b|\b(?:avstod|avstått|avböjde|tackade nej)\b"
        ),
    }
)
# Words that deny in form only, and those with a denial of something else.
_NO_DENIALS = _compiled(
    {
        "en": (
            r"\b(?:who|whose \w+|that|which)(?: \w+){0,2} (?:not|no|cannot|never|lack\w*)\b|\bnot only\b"
            r"|\bno later than\b|\bno fewer than\b|\bno less than\b|\bno more than\b|\bwithout delay\b"
            r"|\bno matter\b|\bwithout a guardian\b"
            r"|\bwithout (?:guardians|cost|charge|an appointment|appointment)\b|\bnon-\w+"
            r"|\bnot in (?:work|employment|education)\b|\boutside\b|\bno one is\b|\bwhether or not\b|\bif not\b"
            r"|\bwhere not\b|\bfree of charge\b|\bmissing (?:out|persons?)\b"
        ),
        r"fi": (
            r"\bjo(?:ka|tka|illa|lla|ille|lle|iden|nka)(?: \w+){0,2} (?:ei|eivät)\b|\bei vain\b|\bei pelkästään\b"
            r"|\b(?<!jää )(?<!jäi )puuttuma(?:an|lla)\b"  # "puuttumaan rasismiin" is to step in
            r"|\bei ainoastaan\b|\bilman (?:ajanvarausta|huoltajaa|viivytystä|maksua)\b"
        ),
        r"sv": (
            r"\bsom(?: \w+){0,2} (?:inte|saknar|aldrig)\b|\binte (?:bara|enbart|minst|endast)\b"
            r"|\butan (?:tidsbokning|dröjsmål|vårdnadshavare|kostnad|avgift)\b"
        ),
    }
)
_PLANS = _compiled(
    {
        "en": (
            r"\b(?:will|shall|would|should|could)\b|\bis to\b|\bare to\b"
            r"|\bto be (?:\w+ed|set up|made|drawn up|begun)\b"
            r"|\b(?:plans?|intends?|aims?|hopes?|proposes?|wants?|wishes?) to\b"
            r"|\b(?:planned|proposed|envisaged|intended|considered|considering|drafted|drafting|pending|upcoming|"
            r"forthcoming)\b|\bunder (?:preparation|way|discussion|negotiation|consideration)\b"
            r"|\bbeing (?:prepared|drawn up|planned|negotiated|considered|set up|piloted|tried|tested|built|"
            r"developed)\b|\b(?:has|have) begun\b|\bis preparing\b|\bare preparing\b|\bnegotiations?\b"
            r"|\bthe (?:aim|intention|goal|plan) is\b"
            r"|\bnot yet (?:complete|finished|final|signed|approved|ready)\b|\bin draft\b"
            r"|\bdraft (?:agreement|version|contract)\b|\b(?:pilot|trial) (?:runs?|period|phase)\b"
            r"|\b(?:is|are|was|were) meant to\b|\bto be (?:added|written|agreed|chosen|named|sent|asked|heard)\b"
            r"|\b(?:has|have|had) (?:promised|yet)\b|\bstill being\b|\bin the making\b|\bon the drawing board\b"
            r"|\bfor now\b"
            r"|\bbeing (?:sketched|drafted|written|laid out|translated|collected|looked into|studied|thought over"
            r"|printed)\b"
            r"|\b(?:thinking|talking) (?:of|about)\b|\b(?:is|are) (?:waiting|hoped|looking for)\b|\bso far only\b"
            r"|\bfor some of\b|\bfor a few of\b|\bpartly\b|\bin part\b|\bonly (?:some|one|a few|part|in|for|on|two)\b"
        ),
        "fi": (
            r"\btulla(?:an|is)\b|\btulee (?:ole|teke|toimi)\w+|\bon tarkoitus\b|\btarkoituksena\b"
            r"|\baiko(?:o|vat|mus)\w*\b|\bsuunnitteilla\b|\bsuunnitellaan\b|\bvalmistell(?:aan|een)\b"
            r"|\bvalmistelussa\b|\bvalmisteilla\b|\bvireillä\b|\behdot(?:etaan|us|ettu)\b|\bharkitaan\b"
            r"|\bneuvotel\w+|\bluonno(?:s|ksen|ksessa)\w*\b|\balustava\w*|\bpyritään\b|\bkokeillaan\b|\bosittain\b"
            r"|\bosin\b|\btavoitteena on (?:perustaa|laatia|ottaa|nimetä|sopia)\b"
            r"|\bvain (?:osa|osalle|yksi|yhdellä)\b"
            r"|\bpalautettiin (?:\w+ )?valmiste\w+|\b(?:lähtee|alkaa|aloitetaan|tehdään|lisätään|sovitaan|kutsutaan"
            r"|kuullaan|"
            r"julkaistaan|kirjoitetaan) (?:vasta|myöhemmin|sitten|ensi)\b|\bvasta (?:keväällä|syksyllä|ensi|sitten"
            r"|kun|vuonna)\b"
            r"|\bon määrä\b|\boli määrä\b|\bjos (?:aika|rahat|voimat|resurssit)\b|\btoistaiseksi\b|\bkaavail\w+"
            r"|\bhahmotel\w+|\bpohdi(?:taan|nnassa)\b|\bmietit(?:ään|ty)\b|\bharkinnassa\b|\bodottaa\b|\blupasi\b"
            r"|\bon luvannut\b|\bsitten,? kun\b|\b(?:ensi|tulevana) (?:vuonna|keväänä|syksynä|kesänä|talvena"
            r"|kierroksella)\b"
        ),
        "sv": (
            r"\b(?:ska|skall|kommer att|skulle|avser|ämnar|planerar|föreslår|föreslås|bör)\b"
            r"|\bplaner(?:as|at|ad)\b|\bunder beredning\b|\bbereds\b|\bförbereds\b|\bförhandl\w+|\butkast\b"
            r"|\b(?:har|hade) lovat\b|\b(?:funderar|fundera) på\b|\btills vidare\b|\b(?:återstår|väntar på|på väg"
            r"|på gång)\b"
            r"|\b(?:skrivs|görs|väljs|utses|läggs till|tas fram|avgörs|bestäms|hörs|sänds"
            r"|inleds) (?:\w+ )?(?:i (?:höst|vår|"
            r"vinter|sommar|september|oktober|november|december)|nästa|senare|under 20\d\d)\b|\bskissas\b"
            r"|\bom tiden räcker\b"
            r"|\bövervägs\b|\bavsikten är\b|\bdelvis\b|\bprövas\b|\bendast (?:en del|några|för)\b"
            r"|\bbara (?:en del|några|för)\b"
        ),
    }
)
# Nobody knows: not even that there is none.
_UNKNOWN = _compiled(
    {
        "en": (
            r"\bnot(?: yet| been){0,2} (?:\w+ly )?(?:studied|examined|obtained|surveyed|assessed|known|mapped|"
            r"asked|collected|investigated|analysed|looked into|followed|available|counted|measured|compiled|"
            r"recorded)\b|\bno (?:information|data|figures?|statistics|knowledge|survey|study|estimate)\b"
            r"|\bunknown\b"
        ),
        "fi": (
            r"\bei(?:vät)? ole (?:vielä )?(?:selvitetty|kartoitettu|tutkittu|kysytty|arvioitu|koottu|seurattu|"
            r"tilastoitu|saatu|tietoa|tietoja)\b|\bei tiedetä\b"
        ),
        "sv": (
            r"\binte (?:ännu )?(?:har )?(?:utretts|kartlagts|undersökts|utrett|kartlagt|undersökt|bedömts|"
            r"följts)\b|\buppgifter saknas\b|\bingen (?:information|uppgift|kartläggning|utredning)\b|\bokänt\b"
        ),
    }
)
_UNDECIDED = _compiled(
    {
        r"en": (
            r"\b(?:to be|not yet|not|will be) (?:decided|agreed|defined|named|set|specified|confirmed|settled"
            r"|written)\b|\bopen\b"
            r"|\btbd\b|\bn/a\b"
        ),
        r"fi": (
            r"\b(?:päätetään|sovitaan|määritellään|nimetään|tarkentuu|kirjoitetaan|täydennetään) (?:myöhemmin|vuonna"
            r"|syksyllä|keväällä)\b|\bavoin\b"
            r"|\bei (?:ole )?päätetty\b"
        ),
        "sv": (
            r"\b(?:beslutas|avgörs|preciseras|utses|skrivs) (?:senare|i höst|i vår)\b|\böppet\b|\binte (?:beslutat"
            r"|överenskommet)\b"
        ),
    }
)
_SIGNS_WEIGH, _RIDGE = 1.25, 0.3  # signs rule where they are plain; what is learnt decides where they are silent
# A year that something happens in, not one of a period: "in spring 2027", "vuoden 2027 aikana", "år 2027".
_YEAR = re.compile(
    r"\b(?:by|in|from|during|before|until|since|of|vuonna|vuoden|vuodesta|vuoteen|mennessä|år|före|under|från|"
    r"våren|hösten|keväällä|syksyllä)(?: \w+){0,3} (20\d\d)\b(?!\s*[-–/]\s*(?:20)?\d\d)"
    r"|\b\d{1,2}\.\d{1,2}\.(20\d\d)\b"
)


def standing(
    text: str, language: str, *, named: Sequence[tuple[int, int]] = (), as_of: str, plans_show: bool = False
) -> Standing:
    """What a sentence says of the things named in it.

    Args:
        text: The sentence.
        language: en, fi or sv.
        named: Spans of the normalised text in which the thing is named; the whole sentence where empty.
        as_of: ISO date; what a later year brings is not there yet.
        plans_show: Whether a plan is what is looked for: an objective lies in the future by its nature.
    """
    said = normalise(text)
    clauses = _clauses(said)
    touched = [c for c in clauses if not named or any(a < c[1] and b > c[0] for a, b in named)] or clauses
    by_signs = min(_of_clause(said[a:b], language, as_of, plans_show=plans_show) for a, b in touched)
    learned = _learned(language)
    if learned is None:
        return by_signs
    vectoriser, model = learned
    votes = model.decision_function(vectoriser.transform([said]))[0]
    votes[by_signs] += _SIGNS_WEIGH
    found = Standing(int(votes.argmax()))
    return Standing.SHOWN if found is Standing.PLANNED and plans_show else found


@cache
def _learned(language: str) -> tuple[Any, Any] | None:
    """What the example sentences teach; None without enough of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import RidgeClassifier

    rows = [(text, Standing[wanted.upper()]) for text, wanted in taught(language)]
    if len({how for _, how in rows}) < len(Standing):
        return None
    vectoriser = TfidfVectorizer(
        preprocessor=normalise, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
    )
    matrix = vectoriser.fit_transform([text for text, _ in rows])
    return vectoriser, RidgeClassifier(alpha=_RIDGE).fit(matrix, [int(how) for _, how in rows])


def is_undecided(text: str, language: str) -> bool:
    """Whether a cell of a table says that it is still to be filled."""
    return _UNDECIDED[language].search(normalise(text)) is not None


def is_unknown(text: str, language: str) -> bool:
    """Whether a sentence says that the matter was not looked into."""
    return _UNKNOWN[language].search(normalise(text)) is not None


def _clauses(said: str) -> list[tuple[int, int]]:
    ends = [m.start() for m in _CLAUSES.finditer(said)]
    return list(zip([0, *ends], [*ends, len(said)], strict=True))


def _of_clause(clause: str, language: str, as_of: str, *, plans_show: bool) -> Standing:
    if not plans_show and (
        _PLANS[language].search(clause) or any(max(m.groups("")) > as_of[:4] for m in _YEAR.finditer(clause))
    ):
        return Standing.PLANNED  # "is not yet signed" denies a signed agreement and shows a planned one
    plain = _NO_DENIALS[language].sub(" ", clause)
    return Standing.DENIED if _DENIALS[language].search(plain) else Standing.SHOWN
