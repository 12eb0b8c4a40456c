"""What a raw message is and says: read, screened, understood. Writes nothing, sends nothing."""

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes
from functools import cache, lru_cache, partial
from typing import cast

from bot.mail.compose import bodies
from bot.mail.parsing import Limits, read
from bot.mail.parsing.html import html_lines
from bot.runtime.analysis import MessageAnalysis
from bot.workflow.case import Case, State, bare
from bot.workflow.commands import carry_out  # noqa: F401  (fills the table of commands)
from bot.workflow.commands.registry import vocabulary
from bot.workflow.message import ParsedMessage, UnparseableMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications import mails
from bot.workflow.organization import Organization
from bot.workflow.requester.commands import grammar
from bot.workflow.screening.rules import screen
from bot.workflow.staff import Role
from nlp.commands import parse_commands
from nlp.fields.reader import A_REQUEST
from nlp.pipeline import Predictor, load
from nlp.text.charset import decode
from nlp.text.fold import fold
from nlp.text.folios import folios_in
from nlp.text.subjects import topic
from nlp.turns.further import (
    SAME_AS_THE_OTHER,
    each_of_several,
    further_asked_for,
    of_this_request,
    said_of_both,
    without_names,
)
from nlp.turns.ours import context_of, shown_in
from nlp.turns.sentences import word_at
from nlp.turns.types import Question, QuestionTopic, Turn, TurnContext, Writer
from nlp.types import NO_COMMANDS, BlockKind, Form, FurtherRequest, Message, Part, Prediction

_ANY_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # what is made at the start tells of no day
_TO_FILL_IN = re.compile(r"^.*:[^\S\n]*$", re.MULTILINE)


@cache
def predictor() -> Predictor:
    """The model that is shipped, loaded once. Raises ModelMissingError where there is none."""
    return load()


class Analyzer:
    """Reads messages for one organization; loading it takes seconds, each message milliseconds."""

    def __init__(self, organization: Organization, limits: Limits) -> None:
        self._organization, self._limits = organization, limits
        self._predictor = predictor()
        account = bare(organization.mailbox.email).partition("@")[0]
        self._ours = (account, organization.institution.units[Role.REVIEWER])
        self._vocabulary, self._grammar = vocabulary(organization), grammar(organization)
        self._printed = printed(organization)
        # The first message costs what is made on first use; let no sender wait for that.
        self.analyse(b"Subject: Lista\r\n\r\nSolicitamos una lista.\r\n", _ANY_DAY)

    def analyse(
        self,
        raw: bytes,
        received: dt.datetime,
        answered: tuple[bytes, ...] = (),
        cited: str = "",
    ) -> MessageAnalysis:
        """What a message is and says. Never raises for anything that the bytes hold.

        `answered` are our mails, as sent, that it may repeat; `cited` is the folio that is known to
        stand in it, be it in what it repeats. Nothing limits the time this takes:
        `bot.runtime.parser_process` does.
        """
        try:
            return self._analyse(raw, received, answered, cited)
        except Exception as error:  # one bad message never stops the next
            reason = self._organization.say("unreadable.failed", error=type(error).__name__)
        return MessageAnalysis(UnparseableMessage(reason, len(raw)))

    def turn(
        self,
        mail: ParsedMessage,
        received: dt.datetime,
        answered: tuple[bytes, ...],
        context: TurnContext | None = None,
        beside: tuple[str, ...] = (),
    ) -> Turn | None:
        """What a message that was read before says where it goes on with a conversation.

        `context` is what stands in the case that it goes on with, where that is known: else what
        the answered mails show of it; what is said of the writer's requests that are called as
        `beside` tells is none of it. None where nothing tells of a conversation.
        """
        try:
            message = self._message(mail, received, sent_texts(answered))
            return self._turn(mail, message, context, beside)
        except Exception:  # one bad message never stops the next: people look at it
            return None

    def _analyse(
        self, raw: bytes, received: dt.datetime, answered: tuple[bytes, ...], cited: str
    ) -> MessageAnalysis:
        sent = sent_texts(answered)
        mail = read(raw, limits=self._limits, answered=sent, printed=self._printed)
        if isinstance(mail, UnparseableMessage):
            return MessageAnalysis(mail)
        screened = screen(mail, self._organization)
        folio = cited or self._folio(mail, answers=bool(answered))
        if screened is not None and not screened.may_be_a_persons:
            return MessageAnalysis(mail, screened, folio=folio)
        message = self._message(mail, received, sent)
        parsed = partial(parse_commands, message, folio=folio, visible_text=mail.visible_text)
        goes_on = message.is_reply or folio
        writer = mail.sender.name if mail.sender else ""
        return MessageAnalysis(
            mail,
            screened,
            requester_commands=parsed(self._grammar) if goes_on else NO_COMMANDS,
            prediction=self._understood(message),
            staff_commands=parsed(self._vocabulary, writer=writer),
            folio=folio,
        )

    def _message(
        self, mail: ParsedMessage, received: dt.datetime, sent: tuple[str, ...]
    ) -> Message:
        return Message(
            subject=topic(mail.subject),
            blocks=mail.blocks,
            date=self._organization.day(mail.date or received),
            documents=mail.documents,
            is_reply=bool(mail.in_reply_to or mail.references),
            answered="\n".join(sent),
            sender=mail.sender.name if mail.sender else "",
            ours=self._ours,
            things=self._organization.things,
        )

    def _understood(self, message: Message) -> Prediction:
        """What a message asks for: a kind of request tells, or else the trained classifier."""
        for kind in self._organization.kinds:
            found = kind.recognises(message) if kind.recognises else None
            if found is not None:
                fields = self._predictor.fields(message, kind.form, found.intent)
                return Prediction(found.intent, found.confidence, fields)
        form = self._organization.trained_form
        prediction = self._predictor.understand(message, form)
        each = () if message.is_reply else each_of_several(message)
        if not each:
            return prediction
        first, *further = (self._further(one, form, prediction.intent) for one in each)
        return replace(prediction, fields=first.fields, further=tuple(further))

    def _further(self, message: Message, form: Form, intent: str) -> FurtherRequest:
        same = SAME_AS_THE_OTHER.search(fold(message.new_text)) is not None
        fields = self._predictor.fields(message, form, intent)
        return FurtherRequest(message.new_text, fields, like_ours=same)

    def _turn(
        self,
        mail: ParsedMessage,
        message: Message,
        context: TurnContext | None,
        beside: tuple[str, ...] = (),
    ) -> Turn | None:
        if context is not None:
            context = replace(context, sent=shown_in(message.answered, context.form))
        elif message.answered:
            forms = (kind.form for kind in self._organization.kinds)
            read = (context_of(message.answered, form, message.date) for form in forms)
            context = max(read, key=lambda one: len(one.known) + len(one.missing))
        else:
            return None
        sender = mail.sender
        writer = Writer(sender.name, sender.email) if sender else Writer()
        known = [one for one in context.known.values() if isinstance(one, str)]
        each = each_of_several(message, known) or further_asked_for(message, known) or (message,)
        mine, elsewhere = of_this_request(
            each[0], context.folio, partial(folios_in, prefix=self._organization.folio_prefix)
        )
        called = context.form.played(Part.NAME)
        own = str(context.known.get(called, "")).upper()
        names = frozenset({own, *(name.upper() for name in beside)} - {""})
        mine, named = of_this_request(mine, own or context.folio, partial(_names_in, names=names))
        turn = _not_called(self._predictor.turn(mine, context, writer), called, names)
        both = said_of_both(mine) if beside else ""
        elsewhere = f"{elsewhere} {named} {both}".strip()
        if elsewhere:  # of another request: nothing of this one changes by it, and people read it
            question = Question(QuestionTopic.OTHER, elsewhere)
            turn = replace(turn, questions=(*turn.questions, question))
        form, others = context.form, each[1:]
        further = (self._further(without_names(x, known), form, A_REQUEST) for x in others)
        return replace(turn, further=tuple(further))

    def _folio(self, mail: ParsedMessage, *, answers: bool) -> str:
        introduced = answers or any(b.kind is BlockKind.ATTRIBUTION for b in mail.blocks)
        ours = (b.text for b in mail.blocks if b.kind is BlockKind.QUOTE and not introduced)
        files = (d.text for d in mail.documents if not d.photographed)
        texts = (mail.subject, mail.text, *ours, *files)
        found = (folios_in(text, self._organization.folio_prefix) for text in texts)
        return next((folios[0] for folios in found if folios), "")


