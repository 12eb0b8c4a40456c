"""The one way through, for one message: analyse, gather what is known, decide, write it down.

Everything a message leads to is one transaction: case, events, outbox rows, message done. A
conflict with another worker undoes all of it, and the message is looked at again with fresh data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.app.analyst import Analysis, Analyst
from bot.app.gathering import find_case, gather
from bot.app.logs import concerning
from bot.app.metrics import MESSAGES_SETTLED, step
from bot.app.posting import post
from bot.core.absence import leave_told
from bot.core.authority import is_authenticated
from bot.core.calendar import plain_date
from bot.core.case import Case, Event
from bot.core.deciding import decide
from bot.core.house import House, Person, Role
from bot.core.letter import Letter
from bot.core.letters import alarm, staff_name
from bot.core.message import Incoming, Unparseable
from bot.core.notices import remark
from bot.core.situation import Decision, Link, Situation
from bot.store import Claimed, Conflict, Store, StoreError, Work
from bot.store.identity import message_id_of

Clock = Callable[[], dt.datetime]
MAX_DEATHS = 20  # processes that may end while they hold a message before it is put aside
HEAD_BYTES = 16 * 1024
MAX_CONFLICTS = 20  # a message that keeps losing against others is left for the next round

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Settled:
    """How a message ended, for log and metrics; `why` holds nothing that somebody wrote."""

    status: str
    folio: str | None
    why: str


class Processor:
    """Takes received messages to their end."""

    def __init__(self, store: Store, analyst: Analyst, house: House, clock: Clock) -> None:
        self._store, self._analyst, self._house, self._clock = store, analyst, house, clock

    def process(self, message: Claimed) -> None:
        """Settles one claimed message for good. Raises StoreError where the database fails."""
        with concerning(message=message.id, message_id=message.message_id):
            self._process(message)

    def _process(self, message: Claimed) -> None:
        if message.attempts > MAX_DEATHS:
            problem = f"el proceso terminó {MAX_DEATHS} veces al leerlo"
            self.quarantined(message.id, message.raw, problem, settle=True)
            return
        with step("read"):
            analysis = self._analyst.analyse(
                message.raw, message.received_at, self._store.outbox.by_message_id
            )
        for _ in range(MAX_CONFLICTS):
            try:
                with step("settle"), self._store.work() as work:
                    settled = self._settle(work, message, analysis)
                _tell(settled)
                return
            except Conflict as conflict:
                log.info("message.tried_again", conflict=str(conflict))
            except StoreError:
                raise
            except Exception as error:  # one bad message never stops the next
                log.exception("message.failed")
                problem = f"no se pudo procesar ({type(error).__name__})"
                self.quarantined(message.id, message.raw, problem, settle=True)
                return
        log.warning("message.left_for_later")

    def quarantined(self, message: int, raw: bytes, problem: str, *, settle: bool = False) -> None:
        """Tells the administrators of a message in quarantine; with `settle` puts it there.

        Only its first lines are read: the rest may be what kills.
        """
        with concerning(message=message, message_id=message_id_of(raw)):
            mail = self._analyst.head(raw[:HEAD_BYTES], problem)
            with self._store.work() as work:
                if settle:
                    work.finish(message, "failed", problem)
                letters = _quarantined(self._house, message, mail)
                post(work, letters, self._house, self._clock(), None, message, mail.sender)
            _tell(Settled("failed", None, problem))

    def _settle(self, work: Work, message: Claimed, analysis: Analysis) -> Settled:
        now, mail = self._clock(), analysis.mail
        if isinstance(mail, Unparseable):
            post(
                work,
                _quarantined(self._house, message.id, mail),
                self._house,
                now,
                None,
                message.id,
                mail.sender,
            )
            work.finish(message.id, "failed", mail.reason)
            return Settled("failed", None, mail.reason)
        if analysis.screened is not None:
            case, link = find_case(work, mail, "", None)
            letters = self._of_machine(work, mail, analysis, case, link, now)
            post(work, letters, self._house, now, case, message.id, _author(mail))
            folio = case.folio if case else None
            work.finish(message.id, "ignored", analysis.screened.reason, folio)
            return Settled("ignored", folio, analysis.screened.reason)
        house = self._staffed(work, now)
        situation = gather(work, mail, analysis, house, self._analyst, now)
        decision = decide(situation)
        self._write_down(work, message, decision, house, now, _unvouched(situation))
        folio = decision.case.folio if decision.case else None
        return Settled("done", folio, ", ".join(event.what for event in decision.events))

    def _staffed(self, work: Work, now: dt.datetime) -> House:
        """The house with who is away today and who stands in."""
        return self._house.on(now.date(), work.leaves(now.date()))

    def _write_down(
        self,
        work: Work,
        message: Claimed,
        decision: Decision,
        house: House,
        now: dt.datetime,
        about: str | None,
    ) -> None:
        case = decision.case
        if case is not None:
            work.save_case(case, opens=decision.opens)
            for event in decision.events:
                work.append(case.folio, event, now)
        for key_hash in decision.spends:
            work.spend(key_hash, now)
        for key_hash in decision.revokes:
            work.revoke(key_hash)
        for entry in decision.lists:
            work.save_list(entry)
        if decision.cancels_held and case is not None:
            work.cancel_held(case.folio, now)
        for correction in decision.corrections:
            work.save_correction(correction, now)
        for leave in decision.leaves:
            work.save_leave(leave)
        for other in decision.beside:
            if other.changes:
                work.save_case(other.case)
            for event in other.events:
                work.append(other.case.folio, event, now)
            post(work, other.letters, house, now, other.case, message.id, about)
        post(work, decision.letters, house, now, case, message.id, about)
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
        house, sender, screened = self._staffed(work, now), mail.sender, analysis.screened
        if case is None or screened is None:
            return ()
        person = house.person(sender.email) if sender else None
        if screened.kind == "auto_reply" and person is not None:
            return _absent(work, mail, house, person, case, now)
        if screened.kind == "bounce" and mail.failed_recipients:
            lost = ", ".join(mail.failed_recipients[:5])
            text = f"no se pudo entregar el correo a {lost}"
            work.append(case.folio, Event("bounced", "bot", text, case.version), now)
            return alarm(house, f"{case.folio}: {text}", (mail.subject,))
        return ()


def _tell(settled: Settled) -> None:
    """Once it is committed: what a log says must be true."""
    MESSAGES_SETTLED.labels(status=settled.status).inc()
    with concerning(case=settled.folio, why=settled.why):
        log.info("message.settled", status=settled.status)


def _author(mail: Incoming) -> str:
    return mail.sender.email if mail.sender else ""


def _unvouched(situation: Situation) -> str | None:
    """Whom a message says it is from, where no key that was sent to them vouches for it."""
    author, key = _author(situation.incoming), situation.notice
    known = key is not None and key.person == author
    if known and is_authenticated(situation.incoming, situation.house.authserv_id):
        return None
    return author


def _absent(
    work: Work, mail: Incoming, house: House, person: Person, case: Case, now: dt.datetime
) -> tuple[Letter, ...]:
    """Marks somebody of the staff away, and tells the rest of the role; nothing is decided."""
    who, email = staff_name(house, person.address.email), person.address.email
    until = ""
    if is_authenticated(mail, house.authserv_id):
        leave = leave_told(email, f"{mail.subject}\n{mail.text}", now.date())
        work.save_leave(leave)
        until = f" Se le considera fuera hasta el {plain_date(leave.last)};"
    why = f"{who} contestó con una respuesta automática.{until} nadie ha decidido"
    text = f"respuesta automática de {who}; no se tomó como orden"
    work.append(case.folio, Event("absent", email, text, case.version), now)
    others = [
        p for p in house.staff
        if p.address.email != email and p.roles & (person.roles | {Role.REVIEWER}) - {Role.ADMIN}
    ]  # fmt: skip
    return remark(house, mail, why, case, others) or alarm(house, f"{case.folio}: {why}", ())


def _quarantined(house: House, message: int, mail: Unparseable) -> tuple[Letter, ...]:
    lines = (
        f"Remitente: {mail.sender or 'desconocido'}",
        f"Asunto: {mail.subject or 'sin asunto'}",
        f"Para verlo: python -m bot quarantine show {message}",
    )
    return alarm(house, f"Un mensaje no se pudo procesar: {mail.reason}", lines)
