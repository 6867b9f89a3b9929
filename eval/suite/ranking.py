"""How well facts are found: nDCG@10, RR and Success@10 of ir-measures, by full text, vectors, both, and as answered.

Relevant is every fact that holds one of the facts asked for and is of a source that the case names, as in
eval/stored_questions.py; it counts as much as it holds of them. That is a liberal judgement, the same for all ways of
ranking, and leaves recall without meaning: many facts say the same. So each fact asked for is also looked for alone:
Success@10 is the share of them that stand among the first ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, Success, nDCG

from eval.suite.answering import RANKINGS, Asked
from eval.suite.measures import Figure, mean

Qrels = Mapping[str, Mapping[str, int]]


def measure_ranking(asked: Sequence[Asked]) -> list[Figure]:
    """The measures of each way of ranking, over questions that the corpus answers."""
    usable = [one for one in asked if one.right and not one.case.documents and one.case.behaviour == "answer"]
    keys = {f"{one.case.file}/{one.case.id}": one for one in usable}
    whole = {key: Counter(i for ids in one.right.values() for i in sorted(ids)) for key, one in keys.items()}
    alone = {
        f"{key}/{nugget}": dict.fromkeys(sorted(ids), 1)
        for key, one in keys.items()
        for nugget, ids in one.right.items()
    }
    figures = []
    for way in RANKINGS:
        runs = {
            key: {passage_id: 1.0 / rank for rank, passage_id in enumerate(one.rankings[way], 1)}
            for key, one in keys.items()
        }
        by_nugget = {key: runs[key.rpartition("/")[0]] for key in alone}
        figures += [
            mean(f"nDCG@10, {way}", _values(nDCG @ 10, whole, runs)),
            mean(f"RR, {way}", _values(RR, whole, runs)),
            mean(f"Success@10 of facts asked for, {way}", _values(Success @ 10, alone, by_nugget)),
        ]
    return figures


def _values(measure: ir_measures.measures.Measure, qrels: Qrels, run: Mapping[str, Mapping[str, float]]) -> list[float]:
    """One value a question; one for which nothing was ranked counts 0 and is not left out."""
    found = {metric.query_id: metric.value for metric in ir_measures.iter_calc([measure], qrels, run)} if qrels else {}
    return [float(found.get(key, 0.0)) for key in qrels]
