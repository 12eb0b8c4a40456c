"""The work order for whoever creates a list: all they have to type, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from bot.lists.guidelines import Guidelines, fits_address
from bot.lists.register import ListEntry, entry_of
from bot.lists.request import REGISTER, is_removal
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from nlp.types import Form

HECHO_SAYS = "HECHO"
"""The command that answers a work order, written with its address."""


@dataclass(frozen=True, slots=True)
class WorkOrderLine:
    """A line of the work order, in words."""

    label: str
    value: str


def work_order(
    organization: Organization, guidelines: Guidelines, case: Case
) -> tuple[WorkOrderLine, ...]:
    """Address, owner, who may post, audience and until when; what is not known is left out."""
    wanted = entry_of(case, "")
    owner = ", ".join(part for part in (wanted.responsible, wanted.responsible_email) if part)
    form = organization.kind(case).form
    say: Phrases = organization.say
    lines = {
        say("lists.order_address"): _address(organization, guidelines, case, wanted.name),
        say("lists.order_owner"): owner,
    }
    if not is_removal(case):
        until = plain_date(wanted.end_date) if wanted.end_date else ""
        lines |= {
            say("lists.order_posters"): say("lists.order_only", email=wanted.responsible_email),
            say("lists.order_audience"): _audience(organization, form, wanted),
            say("lists.order_until"): until,
        }
    return tuple(WorkOrderLine(label, value) for label, value in lines.items() if value)


def _address(organization: Organization, guidelines: Guidelines, case: Case, name: str) -> str:
    """The address a list has, or the one its name asks for."""
    found = case.form.get("list_name")
    if found is not None and found.source == REGISTER and found.evidence:
        return found.evidence
    local, _, domain = name.lower().partition("@")
    if domain in organization.domains:
        return name.lower()
    if fits_address(local, guidelines):
        return f"{local}@{organization.mailbox.domain}"
    return organization.say("lists.order_fitting", name=name) if name else ""


def _audience(organization: Organization, form: Form, wanted: ListEntry) -> str:
    who = show(form["audience"], wanted.audience) if "audience" in form else ""
    count = wanted.recipients
    many = organization.say("lists.order_many", count=count) if count else ""
    return f"{who} ({many})" if who and many else who or many
