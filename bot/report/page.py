"""The page of a report: Spanish, self-contained, to be read and printed; its plots as SVG."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.report.figures import Figures, Scope
from bot.workflow.calendar import plain_date
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from nlp.types import Intent
from replies.beside import template

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


def page(
    figures: Figures,
    scope: Scope,
    organization: Organization,
    done: Mapping[str, int],
    observed: Mapping[str, int],
) -> str:
    """The HTML. `done` counts what went out by template, and `corrections` of staff; `observed`
    what a bot that only observes would have sent."""
    kind = organization.kind_about(Intent.CREATE_LIST)
    opens, closes = organization.timetable.office_hours
    audiences = sorted({key for _, load in figures.load for key in load})
    return template("bot.report", "page.html.j2").render(
        figures=figures,
        scope=scope,
        done=done,
        observed=observed,
        institution=organization.institution.name,
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
        respond_within=organization.respond_within,
        by_audience=[replace(g, name=_audience(kind, g.name)) for g in figures.by_audience],
        months=[month for month, _ in figures.load],
        load={_audience(kind, key): [now.get(key, 0.0) for _, now in figures.load]
              for key in audiences},
        stacked=stacked,
        lines=lines,
        date=plain_date,
    )  # fmt: skip


def _audience(kind: RequestKind, key: str) -> str:
    return show(kind.form[kind.reaches], (key,)) if kind.reaches else key


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
