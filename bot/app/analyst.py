"""What a raw message is and says: read, screened, understood. Writes nothing, sends nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy

import nlp.pipeline
from bot.app.deadline import DeadlineError, deadline
from bot.core.folio import folios_in
from bot.core.house import ZONE, House
from bot.core.message import Incoming, Unparseable
from bot.core.orders import carry_out  # noqa: F401  (fills the table of orders)
from bot.core.orders.registry import vocabulary
from bot.core.screening import Screened, screen
from bot.core.situation import Reading
from bot.core.wishes import WISHES
from bot.reading import Limits, read
from bot.reading.html import html_lines
from nlp.orders import read_orders
from nlp.types import Intent, Message, Understanding

FindSent = Callable[[tuple[str, ...]], bytes | None]

NOTHING = Understanding(Intent.OTHER, 0.0, {})
NO_ORDERS = Reading()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that can be told of a message by itself.

    `folio` is the number its subject or new text cites. `reading` are the orders it would give
    if staff had sent it, `wish` what it says clearly if somebody of an area did. Where it is
    screened or cannot be parsed nothing more is understood.
    """

    mail: Incoming | Unparseable
    screened: Screened | None = None
    understanding: Understanding = NOTHING
    reading: Reading = NO_ORDERS
    wish: Reading = NO_ORDERS
    message: Message | None = None
    folio: str = ""


class Analyst:
    """Reads messages for one house; loading it takes seconds, each message milliseconds."""

    def __init__(self, house: House, limits: Limits, parse_seconds: float = 20) -> None:
        self._house, self._limits, self._seconds = house, limits, parse_seconds
        self._understander = nlp.pipeline.load()
        self._vocabulary = vocabulary()
        # The first message costs what is made on first use; let no sender wait for that.
        self.analyse(b"Subject: Lista\r\n\r\nSolicitamos una lista.\r\n", dt.datetime.now(ZONE))

    def analyse(
        self, raw: bytes, received: dt.datetime, find_answered: FindSent = lambda _: b""
    ) -> Analysis:
        """What a message is and says. Never raises for anything that the bytes hold.

        `find_answered` gives our mail, as sent, that one of these Message-IDs names.
        """
        try:
            with deadline(self._seconds):
                return self._analyse(raw, received, find_answered)
        except DeadlineError:
            reason = f"tardó más de {self._seconds:g} segundos en leerse"
        except Exception as error:  # one bad message never stops the next
            reason = f"no se pudo leer ({type(error).__name__})"
        return Analysis(Unparseable(reason, len(raw)))

    def about(self, analysis: Analysis, intent: Intent) -> Understanding:
        """The understanding of a message that goes on with a request of this intent.

        A reply that completes a form may look like anything by itself.
        """
        if analysis.message is None:
            return analysis.understanding
        fields = self._understander.fields(analysis.message, self._house.form, intent)
        return replace(analysis.understanding, fields=fields)

    def head(self, raw: bytes, problem: str) -> Unparseable:
        """Who wrote a message and about what, as far as its headers tell, with its problem."""
        mail = self.analyse(raw, dt.datetime.now(ZONE)).mail
        sender = mail.sender if isinstance(mail, Unparseable) else mail.sender and mail.sender.email
        return Unparseable(problem, len(raw), sender or "", mail.subject)

    def _analyse(self, raw: bytes, received: dt.datetime, find_answered: FindSent) -> Analysis:
        mail = read(raw, limits=self._limits)
        if isinstance(mail, Unparseable):
            return Analysis(mail)
        screened = screen(mail, self._house)
        if screened is not None:
            return Analysis(mail, screened, folio=self._folio(mail))
        message = Message(
            subject=mail.subject,
            blocks=mail.blocks,
            date=(mail.date or received).astimezone(ZONE).date(),
            documents=mail.documents,
            is_reply=bool(mail.in_reply_to or mail.references),
            answered=sent_text(find_answered(mail.in_reply_to or mail.references[-1:])),
        )
        folio = self._folio(mail)
        orders = read_orders(message, self._vocabulary, folio=folio, visible_text=mail.visible_text)
        wish = NO_ORDERS
        if message.is_reply or folio:
            said = read_orders(message, WISHES, folio=folio, visible_text=mail.visible_text)
            wish = Reading(said.orders, said.why)
        return Analysis(
            mail,
            wish=wish,
            understanding=self._understander.understand(message, self._house.form),
            reading=Reading(orders.orders, orders.why),
            message=message,
            folio=folio,
        )

    def _folio(self, mail: Incoming) -> str:
        texts = (mail.subject, mail.text, *(d.text for d in mail.documents))
        found = (folios_in(text, self._house.folio_prefix) for text in texts)
        return next((folios[0] for folios in found if folios), "")


def sent_text(raw: bytes | None) -> str:
    """All the text of a mail of ours, as plain text and as the HTML shows it."""
    if not raw:
        return ""
    mail = message_from_bytes(raw, policy=policy.default)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    shown = html_lines(html.get_content()) if html else []
    return "\n".join([plain.get_content() if plain else "", *(line.text for line in shown)])
