"""How statuses are named, in files and on screen."""

from __future__ import annotations

from assistant.types import ItemStatus

SECTION_STATUSES = {
    "duty": "The law in force asks for the content of this section.",
    "recommended": "Official guidance recommends this section. The law in force does not ask for it.",
    "good-practice": "Good practice. Neither the law in force nor official guidance asks for this section.",
    "old-law": "Only the law before 2025 asked for this section. The law in force does not.",
}
COPYING_DEGREES = {"verbatim": "word for word", "near": "lightly edited", "paraphrase": "in other words"}
ITEM_STATUSES = {
    ItemStatus.MET: "Shown",
    ItemStatus.PARTLY: "Partly shown",
    ItemStatus.NO_EVIDENCE: "No evidence found",
}
