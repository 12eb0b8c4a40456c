"""The page of a report: Spanish, self-contained, to be read and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.report.figures import Figures, Scope
from bot.report.plots import lines, stacked
from bot.workflow.calendar import plain_date
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from nlp.types import Intent
from replies.beside import template


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
