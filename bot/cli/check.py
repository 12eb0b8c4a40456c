"""`check`: the configuration and the servers that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

import typer

from bot.cli.app import WORK_FAILED, app
from bot.config.load import ConfigError, Settings, load, load_to_run
from bot.config.organization import organization_of, reach_of, sender_policy_of
from bot.lists.orphans import is_orphan
from bot.mail.check import CheckResult, check_imap, check_plus_address, check_sending, check_smtp
from bot.observability.probe import all_within, check_service
from bot.observability.terminal import complain, say
from bot.runtime.database import open_store, wall_clock
from bot.store import StoreError, StoreMissing, StoreOutdated, sqlite_problem
from bot.workflow.calendar import is_business_day
from bot.workflow.schedule.staffing import has_lost_its_stage

UNPINNED = (
    "security.authserv_id is empty: nobody vouches for senders, whoever forges one is believed"
)
PIN = (
    "set it to the first word of the topmost Authentication-Results in mail that came in; "
    "docs/security.md says more"
)


@app.command()
def check(
    context: typer.Context,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long all of it may take.")] = 60,
    service_only: Annotated[
        bool, typer.Option("--service", help="Only ask the running service; log in nowhere.")
    ] = False,
    send: Annotated[str, typer.Option(metavar="ADDRESS", help="Also send one mail there.")] = "",
    plus_address: Annotated[
        bool, typer.Option("--plus-address", help="Also send the mailbox a mail, and await it.")
    ] = False,
) -> None:
    """Validate the configuration, then try IMAP, SMTP and the database; says what to do."""
    settings = load(context.obj) if service_only else load_to_run(context.obj)
    monitoring = settings.monitoring
    if service_only and not monitoring.port:
        raise ConfigError(context.obj, ["monitoring.port: is 0; set one to ask the service at"])
    say(f"ok    config: {context.obj}, {len(settings.staff)} people, {len(settings.form)} fields")
    if not sender_policy_of(settings).is_pinned:
        complain(f"WARNING security: {UNPINNED}\n        {PIN}")
    if not (reach := reach_of(settings)).is_whole:
        whom = "nobody" if reach.observes else f"only {', '.join(reach.pilot)}"
        told = ", ".join(one.email for one in reach.observers) or "the admins"
        say(f"ok    reach: a trial: {whom} is answered; each morning of the rest hears: {told}")
    if consents := settings.workflow.consents.people:
        asked = ", ".join(f"{choice} of {one.email}" for choice, one in consents.items())
        quorum = settings.workflow.consents.quorum
        say(f"ok    consents: {asked}; approval waits for {quorum} of their answers")
    if told := _monthly(settings):
        say(f"ok    report: {told}")
    looks: dict[str, Callable[[], CheckResult]] = {}
    if not service_only:
        looks["imap"] = lambda: _check_imap(settings)
        looks["smtp"] = lambda: check_smtp(settings.smtp)
        if settings.alarms.host:
            looks["alarms"] = lambda: check_smtp(settings.alarms, "alarms")
        looks["database"] = lambda: _check_database(settings)
        looks |= _sending(settings, send, seconds if plus_address else 0)
    if monitoring.port:
        looks["service"] = lambda: check_service(monitoring, seconds, must_run=service_only)
    failed = False
    for result in all_within(seconds, looks):
        say(f"{'ok   ' if result.ok else 'FAILS'} {result.line}")
        if result.advice:
            say(f"      {result.advice}")
        failed = failed or not result.ok
    if failed:
        raise typer.Exit(WORK_FAILED)


def _monthly(settings: Settings) -> str:
    """Who gets the figures of each month, and when next."""
    to = [person.email for person in settings.staff if "director" in person.roles]
    closed_on, day = organization_of(settings).closed_on, wall_clock(settings)().date()
    month = day.month
    while day.month == month or not is_business_day(day, closed_on):
        day += dt.timedelta(days=1)
    return f"each month to {', '.join(to)}, next on {day}" if to else ""


def _sending(
    settings: Settings, to: str, plus_seconds: float
) -> dict[str, Callable[[], CheckResult]]:
    """What is only tried where it is asked for: it sends mail."""
    organization, imap, smtp = organization_of(settings), settings.imap, settings.smtp
    mailbox = organization.mailbox.email
    words = (organization.say("check.subject"), organization.say("check.text"))
    looks: dict[str, Callable[[], CheckResult]] = {}
    if to:
        looks["sending"] = lambda: check_sending(smtp, mailbox, to, *words)
    if plus_seconds:
        wait = plus_seconds * 0.9
        looks["plus-address"] = lambda: check_plus_address(imap, smtp, mailbox, *words, wait)
    return looks


def _check_imap(settings: Settings) -> CheckResult:
    """The mailbox; and what a first start would read, where the database does not know it."""
    begins = is_new = False
    mailbox = settings.imap.username or settings.mailbox.address
    try:
        with open_store(settings) as store:
            begins = not store.messages.has_begun(mailbox, settings.imap.folder)
            is_new = store.messages.is_unused()
    except StoreMissing:
        begins = is_new = True
    except StoreError:
        pass  # the line of the database says why; what it holds is not known
    now = wall_clock(settings)() if begins else None
    return check_imap(settings.imap, now, is_new=is_new)


def _check_database(settings: Settings) -> CheckResult:
    """Looks, and makes nothing."""
    where = f"database: {settings.database.url}"
    try:
        with open_store(settings) as store:
            organization, cases = organization_of(settings), store.records.cases()
            gone = [case.folio for case in cases if has_lost_its_stage(organization, case)]
            advice = f"their stage is gone; the next start moves them on: {', '.join(gone)}"
            asked = sorted(case.folio for case in cases if is_orphan(case))
            orphans = f"it is being asked who answers for the lists of {', '.join(asked)}"
            told = [line for line, some in ((advice, gone), (orphans, asked)) if some]
            return CheckResult(True, f"{where}: {store.ping()}", "\n      ".join(told))
    except (StoreMissing, StoreOutdated) as error:
        problem = sqlite_problem(settings.database.url)
        return CheckResult(not problem, f"{where}: {problem or error}")
    except StoreError as error:
        advice = "check database.url, and that its folder or server can be reached"
        return CheckResult(False, f"{where}: {error}", advice)
