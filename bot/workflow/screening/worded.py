"""Rules by wording, where a machine sends no header: each asks for more than one sign.

A function bears the name of its rule.
"""

import re
from collections.abc import Callable

from bot.workflow.screening import wording
from bot.workflow.screening.context import ScreeningContext
from nlp.kinds import machine


def read_notice(s: ScreeningContext) -> bool:
    return bool(
        wording.RECEIPT_SUBJECT.match(s.subject)
        and wording.RECEIPT_BODY.search(s.text)
        and len(s.text) < wording.SHORT
        and (not wording.ASKS.search(s.text) or s.likeness >= machine.CERTAIN)
    )


def bounce_wording(s: ScreeningContext) -> bool:
    subject = wording.BOUNCE_SUBJECT.match(s.subject)
    if not (subject or s.null_path):
        return False
    body = wording.BOUNCE_BODY.search(s.text)
    if s.null_path:
        return bool(subject or body) and not wording.AUTO_SUBJECT.match(s.subject)
    if not (body and wording.BOUNCE_MACHINE.search(s.text)) or s.mail.in_reply_to:
        return False
    # Who tells of a bounce of theirs asks first and pastes it below, or asks in their own words.
    if s.asks and s.likeness < machine.CERTAIN:
        return False
    above = s.text[: body.start()]
    return not (wording.ASKS.search(above) or wording.OWN_BOUNCE.search(above))


def auto_subject(s: ScreeningContext) -> bool:
    if s.is_joking:
        return False
    subject = wording.ORNAMENT.sub("", s.subject, count=1)
    if wording.PUT_BEFORE.match(subject) and s.mail.in_reply_to and s.typed:
        return s.likeness >= machine.HARDLY and not s.hands_over
    if wording.AUTO_SUBJECT.match(subject):
        away = wording.AWAY_SUBJECT.match(subject)
        return not (away and s.hands_over)
    found = wording.AWAY_SUBJECT.match(subject)
    if not found and not s.subject.startswith(wording.ANSWERS):
        found = wording.AUTO_SUBJECT_INSIDE.search(subject)
        return bool(found) and not s.asks and not s.is_about_requests
    return bool(found) and not s.asks and not s.hands_over


def ticket(s: ScreeningContext) -> bool:
    if wording.REPLY_ABOVE.match(s.text):
        return True
    if s.subject.startswith(wording.ANSWERS) and not s.auto_submitted:
        return False
    subject, body = wording.TICKET_SUBJECT.search(s.subject), wording.TICKET_BODY.search(s.text)
    if not (subject or body):
        return False
    machine = s.auto_submitted or s.takes_no_answers or wording.SAYS_AUTOMATIC.search(s.text)
    machine = machine or wording.NO_REPLY_WANTED.search(s.text)
    return bool(subject and (body or machine)) or bool(body and machine)


def notification(s: ScreeningContext) -> bool:
    """A digest of a quarantine, a survey, the word of a moderator."""
    about = wording.NOTIFICATION_SUBJECT.match(s.subject)
    if s.subject.startswith(wording.ANSWERS) and not s.auto_submitted:
        return False  # somebody hands it on
    if not about or len(s.text) > wording.SHORT or s.mail.in_reply_to:
        return False
    asks = bool(wording.ASKS.search(s.text))  # as a survey does, too
    said = wording.NOTIFICATION_BODY.search(s.typed)
    return bool(said) and s.likeness >= (machine.LIKELY if asks else machine.HARDLY)


def recording(s: ScreeningContext) -> bool:
    """Word of a recorded meeting: an attachment or a question is a person's."""
    if len(s.text) > wording.SHORT or s.mail.in_reply_to or s.asks or s.hands_over:
        return False
    told = wording.RECORDING_SUBJECT.search(s.subject) and wording.RECORDING_BODY.search(s.typed)
    return bool(told) and s.says_enough and s.likeness >= machine.HARDLY


