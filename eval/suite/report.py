"""What a run found, as a table in the terminal, as JSON, and as one HTML file that needs nothing beside it."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.suite.answering import OURS
from eval.suite.gates import Passed
from eval.suite.judging import Judged
from eval.suite.measures import Difference, Figure
from eval.suite.running import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import Console

# Of writers side by side: what both kinds of writer can be measured by.
_SHARED = (
    "answers accurate", "answers with all vital nuggets and nothing forbidden",
    "vital nuggets", "vital nuggets with a sound citation", "truthfulness",
    "answers that say what is forbidden", "in force, or said not to be", "abstention recall", "over-refusal",
    "injections that succeed", "characters an answer", "characters to read a citation",
)  # fmt: skip
_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#595959"  # Okabe and Ito: told apart without colour vision


def print_result(console: Console, result: Result) -> None:
    """The table of the terminal: figures, writers, gates, and what is missing or invalid."""
    from rich.table import Table

    table = Table(title=f"Evaluation, {result.half}: {len(result.ours)} cases, {result.day}", title_justify="left")
    table.add_column("measure")
    table.add_column("value [95 % interval]")
    for figure in result.figures[OURS]:
        if figure.value is not None:
            table.add_row(figure.name, str(figure).replace("[", r"\["))
    console.print(table)
    if len(result.figures) > 1:
        console.print(_writers(result))
    table = Table(title="Gates", title_justify="left")
    for column in ("measure", "value", "floor", "target", "verdict"):
        table.add_column(column)
    for one in result.gates:
        style = "bold red" if one.has_fallen else "" if one.reaches_target else "yellow"
        table.add_row(*(cell.replace("[", r"\[") for cell in _gate(one)), style=style)
    console.print(table)
    for name in result.missing:
        console.print(f"Missing: {name}. Its cases were not tried.", style="bold red", markup=False)
    for unusable in result.invalid:
        console.print(f"Invalid: {unusable.file}, {unusable.id}: {unusable.why}", style="yellow", markup=False)
    wheres = Counter(j.where for j in result.failures)
    console.print("Where it fails: " + ", ".join(f"{name} {n}" for name, n in wheres.most_common()), markup=False)
    fallen = sum(one.has_fallen for one in result.gates)
    short = sum(not one.reaches_target for one in result.gates)
    console.print(
        f"{fallen} of {len(result.gates)} gates fell; {short} targets not reached. {result.seconds:.0f} s.",
        markup=False, style="bold red" if result.has_fallen else "bold green",
    )  # fmt: skip


def _writers(result: Result) -> Any:
    from rich.table import Table

    table = Table(title="Writers", title_justify="left")
    for column in ("measure", *result.figures):
        table.add_column(column)
    for name in _SHARED:
        table.add_row(name, *(cell.replace("[", r"\[") for cell in _row(result, name)))
    for d in result.differences:
        table.add_row(*(cell.replace("[", r"\[") for cell in _difference(d)))
    return table


def _difference(d: Difference) -> tuple[str, str]:
    gap = f"{d.difference:+.3f} [{d.low:+.3f} to {d.high:+.3f}] (n {d.n})"
    return f"{d.measure}: {d.ours} − {d.other}", gap


def _row(result: Result, name: str) -> list[str]:
    found = []
    for figures in result.figures.values():
        figure = next((f for f in figures if f.name == name), None)
        found.append(str(figure) if figure else "")
    return found


def _gate(one: Passed) -> tuple[str, str, str, str, str]:
    sign = "≥" if one.gate.is_least else "≤"
    value = str(one.figure) if one.figure else "not measured"
    return one.gate.measure, value, f"{sign} {one.gate.floor:g}", f"{sign} {one.gate.target:g}", one.verdict


# JSON.


def as_record(result: Result) -> dict[str, Any]:
    """Everything as JSON takes it, case by case."""
    return {
        "half": result.half, "date": result.day, "seconds": round(result.seconds, 1), "versions": result.versions,
        "fallen": result.has_fallen, "cases": result.counts, "missing": result.missing,
        "invalid": [asdict(one) for one in result.invalid],
        "figures": {writer: [asdict(f) for f in figures] for writer, figures in result.figures.items()},
        "categories": {name: asdict(f) for name, f in result.categories.items()},
        "differences": [asdict(d) for d in result.differences],
        "risk_coverage": result.curve,
        "gates": [
            {"measure": g.gate.measure, "value": g.figure.value if g.figure else None, "floor": g.gate.floor,
             "target": g.gate.target, "fallen": g.has_fallen, "target_reached": g.reaches_target}
            for g in result.gates
        ],
        "answers": {writer: [_answer(j) for j in judged] for writer, judged in result.judged.items()},
    }  # fmt: skip


def _answer(one: Judged) -> dict[str, Any]:
    return {
        "file": one.case.file, "id": one.case.id, "kind": one.case.kind, "language": one.case.language,
        "turns": one.case.turns, "as_of": one.response.as_of, "abstained": one.response.abstained,
        "statements": [{"text": s.text, "quotes": one.response.quotes(s)} for s in one.response.said],
        "warnings": one.response.warnings, "faults": one.faults, "where": one.where,
        "confidence": one.response.confidence, "seconds": round(one.response.seconds, 4),
    }  # fmt: skip


def write_json(path: Path, result: Result) -> None:
    """Write the record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_record(result), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# HTML.

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .7rem;border-bottom:1px solid #ccc;text-align:left;
vertical-align:top}th{background:#f2f2f2}.fallen{background:#fbe3da;font-weight:600}.short{background:#fff6d6}
details{border-left:3px solid #ccc;padding:.1rem 1rem;margin:.4rem 0}summary{cursor:pointer}
blockquote{margin:.2rem 0 .6rem 1rem;padding-left:.6rem;border-left:2px solid #0072b2;color:#333}
svg{max-width:100%;height:auto}code{background:#f2f2f2;overflow-wrap:anywhere}.why{color:#595959}
"""


def write_html(path: Path, result: Result) -> None:
    """Write the report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(result), encoding="utf-8")


def html(result: Result) -> str:
    """The report as one page; everything that came from a case or a source is escaped."""
    fallen = [one for one in result.gates if one.has_fallen]
    head = "Every gate held." if not result.has_fallen else f"{len(fallen)} gates fell."
    short = [one for one in result.gates if not one.reaches_target]
    parts = [
        f"<h1>Kotoapuri: evaluation of {escape(result.day)}</h1>",
        f"<p><strong>{head}</strong> {len(short)} targets are not reached. {len(result.ours)} cases "
        f"({escape(result.half)}: "
        f"{escape(', '.join(f'{name} {n}' for name, n in result.counts.items()))}), {result.seconds:.0f} seconds. "
        f"Made with: {escape(', '.join(f'{k} {v}' for k, v in result.versions.items()))}.</p>",
        *[f"<p class=fallen>Missing: {escape(name)}. Its cases were not tried.</p>" for name in result.missing],
        *[f"<p class=short>Invalid: {escape(f'{u.file}, {u.id}: {u.why}')}</p>" for u in result.invalid],
        "<h2>Gates</h2>", _gates_table(result.gates),
        "<h2>Figures</h2>",
        _table(
            ("measure", "value [95 % interval] (n)"),
            ((f.name, str(f)) for f in result.figures[OURS] if f.value is not None),
        ),
    ]  # fmt: skip
    if len(result.figures) > 1:
        parts += [
            "<h2>Writers</h2>",
            _table(("measure", *result.figures), ([name, *_row(result, name)] for name in _SHARED)),
            _table(
                ("difference, paired", "first − second [95 % interval] (n)"),
                (
                    (
                        f"{d.measure}: {d.ours} − {d.other}",
                        f"{d.difference:+.3f} [{d.low:+.3f} to {d.high:+.3f}] ({d.n})",
                    )
                    for d in result.differences
                ),
            ),
        ]
    parts += ["<h2>Plots</h2>", *_plots(result), f"<h2>Answers with a fault ({len(result.failures)})</h2>"]
    parts += [_failure(one) for one in sorted(result.failures, key=lambda j: (j.case.file, j.where, j.case.id))]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kotoapuri: evaluation</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>\n"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], classes: Sequence[str] = ()) -> str:
    top = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f'<tr class="{classes[n] if classes else ""}">{"".join(f"<td>{escape(cell)}</td>" for cell in row)}</tr>'
        for n, row in enumerate(rows)
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _gates_table(passed: Sequence[Passed]) -> str:
    classes = ["fallen" if one.has_fallen else "" if one.reaches_target else "short" for one in passed]
    return _table(("measure", "value", "floor", "target", "verdict"), map(_gate, passed), classes)


def _failure(one: Judged) -> str:
    case, response = one.case, one.response
    answer = "".join(
        f"<p>{escape(said.text)}</p>" + "".join(f"<blockquote>{_source(one, n)}</blockquote>" for n in said.citations)
        for said in response.said
    )
    said = response.error or ("(abstained)" if response.abstained else "")
    expected = [f"behaviour: {case.behaviour}", *(f"{n.id}: {n.pattern.pattern}" for n in case.nuggets)]
    expected += [f"not: {p.pattern}" for p in (*case.forbidden, *case.payload)]
    expected += [f"warning: {code}" for code in case.warnings]
    return (
        f"<details><summary>{escape(case.file)} {escape(case.id)}: {escape(one.faults[0])}</summary>"
        + "".join(f"<p><strong>{escape(turn)}</strong></p>" for turn in case.turns)
        + f"<p class=why>{escape(response.as_of)} · {escape(case.language)} · {escape(case.why)}</p>"
        + f"<ul>{''.join(f'<li>{escape(fault)}</li>' for fault in one.faults)}</ul>"
        + f"<p>Expected:</p><ul>{''.join(f'<li><code>{escape(e)}</code></li>' for e in expected)}</ul>"
        + f"<p>Answer: {escape(said)}</p>{answer}"
        + (f"<p class=why>Warnings: {escape(', '.join(response.warnings))}</p>" if response.warnings else "")
        + "</details>"
    )


def _source(one: Judged, n: int) -> str:
    cited = one.response.cited[n]
    return f"{escape(cited.quote)} <span class=why>({escape(cited.source_id)}, {escape(cited.pinpoint)})</span>"


# Plots.


def _plots(result: Result) -> list[str]:
    groups = dict(sorted(result.categories.items(), reverse=True))
    wheres = Counter(j.where for j in result.failures)
    caught = [f for f in result.figures[OURS] if f.name.startswith("planted errors caught: ")]
    return [
        _plot(lambda axes: _shares(axes, groups), "Cases without any fault",
              max(2.5, 0.3 * len(groups))),
        _plot(lambda axes: _counts(axes, wheres), "Where it fails: the first fault of each answer",
              max(2.0, 0.35 * len(wheres))),
        _plot(lambda axes: _curve(axes, result.curve), "Wrong answers among those given, most confident first", 3.5),
        *([_plot(lambda axes: _shares(axes, {f.name.partition(": ")[2]: f for f in reversed(caught)}),
                 "Planted errors caught, by error", 3.0)] if caught else []),
    ]  # fmt: skip


def _plot(draw: Callable[[Axes], None], title: str, height: float) -> str:
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context({"svg.hashsalt": "kotoapuri", "font.family": "DejaVu Sans", "font.size": 9}):
        figure = Canvas(figsize=(8, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.set_title(title, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    drawn = re.sub(r"<metadata>.*?</metadata>", "", out.getvalue(), flags=re.DOTALL)
    label = f'<svg role="img" aria-label="{escape(title)}" '
    return drawn[drawn.index("<svg ") :].replace("<svg ", label, 1)


def _shares(axes: Axes, figures: dict[str, Figure]) -> None:
    known = {name: f for name, f in figures.items() if f.value is not None}
    values = [100 * (f.value or 0) for f in known.values()]
    # At 0 and 100 % rounding may put a bound on the wrong side of its value.
    low = [max(0.0, v - 100 * (f.low or 0)) for v, f in zip(values, known.values(), strict=True)]
    high = [max(0.0, 100 * (f.high or 0) - v) for v, f in zip(values, known.values(), strict=True)]
    names = [f"{name} ({f.n})" for name, f in known.items()]
    axes.barh(names, values, color=_BLUE, xerr=[low, high], ecolor=_GREY, capsize=2)
    axes.set_xlim(0, 100)
    axes.set_xlabel("%, with 95 % interval")


def _counts(axes: Axes, counts: Counter[str]) -> None:
    rows = counts.most_common()[::-1]
    bars = axes.barh([name for name, _ in rows], [n for _, n in rows], color=_ORANGE)
    axes.bar_label(bars, padding=3)


def _curve(axes: Axes, points: Sequence[tuple[float, float]]) -> None:
    axes.plot([100 * x for x, _ in points], [100 * y for _, y in points], color=_BLUE)
    if points:
        end = 100 * points[-1][0], 100 * points[-1][1]
        axes.plot(*end, "o", color=_ORANGE)
        axes.annotate("here it begins to abstain", end, ha="right", va="bottom")
    axes.set_xlim(0, 100)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("% of cases answered")
    axes.set_ylabel("% wrong")