def printed(organization: Organization) -> tuple[str, ...]:
    """What our mails tell anybody of how to ask, without the lines that are to be filled in."""
    mailbox = organization.mailbox
    told = {"intent": "question", "person": "", "problems": ()}
    intents = [t.intent for kind in organization.kinds for t in kind.topics if t.by_form]
    cases = (Case("", State.INCOMPLETE, i, mailbox, (), "", _ANY_DAY, _ANY_DAY) for i in intents)
    forms = (mails.form(organization, case) for case in cases)
    every = (Notification("guidance", mailbox, told), *forms)
    texts = (text for one in every for text in _as_read(*bodies(one, organization)))
    return tuple(_TO_FILL_IN.sub("", text) for text in texts)


def _names_in(text: str, names: frozenset[str]) -> list[str]:
    """Those of the names, in capitals, that stand in a text; one word is no name that tells."""
    said = text.upper()
    return [one for one in names if _OF_WORDS.search(one) and word_at(said, one) >= 0]


def _not_called(turn: Turn, field: str, names: frozenset[str]) -> Turn:
    """The turn where it does not call this request as another is called."""
    answers, corrections = (
        tuple(x for x in said if x.field != field or str(x.value).upper() not in names)
        for said in (turn.answers, turn.corrections)
    )
    return replace(turn, answers=answers, corrections=corrections)


_OF_WORDS = re.compile(r"\w\W+\w")


@lru_cache(maxsize=64)  # asked for when a reply is read, and again for its turn
def sent_texts(raws: tuple[bytes, ...]) -> tuple[str, ...]:
    """All the text of mails of ours, each as plain text and as the HTML shows it."""
    texts: list[str] = []
    for raw in raws:
        found: dict[str, str] = {}
        for part in message_from_bytes(raw).walk():  # its headers as they stand: three times faster
            if part.get_content_maintype() == "text" and not part.get_filename():
                data = cast("bytes", part.get_payload(decode=True))
                text = decode(data, part.get_content_charset(""))
                found.setdefault(part.get_content_subtype(), text)
        texts += _as_read(found.get("plain", ""), found.get("html", ""))
    return tuple(texts)


def _as_read(text: str, html: str) -> tuple[str, str]:
    """A mail as its plain text tells it, and as its HTML shows it."""
    return text, "\n".join(line.text for line in html_lines(html))
