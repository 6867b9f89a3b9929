"""The trainer of the query adapter learns, and what it writes is what the embedder reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.embedding import SentenceTransformerEmbedder
from assistant.settings import Settings
from eval.train_adapter import Trainer, stored_questions


@pytest.mark.model
def test_adapter_learns_and_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, pairs = stored_questions()
    facts, pairs = facts[:12], [pair for pair in pairs if pair.fact < 12]
    torch.manual_seed(0)
    trainer = Trainer(facts)
    before = float(trainer.loss(pairs).detach())
    optimiser = torch.optim.AdamW(trainer.parameters(), lr=1e-3)
    for _ in range(4):
        loss = trainer.loss(pairs)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(trainer.loss(pairs).detach()) < before
    assert 0 <= trainer.recall(pairs) <= 1

    path = tmp_path / "adapter.npz"
    trainer.save(path)
    monkeypatch.setattr("assistant.embedding.ADAPTER", path)
    adapted = SentenceTransformerEmbedder(Settings(embedding_model="default")).embed_queries([pairs[0].question])
    plain = SentenceTransformerEmbedder(Settings(embedding_model="plain")).embed_queries([pairs[0].question])
    with torch.no_grad():
        trained = trainer.encode([pairs[0].question])[0].numpy()
    # Most of the way from the plain vector to the trained one.
    assert np.linalg.norm(adapted - trained) < np.linalg.norm(plain - trained)
