"""`import`: old mail as history. Cases are opened as they ended; nothing is sent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from bot.cli.app import app
from bot.cli.old_mail import (
    Folders,
    Imap,
    OldMail,
    Since,
    old_mail,
    settings_for,
    told_where_it_fails,
)
from bot.cli.rows import AsJson, headers, print_json
from bot.config.load import Settings
from bot.config.organization import organization_of
from bot.mail.archives import ArchivedMail
from bot.mail.parsing.limits import limits_of
from bot.observability.terminal import counting, print_table, say
from bot.runtime.database import open_store, wall_clock
from bot.runtime.history import PastCase, PastMail, history_of, past_case, past_mail, threads
from bot.runtime.parser_process import ParserProcess
from bot.store import Store
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.organization import Organization

Found = tuple[PastCase | None, PastMail, str]
"""A thread: the case to open or none, its first mail, and what becomes of it in words."""


@app.command("import")
def import_(
    context: typer.Context,
    path: OldMail = None,
    imap: Imap = False,
    folder: Folders = None,
    since: Since = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write it; else it is only shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take old mail in as history: cases with their own dates and decisions; nothing is sent."""
    settings = settings_for(context.obj, path, imap=imap)
    organization, now = organization_of(settings), wall_clock(settings)()
    with told_where_it_fails(path):
        mails = list(_read(old_mail(settings, path, folder, since), settings, organization, now))
    with open_store(settings) as store:
        found = [_found(store, thread, organization, now, write=yes) for thread in threads(mails)]
    if as_json:
        print_json(_plain(one) for one in found)
        return
    print_table(
        headers("import"),
        [(f"{mail.at:%d/%m/%Y}" if mail.at else "", mail.sender.email if mail.sender else "",
          mail.subject or mail.place, told) for _, mail, told in found],
        unbroken=(0,),
    )  # fmt: skip
    taken = sum(case is not None for case, _, _ in found)
    left = len(found) - taken
    done = organization.say("import.done", taken=taken, left=left)
    say(done if yes else organization.say("import.shown", taken=taken, left=left))


def _read(
    mails: Iterator[ArchivedMail], settings: Settings, organization: Organization, now: dt.datetime
) -> Iterator[PastMail]:
    places: list[str] = []

    def messages() -> Iterator[InboundMessage]:
        for number, mail in enumerate(mails):
            places.append(mail.place)
            yield InboundMessage(number, mail.raw, now)

    with (
        ParserProcess(organization, limits_of(settings), settings.limits.parse_seconds) as reader,
        counting("mail(s)") as count,
    ):
        for number, analysis in enumerate(reader.analyse_all(messages())):
            yield past_mail(places[number], analysis, organization)
            count()


def _found(
    store: Store,
    thread: tuple[PastMail, ...],
    organization: Organization,
    now: dt.datetime,
    *,
    write: bool,
) -> Found:
    past = past_case(thread, organization, now)
    if isinstance(past, str):
        return None, thread[0], past
    with store.work() as work:
        here = work.cases.by_thread(past.case.thread)
        if here is not None:
            return None, past.opening, organization.say("import.known", folio=here.folio)
        folio = ""
        if write:
            year = organization.day(past.case.opened_at).year
            folio = work.cases.take_folio(organization.folio_prefix, year)
            work.cases.save(replace(past.case, folio=folio), opens=True)
            work.cases.came(folio, past.case.thread)
            for event, at in history_of(past, organization, now):
                work.events.append(folio, event, at)
    move = past.case.decision.move if past.case.decision else "undecided"
    return past, past.opening, f"{folio} {organization.say(f'import.ended.{move}')}".strip()


def _plain(one: Found) -> dict[str, object]:
    case, mail, told = one
    return {
        "place": mail.place,
        "date": mail.at.isoformat() if mail.at else None,
        "from": mail.sender.email if mail.sender else None,
        "subject": mail.subject,
        "request": case is not None,
        "what": told,
    }
