"""Notifications to the area about what staff did to its case, or what it did itself or wants."""

from dataclasses import replace

from bot.workflow.calendar import long_date
from bot.workflow.case import Case
from bot.workflow.kinds import Topic
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notification import Notification, Purpose
from bot.workflow.notifications.mails import Change, about_kind, to_requester, to_writer
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from nlp.types import FieldValue

WANTED = "wanted"
"""Key of `Case.details`: what was written, until its writer says what they want."""
_QUOTED = 300  # characters of it


def change(organization: Organization, case: Case, name: str, value: FieldValue) -> Change:
    """What a new value changes of a case's form."""
    field, old = organization.kind(case).form[name], case.form.get(name)
    return Change(field.label, show(field, value), show(field, old.value) if old else "")


def noted(case: Case, title: str, *lines: str, quote: str = "") -> Notification:
    """Tells the area what became of its request; `quote` are somebody's own words."""
    values: dict[str, object] = {"title": title, "lines": lines, "quote": quote}
    return replace(to_requester("noted", case, values), automatic=False)


def on_its_way(case: Case, title: str, *lines: str) -> Notification:
    """Tells the area how far its request is, unasked: a stage that it came to, a day that slips."""
    values: dict[str, object] = {"title": title, "lines": lines}
    return replace(to_requester("progress", case, values), automatic=False)


def withdrawn(organization: Organization, case: Case) -> Notification:
    """Confirms to the area that it took its request back."""
    values = about_kind(organization.kind(case))
    return replace(to_requester("withdrawn", case, values), automatic=False)


def updated(case: Case, changes: tuple[Change, ...]) -> Notification:
    """Tells the area what staff corrected in its form."""
    told = to_requester("updated", case, {"changes": changes})
    return replace(told, automatic=False, purpose=Purpose.CORRECTION)


def answer(case: Case, text: str, to: Address | None = None) -> Notification:
    """The answer of staff to a question of the area, relayed to who asked."""
    notification = to_requester("answer", case, {"text": text})
    return replace(notification, automatic=False, to=to or case.requester)


def answer_to(mail: ParsedMessage, text: str) -> Notification:
    """The answer of staff to a message that belongs to no case."""
    return replace(to_writer("answer", mail, {"text": text}), automatic=False)


def choices(organization: Organization) -> tuple[Topic, ...]:
    """What may be wanted, as it is offered."""
    return tuple(topic for topic in organization.topics if topic.button)


def what_is_wanted(organization: Organization, case: Case, *, again: bool = False) -> Notification:
    """Asks which of the things that can be had is meant; `again` where nothing came of it."""
    values: dict[str, object] = {
        "choices": tuple(topic.button for topic in choices(organization)),
        "quoted": str(case.details[WANTED])[:_QUOTED],
        "opened_on": long_date(organization.day(case.opened_at)),
        "again": again,
    }
    return replace(to_requester("wanted", case, values), repeatable=True, automatic=not again)
