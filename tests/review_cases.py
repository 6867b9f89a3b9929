"""Plans of made-up municipalities for tests of the review: three that a review should leave alone, and parts of others.

Each good plan is in one language and holds what good plans hold: dated figures with a source, goals with a baseline,
owners, sums, a review date, old names told as history, a neighbour who is a partner.
"""

from __future__ import annotations

from assistant.settings import PROJECT_ROOT

DAY = "2026-11-22"

_GOOD = PROJECT_ROOT / "eval" / "cases" / "review" / "good"
GOOD_EN, GOOD_FI, GOOD_SV = (
    (_GOOD / f"{name}.md").read_text(encoding="utf-8") for name in ("kuvitteela", "sepitelahti", "mallby")
)
