"""Requests about lists that exist: changes, renewal, withdrawal; matched against the register.

All of them, RENOVAR and BAJA too, open a case that people decide on: a mail's sender can be forged,
and a list is not to be lost or prolonged by one. HECHO at its end changes the register.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz

from bot.lists.orphans import dropped_by_who_was_asked, is_asked_for
from bot.lists.records import lists_in
from bot.lists.register import ALIVE, ListEntry
from bot.lists.request import ASKED_FOR, CALLED, REGISTER, REMOVAL, known_of
from bot.workflow.case import FINAL, Case
from bot.workflow.context import Context
from bot.workflow.kinds import RequesterCommandSpec
from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.notifications.status import status
from bot.workflow.notifications.updates import noted
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import event, opened
from bot.workflow.requester.conversation import UNDO, filled
from bot.workflow.steps import completed
from nlp.text.fold import plain
from nlp.types import CommandGrammar, Extraction, Intent

KEPT = 1500  # characters of what is asked for, in the area's words
SAME = 88.0  # how alike a name must be to mean the list
YEAR = dt.timedelta(days=365)
_REMOVAL = re.compile(
    r"\b(?:(?:dar|darla|den|darse|damos|solicit\w+|pid\w+|la) (?:de )?(?:la )?baja"
    r"|(?:cancel|elimin|cerrar|cierr|borr|retir)\w* (?:la|nuestra|esta|esa) lista"
    r"|ya no (?:la )?(?:usamos|utilizamos|ocupamos|necesitamos|uso|ocupo))\b"
)
_RENEWAL = re.compile(
    r"\b(?:renov|renuev|prorrog)\w*|\b(?:ampli|exten[ds]|prolon)\w* (?:la|su|esa) vigencia\b"
)


def change_list(context: Context) -> Outcome | None:
    """A case for a change in a list of the register; None where it is not known which list."""
    entry, sender = list_meant(context), context.incoming.sender
    if entry is None or sender is None:
        return None
    form = context.organization.kind_about(Intent.CHANGE_LIST).form
    text = context.incoming.text[:KEPT]
    removal = bool(_REMOVAL.search(plain(text)))
    news = {
        name: found
        for name, found in context.prediction.fields.items()
        if name in form and name not in ("list_name", "request_type") and found.sure
    }
    if _RENEWAL.search(plain(text)) and not removal and "end_date" not in news:
        period = _next_period(context, entry)
        if _called(
            context, sender, entry
        ):  # what follows from the register is not told to everybody
            period = {name: replace(found, source=REGISTER) for name, found in period.items()}
        news |= period
    return _opened(context, sender, entry, text, news, removal=removal)


def renew(context: Context) -> Outcome | None:
    """RENOVAR, said by who answers for a list; None from anybody else."""
    entry, sender = _own_list(context), context.incoming.sender
    if entry is None or sender is None:
        return None
    news = _next_period(context, entry)
    return _opened(context, sender, entry, context.say("lists.renew"), news)


def drop(context: Context) -> Outcome | None:
    """BAJA, said by who answers for a list, or is asked who does; None from anybody else."""
    sender = context.incoming.sender
    if context.case is not None and is_asked_for(context.case, sender):
        return dropped_by_who_was_asked(context, context.case)
    entry = _own_list(context)
    if entry is None or sender is None:
        return None
    return _opened(context, sender, entry, context.say("lists.drop"), {}, removal=True)


COMMANDS = (
    RequesterCommandSpec(
        CommandGrammar("renew", ("renovacion", "renew"), decides=True, verbs=("renovar/renuev",)),
        renew,
    ),
    RequesterCommandSpec(
        CommandGrammar("drop", ("baja", "dar de baja", "darla de baja", "de baja"), decides=True),
        drop,
    ),
)


def _own_list(context: Context) -> ListEntry | None:
    """The list that a message is about, among those that its sender answers for or asked for."""
    sender, case = context.incoming.sender, context.case
    email = sender.email if sender else ""
    asked = case.folio if case is not None and case.belongs_to(email) else None
    own = (e for e in lists_in(context) if e.responsible_email == email or e.folio == asked)
    return list_meant(context, tuple(own))


def list_meant(context: Context, entries: tuple[ListEntry, ...] | None = None) -> ListEntry | None:
    """The list of the register that a message is about, if it is clear which."""
    alive = [e for e in (lists_in(context) if entries is None else entries) if e.state in ALIVE]
    incoming, case = context.incoming, context.case
    if case is not None:
        of_case = [e for e in alive if e.folio == case.folio]
        if len(of_case) == 1:
            return of_case[0]
    said = " ".join((incoming.subject, *(b.text for b in incoming.blocks)))[:20_000].lower()
    named = [e for e in alive if e.address and e.address in said]
    if len(named) == 1:
        return named[0]
    wanted = context.prediction.fields.get("list_name")
    if wanted is not None:
        name = plain(str(wanted.value).partition("@")[0])
        alike = [e for e in alive if any(fuzz.ratio(name, one) >= SAME for one in e.names)]
        return alike[0] if len(alike) == 1 else None
    sender = incoming.sender
    own = [e for e in alive if sender and e.responsible_email == sender.email]
    return own[0] if len(own) == 1 else None


def _next_period(context: Context, entry: ListEntry) -> Mapping[str, Extraction]:
    """The period after the present one, as long as that."""
    today, said = context.now.date(), context.incoming.text[:160]
    since = max(entry.end_date or today, today)
    length = YEAR
    if entry.end_date and entry.start_date:
        length = max(entry.end_date - entry.start_date, dt.timedelta(days=28))
    period = {"start_date": since, "end_date": since + length}
    return {name: Extraction(day, "text", said) for name, day in period.items()}


def _opened(
    context: Context,
    sender: Address,
    entry: ListEntry,
    asked_for: str,
    news: Mapping[str, Extraction],
    *,
    removal: bool = False,
) -> Outcome:
    """A case for a change, complete from the register, on its way to review."""
    incoming, now, organization = context.incoming, context.now, context.organization
    form = organization.kind_about(Intent.CHANGE_LIST).form
    known, called = known_of(form, entry), _called(context, sender, entry)
    details: dict[str, str | bool] = {ASKED_FOR: asked_for, REMOVAL: removal}
    if called:
        details[CALLED] = called
    open_one = _already(context, str(known["list_name"].value)) if "list_name" in known else None
    if open_one is not None:
        notification = status(organization, incoming, (open_one,), now)
        return Outcome("the same change is in progress", notifications=(notification,))
    before = opened(context, sender, Intent.CHANGE_LIST, known, MappingProxyType(details))
    leaves = {"email"} if "responsible" in news else set()  # it is that of who leaves
    case = filled(before, news, {*news} | leaves).without(UNDO)
    left = {n: v for n, v in case.form.items() if n in news or n not in leaves}
    case = replace(case, form=MappingProxyType(left), version=before.version)
    what = context.say("lists.the_removal" if removal else "lists.a_change")
    asked = context.say("history.asked_for", what=what, name=entry.name)
    line = event(context, case, "opened", asked)
    who = case.requester.email
    done = completed(organization, case, now, who, incoming.message_id, before=before)
    if called:
        done = done.plus(*_responsible_told(context, sender, entry, case, what))
    return replace(done, opens=True, events=(line, *done.events))


def _called(context: Context, sender: Address, entry: ListEntry) -> str:
    """What somebody calls a list who neither answers for it nor took part in asking for it; empty
    for those who did: they may be told what the register knows."""
    took_part = entry.folio and any(case.folio == entry.folio for case in context.cases)
    if took_part or sender.email == entry.responsible_email:
        return ""
    said = context.prediction.fields.get("list_name")
    return str(said.value) if said else entry.address.partition("@")[0] or entry.name


def _responsible_told(
    context: Context, sender: Address, entry: ListEntry, case: Case, what: str
) -> tuple[Notification, ...]:
    """Word to who answers for a list that somebody else asks something of it."""
    to = Address(entry.responsible_email, entry.responsible)
    if not context.organization.is_institutional(to):
        return ()
    name = entry.name or entry.address
    told = noted(
        case,
        context.say("lists.others_ask_title", name=name),
        context.say("lists.others_ask", email=sender.email, what=what, name=name),
        context.say("lists.others_ask_next"),
    )
    return (replace(told, to=to, automatic=True, repeatable=True, in_reply_to="", references=()),)


def _already(context: Context, name: str) -> Case | None:
    """A case of the same person about the same list that is still open."""
    changes = (c for c in context.cases if c.intent == Intent.CHANGE_LIST and c.state not in FINAL)
    return next((c for c in changes if c.text("list_name") == name), None)
