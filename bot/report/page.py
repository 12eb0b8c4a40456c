"""The page of a report: Spanish, self-contained, to be read and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.report import plots
from bot.report.figures import Figures, Group, Scope
from bot.report.template import template
from bot.workflow.calendar import plain_date
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from nlp.types import Form, Intent

_SENT = {
    "form": "Formularios enviados a las áreas",
    "guidance": "Orientaciones y respuestas generales",
    "status": "Estados informados",
    "reminder": "Recordatorios",
    "review": "Avisos de revisión",
    "approval": "Avisos de aprobación",
    "remark": "Mensajes que se preguntaron a las personas",
    "confirm": "Confirmaciones pedidas",
}


def page(
    figures: Figures, scope: Scope, organization: Organization, done: Mapping[str, int]
) -> str:
    """The HTML. `done` counts what went out by template, and `corrections` of staff."""
    form = organization.kind_about(Intent.CREATE_LIST).form
    opens, closes = organization.timetable.office_hours
    audiences = sorted({key for _, load in figures.load for key in load})
    load = {_audience(form, key): [now.get(key, 0.0) for _, now in figures.load]
            for key in audiences}  # fmt: skip
    months = [month for month, _ in figures.load]
    alone = [(words, done.get(name, 0)) for name, words in _SENT.items()]
    return template("page").render(
        figures=figures,
        institution=organization.institution.name,
        period=scope.period,
        made=plain_date(scope.made_on),
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
        respond_within=organization.respond_within,
        by_month=_plot_of_months(figures.by_month),
        by_audience=[replace(g, name=_audience(form, g.name)) for g in figures.by_audience],
        load=plots.lines(months, load, "Envíos por semana"),
        load_names=list(load),
        load_rows=[(month, [values[n] for values in load.values()])
                   for n, month in enumerate(months)],
        alone=[*alone, ("Lecturas que el personal corrigió", done.get("corrections", 0))],
    )  # fmt: skip


def _plot_of_months(groups: tuple[Group, ...]) -> str:
    parts = {
        "Aprobadas": [group.approved for group in groups],
        "Rechazadas": [group.rejected for group in groups],
        "Sin decidir": [group.open for group in groups],
    }
    return plots.stacked([group.name for group in groups], parts, "Solicitudes por mes")


def _audience(form: Form, key: str) -> str:
    return show(form["audience"], (key,)) if "audience" in form else key
