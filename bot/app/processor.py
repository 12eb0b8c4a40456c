"""The one way through, for one message: analyse, gather what is known, decide, write it down.

Everything a message leads to is one transaction: case, events, outbox rows, message done. A
conflict with another worker undoes all of it, and the message is looked at again with fresh data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog

from bot.app.analyst import Analysis, Analyst
from bot.app.posting import post
from bot.core.capability import digest, keys_in
from bot.core.case import Case, Event
from bot.core.deciding import decide
from bot.core.house import House
from bot.core.letter import Letter
from bot.core.letters import alarm, staff_name
from bot.core.notices import remark
from bot.core.message import Incoming, Unparseable
from bot.core.situation import Decision, Link, Notice, Reading, Situation
from bot.store import Claimed, Conflict, Store, Work

Clock = Callable[[], dt.datetime]
MAX_DEATHS = 6  # processes that may end while they hold a message before it is put aside
HEAD_BYTES = 16 * 1024
MAX_CONFLICTS = 20  # a message that keeps losing against others is left for the next round

log = structlog.get_logger()


class Processor:
    """Takes received messages to their end."""

    def __init__(self, store: Store, analyst: Analyst, house: House, clock: Clock) -> None:
        self._store, self._analyst, self._house, self._clock = store, analyst, house, clock

    def process(self, message: Claimed) -> None:
        """Settles one claimed message for good. Raises StoreError where the database fails."""
        if message.attempts > MAX_DEATHS:
            problem = f"el proceso terminó {MAX_DEATHS} veces al leerlo"
            self.quarantined(message.id, message.raw, problem, settle=True)
            return
        analysis = self._analyst.analyse(
            message.raw, message.received_at, self._store.outbox.by_message_id
        )
        for _ in range(MAX_CONFLICTS):
            try:
                with self._store.work() as work:
                    self._settle(work, message, analysis)
                return
            except Conflict as conflict:
                log.info("tried again", message=message.id, conflict=str(conflict))
        log.warning("left for later", message=message.id)

    def quarantined(self, message: int, raw: bytes, problem: str, *, settle: bool = False) -> None:
        """Tells the administrators of a message in quarantine; with `settle` puts it there.

        Only its first lines are read: the rest may be what kills.
        """
        mail = self._analyst.head(raw[:HEAD_BYTES], problem)
        with self._store.work() as work:
            if settle:
                work.finish(message, "failed", problem)
            letters = _quarantined(self._house, message, mail)
            post(work, letters, self._house, self._clock(), None, message)

    def _settle(self, work: Work, message: Claimed, analysis: Analysis) -> None:
        now, mail = self._clock(), analysis.mail
        if isinstance(mail, Unparseable):
            post(
                work,
                _quarantined(self._house, message.id, mail),
                self._house,
                now,
                None,
                message.id,
            )
            work.finish(message.id, "failed", mail.reason)
            outcome = mail.reason
        elif analysis.screened is not None:
            case, link = _find_case(work, mail, "", None)
            letters = self._of_machine(work, mail, analysis, case, link, now)
            post(work, letters, self._house, now, case, message.id)
            folio = case.folio if case else None
            work.finish(message.id, "ignored", analysis.screened.reason, folio)
            outcome = analysis.screened.reason
        else:
            decision = decide(self._situation(work, mail, analysis, now))
            self._write_down(work, message, decision, now)
            outcome = decision.why
        log.info("message settled", message=message.id, outcome=outcome)

    def _situation(
        self, work: Work, mail: Incoming, analysis: Analysis, now: dt.datetime
    ) -> Situation:
        notice, disagreement = _presented(work, mail, self._house)
        if notice and analysis.folio and analysis.folio != notice.folio:
            disagreement = f"El aviso es de {notice.folio}, pero su mensaje cita {analysis.folio}."
        reading = Reading(why=disagreement) if disagreement else analysis.reading
        case, link = _find_case(work, mail, analysis.folio, notice)
        sender = mail.sender
        understanding = analysis.understanding
        if case is not None and sender is not None and case.belongs_to(sender.email):
            understanding = self._analyst.about(analysis, case.intent)
        return Situation(
            incoming=mail,
            understanding=understanding,
            reading=reading,
            house=self._house,
            now=now,
            next_folio=work.next_folio(self._house.folio_prefix, now.year),
            case=case,
            link=link,
            notice=notice,
            cases=tuple(work.cases_of(sender.email)) if sender else (),
        )

    def _write_down(
        self, work: Work, message: Claimed, decision: Decision, now: dt.datetime
    ) -> None:
        case = decision.case
        if case is not None:
            work.save_case(case, opens=decision.opens)
            for event in decision.events:
                work.append(case.folio, event, now)
        for key_hash in decision.spends:
            work.spend(key_hash, now)
        for entry in decision.lists:
            work.save_list(entry)
        if decision.cancels_held and case is not None:
            work.cancel_held(case.folio, now)
        post(work, decision.letters, self._house, now, case, message.id)
        work.finish(message.id, "done", decision.why, case.folio if case else None)

    def _of_machine(
        self,
        work: Work,
        mail: Incoming,
        analysis: Analysis,
        case: Case | None,
        link: Link,
        now: dt.datetime,
    ) -> tuple[Letter, ...]:
        """Machines get no answer; but people hear of absent staff and of mail that bounced."""
        house, sender, screened = self._house, mail.sender, analysis.screened
        if case is None or screened is None:
            return ()
        person = house.person(sender.email) if sender else None
        if screened.kind == "auto_reply" and person is not None:
            who = staff_name(house, person.address.email)
            why = f"{who} contestó con una respuesta automática; nadie ha decidido"
            letters = remark(house, mail, why, case)
            text = f"respuesta automática de {who}; no se tomó como orden"
            work.append(case.folio, Event("absent", person.address.email, text, case.version), now)
            others = tuple(x for x in letters if x.to.email != person.address.email)
            return others or alarm(house, f"{case.folio}: {why}", ())
        if screened.kind == "bounce" and mail.failed_recipients:
            lost = ", ".join(mail.failed_recipients[:5])
            text = f"no se pudo entregar el correo a {lost}"
            work.append(case.folio, Event("bounced", "bot", text, case.version), now)
            return alarm(house, f"{case.folio}: {text}", (mail.subject,))
        return ()


def _presented(work: Work, mail: Incoming, house: House) -> tuple[Notice | None, str]:
    """The notice whose key a message presents; none, with the reason, where its keys disagree."""
    notices = [work.notice(digest(key)) for key in keys_in(mail, house)]
    known = [n for n in notices if n is not None]
    if len({n.folio for n in known}) > 1:
        return None, "Su mensaje responde a dos solicitudes a la vez."
    return (known[0] if known else None), ""


def _find_case(
    work: Work, mail: Incoming, folio: str, notice: Notice | None
) -> tuple[Case | None, Link]:
    """The case a message belongs to, by the strongest link there is."""
    if notice is not None:
        return work.case(notice.folio), Link.KEY
    nearest_first = (*mail.in_reply_to, *reversed(mail.references))
    sender = mail.sender.email if mail.sender else ""
    case = work.case_by_thread(nearest_first, sender)
    if case is not None:
        return case, Link.THREAD
    case = work.case(folio) if folio else None
    return case, Link.FOLIO if case else Link.NONE


def _quarantined(house: House, message: int, mail: Unparseable) -> tuple[Letter, ...]:
    lines = (
        f"Remitente: {mail.sender or 'desconocido'}",
        f"Asunto: {mail.subject or 'sin asunto'}",
        f"Para verlo: python -m bot quarantine show {message}",
    )
    return alarm(house, f"Un mensaje no se pudo procesar: {mail.reason}", lines)
