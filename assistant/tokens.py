"""Token vectors of passages, made once and kept small, for late interaction (MaxSim: Khattab & Zaharia, SIGIR 2020).

Transform coding, as images are kept: tokens are turned into the principal axes of the corpus's tokens, rounded to a
step, and the many zeros of the weak axes are packed. An axis costs what it says; none is cut off. The axes ship with
the corpus for the default model. Another model has none: its vectors stay as they are, rounded more finely.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import CORPUS
from assistant.embedding import Vectors

SHIPPED_TOKENS = CORPUS / "tokens.npz"

_log = logging.getLogger(__name__)

# 55 bytes a token. With 0.08 the score, the mean of the nearest cosines, is off by 0.01 (standard deviation; 88
# development questions) and hardly too low; with 128 axes in four bits by 0.02, 0.04 too low, in 66 bytes.
_STEP = 0.09
_STEP_WITHOUT_AXES = 0.5  # of the size that a number of a unit vector has: a fiftieth of the length is lost


@dataclass(frozen=True, eq=False)
class TokenCode:
    """How token vectors of one model are kept, and those that ship with the corpus."""

    fingerprint: str  # of the model and the axes: what was kept in one way is never read in another
    axes: Vectors | None  # (dim, dim) float32, orthonormal columns, strongest first
    shipped: Mapping[str, bytes]  # by text hash

    def turned(self, tokens: Vectors) -> Vectors:
        """Token vectors, (n_tokens, dim) float32, in the axes in which those of passages are kept."""
        return tokens if self.axes is None else tokens @ self.axes

    def encode(self, tokens: Vectors) -> bytes:
        """Token vectors of a passage, (n_tokens, dim) float32, unit length, as they are kept."""
        dim = tokens.shape[1]
        numbers = np.rint(self.turned(tokens) / self._step(dim)).clip(-127, 127).astype(np.int8)
        packer = zlib.compressobj(strategy=zlib.Z_RLE)  # smaller and ten times faster than the default for this
        return packer.compress(struct.pack("<I", dim) + numbers.tobytes()) + packer.flush()

    def decode(self, kept: bytes) -> Vectors:
        """What was encoded, (n_tokens, dim) float32, turned; raises ValueError where it is damaged."""
        try:
            content = zlib.decompress(kept)
            (dim,) = struct.unpack_from("<I", content)
        except (zlib.error, struct.error) as error:
            raise ValueError(str(error)) from error
        return np.frombuffer(content, dtype=np.int8, offset=4).reshape(-1, dim).astype(np.float32) * self._step(dim)

    def _step(self, dim: int) -> np.float32:
        return np.float32(_STEP_WITHOUT_AXES / np.sqrt(dim) if self.axes is None else _STEP)


@cache
def token_code(model: str, path: Path = SHIPPED_TOKENS) -> TokenCode:
    """That of a model by its fingerprint; without axes where the file is damaged or knows another model only."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if f"{model}.axes" in file.files:
                keys = [key.tobytes().hex() for key in file[f"{model}.keys"]]
                content, ends = file[f"{model}.content"].tobytes(), file[f"{model}.ends"].tolist()
                parts = [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]
                return _code(model, file[f"{model}.axes"], dict(zip(keys, parts, strict=True)))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        _log.warning("The token vectors of the corpus cannot be read and are made when needed: %s", error)
    return TokenCode(f"{model}.tokens", None, {})


def principal_axes(tokens: Vectors) -> Vectors:
    """The axes of token vectors, (n_tokens, dim): (dim, dim), a column each, strongest first."""
    _, axes = np.linalg.eigh(tokens.T @ tokens)
    return np.asarray(axes[:, ::-1], dtype=np.float32)


def write_tokens(
    model: str,
    axes: Vectors,
    tokens: Mapping[str, Vectors],
    path: Path = SHIPPED_TOKENS,
    *,
    kept: Mapping[str, bytes] | None = None,
) -> None:
    """Write the token vectors of facts, by text hash, and their axes, in sixteen bits a number, for `token_code`.

    Args:
        model: Its fingerprint.
        axes: (dim, dim), as `principal_axes` gives them.
        tokens: (n_tokens, dim) each.
        path: Of the file.
        kept: Others, by text hash, as they were encoded with the same axes.
    """
    half = axes.astype(np.float16)
    code = _code(model, half, {})
    encoded = {**(kept or {}), **{key: code.encode(found) for key, found in tokens.items()}}
    parts = list(encoded.values())
    np.savez_compressed(
        path,
        **{  # type: ignore[arg-type]
            f"{model}.axes": half,
            f"{model}.keys": np.array([np.frombuffer(bytes.fromhex(key), dtype=np.uint8) for key in encoded]),
            f"{model}.ends": np.cumsum([len(part) for part in parts]),
            f"{model}.content": np.frombuffer(b"".join(parts), dtype=np.uint8),
        },
    )
    token_code.cache_clear()


def max_sims(asked: Sequence[Vectors], passages: Sequence[Vectors]) -> NDArray[np.float64]:
    """For each text and passage the mean over the text's tokens of the cosine of the passage's nearest token.

    Args:
        asked: Token vectors of each text, (n_tokens, dim), turned.
        passages: Those of each passage.

    Returns:
        (n_texts, n_passages); 0 where there is no token.
    """
    return np.array(
        [[float((a @ p.T).max(axis=1).mean()) if len(a) and len(p) else 0.0 for p in passages] for a in asked]
    )


def _code(model: str, axes: NDArray[np.float16], shipped: Mapping[str, bytes]) -> TokenCode:
    digest = hashlib.sha256(axes.tobytes()).hexdigest()[:16]
    return TokenCode(f"{model}.tokens.{digest}.{_STEP}", axes.astype(np.float32), shipped)
