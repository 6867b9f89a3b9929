"""Token vectors lose little by being kept small; what is damaged or of another model is never compared with."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest

from assistant.corpus import CORPUS
from assistant.embedding import Vectors
from assistant.tokens import SHIPPED_TOKENS, TokenCode, max_sims, principal_axes, token_code, write_tokens

KEY = "0123456789abcdef" * 2


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def tokens(n: int, *, dim: int = 384, seed: int = 0, spread: float = 1.0) -> Vectors:
    """Tokens of which some directions hold more than others, as those of a model do; the same directions each time."""
    strength = np.exp(-spread * np.arange(dim) / 60)
    turn = np.linalg.qr(np.random.default_rng(9).normal(size=(dim, dim)))[0]
    return unit(((np.random.default_rng(seed).normal(size=(n, dim)) * strength) @ turn).astype(np.float32))


def written(path: Path, found: Vectors, *, model: str = "model") -> TokenCode:
    write_tokens(model, principal_axes(tokens(2_000)), {KEY: found}, path)
    return token_code(model, path)


def test_cosines_hold_and_a_token_takes_a_seventh_of_a_byte_a_number(tmp_path: Path) -> None:
    found, asked = tokens(50), tokens(12, seed=1)
    code = written(tmp_path / "tokens.npz", found)
    kept = code.shipped[KEY]
    assert kept == code.encode(found)
    assert len(kept) < 50 * 384 / 5
    cosines = code.turned(asked) @ code.decode(kept).T
    assert np.abs(cosines - asked @ found.T).max() < 0.1
    assert abs(float((cosines - asked @ found.T).mean())) < 0.005


@pytest.mark.parametrize("dim", [64, 384, 1024, 4096])
def test_model_without_axes_keeps_its_own_at_any_width(dim: int) -> None:
    code = token_code("another model")
    found = tokens(20, dim=dim, spread=0.0)
    assert code.axes is None
    cosines = (code.turned(found) * code.decode(code.encode(found))).sum(axis=1)
    assert np.allclose(cosines, 1, atol=0.05)


def test_passage_without_tokens_stays_without() -> None:
    code = token_code("another model")
    assert code.decode(code.encode(np.zeros((0, 384), dtype=np.float32))).shape == (0, 384)


@pytest.mark.parametrize("damage", ["empty", "short", "changed", "no numbers"])
def test_damaged_tokens_are_refused(damage: str) -> None:
    code = token_code("another model")
    kept = bytearray(code.encode(tokens(5)))
    match damage:
        case "empty":
            kept = bytearray()
        case "short":
            kept = kept[:-9]
        case "changed":
            kept[len(kept) // 2] ^= 4
        case "no numbers":
            kept = bytearray(b"x\x9c\x03\x00\x00\x00\x00\x01")  # nothing, packed
    with pytest.raises(ValueError, match=r".+"):
        code.decode(bytes(kept))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", None])
def test_damaged_file_is_told_of_and_ships_nothing(
    content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tokens.npz"
    if content is not None:
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        code = token_code("model", path)
    assert "made when needed" in caplog.text
    assert code.axes is None
    assert not code.shipped


def test_tokens_kept_in_other_axes_have_another_fingerprint(tmp_path: Path) -> None:
    one = written(tmp_path / "one.npz", tokens(3))
    write_tokens("model", principal_axes(tokens(2_000, spread=2.0)), {KEY: tokens(3)}, tmp_path / "two.npz")
    fingerprints = {
        one.fingerprint,
        token_code("model", tmp_path / "two.npz").fingerprint,
        written(tmp_path / "three.npz", tokens(3), model="another").fingerprint,
        token_code("another", tmp_path / "one.npz").fingerprint,
    }
    assert len(fingerprints) == 4
    assert written(tmp_path / "again.npz", tokens(5)).fingerprint == one.fingerprint


def test_score_is_the_mean_of_the_nearest_and_nothing_is_near_nothing() -> None:
    one, two, none = np.eye(3, dtype=np.float32)[:1], np.eye(3, dtype=np.float32)[1:], np.zeros((0, 3), np.float32)
    both = np.concatenate([one, two[:1]])
    assert max_sims([both, none], [one, both, two, none]).tolist() == [[0.5, 1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]]


def test_shipped_tokens_take_less_than_eighty_bytes_a_word() -> None:
    rows = [row for path in (CORPUS / "facts").glob("*.jsonl") for row in path.read_text(encoding="utf-8").splitlines()]
    n_words = sum(len(json.loads(row)["text"].split()) for row in rows)
    assert SHIPPED_TOKENS.stat().st_size / n_words < 80
