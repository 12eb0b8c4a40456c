"""The page of a report: Spanish, self-contained, to be read and printed."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.report import plots
from bot.report.figures import Figures, Group, Office, Scope
from bot.workflow.calendar import plain_date
from bot.workflow.notifications.present import show
from nlp.types import Form

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
    figures: Figures, scope: Scope, office: Office, form: Form, done: Mapping[str, int]
) -> str:
    """The HTML. `done` counts what went out by template, and `corrections` of staff."""
    environment = Environment(
        loader=PackageLoader("bot.report", "."), undefined=StrictUndefined, autoescape=True
    )
    audiences = sorted({key for _, load in figures.load for key in load})
    load = {_audience(form, key): [now.get(key, 0.0) for _, now in figures.load]
            for key in audiences}  # fmt: skip
    months = [month for month, _ in figures.load]
    alone = [(words, done.get(name, 0)) for name, words in _SENT.items()]
    return environment.get_template("page.html.j2").render(
        figures=figures,
        institution=scope.institution,
        period=scope.period,
        made=plain_date(scope.made_on),
        opens=f"{office.hours[0]:%H:%M}",
        closes=f"{office.hours[1]:%H:%M}",
        respond_within=office.respond_within,
        by_month=_plot_of_months(figures.by_month),
        by_audience=[_named(group, _audience(form, group.name)) for group in figures.by_audience],
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


def _named(group: Group, name: str) -> Group:
    return Group(
        name, group.received, group.approved, group.rejected,
        group.median_hours, group.slow_hours, group.kept_share,
    )  # fmt: skip
