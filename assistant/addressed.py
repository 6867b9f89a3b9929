"""Text that speaks to a machine instead of to a reader: instructions hidden in a document are data and no orders.

Two nets, in English, Finnish and Swedish. Words: who is addressed (an assistant, a model, a program that answers), the
marks of a chat, orders on answers ("in every answer", "tell the reader that") and what only an attacker asks (keys,
hidden instructions, another role), in prompts/addressed.toml. And what labelled sentences taught, orders in many
disguises with near twins that are said to people (`python -m eval.fit_addressed`): a linear model on n-grams of letters
and words. Letters that look alike, invisible characters and letters set apart are undone first. What is caught is kept,
warned of, and never searched or quoted.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT
from assistant.text import latin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPACED = re.compile(r"(?<!\S)(?:\S[ \t]{1,4}){7,}\S(?!\S)")
_TURNED = re.compile("[\u202d\u202e\u2067]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u034f\u180e]")

_DATA = PROJECT_ROOT / "prompts" / "addressed.toml"
SENTENCES = PROJECT_ROOT / "prompts" / "addressed.jsonl"
LEARNT = PROJECT_ROOT / "prompts" / "addressed.npz"
LEAST = 0.5  # log odds from which a sentence counts
_LEAST_WORDS = 5  # the labelled sentences have no shorter ones: headings and cells say too little to be judged
_HASHED = 2**15  # places for n-grams of letters, and as many for those of words


@cache
def _addressed() -> re.Pattern[str]:
    try:
        data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        words = {name: f"(?:{row})" for name, row in data["words"].items()}
        patterns = [_filled(pattern, words) for pattern in data["patterns"]["search"]]
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    except (OSError, ValueError, KeyError, re.error) as error:
        raise AssistantError(f"prompts/{_DATA.name} cannot be read ({error}). Install Kotoapuri again.") from error


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda m: words[m[1]], pattern)


def addresses_machine(text: str) -> bool:
    """Whether a sentence speaks to a machine that answers."""
    if names_machine(text):
        return True
    plain = _plain(text)
    return len(plain.split()) >= _LEAST_WORDS and bool(_learnt().scores([plain])[0] > LEAST)


def names_machine(text: str) -> bool:
    """Whether the words alone say so."""
    plain = _plain(text)
    turned = plain[::-1] if _TURNED.search(text) else ""  # written backwards, to be shown forwards
    return any(_addressed().search(said) for said in (plain, turned)) or _misspelt(plain)


@dataclass(frozen=True, eq=False)
class Learnt:
    """The linear model: what each place of `features` weighs."""

    weights: NDArray[np.float32]
    intercept: float

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Log odds that each text speaks to a machine."""
        import numpy as np

        return np.asarray(features(texts) @ self.weights + self.intercept, dtype=np.float64)

    def write(self, path: Path = LEARNT) -> None:
        """Keep it, in sixteen bits a weight."""
        import numpy as np

        np.savez_compressed(path, weights=self.weights.astype(np.float16), intercept=np.array([self.intercept]))

    @classmethod
    def read(cls, path: Path = LEARNT) -> Learnt:
        """The model that ships; raises AssistantError where it cannot be read."""
        import numpy as np

        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(file["weights"].astype(np.float32), float(file["intercept"][0]))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise AssistantError(f"prompts/{path.name} cannot be read ({error}). Install Kotoapuri again.") from error


@cache
def _learnt() -> Learnt:
    return Learnt.read()


def features(texts: Sequence[str]) -> Any:
    """Hashed n-grams as a sparse matrix, (n_texts, 65,536): letters 2 to 5 within words, words and marks 1 to 3.

    Counts are dampened, and each kind is brought to unit length.
    """
    import numpy as np
    import scipy.sparse
    from sklearn.preprocessing import normalize

    parts = [vectoriser.transform([_plain(text).lower() for text in texts]) for vectoriser in _vectorisers()]
    for part in parts:
        part.data = 1.0 + np.log(part.data)
    return scipy.sparse.hstack([normalize(part) for part in parts]).tocsr()


@cache
def _vectorisers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    options = {"n_features": _HASHED, "alternate_sign": False, "norm": None, "lowercase": False}
    return (
        HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **options),
        HashingVectorizer(token_pattern=r"\w+|[^\w\s]", ngram_range=(1, 3), **options),
    )


def _misspelt(text: str) -> bool:
    """Whether words come near to "ignore" and "instructions" without being spelt so."""
    from rapidfuzz.distance import DamerauLevenshtein

    words = re.findall(r"[a-z]{4,14}", text)
    near = {
        wanted for wanted in _FUZZY for word in words
        if word[0] == wanted[0] and word != wanted and abs(len(word) - len(wanted)) <= 2
        and DamerauLevenshtein.distance(word, wanted, score_cutoff=2) <= 2
    }  # fmt: skip
    return len(near) >= 2 and "instructions" in near


_FUZZY = ("ignore", "previous", "instructions", "disregard", "assistant")


def _plain(text: str) -> str:
    """A text in the letters that it shows, on one line."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _SPACED.sub(lambda m: re.sub(r"[ \t]{2,}", "\0", m[0]).replace(" ", "").replace("\0", " "), text)
    return " ".join(latin(text).replace("’", "'").split())
