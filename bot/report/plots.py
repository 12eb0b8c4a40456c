"""Plots as SVG to stand in a page: no script, nothing fetched, words as text."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_COLOURS = ("#8c1d2f", "#2f6b8c", "#b88a2b", "#5b7a4a", "#6d5a8c", "#7a6f66", "#c0693f")
_STYLE = mpl.RcParams(
    {
        "svg.fonttype": "none",  # words stay words: they can be read aloud and searched for
        "svg.hashsalt": "report",  # the same figures give the same drawing
        "font.family": ["sans-serif"],
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)
_NAMELESS = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)


def stacked(names: Sequence[str], series: Mapping[str, Sequence[float]], title: str) -> Markup:
    """Bars over `names`, with a part for each of `series` on top of the one before."""
    figure, axes = _axes(names)
    base = [0.0] * len(names)
    for colour, (name, values) in zip(_COLOURS, series.items(), strict=False):
        axes.bar(range(len(names)), values, bottom=base, label=name, color=colour, width=0.7)
        base = [low + value for low, value in zip(base, values, strict=True)]
    return _drawn(figure, axes, title)


def lines(names: Sequence[str], series: Mapping[str, Sequence[float]], title: str) -> Markup:
    """A line for each of `series` over `names`."""
    figure, axes = _axes(names)
    for number, (name, values) in enumerate(series.items()):
        colour, marker = _COLOURS[number % len(_COLOURS)], "os^Dvx+"[number % 7]
        axes.plot(range(len(names)), values, label=name, color=colour, marker=marker)
    return _drawn(figure, axes, title)


def _axes(names: Sequence[str]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(8.6, 3.6), layout="constrained")
    with mpl.rc_context(_STYLE):
        axes = figure.add_subplot()
    axes.set_xticks(range(len(names)), _words(names), rotation=35, ha="right")
    axes.grid(axis="y", color="#d9d4cf")
    axes.set_axisbelow(True)
    return figure, axes


def _words(names: Sequence[str]) -> list[str]:
    """A dollar would begin a formula."""
    return [name.replace("$", r"\$") for name in names]


def _drawn(figure: Figure, axes: Axes, title: str) -> Markup:
    axes.set_ylim(0, max(axes.dataLim.y1, 1) * 1.08)
    handles, names = axes.get_legend_handles_labels()
    if names:
        figure.legend(handles, _words(names), loc="outside lower center", ncols=4, frameon=False)
    axes.set_title(title, loc="left")
    file = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="svg", transparent=True, metadata=_NAMELESS)
    drawn = _PROLOGUE.sub("", file.getvalue())
    return Markup(drawn)  # noqa: S704  (the library escapes people's words)
