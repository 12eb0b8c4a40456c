"""One question to one person who takes no part in a case: SÍ, NO or PREGUNTAR.

Each mail that asks bears a key for that person, case, form version and topic. What they answer is
an event of the case and stands on the next notices; it decides nothing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from bot.workflow import consents
from bot.workflow.authority import is_authenticated
from bot.workflow.case import DECIDED_AT, Case, Event, Inquiry, Reply
from bot.workflow.commands.exposed_tokens import without_exposed_token
from bot.workflow.context import ASKED, Context, ReplyToken
from bot.workflow.message import Address
from bot.workflow.notification import Notification, StageNotice, TokenGrant
from bot.workflow.notifications.mails import summary
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.present import rows
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.commands import parse_commands
from nlp.text.fold import fold
from nlp.types import Block, BlockKind, CommandGrammar, Message

_GRAMMAR = (
    CommandGrammar(
        Reply.YES,
        ("si", "si adelante", "de acuerdo", "estoy de acuerdo", "estamos de acuerdo", "lo respaldo",
         "la respaldo", "cuenta con mi respaldo", "tiene mi respaldo", "sin inconveniente",
         "no tengo inconveniente", "no hay inconveniente", "tiene mi visto bueno",
         "cuenta con mi visto bueno", "doy mi visto bueno"),
        decides=True,
        verbs=("respaldar", "autorizar", "aprobar/aprueb"),
    ),
    CommandGrammar(Reply.NO, ("no",), argument="text", decides=True),
    CommandGrammar(Reply.ASKS, ("pregunta",), argument="text", verbs=("preguntar",)),
)  # fmt: skip


_KEPT = 1_500  # characters of an answer; whoever wants the rest has the mail


def asking(organization: Organization, case: Case, wanted: Iterable[Inquiry]) -> Outcome:
    """The case with those inquiries that are `wanted`: who was not asked yet is, in a mail each.

    Whoever is wanted no more is not waited for.
    """
    asked = {_same(one): one for one in case.inquiries}
    now = {_same(one): one for one in wanted}
    new = tuple(one for key, one in now.items() if key not in asked)
    case = replace(case, inquiries=tuple(asked.get(key, one) for key, one in now.items()))
    told = [organization.say("inquiry.asked", who=one.who) for one in new]
    events = tuple(Event("asked", "bot", text, case.version) for text in told)
    mails = tuple(inquiry_mail(organization, case, one) for one in new)
    return Outcome("", case, events=events, notifications=mails)


def _same(inquiry: Inquiry) -> tuple[str, str, str]:
    return inquiry.topic, inquiry.to.email, inquiry.about


def consulting(organization: Organization, case: Case, now: dt.datetime) -> Outcome | None:
    """Asks whoever is to be asked of a case as it stands; None where there is nobody new."""
    if case.state not in DECIDED_AT:
        return None
    done = asking(organization, case, consents.wanted(organization, case, now))
    return None if done.case == case else done


def inquiry_mail(
    organization: Organization, case: Case, inquiry: Inquiry, note: str = "", *, asks: bool = True
) -> Notification:
    """The question, or what became of an answer, with a fresh key to say otherwise; where it `asks`
    no more, nothing but the note."""
    told = organization.kind(case).as_told(case)
    values = summary(organization, told) | {
        "rows": rows(organization.kind(case).form, told),
        "question": _question_of(organization, inquiry) if asks else "",
        "agree": organization.say(f"inquiry.agree.{inquiry.topic}"),
        "reply": str(inquiry.reply),
        "note": note,
    }
    stage, offers = ASKED + inquiry.topic, frozenset(map(str, Reply))
    grant = TokenGrant(inquiry.to.email, stage, case.version, offers)
    token = grant if asks else None
    # The thread of the case is the requester's, not theirs.
    return Notification("inquiry", inquiry.to, values, case.folio, token=token, repeatable=True)


def _question_of(organization: Organization, inquiry: Inquiry) -> str:
    """The question in words."""
    return organization.say(f"inquiry.question.{inquiry.topic}", about=inquiry.about)


def is_inquiry(token: ReplyToken | None) -> bool:
    """Whether a key came with such a question."""
    return token is not None and token.stage.startswith(ASKED)


def answered(context: Context) -> Outcome | None:
    """What an answer to such a question leads to; None where it is none of who was asked, or not
    vouched for: it is read as anybody's mail then."""
    token, case, sender = context.token, context.case, context.incoming.sender
    if token is None or case is None or sender is None or sender.email != token.person:
        return None
    if not is_authenticated(context.incoming, context.organization.sender_policy):
        return None
    done = _answered(context, token, case, sender)
    return without_exposed_token(context, Person(sender, frozenset()), done)