def worded(hint: re.Pattern[str], least: float) -> Callable[[ScreeningContext], bool]:
    """One word of a machine alone proves nothing; with the classifier's agreement it does.

    Who typed above a quote answers: "en vacaciones no escribiríamos" is then no absence.
    """

    def check(s: ScreeningContext) -> bool:
        if not s.says_enough or s.asks or s.hands_over or s.quotes or s.goes_on:
            return False
        return bool(hint.search(f"{s.subject}\n{s.typed}")) and s.likeness >= least

    return check


def reads_like_a_machine(s: ScreeningContext) -> bool:
    """Nothing but the classifier says so: people decide."""
    cites = s.cites and not wording.OURS_WITHIN.match(s.subject)
    is_new = not (s.mail.in_reply_to or cites or wording.NO_MACHINE.search(s.text))
    if is_new and s.likeness >= machine.CERTAIN:
        return True  # whatever it speaks of: "Nueva cita: asesoría de listas"
    if not s.says_enough or s.hands_over or (s.cites and s.is_of_staff):
        return False
    if s.quotes and s.likeness < machine.CERTAIN:
        return False
    answers = s.cites and bool(s.mail.in_reply_to)  # data alone may read like a machine's
    return s.likeness >= (machine.CERTAIN if s.asks or answers else machine.SURE)


_HINTED = (("bounce", wording.BOUNCE_HINT), ("receipt", wording.RECEIPT_HINT),
           ("auto_reply", wording.AWAY_HINT), ("auto_reply", wording.TICKET_HINT))  # fmt: skip


def likely_kind(s: ScreeningContext) -> str | None:
    """What kind of mail it is that the classifier alone takes for a machine's, where it is sure."""
    if s.subject.startswith(wording.HANDED_ON):
        return None  # somebody hands it on
    if s.likeness < machine.CERTAIN:
        return None
    said = f"{s.subject}\n{s.typed}"
    kind = next((kind for kind, hint in _HINTED if hint.search(said)), "bulk")
    if kind == "bulk" and s.is_personal:  # no newsletter comes from ana.prado@…
        return "auto_reply"
    return kind


def says_automatic(s: ScreeningContext) -> bool:
    """It says so itself; who asks not to be answered must ask for nothing either."""
    if len(s.text) > wording.SHORT or s.is_about_requests or s.is_joking:
        return False
    if s.asks and s.likeness < machine.CERTAIN:
        return False  # "¿Cómo ven este texto? «Este es un mensaje automático …»"
    if wording.SAYS_AUTOMATIC.search(s.text):
        return True
    hint = wording.UNATTENDED.search(s.text) or wording.NO_REPLY_WANTED.search(s.text)
    return bool(hint) and s.likeness >= machine.UNLIKELY and not wording.ASKS.search(s.text)


def challenge(s: ScreeningContext) -> bool:
    return len(s.text) < wording.SHORT and bool(wording.CHALLENGE.search(s.text))


def absent(s: ScreeningContext) -> bool:
    """Nothing but the words of an absence: only in a short answer that asks for nothing."""
    if len(s.text) > wording.SHORT or s.mail.attachments:
        return False
    if s.asks or s.hands_over:
        return False
    told = wording.ABSENT.search(s.text) and wording.RETURNS.search(s.text)
    return bool(told) and not s.goes_on


def no_reply(s: ScreeningContext) -> bool:
    """A mailbox that nobody reads; but people of the house may have been left one to write from."""
    sender = s.mail.sender
    inside = sender is not None and s.organization.is_institutional(sender)
    return s.takes_no_answers and not (inside and (s.hands_over or s.asks) and s.is_joking)


def newsletter(s: ScreeningContext) -> bool:
    """A mailing without any header: from outside, to nobody in particular, with a way out of it."""
    sender = s.mail.sender
    if sender is None or s.organization.is_institutional(sender) or s.mail.in_reply_to:
        return False
    # The way out stands at the end, with the address of a page.
    end = s.text[-400:]
    return bool(wording.NEWSLETTER.search(end)) and "http" in end
