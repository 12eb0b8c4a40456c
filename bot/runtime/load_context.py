"""What is known around a message: its case, the notice it answers, whatever its orders speak of.

Only what something asks for is loaded: most messages need their case and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.lists.register import ListEntry
from bot.runtime.analysis import Analysis
from bot.store import Work
from bot.workflow.case import Case
from bot.workflow.context import REVOKED, Link, Notice, Original, Reading, Situation
from bot.workflow.folio import folios_in
from bot.workflow.message import Incoming
from bot.workflow.organization import House
from bot.workflow.requester.commands import DROP, RENEW
from bot.workflow.tokens import digest, keys_in
from nlp.types import Intent

Analyse = Callable[[bytes, dt.datetime], Analysis]
_OF_OPEN_CASES = frozenset({"list", "delegate"})
_OF_OTHER_CASES = frozenset({"merge", "status"})
_OF_ORIGINAL = frozenset({"classify", "answer"})
_OF_LISTS = frozenset({RENEW, DROP, "classify", "done"})  # wishes and orders
MOST_CITED = 5


def gather(
    work: Work, mail: Incoming, analysis: Analysis, house: House, analyse: Analyse, now: dt.datetime
) -> Situation:
    """The situation of a message that is to be decided on; `house` as it is staffed today.

    `analyse` reads an earlier message again, for the orders that are about one.
    """
    notice, disagreement = presented(work, mail, house)
    if notice and notice.folio and analysis.folio and analysis.folio != notice.folio:
        disagreement = f"El aviso es de {notice.folio}, pero su mensaje cita {analysis.folio}."
    reading = Reading(why=disagreement) if disagreement else analysis.reading
    case, link = find_case(work, mail, analysis.folio, notice)
    sender = mail.sender
    understanding = analysis.understanding
    if case is not None and sender is not None and case.belongs_to(sender.email):
        understanding = analysis.going_on_with(case.intent)
    given = [*reading.orders, *([notice.order] if notice and notice.order else [])]
    orders = {order.name for order in given}
    said = " ".join((mail.text, *(order.argument or "" for order in given)))
    return Situation(
        incoming=mail,
        understanding=understanding,
        reading=reading,
        house=house,
        now=now,
        next_folio=work.likely_folio(house.folio_prefix, now.year),
        case=case,
        link=link,
        notice=notice,
        cases=tuple(work.cases_of(sender.email)) if sender else (),
        wish=analysis.wish,
        original=_original(work, notice, case, analyse) if orders & _OF_ORIGINAL else None,
        others=_others(work, orders, said, house),
        lists=_lists(work, analysis, orders),
    )


def presented(work: Work, mail: Incoming, house: House) -> tuple[Notice | None, str]:
    """The notice whose key a message presents; none, with the reason, where its keys disagree."""
    notices = [work.notice(digest(key)) for key in keys_in(mail, house)]
    known = [n for n in notices if n is not None and n.stage != REVOKED]
    if len({n.folio for n in known}) > 1:
        return None, "Su mensaje responde a dos solicitudes a la vez."
    return (known[0] if known else None), ""


def find_case(
    work: Work, mail: Incoming, folio: str, notice: Notice | None
) -> tuple[Case | None, Link]:
    """The case a message belongs to, by the strongest link there is."""
    if notice is not None and notice.folio:
        return work.case(notice.folio), Link.KEY
    if notice is not None:
        return None, Link.KEY
    nearest_first = (*mail.in_reply_to, *reversed(mail.references))
    sender = mail.sender.email if mail.sender else ""
    case = work.case_by_thread(nearest_first, sender)
    link = Link.THREAD
    if case is None:
        case = work.case(folio) if folio else None
        link = Link.FOLIO if case else Link.NONE
    if case is not None and case.merged_into and case.belongs_to(sender):
        return work.case(case.merged_into) or case, link
    return case, link


def _others(work: Work, orders: set[str], said: str, house: House) -> tuple[Case, ...]:
    if orders & _OF_OPEN_CASES:
        return work.open_cases()
    if orders & _OF_OTHER_CASES:
        cited = folios_in(said, house.folio_prefix)[:MOST_CITED]
        return tuple(case for folio in cited if (case := work.case(folio)) is not None)
    return ()


def _lists(work: Work, analysis: Analysis, orders: set[str]) -> tuple[ListEntry, ...]:
    wishes = {order.name for order in analysis.wish.orders}
    changes = analysis.understanding.intent is Intent.CHANGE_LIST
    return work.lists() if changes or (wishes | orders) & _OF_LISTS else ()


def _original(
    work: Work, notice: Notice | None, case: Case | None, analyse: Analyse
) -> Original | None:
    """The message that an order is about: of a remark its own, of a case the one that opened it."""
    number = notice.message if notice and notice.stage in ("remark", "") else 0
    if not number and case is not None:
        number = work.first_message(case.folio)
    found = work.raw_message(number) if number else None
    if found is None:
        return None
    raw, received_at = found
    earlier = analyse(raw, received_at)
    if not isinstance(earlier.mail, Incoming):
        return None
    by = work.corrected_by(number)
    return Original(number, earlier.mail, earlier.understanding, by)
