"""Vectors that ship with the corpus are those of its facts; a damaged or foreign file costs time and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import HashedWords

from assistant.embedding import SentenceTransformerEmbedder
from assistant.index import embedded_text, text_hash, token_text
from assistant.settings import Settings
from assistant.shipped import SHIPPED, shipped_vectors, write_vectors
from assistant.tokens import SHIPPED_TOKENS, principal_axes, write_tokens
from eval.ship_vectors import facts, faults, token_faults, wanted


def written(path: Path, *, change: str = "") -> Path:
    """A file of the fake model's vectors of the corpus, perhaps with one text changed afterwards."""
    texts, asked = wanted(facts()[:20])
    both = texts | asked
    vectors = HashedWords().embed_queries([text + change for text in both.values()])
    write_vectors({HashedWords().fingerprint: dict(zip(both, vectors, strict=True))}, path)
    return path


@pytest.mark.model
def test_vectors_in_the_project_are_those_of_its_facts() -> None:
    embedder = SentenceTransformerEmbedder(Settings(embedding_model="default"))
    assert list(faults(facts(), embedder, SHIPPED, sample=25)) == []
    assert list(token_faults(facts(), embedder, SHIPPED_TOKENS, sample=25)) == []


def test_vector_keeps_its_direction_in_eight_bits(tmp_path: Path) -> None:
    path = written(tmp_path / "vectors.npz")
    shipped = shipped_vectors(HashedWords().fingerprint, path)
    text = embedded_text(facts()[0])
    (vector,) = HashedWords().embed_queries([text])
    assert float(vector @ shipped[text_hash(text)]) > 0.999
    assert np.isclose(np.linalg.norm(shipped[text_hash(text)]), 1)
    assert set(shipped) == set(wanted(facts()[:20])[0] | wanted(facts()[:20])[1])


def test_missing_and_stale_vectors_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "vectors.npz")
    assert list(faults(facts()[:20], HashedWords(), path)) == []
    assert any(line.startswith("no vector of the fact") for line in faults(facts()[:21], HashedWords(), path))
    stale = written(tmp_path / "stale.npz", change=" quite other words at the end of it all")
    assert any(line.startswith("another vector") for line in faults(facts()[:20], HashedWords(), stale))


def test_missing_and_stale_token_vectors_are_named(tmp_path: Path) -> None:
    def write(name: str, *, change: str = "") -> Path:
        texts = {text_hash(token_text(p)): token_text(p) + change for p in facts()[:20]}
        tokens = dict(zip(texts, HashedWords().embed_passages(list(texts.values()))[1], strict=True))
        axes = principal_axes(np.concatenate(list(tokens.values())))
        write_tokens(HashedWords().fingerprint, axes, tokens, tmp_path / name)
        return tmp_path / name

    path = write("tokens.npz")
    assert list(token_faults(facts()[:20], HashedWords(), path)) == []
    assert any(line.startswith("no token vectors") for line in token_faults(facts()[:21], HashedWords(), path))
    stale = write("stale.npz", change=" and more")
    assert len(list(token_faults(facts()[:20], HashedWords(), stale))) == 20


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", None])
def test_damaged_file_is_no_file(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.npz"
    if content is not None:
        path.write_bytes(content)
    assert len(shipped_vectors(HashedWords().fingerprint, path)) == 0


def test_vectors_of_another_model_are_none(tmp_path: Path) -> None:
    assert len(shipped_vectors("another", written(tmp_path / "vectors.npz"))) == 0
