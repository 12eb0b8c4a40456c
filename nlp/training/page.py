"""The figures of an evaluation: a page with plots for people, a document for the repository."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import itertools

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

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


def strangers(trials: Iterable[Trial]) -> list[MailResult]:
    """The outcomes of all trials in which a whole author was left out."""
    return [o for t in trials if t.name.endswith("left out") for o in t.outcomes]


def summary(trials: Sequence[Trial]) -> Table:
    """One row a trial."""
    head = ("test set", "mails", "intent right", "macro F1", "field P", "field R", "field F1")
    rows = [
        (
            t.name,
            str(len(t.outcomes)),
            *(f"{x:.3f}" for x in (t.accuracy, t.macro_f1)),
            *(f"{x:.3f}" for x in _prf(t.fields)),
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


def by_field(report: Report) -> Table:
    """Precision and recall of each field."""
    rows = [
        (n, str(s.hit + s.miss), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}")
        for n, s in sorted(report.fields.items())
    ]
    return ("field", "values", "precision", "recall", "F1"), list(rows)


def by_threshold(outcomes: Sequence[MailResult]) -> Table:
    """What a threshold answers, and how much of that is right."""
    rows = [(f"{t:.2f}", f"{share:.3f}", f"{r:.3f}") for t, share, r in thresholds(outcomes)]
    return ("confidence at least", "answered", "of those right"), list(rows)


def _prf(report: Report) -> tuple[float, float, float]:
    total = report.total
    return total.precision, total.recall, total.f1


def confusion_plot(outcomes: Sequence[MailResult], title: str) -> Figure:
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
    axes.set(xlabel="understood", ylabel="wanted", title=title)
    return figure


def reliability_plot(outcomes: Sequence[MailResult]) -> Figure:
    """How often an answer of a confidence is right, beside how many there are."""
    edges = [0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001]
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(6, 6), sharex=True, layout="constrained", height_ratios=(3, 1)
    )
    said, right, many = [], [], []
    for low, high in itertools.pairwise(edges):
        inside = [o for o in outcomes if low <= o.confidence < high]
        many.append(len(inside))
        if inside:
            said.append(sum(o.confidence for o in inside) / len(inside))
            right.append(sum(o.right for o in inside) / len(inside))
    above.plot([0, 1], [0, 1], color="grey", linestyle=":", label="ideal")
    above.plot(said, right, marker="o", label="measured")
    above.set(ylabel="share right", title="Reliability, authors never seen")
    above.legend()
    widths = [high - low for low, high in itertools.pairwise(edges)]
    below.bar(edges[:-1], many, width=widths, align="edge", edgecolor="white")
    below.set(xlabel="confidence", ylabel="mails")
    return figure


def page(trials: Sequence[Trial], path: Path) -> None:
    """Write everything as one self-contained HTML file."""
    seen, given = strangers(trials), trials[0]
    wrong = [o for t in trials for o in t.outcomes if not o.right]
    parts = [
        f"<h1>Understanding</h1>{_html(summary(trials))}",
        f"<h2>Authors never seen</h2>{_html(by_label(seen))}",
        _image(confusion_plot(seen, "Authors never seen")),
        _image(reliability_plot(seen)),
        _html(by_threshold(seen)),
        f"<h2>The given corpus</h2><p>{escape(given.how)}</p>{_html(by_label(given.outcomes))}",
        _image(confusion_plot(given.outcomes, "The given corpus")),
        _html(by_field(given.fields)),
        "<h2>Intents not right</h2>",
        _html(
            (
                ("mail", "wanted", "understood", "confidence"),
                [(o.source, o.want.value, o.got.value, f"{o.confidence:.2f}") for o in wrong],
            )
        ),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    html = f"<!doctype html><html lang=en><meta charset=utf-8><title>Understanding</title><style>{_STYLE}</style><body>{''.join(parts)}</body></html>\n"  # noqa: E501
    path.write_text(html, encoding="utf-8")


def document(trials: Sequence[Trial], path: Path) -> None:
    """Put the figures below the mark of the document; the text above is written by hand."""
    seen = strangers(trials)
    text = path.read_text(encoding="utf-8").partition(MARK)[0] if path.exists() else ""
    sections = (
        ("By test set", summary(trials)),
        ("Intents, authors never seen", by_label(seen)),
        ("Confidence, authors never seen", by_threshold(seen)),
        ("Intents, given corpus by folds", by_label(trials[0].outcomes)),
        ("Fields, given corpus by folds", by_field(trials[0].fields)),
    )
    tables = "".join(f"\n## {title}\n\n{_markdown(table)}" for title, table in sections)
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
