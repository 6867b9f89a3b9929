"""Draws plots: PNG for Word and print, SVG for the web in light and dark.

Colours are of Okabe and Ito, which colour-blind readers tell apart; lines differ by marker and stroke too, bars by
hatching, and each carries its name, so that grey paper loses nothing. Counts begin at zero. What is not shown has its
words in its place and no bar or point.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from assistant.situation.wording import Wording, wording
from assistant.types import Plot, PlotLine

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 6.3  # inches: the width of the text on A4
_DPI = 200
_LABEL_ROW = 0.135  # inches that a row of the name of a line takes
_STROKES = ("-", (0, (5, 2)), (0, (1, 1.5)))
_MARKERS = ("o", "s", "^")
_SIGNS = ("●", "■", "▲")  # the markers as letters, before the names of lines
_HATCHES = ("", "////", "....")


@dataclass(frozen=True, slots=True)
class _Theme:
    """Colours on paper or on a dark screen."""

    ground: str
    ink: str
    faint: str  # grid and what stands beside
    colours: tuple[str, str, str]


_LIGHT = _Theme("#ffffff", "#1a1a1a", "#595959", ("#0072b2", "#d55e00", "#007a5a"))
_DARK = _Theme("#16181d", "#f0f0f0", "#b4b8c0", ("#56b4e9", "#e69f00", "#33c29b"))


def png(plot: Plot, *, titled: bool = True) -> bytes:
    """A plot for Word and print, 200 dots an inch; without its title where that stands above it as text."""
    return _drawn(plot if titled else replace(plot, title=""), _LIGHT, "png")


def svg(plot: Plot, *, dark: bool = False) -> str:
    """A plot for the web, with its title and text alternative inside."""
    text = _drawn(plot, _DARK if dark else _LIGHT, "svg").decode()
    head, tag, rest = text.partition("<svg ")
    attributes, _, body = rest.partition(">")
    # The first child of an image is its name to a screen reader.
    named = f'<title id="t">{escape(plot.title)}</title>\n <desc id="d">{escape(plot.alt)}</desc>'
    return f'{head}{tag}role="img" aria-labelledby="t d" {attributes}>\n {named}{body}'


def _drawn(plot: Plot, theme: _Theme, format: str) -> bytes:
    import matplotlib as mpl

    # A figure of its own backend: nothing global is touched, so that a server can draw in several threads.
    settings: dict[Any, Any] = {
        "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine, åäö among them
        "font.size": 9,
        "svg.hashsalt": "kotoapuri",  # the same plot is the same file
        "text.color": theme.ink,
        "axes.edgecolor": theme.faint,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "hatch.linewidth": 0.8,
    }
    with mpl.rc_context(settings):
        figure = _figure(plot, theme)
        buffer = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None, "Creator": None} if format == "svg" else {"Software": None}
        figure.savefig(buffer, format=format, dpi=_DPI, facecolor=theme.ground, metadata=metadata)
    return buffer.getvalue()


def _figure(plot: Plot, theme: _Theme) -> Figure:
    from matplotlib.figure import Figure

    title = textwrap.wrap(_printable(plot.title), 66)[:3]
    subtitle = textwrap.wrap(_printable(plot.subtitle), 96)[:2]
    head = 0.12 + 0.21 * len(title) + 0.17 * len(subtitle) + 0.12  # inches
    body = 2.3 if plot.kind == "trend" else 0.35 + len(plot.labels) * (0.32 if len(plot.lines) == 1 else 0.46)
    body += 0.28 if plot.kind == "bars" and len(plot.lines) > 1 else 0.0
    height = head + body + 0.12
    figure = Figure(figsize=(_WIDTH, height))
    y = 1 - 0.12 / height
    figure.text(0.012, y, "\n".join(title), fontsize=11, fontweight="bold", va="top", linespacing=1.25)
    y -= (0.21 * len(title) + 0.02) / height
    figure.text(0.012, y, "\n".join(subtitle), fontsize=8.5, va="top", color=theme.faint, linespacing=1.3)
    draw = _trend if plot.kind == "trend" else _bars
    draw(figure, plot, theme, wording(plot.language), top=1 - head / height, height=height)
    return figure


def _axes(figure: Figure, left: float, bottom: float, right: float, top: float, theme: _Theme) -> Axes:
    """Axes in shares of the figure, without a frame."""
    axes = figure.add_axes((left, bottom, right - left, top - bottom))
    axes.set_facecolor(theme.ground)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return axes


def _trend(figure: Figure, plot: Plot, theme: _Theme, words: Wording, *, top: float, height: float) -> None:
    from matplotlib.ticker import MaxNLocator

    n = len(plot.labels)
    several = len(plot.lines) > 1
    names = [textwrap.fill(_printable(line.name), 20) for line in plot.lines]
    right = 0.76 if several else 0.93
    axes = _axes(figure, 0.09, 0.36 / height, right, top, theme)
    highest = max((v for line in plot.lines for v in line.values if v is not None), default=1.0)
    axes.set_ylim(0, max(highest * 1.18, 1))
    axes.set_xlim(-0.35, n - 0.65)
    axes.grid(axis="y", color=theme.faint, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value) + (" %" if plot.unit == "%" else ""))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    step = max(1, -(-n // 8))
    shown = [k for k in range(n) if (n - 1 - k) % step == 0]
    axes.set_xticks(shown, [plot.labels[k] for k in shown])
    ends = []
    for at, line in enumerate(plot.lines):
        colour = theme.colours[at % 3]
        known = [(k, v) for k, v in enumerate(line.values) if v is not None]
        xs, ys = list(range(n)), [v if v is not None else float("nan") for v in line.values]
        axes.plot(xs, ys, color=colour, linestyle=_STROKES[at % 3], linewidth=2, marker=_MARKERS[at % 3], markersize=5)
        _not_shown(axes, line, at, theme)
        if not known:
            continue
        if not several:
            _label_points(axes, known, plot, words)
        else:
            ends.append((known[-1][1], at))
    # The name of a line stands at its end; names that would touch are moved apart.
    row = axes.get_ylim()[1] * _LABEL_ROW / (height * axes.get_position().height)
    foot = 0.0  # below which the next name may not reach
    for value, at in sorted(ends):
        label = f"{_SIGNS[at % 3]} {names[at]}\n{_number(value, plot, words)}"
        half = row * (label.count("\n") + 1) / 2
        y = max(value, foot + half)
        foot = y + half + row * 0.2
        axes.annotate(
            label, (n - 1, y), xytext=(9, 0), textcoords="offset points", va="center",
            fontsize=8, color=theme.ink, annotation_clip=False, linespacing=1.15,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": theme.ground, "edgecolor": "none"},
        )  # fmt: skip


def _label_points(axes: Axes, known: list[tuple[int, float]], plot: Plot, words: Wording) -> None:
    """The first and the last value, and that of five years before the last; more would be in each other's way."""
    last = known[-1][0]
    wanted = {known[0][0], last, *(k for k, _ in known if k == last - 5 and k - known[0][0] >= 2)}
    for k, value in known:
        if k in wanted:
            axes.annotate(
                _number(value, plot, words), (k, value), xytext=(0, 8), textcoords="offset points", ha="center",
                fontsize=9, fontweight="bold" if k == last else "normal",
                bbox={"boxstyle": "square,pad=0.1", "facecolor": axes.get_facecolor(), "edgecolor": "none"},
            )  # fmt: skip


