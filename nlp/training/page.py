"""The figures of an evaluation: a page with plots for people, a document for the repository."""

import base64
import csv
import io
import itertools
from collections.abc import Sequence
from html import escape
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from nlp.training.batches import CURVE
from nlp.training.evaluation import MailResult, Trial, label_scores, thresholds
from nlp.training.field_score import Report
from nlp.types import Intent

MARK = "<!-- figures -->"
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child { text-align: left; }
img { max-width: 100%; background: #fff; border-radius: 8px; }
"""
Table = tuple[Sequence[str], list[Sequence[str]]]
Judged = list[tuple[float, bool]]


def curve(path: Path = CURVE) -> Table:
    """The batches, each scored once before anybody had read it."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return [name.replace("_", " ") for name in head], list(rows)


def by_author(trials: Sequence[Trial]) -> Table:
    """One row an author."""
    head = ("author", "mails", "intent", "macro F1", "field P", "field R", "field F1", "ms a mail")
    rows = [
        (
            t.name,
            str(len(t.outcomes)),
            *(f"{x:.3f}" for x in (t.accuracy, t.macro_f1)),
            *(f"{x:.3f}" for x in _prf(t.fields)),
            f"{1000 * t.seconds / max(1, len(t.outcomes)):.1f}",
        )
        for t in trials
    ]
    return head, list(rows)


def by_label(outcomes: Sequence[MailResult]) -> Table:
    """Precision and recall of each intent."""
    rows = [
        (intent.value, str(s.there), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}")
        for intent, s in label_scores(outcomes).items()
    ]
    return ("intent", "mails", "precision", "recall", "F1"), list(rows)


def by_field(reports: Sequence[Report]) -> Table:
    """Precision and recall of each field."""
    names = sorted({name for report in reports for name in report.fields})
    whole = Report()
    for name, report in itertools.product(names, reports):
        mine, other = whole.fields[name], report.fields[name]
        mine.hit, mine.miss, mine.false = (
            mine.hit + other.hit, mine.miss + other.miss, mine.false + other.false,
        )  # fmt: skip
    rows = [
        (n, str(s.hit + s.miss), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}")
        for n, s in whole.fields.items()
    ]
    return ("field", "values", "precision", "recall", "F1"), list(rows)


def by_threshold(judged: Judged) -> Table:
    """What a threshold answers, and how much of that is right."""
    rows = [(f"{t:.2f}", f"{share:.3f}", f"{r:.3f}") for t, share, r in thresholds(judged)]
    return ("sure at least", "answered", "of those right"), list(rows)


def _prf(report: Report) -> tuple[float, float, float]:
    total = report.total
    return total.precision, total.recall, total.f1


def confusion_plot(outcomes: Sequence[MailResult]) -> Figure:
    """Wanted intents down, understood intents across."""
    names = list(Intent)
    counts = [[sum(o.want is w and o.got is g for o in outcomes) for g in names] for w in names]
    figure, axes = plt.subplots(figsize=(7, 6), layout="constrained")
    shares = [[n / max(1, sum(row)) for n in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    ticks = range(len(names))
    axes.set_xticks(ticks, [n.value for n in names], rotation=40, ha="right")
    axes.set_yticks(ticks, [n.value for n in names])
    for y, row in enumerate(counts):
        for x, n in enumerate(row):
            if n:
                ink = "white" if shares[y][x] > 0.5 else "black"
                axes.text(x, y, str(n), ha="center", va="center", color=ink)
    axes.set(xlabel="understood", ylabel="wanted", title="Authors never seen")
    return figure


def reliability_plot(judged: Judged, title: str) -> Figure:
    """How often an answer of a confidence is right, beside how many there are."""
    edges = [0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001]
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(6, 6), sharex=True, layout="constrained", height_ratios=(3, 1)
    )
    said, right, many = [], [], []
    for low, high in itertools.pairwise(edges):
        inside = [(sure, fits) for sure, fits in judged if low <= sure < high]
        many.append(len(inside))
        if inside:
            said.append(sum(sure for sure, _ in inside) / len(inside))
            right.append(sum(fits for _, fits in inside) / len(inside))
    above.plot([0, 1], [0, 1], color="grey", linestyle=":", label="ideal")
    above.plot(said, right, marker="o", label="measured")
    above.set(ylabel="share right", title=title)
    above.legend()
    widths = [high - low for low, high in itertools.pairwise(edges)]
    below.bar(edges[:-1], many, width=widths, align="edge", edgecolor="white")
    below.set(xlabel="sure", ylabel="answers")
    return figure


def _judged(trials: Sequence[Trial]) -> tuple[list[MailResult], Judged, Judged]:
    outcomes = [o for t in trials for o in t.outcomes]
    return (
        outcomes,
        [(o.confidence, o.right) for o in outcomes],
        [v for t in trials for v in t.values],
    )


def sections(trials: Sequence[Trial]) -> list[tuple[str, Table]]:
    """Every table, with its title."""
    outcomes, intents, values = _judged(trials)
    return [
        ("Batches, each scored once before it was read", curve()),
        ("Authors left out of training", by_author(trials)),
        ("Intents", by_label(outcomes)),
        ("Fields", by_field([t.fields for t in trials])),
        ("Confidence of the intent", by_threshold(intents)),
        ("Confidence of a value", by_threshold(values)),
    ]


def page(trials: Sequence[Trial], path: Path) -> None:
    """Write everything as one self-contained HTML file."""
    outcomes, intents, values = _judged(trials)
    wrong = [
        (o.source, o.want.value, o.got.value, f"{o.confidence:.2f}")
        for o in outcomes
        if not o.right
    ]
    parts = [f"<h2>{title}</h2>{_html(table)}" for title, table in sections(trials)]
    parts += [
        _image(confusion_plot(outcomes)),
        _image(reliability_plot(intents, "Intents")),
        _image(reliability_plot(values, "Values")),
        "<h2>Intents not right</h2>",
        _html((("mail", "wanted", "understood", "sure"), list(wrong))),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Understanding</title>"
        f"<style>{_STYLE}</style><body><h1>Understanding</h1>{''.join(parts)}</body></html>\n",
        encoding="utf-8",
    )


def document(trials: Sequence[Trial], path: Path) -> None:
    """Put the figures below the mark of the document; the text above is written by hand."""
    text = path.read_text(encoding="utf-8").partition(MARK)[0] if path.exists() else ""
    tables = "".join(f"\n## {title}\n\n{_markdown(table)}" for title, table in sections(trials))
    path.write_text(f"{text}{MARK}\n{tables}", encoding="utf-8")


def _html(table: Table) -> str:
    head, rows = table
    cells = "".join(f"<th>{escape(c)}</th>" for c in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
    return f"<table><tr>{cells}</tr>{body}</table>"


def _markdown(table: Table) -> str:
    head, rows = table
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _image(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg")
    plt.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<p><img alt="plot" src="data:image/svg+xml;base64,{data}"></p>'
