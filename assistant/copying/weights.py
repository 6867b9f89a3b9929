"""How much a word tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.copying.words import Hashes


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a stem tells: inverse document frequency over sentences of the field and those of the collection."""

    stems: Hashes  # sorted
    values: NDArray[np.float32]
    unseen: float

    def of(self, stems: Hashes) -> NDArray[np.float32]:
        """The weight of each stem, (n,) float32."""
        if not len(self.stems):
            return np.full(len(stems), self.unseen, dtype=np.float32)
        at = np.minimum(np.searchsorted(self.stems, stems), len(self.stems) - 1)
        return np.where(self.stems[at] == stems, self.values[at], np.float32(self.unseen)).astype(np.float32)
