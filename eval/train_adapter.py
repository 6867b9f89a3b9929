"""Trains the query adapter of the default model on the questions stored with the facts of the corpus.

    python -m eval.train_adapter [--out FILE] [--held-out 0.05]

Low-rank additions to the linear layers (LoRA: Hu et al., ICLR 2022) on the side of the query only: passages keep the
vectors of the model as it is. The loss is the cross-entropy of finding a question's fact, twice: by sentence vector
among all facts, and by late interaction of tokens (MaxSim) among the facts of the batch. Nothing of eval/cases is used.
Prints recall on facts held out, before and after each epoch; takes about 20 minutes on two cores.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from assistant.corpus import bundled_documents
from assistant.embedding import ADAPTER, LORA_SCALE, SentenceTransformerEmbedder, bert, linear_layers
from assistant.index import embedded_text
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.types import Passage

RANK = 8
_BATCH, _EPOCHS, _RATE, _WARM_UP = 64, 4, 1e-3, 20
_TEMPERATURE, _LATE = 0.05, 0.5  # of both losses; what the late interaction counts beside the other
# What of the addition is kept: of 0.6, 0.8 and 1, 0.8 ranks the passages of documents best, on which the adapter has
# not been trained (170 development questions).
_DAMPING = 0.8
_SAME_FACT = 0.93  # cosine from which two facts say the same, so that one is no wrong answer for the other's question
_MAX_TOKENS = 128


class LowRank(nn.Module):
    """A frozen linear layer with a low-rank addition."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.a = nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(..., in) to (..., out)."""
        added: torch.Tensor = (x @ self.a.T) @ self.b.T
        return self.layer(x) + LORA_SCALE * added  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Pair:
    """A stored question and the number of its fact."""

    question: str
    language: str
    fact: int