def _not_shown(axes: Axes, line: PlotLine, at: int, theme: _Theme) -> None:
    """Words at the foot of a year that has no value, upright so that years in a row do not run together."""
    for k, (value, mark) in enumerate(zip(line.values, line.marks, strict=False)):
        if value is None and mark:
            axes.annotate(
                mark, (k, 0), xytext=(0 if at == 0 else 9 * at, 4), textcoords="offset points", rotation=90,
                ha="center", va="bottom", fontsize=7.5, color=theme.faint,
            )  # fmt: skip


def _bars(figure: Figure, plot: Plot, theme: _Theme, words: Wording, *, top: float, height: float) -> None:
    labels = [textwrap.fill(_printable(label), 24) for label in plot.labels]
    widest = max((len(part) for label in labels for part in label.split("\n")), default=1)
    left = min(0.36, 0.035 + widest * 0.0125)
    several = len(plot.lines) > 1
    foot = (0.36 if several else 0.08) / height
    axes = _axes(figure, left, foot, 0.985, top, theme)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    axes.set_xticks([])
    highest = max((v for line in plot.lines for v in line.values if v is not None), default=1.0)
    axes.set_xlim(0, highest * 1.16)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels)
    thick = 0.62 if not several else 0.76 / len(plot.lines)
    for at, line in enumerate(plot.lines):
        shift = (at - (len(plot.lines) - 1) / 2) * thick
        colour = theme.colours[at % 3]
        for k, value in enumerate(line.values):
            y = k + shift
            if value is None:
                text = line.marks[k] if k < len(line.marks) else ""
                axes.annotate(text, (0, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
                              color=theme.faint, fontstyle="italic")  # fmt: skip
                continue
            filled: dict[str, Any] = {"color": colour} if at == 0 else {"facecolor": theme.ground, "edgecolor": colour}
            axes.barh(y, value, height=thick * 0.92, hatch=_HATCHES[at % 3], linewidth=1.0, **filled)
            axes.annotate(_number(value, plot, words), (value, y), xytext=(4, 0), textcoords="offset points",
                          va="center", fontsize=9 if at == 0 else 8)  # fmt: skip
    if several:
        from matplotlib.patches import Patch

        handles = [
            Patch(
                label=_printable(line.name), hatch=_HATCHES[at % 3], linewidth=1.0,
                facecolor=theme.colours[at % 3] if at == 0 else theme.ground, edgecolor=theme.colours[at % 3],
            )
            for at, line in enumerate(plot.lines)
        ]  # fmt: skip
        figure.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, 0.0), ncols=len(handles), frameon=False,
            fontsize=8.5, handlelength=1.6, borderaxespad=0.4,
        )  # fmt: skip


def _number(value: float, plot: Plot, words: Wording) -> str:
    return words.number(value, decimals=1 if plot.unit == "%" else 0) + (" %" if plot.unit == "%" else "")


def _printable(text: str) -> str:
    """Text as it is: a dollar sign would begin a formula."""
    return text.replace("$", r"\$")