def _answered(context: Context, token: ReplyToken, case: Case, sender: Address) -> Outcome:
    organization = context.organization
    topic = token.stage.removeprefix(ASKED)
    asked = (one for one in case.inquiries if (one.topic, one.to.email) == (topic, token.person))
    inquiry = next(asked, None)
    if inquiry is None or case.state not in DECIDED_AT:
        return _too_late(context, case, Inquiry(topic, sender, "", context.now))
    if why := _flaw(context, token, case):
        told = inquiry_mail(organization, case, inquiry, context.say(f"inquiry.flaw.{why}"))
        return Outcome(f"an answer with a key that is {why}", case, notifications=(told,))
    reply, words = _reply_of(context)
    inquiry = replace(inquiry, reply=reply, words=words, version=case.version)
    before = case
    both = tuple(inquiry if _same(one) == _same(inquiry) else one for one in case.inquiries)
    case = replace(case, inquiries=both)
    question = _question_of(organization, inquiry)
    what = _said(context.say(f"inquiry.history.{reply}", question=question), words)
    line = Event("replied_inquiry", token.person, what, case.version, context.incoming.message_id)
    thanks = inquiry_mail(organization, case, inquiry, context.say(f"inquiry.heard.{reply}"))
    key = (token.token_hash,)
    done = Outcome(what, case, events=(line,), notifications=(thanks,), consumes=key)
    if reply is Reply.ASKS:
        return done.plus(*triage(organization, context.incoming, context.say("inquiry.asks"), case))
    today = context.now.date()
    waits = [bool(consents.waited_for(organization, one, today)) for one in (before, case)]
    ready = waits == [True, False]
    if reply is Reply.YES and not ready:
        return done
    note = _said(context.say(f"inquiry.told.{reply}", who=inquiry.who), words)
    people = organization.who_may_act(case)
    return done.asking(*(StageNotice(case, person, note=note) for person in people))


def _said(sentence: str, words: str) -> str:
    return f"{sentence}: {words}" if words else f"{sentence}."


def _too_late(context: Context, case: Case, late: Inquiry) -> Outcome:
    why = context.say("inquiry.flaw.late")
    told = inquiry_mail(context.organization, case, late, why, asks=False)
    return Outcome("nobody waits for it", case, notifications=(told,))


def _flaw(context: Context, token: ReplyToken, case: Case) -> str:
    if token.consumed_at is not None or token.void:
        return "used"
    if context.now - token.created_at > context.organization.token_life:
        return "old"
    return "changed" if token.version != case.version else ""


def _reply_of(context: Context) -> tuple[Reply, str]:
    """What somebody answered, and in which words; whatever is neither a plain SÍ nor a plain NO is
    for people to read."""
    mail = context.incoming
    found = _read(context, mail.text, mail.visible_text)
    if found is None:
        (head, said), (seen_head, seen) = _without_head(mail.text), _without_head(mail.visible_text)
        same = seen_head == head or not mail.visible_text.strip()
        # "No, no tengo inconveniente" is for people; "Sí, lo respaldo" is plain.
        doubles = head == "no" and fold(said).startswith(("no ", "sin "))
        plain = bool(head) and same and not doubles
        agrees = plain and _read(context, said, seen) == (Reply.YES, "")
        found = (_HEADS[head], "") if agrees else None
    reply, words = found or (Reply.ASKS, mail.text.strip())
    return reply, words if len(words) <= _KEPT else f"{words[:_KEPT].rstrip()}…"


def _read(context: Context, text: str, seen: str) -> tuple[Reply, str] | None:
    mail, sender = context.incoming, context.incoming.sender
    around = (b for b in mail.blocks if b.kind is not BlockKind.NEW)
    message = Message(mail.subject, (Block(BlockKind.NEW, text), *around), context.now.date())
    folio, writer = context.case.folio if context.case else "", sender.name if sender else ""
    said = context.organization.said_here(_GRAMMAR)
    parsed = parse_commands(message, said, folio=folio, visible_text=seen, writer=writer)
    if len(parsed.commands) != 1:
        return None
    return Reply(parsed.commands[0].name), parsed.commands[0].argument or ""


_HEADS = {"si": Reply.YES, "no": Reply.NO}


def _without_head(text: str) -> tuple[str, str]:
    """SÍ or NO at the head of a text, and what follows; empty where it opens with neither."""
    head, _, rest = text.strip().partition(" ")
    word = fold(head).strip(",.:;")
    return (word, rest) if word in _HEADS and rest else ("", "")
