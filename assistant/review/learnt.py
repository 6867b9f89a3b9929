"""What labelled sentences teach of the sixteen weaknesses: which sentences of a plan read like weak ones.

Rules see what they were made for; officials have a thousand ways. A linear model for each weakness looks at the words
of a sentence (Finnish and Swedish ones by their English gloss, so that three languages teach one model), its heading,
its shape and the signs that the rules look for. `python -m eval.fit_review` makes it from labelled sentences and the
plans of eval/cases/review that are for tuning. What it finds is worded as advice.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import CorpusError
from assistant.gloss import gloss
from assistant.review.plan_text import Plan, Unit, has_figure
from assistant.review.sentences import Raw, at
from assistant.review.signs import FOLDER, kinds
from assistant.text import content_stems
from assistant.types import UnitKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEARNT = FOLDER / "learnt.npz"
WEAKNESSES = range(1, 17)
_HASHED = 2**14
_WORDS_A_STEP = 6  # lengths that differ by less are one
_LONGEST = 6  # steps
_OF_THE_LAW = 16  # the weakness
# Log odds below which a rule is not believed: of 225 findings in plans that neither had seen (`dev3`) this took 50 of
# the 80 false ones, 24 of the 30 on good plans, and 9 of the 145 right ones.
_DOUBTFUL = -2.0


def weighed(plan: Plan, found: Sequence[Raw]) -> list[Raw]:
    """What the rules found, less what reads like no weak sentence at all, and what reads like one that they missed.

    Only kinds that go by words alone are doubted: a rate of 24 people, an ended body or a duty stays as a rule sees it.

    Args:
        plan: The plan.
        found: What the rules found.
    """
    model = learnt()
    units = judged(plan)
    odds = dict(zip(((u.start, u.end) for u in units), model.scores(plan, units), strict=True))
    kept = [raw for raw in found if not _is_doubtful(raw, odds)]
    told = {(place, kinds()[raw.kind].weakness) for raw in kept for place in raw.places}
    for unit in units:
        place = unit.start, unit.end
        for n, weakness in enumerate(WEAKNESSES):
            if odds[place][n] > model.least[n] and (place, weakness) not in told and not _denies(plan, unit, weakness):
                kept.append(at(f"reads-like-{weakness}", unit))
    return kept


def _is_doubtful(raw: Raw, odds: Mapping[tuple[int, int], NDArray[np.float64]]) -> bool:
    """Whether nothing in the sentences of a finding reads like its weakness."""
    kind = kinds()[raw.kind]
    of_places = [float(odds[place][kind.weakness - 1]) for place in raw.places if place in odds]
    return kind.doubted and bool(of_places) and max(of_places) < _DOUBTFUL


def _denies(plan: Plan, unit: Unit, weakness: int) -> bool:
    """Whether a sentence says that something is no duty: that is not the law told wrongly."""
    return weakness == _OF_THE_LAW and plan.shows(unit, "no_duty")


def judged(plan: Plan) -> list[Unit]:
    """The units that the models look at: what is told of the past is no weakness of today."""
    return [unit for unit in plan.units if not plan.is_history(unit)]


@dataclass(frozen=True, eq=False)
class Learnt:
    """The linear models, one column for each weakness."""

    idf: NDArray[np.float32]  # (16,384,) how much each feature tells
    weights: NDArray[np.float32]  # (16,384, 16)
    intercepts: NDArray[np.float32]  # (16,)
    least: NDArray[np.float32]  # (16,) log odds from which a sentence counts; infinite where the model is not used

    def scores(self, plan: Plan, units: Sequence[Unit]) -> NDArray[np.float64]:
        """Log odds that each unit shows each weakness, (n_units, 16)."""
        import numpy as np

        if not units:
            return np.zeros((0, len(WEAKNESSES)))
        return self.log_odds([features_of(plan, u) for u in units])

    def log_odds(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """The same of features, (n_rows, 16)."""
        import numpy as np

        return np.asarray(weighted(counted(rows), self.idf) @ self.weights + self.intercepts, dtype=np.float64)

    def write(self, path: Path = LEARNT) -> None:
        """Keep it, in sixteen bits a weight."""
        import numpy as np

        np.savez_compressed(
            path, idf=self.idf.astype(np.float16), weights=self.weights.astype(np.float16),
            intercepts=self.intercepts, least=self.least,
        )  # fmt: skip

    @classmethod
    def read(cls, path: Path = LEARNT) -> Learnt:
        """The model that ships; raises CorpusError where it cannot be read."""
        import numpy as np

        try:
            with np.load(path, allow_pickle=False) as file:
                idf, weights = (file[name].astype(np.float32) for name in ("idf", "weights"))
                return cls(idf, weights, file["intercepts"], file["least"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise CorpusError(
                f"prompts/review/{path.name} cannot be read ({error}). Install Kotoapuri again."
            ) from error


@cache
def learnt() -> Learnt:
    """The model that ships."""
    return Learnt.read()


def features_of(plan: Plan, unit: Unit) -> list[str]:
    """What the model looks at in a unit: stems, those of its heading, roles of its chapter, signs, its shape."""
    heading = unit.headings[-1] if unit.headings else ""
    return [
        *_stems(unit.text, plan.language),
        *(f"heading:{stem}" for stem in _stems(heading, plan.language)),
        *(f"role:{role}" for role in sorted(plan.chapter(unit).roles)),
        *(f"sign:{sign}" for sign in plan.signs.signs if plan.shows(unit, sign)),
        *(["is:row"] if unit.is_row else ["is:item"] if unit.kind is UnitKind.ITEM else []),
        *(["has:figure"] if has_figure(unit.text) else []),
        *(["has:date"] if plan.dated(unit) else []),
        *(["has:name"] if plan.local_names(unit) else []),
        f"length:{min(_LONGEST, len(unit.text.split()) // _WORDS_A_STEP)}",
    ]


def _stems(text: str, language: str) -> Sequence[str]:
    return content_stems(text if language == "en" else gloss(text, language), "en")


def counted(rows: Sequence[Sequence[str]]) -> Any:
    """Which features each row has, hashed, as a sparse matrix, (n_rows, 16,384) of 0 and 1."""
    return _vectoriser().transform(rows)


def weighted(matrix: Any, idf: NDArray[np.float32]) -> Any:
    """Features by how much they tell, each row of unit length."""
    from scipy import sparse
    from sklearn.preprocessing import normalize

    return normalize(matrix @ sparse.diags(idf))


@cache
def _vectoriser() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(analyzer=list, n_features=_HASHED, alternate_sign=False, norm=None, binary=True)