class Trainer:
    """The model of queries, and the facts as the model of passages sees them."""

    def __init__(self, facts: Sequence[Passage]) -> None:
        embedder = SentenceTransformerEmbedder(Settings(embedding_model="plain"))
        texts = [embedded_text(fact) for fact in facts]
        vectors, tokens = embedder.embed_passages(texts)
        self.vectors = torch.from_numpy(vectors)
        self.tokens = [torch.from_numpy(found).half() for found in tokens]
        self.same = self.vectors @ self.vectors.T > _SAME_FACT
        model = embedder.models()[1]
        self._tokenizer: Any = model.tokenizer
        self._bert: Any = bert(model)
        self._bert.requires_grad_(False)
        self.layers = {name: LowRank(layer) for name, layer in linear_layers(model).items()}
        for name, layer in self.layers.items():
            parent, _, attribute = name.rpartition(".")
            setattr(self._bert.encoder.get_submodule(parent), attribute, layer)

    def parameters(self) -> list[nn.Parameter]:
        """What is trained."""
        return [parameter for layer in self.layers.values() for parameter in (layer.a, layer.b)]

    def encode(self, questions: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Sentence vectors (n, dim), token vectors (n, n_tokens, dim), and which tokens count (n, n_tokens)."""
        inputs = self._tokenizer(
            list(questions), padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt"
        )
        hidden, mask = self._bert(**inputs).last_hidden_state, inputs["attention_mask"]
        weights = mask.unsqueeze(-1).float()
        counts = mask.clone()
        counts[:, 0] = 0  # the model's own marks, first and last
        counts[torch.arange(len(mask)), mask.sum(1) - 1] = 0
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        return normalize(pooled, dim=-1), normalize(hidden, dim=-1), counts.float()

    def loss(self, batch: Sequence[Pair]) -> torch.Tensor:
        """Of one batch."""
        facts = torch.tensor([pair.fact for pair in batch])
        vectors, tokens, counts = self.encode([pair.question for pair in batch])
        own = torch.zeros(len(batch), len(self.vectors), dtype=torch.bool)
        own[torch.arange(len(batch)), facts] = True
        scores = (vectors @ self.vectors.T).masked_fill(self.same[facts] & ~own, -1.0)
        late = self._max_sim(tokens, counts, facts).masked_fill(
            self.same[facts][:, facts] & ~torch.eye(len(batch), dtype=torch.bool), -1.0
        )
        by_vector = cross_entropy(scores / _TEMPERATURE, facts)
        return by_vector + _LATE * cross_entropy(late / _TEMPERATURE, torch.arange(len(batch)))

    def _max_sim(self, tokens: torch.Tensor, counts: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        columns = []
        for fact in facts.tolist():
            nearest = (tokens @ self.tokens[fact].float().T).max(dim=-1).values
            columns.append((nearest * counts).sum(1) / counts.sum(1).clamp(min=1))
        return torch.stack(columns, dim=1)

    def set_training(self) -> None:
        """Dropout on, until the next measuring."""
        self._bert.train()

    @torch.no_grad()
    def recall(self, pairs: Sequence[Pair], k: int = 5) -> float:
        """Share of questions whose fact is among the nearest k of all facts."""
        self._bert.eval()
        vectors = torch.cat([self.encode([p.question for p in pairs[i : i + 32]])[0] for i in range(0, len(pairs), 32)])
        scores = vectors @ self.vectors.T
        facts = torch.tensor([p.fact for p in pairs])
        better = (scores > scores[torch.arange(len(facts)), facts][:, None]).sum(1)
        return float((better < k).float().mean())

    def save(self, path: Path) -> None:
        """Write what was trained, damped, in half precision; assistant/embedding.py reads it."""
        arrays = {
            f"{name}.{which}": (matrix.detach().numpy() * damping).astype(np.float16)
            for name, layer in self.layers.items()
            for which, matrix, damping in (("a", layer.a, 1.0), ("b", layer.b, _DAMPING))
        }
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def stored_questions() -> tuple[list[Passage], list[Pair]]:
    """The facts of the corpus and every question stored with them."""
    facts = [p for source, document in bundled_documents() for p in split_document(document, source.source_id)]
    pairs = [
        Pair(question, language, n)
        for n, fact in enumerate(facts)
        for language, questions in (fact.fact.questions.items() if fact.fact else ())
        for question in questions
    ]
    return facts, pairs


def main() -> None:
    """Train, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ADAPTER)
    parser.add_argument("--held-out", type=float, default=0.05, help="share of facts to measure on")
    parser.add_argument("--epochs", type=int, default=_EPOCHS)
    options = parser.parse_args()
    torch.manual_seed(0)
    shuffle = random.Random(0)
    facts, pairs = stored_questions()
    held = set(shuffle.sample(range(len(facts)), int(len(facts) * options.held_out)))
    train = [pair for pair in pairs if pair.fact not in held]
    test = {x: [pair for pair in pairs if pair.fact in held and pair.language == x] for x in ("en", "fi", "sv")}
    trainer = Trainer(facts)

    def report(when: str) -> None:
        shares = ", ".join(f"{x} {trainer.recall(asked):.3f} (n = {len(asked)})" for x, asked in test.items() if asked)
        print(f"{when}: R@5 of facts held out {shares}", flush=True)

    report(f"{len(facts):,} facts, {len(train):,} questions; before")
    optimiser = torch.optim.AdamW(trainer.parameters(), lr=_RATE, weight_decay=0.01)
    steps = options.epochs * math.ceil(len(train) / _BATCH)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / _WARM_UP) * max(0.05, 1 - step / steps)
    )
    for epoch in range(1, options.epochs + 1):
        shuffle.shuffle(train)
        trainer.set_training()
        start = time.monotonic()
        for i in range(0, len(train), _BATCH):
            loss = trainer.loss(train[i : i + _BATCH])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trainer.parameters(), 1.0)
            optimiser.step()
            rate.step()
        report(f"epoch {epoch}, {time.monotonic() - start:.0f} s")
    trainer.save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
