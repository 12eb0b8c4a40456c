"""`check`: the configuration and the servers that it names."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import WORK_FAILED, app
from bot.config.load import ConfigError, Settings, load, load_to_run
from bot.config.organization import closed_days_of, reach_of, sender_policy_of
from bot.errors import CheckResult
from bot.observability.probe import all_within, check_service
from bot.observability.terminal import complain, say
from bot.workflow.calendar import is_business_day

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
        from bot.cli.servers import looks_at  # here: whoever asks the service needs none of it

        looks = looks_at(settings, send, seconds if plus_address else 0)
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
    if not to:
        return ""
    closed_on, zone = closed_days_of(settings), ZoneInfo(settings.institution.zone)
    day = dt.datetime.now(zone).date()
    month = day.month
    while day.month == month or not is_business_day(day, closed_on):
        day += dt.timedelta(days=1)
    return f"each month to {', '.join(to)}, next on {day}"
