"""What a raw message is and says: read, screened, understood. Writes nothing, sends nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email import message_from_bytes, policy
from functools import cache
from types import MappingProxyType

from bot.mail.parsing import Limits, read
from bot.mail.parsing.html import html_lines
from bot.runtime.analysis import NO_FIELDS, NO_ORDERS, Analysis
from bot.workflow.commands import carry_out  # noqa: F401  (fills the table of orders)
from bot.workflow.commands.registry import vocabulary
from bot.workflow.context import Reading
from bot.workflow.folio import folios_in
from bot.workflow.message import Incoming, Unparseable
from bot.workflow.organization import ZONE, House
from bot.workflow.requester.commands import WISHES
from bot.workflow.requester.requests import OPENS
from bot.workflow.screening import screen
from bot.workflow.tokens import keys_in
from nlp.commands import read_orders
from nlp.pipeline import Understander, load
from nlp.types import Found, Intent, Message


@cache
def understander() -> Understander:
    """The model that is shipped, loaded once. Raises ModelMissingError where there is none."""
    return load()


class Analyst:
    """Reads messages for one house; loading it takes seconds, each message milliseconds."""

    def __init__(self, house: House, limits: Limits) -> None:
        self._house, self._limits = house, limits
        self._understander = understander()
        self._vocabulary = vocabulary()
        # The first message costs what is made on first use; let no sender wait for that.
        self.analyse(b"Subject: Lista\r\n\r\nSolicitamos una lista.\r\n", dt.datetime.now(ZONE))

    def analyse(self, raw: bytes, received: dt.datetime, answered: bytes | None = None) -> Analysis:
        """What a message is and says. Never raises for anything that the bytes hold.

        `answered` is our mail, as sent, that it replies to. Nothing limits the time this takes:
        `bot.runtime.parser_process` does.
        """
        try:
            return self._analyse(raw, received, answered)
        except Exception as error:  # one bad message never stops the next
            reason = f"no se pudo leer ({type(error).__name__})"
        return Analysis(Unparseable(reason, len(raw)))

    def _analyse(self, raw: bytes, received: dt.datetime, answered: bytes | None) -> Analysis:
        mail = read(raw, limits=self._limits)
        if isinstance(mail, Unparseable):
            return Analysis(mail)
        screened = screen(mail, self._house)
        folio = self._folio(mail)
        if screened is not None:
            return Analysis(mail, screened, folio=folio)
        message = Message(
            subject=mail.subject,
            blocks=mail.blocks,
            date=(mail.date or received).astimezone(ZONE).date(),
            documents=mail.documents,
            is_reply=bool(mail.in_reply_to or mail.references),
            answered=sent_text(answered),
        )
        orders = read_orders(message, self._vocabulary, folio=folio, visible_text=mail.visible_text)
        wish, as_part_of = NO_ORDERS, NO_FIELDS
        if message.is_reply or folio:
            said = read_orders(message, WISHES, folio=folio, visible_text=mail.visible_text)
            wish = Reading(said.orders, said.why)
        if message.is_reply or folio or keys_in(mail, self._house):
            as_part_of = self._as_part_of(message)
        return Analysis(
            mail,
            wish=wish,
            understanding=self._understander.understand(message, self._house.form),
            reading=Reading(orders.orders, orders.why),
            folio=folio,
            as_part_of=as_part_of,
        )

    def _as_part_of(self, message: Message) -> Mapping[Intent, Mapping[str, Found]]:
        form = self._house.form
        return MappingProxyType(
            {intent: self._understander.fields(message, form, intent) for intent in OPENS}
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
