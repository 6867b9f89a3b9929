"""What a text says in any words: a vector and English concepts for each unit, without running a model.

A unit's vector is the sum of the word vectors of the packaged embedding model (its input embeddings), each weighted by
how much the word tells and freed of the directions that all sentences share (after Arora, Liang & Ma, ICLR 2017). It
costs a thousandth of a pass through the model, which a programme of sixty pages keeps busy for minutes. Finnish and
Swedish are glossed word by word first, so that all languages meet in one space.

corpus/word_vectors.npz is made by eval/ship_word_vectors.py.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.copying.words import Hashes, Numbers, Words, hashed
from assistant.corpus import CORPUS
from assistant.errors import CorpusError
from assistant.gloss import gloss
from assistant.text import LANGUAGES, is_stop_word, stem, words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WORD_VECTORS = CORPUS / "word_vectors.npz"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of each unit of a text."""

    vectors: NDArray[np.float32]  # (n_units, dim), not of unit length, so that those of neighbours can be added
    concepts: Hashes  # stems of the English of telling words, unit by unit
    units: Numbers  # (n_units + 1,) first concept of each unit; then how many


def read_meaning(text: str, said: Words) -> Meaning:
    """What each unit of a text says."""
    english = in_english(text, said, range(said.n_units))
    concepts: list[int] = []
    units = [0]
    for one in english:
        concepts += {hashed(stem(w, "en")) for w in words(one) if not is_stop_word(w, "en") and not w[0].isdigit()}
        units.append(len(concepts))
    return Meaning(_vectors(english), np.array(concepts, dtype=np.uint32), np.array(units, dtype=np.int32))


def in_english(text: str, said: Words, units: Iterable[int]) -> list[str]:
    """Units of a text, glossed where they are not English."""
    spans = [(said.span(unit), LANGUAGES[said.languages[unit]]) for unit in units]
    return [_english(text[start:end], language) for (start, end), language in spans]


@lru_cache(4096)
def _english(text: str, language: str) -> str:
    return text if language == "en" else gloss(text, language)


def _vectors(texts: list[str]) -> NDArray[np.float32]:
    table, mean, weights = word_vectors()
    found = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
    for n, encoding in enumerate(_tokenizer().encode_batch(texts, add_special_tokens=False) if texts else ()):
        ids = encoding.ids
        if ids:
            found[n] = table[ids].sum(axis=0) - weights[ids].sum() * mean
    return found


@cache
def word_vectors(path: Path = WORD_VECTORS) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """(weighted vectors (n_tokens, dim), the mean of a sentence (dim,), weights (n_tokens,)); raises CorpusError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            scales = file["scales"].astype(np.float32)
            return file["numbers"].astype(np.float32) * scales[:, None], file["mean"], file["weights"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CorpusError(f"corpus/{path.name} cannot be read ({error}). Install Kotoapuri again.") from error


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    from assistant.embedding import default_model_folder

    tokenizer: Any = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer  # type: ignore[no-any-return]
