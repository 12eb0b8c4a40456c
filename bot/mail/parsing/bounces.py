"""The addresses that a bounce reports, asked of flufl.bounce only where a mail looks like one."""

import email
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from email.message import Message
from itertools import islice

from flufl.bounce import all_failures

from bot.mail.errors import NO_SUCH_ADDRESS
from bot.mail.parsing.head import Head, rebuild
from bot.mail.parsing.limits import Limits
from bot.workflow.message import Address
from nlp.text.fold import fold

_RETURNED_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,400}>)", re.I | re.M)
_MOST_RETURNED = 5

# It logs a traceback for every mail that one of its detectors trips over.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "mailerdaemon"})
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|problem|report)|delivery.{0,20}fail"
    r"|failure notice|returned mail|mail (?:delivery|system error)|non remis|not delivered"
    r"|no se (?:puede|pudo|ha podido) entregar|no entregad|no se entrego|devuelto|fallo (?:en|de)"
    r"|error (?:en|de) (?:la )?entrega|estado de (?:la )?entrega|message (?:status|delayed)"
    r"|delayed mail|retrasad|warning: (?:could not|message)|mensaje rechazado|message rejected"
)
# The detectors read every line, some of them several times; what comes back with its files stands
# at the end of a report.
_MOST = 512 * 1024
# They cannot take 8-bit headers nor a missing author, and look for addresses only.
_TO_ASCII = bytes(range(128)) + b"?" * 128


def returned_ids(head: Head) -> tuple[str, ...]:
    """The Message-IDs in a report, of the message that it gives back (RFC 3462)."""
    found = (m[1].decode("ascii", "replace") for m in _RETURNED_ID.finditer(head.body[:_MOST]))
    return tuple(dict.fromkeys(islice(found, _MOST_RETURNED)))


def gone_recipients(head: Head) -> tuple[str, ...]:
    """The addresses of which a delivery report (RFC 3464) says that there are none; sorted."""
    message = email.message_from_bytes(rebuild(replace(head, body=head.body[:_MOST])))
    groups = [
        told
        for part in message.walk() if part.get_content_type() == "message/delivery-status"
        for told in part.walk() if told is not part
    ]  # fmt: skip
    found = {
        _recipient(told, field)
        for told in groups if str(told.get("action", "")).strip().lower() == "failed"
        and _says_gone(told)
        for field in ("final-recipient", "original-recipient")
    }  # fmt: skip
    return tuple(sorted(found - {""}))


def _says_gone(told: Message) -> bool:
    """By its own code, or by what the other server said where it has no more than "5.0.0"."""
    status = str(told.get("status", "")).strip()
    if status.startswith("5.0.0"):
        return bool(NO_SUCH_ADDRESS.search(str(told.get("diagnostic-code", ""))[:1_000]))
    return bool(NO_SUCH_ADDRESS.match(status))


def _recipient(told: Message, field: str) -> str:
    address = str(told.get(field, ""))[:400].rpartition(";")[2].strip().strip("<>").lower()
    return address if address.count("@") == 1 and len(address) < 321 else ""


def failed_recipients(
    head: Head,
    senders: tuple[Address, ...],
    headers: Mapping[str, tuple[str, ...]],
    limits: Limits,
) -> tuple[str, ...]:
    """The addresses that a bounce names as failed for good, sorted; none for any other mail."""
    subject = " ".join(headers.get("subject", ()))
    looks = (
        headers.get("return-path", ("",))[0] == "<>"
        or any(address.email.partition("@")[0] in _DAEMONS for address in senders)
        or fold(headers.get("content-type", ("",))[0]).startswith("multipart/report")
        or _SUBJECT.search(fold(subject))
    )
    if not looks:
        return ()
    report = replace(head, body=head.body[:_MOST])
    try:
        told = (b"" if senders else b"From: unknown@invalid\n") + rebuild(report)
        message = email.message_from_bytes(told.translate(_TO_ASCII))
        failed = all_failures(message)[1]
    except Exception:  # a detector that trips over a broken report tells nothing, no more
        logging.getLogger(__name__).info("A bounce could not be interpreted", exc_info=True)
        return ()
    found = {address.decode("utf-8", "replace").strip().lower() for address in failed}
    return tuple(sorted(a for a in found if "@" in a and len(a) < 321))[: limits.addresses]
