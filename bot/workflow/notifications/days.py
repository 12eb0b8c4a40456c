"""Days that a request brings with it, for the calendars of who asked and of who must act."""

from dataclasses import replace

from bot.workflow.case import Case, State
from bot.workflow.notification import CalendarEntry
from bot.workflow.organization import Organization
from bot.workflow.schedule.waiting import deadline
from bot.workflow.staff import Person


def day_promised(organization: Organization, case: Case) -> tuple[CalendarEntry, ...]:
    """Until when somebody must act on a case; nothing where nobody must."""
    day = deadline(organization, case)
    if case.state is not State.PROVISIONING:
        day = case.answer_by
    if day is None or not organization.calendar_for_staff:
        return ()
    words = organization.kind(case).words(case)
    title = organization.say("in_calendar.due", folio=case.folio, verb=words.verb, name=words.name)
    text = organization.say("in_calendar.due_text")
    return (CalendarEntry(f"fecha-{case.folio.lower()}", title.strip(), day, day, text),)


def day_settled(
    organization: Organization, case: Case, person: Person
) -> tuple[CalendarEntry, ...]:
    """That day taken out again, for who had to act on a case and has to no more."""
    stages = organization.kind(case).stages
    had_to = any(str(one.state) in case.entered and one.role in person.roles for one in stages)
    if not had_to or case.due_on is None or organization.may_act(person, case):
        return ()
    return _cancelled(day_promised(organization, case))


def days_of(organization: Organization, case: Case) -> tuple[CalendarEntry, ...]:
    """What an accepted request brings with it, as its kind has it."""
    if not organization.calendar_for_area:
        return ()
    return organization.kind(case).calendar(organization, case)


def days_gone(organization: Organization, case: Case) -> tuple[CalendarEntry, ...]:
    """The same taken out again, where the request was accepted before and is no more."""
    if str(State.PROVISIONING) not in case.entered:
        return ()
    return _cancelled(days_of(organization, case))


def _cancelled(entries: tuple[CalendarEntry, ...]) -> tuple[CalendarEntry, ...]:
    return tuple(replace(entry, cancelled=True) for entry in entries)
