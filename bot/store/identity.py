"""What makes two deliveries one mail, and how Message-IDs are looked up."""

import hashlib
import re

MAX_ID = 500  # characters of a Message-ID that are kept; content tells longer ones apart

# Written by the servers on the way, different for each delivery of one mail.
_TRACES = frozenset(
    {
        b"received", b"return-path", b"delivered-to", b"envelope-to", b"received-spf",
        b"authentication-results", b"dkim-signature", b"domainkey-signature", b"status",
    }
)  # fmt: skip
_TRACE_PREFIXES = (b"arc-", b"x-")
# X- headers that say what a mail is, not how it travelled: without them it is another mail.
_MEANING = (
    b"x-auto", b"x-precedence", b"x-loop", b"x-bot-", b"x-failed-recipients", b"x-vacation",
    b"x-mail-autoreply", b"x-cron-env", b"x-mddsn", b"x-ms-exchange-message-is-ndr",
    b"x-mailing-list", b"x-beenthere", b"x-mailman", b"x-list", b"x-sympa", b"x-google-group-id",
    b"x-campaign", b"x-linkedin", b"x-facebook", b"x-notification", b"x-mc-user", b"x-csa",
    b"x-newsletter", b"x-zendesk", b"x-otrs", b"x-znuny", b"x-rt-", b"x-fd-", b"x-servicenow",
    b"x-jira", b"x-glpi", b"x-boxtrapper", b"x-fc-", b"x-osticket", b"x-freescout", b"x-zammad",
    b"x-redmine", b"x-intercom",
)  # fmt: skip
_NULL_PATH = re.compile(rb"^return-path[ \t]*:\s*(?:<>|<?mailer-daemon>?)\s*$", re.I | re.M)
_RESULTS = re.compile(rb"^authentication-results[ \t]*:((?:[^\n]|\n[ \t]){0,20000})", re.I | re.M)
_VERDICT = re.compile(rb"\b(dmarc|dkim)\s*=\s*([a-z]+)", re.I)
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_ID_HEADER = re.compile(rb"^message-id[ \t]*:((?:[^\n]|\n[ \t]){0,2000})", re.I | re.M)
_ID = re.compile(r"<[^<>\s]+>")


def content_hash(raw: bytes) -> str:
    """A hash of the mail without what transport added to it and without its line endings.

    What the mail is taken for counts: a copy that somebody sends ahead, from a null return path or
    with another verdict of the server, must not keep the true one out.
    """
    head, body = _parts(raw)
    digest = hashlib.sha256()
    keep = True
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):  # else it continues the header above
            keep = not _is_trace(line)
        if keep:
            digest.update(line + b"\n")
    if _NULL_PATH.search(head):
        digest.update(b"null path\n")
    if results := _RESULTS.search(head):
        found = {b"=".join(v).lower() for v in _VERDICT.findall(results[1])}
        digest.update(b" ".join(sorted(v for v in found if not v.endswith(b"=pass"))))
    digest.update(b"\n")
    digest.update(body.rstrip(b"\n"))  # apart: a body of 100 MB is not copied once more
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str:
    """The Message-ID in the header, with its brackets; empty where there is none."""
    head, _ = _parts(raw[:1_000_000])
    found = _ID_HEADER.search(head)
    if not found:
        return ""
    text = found[1].decode("utf-8", "replace")
    bracketed = _ID.search(text)
    return (bracketed[0] if bracketed else " ".join(text.split()))[:MAX_ID]


def id_hash(message_id: str) -> str:
    """Under what a Message-ID is looked up."""
    return hashlib.sha256(message_id.strip()[:MAX_ID].encode("utf-8", "replace")).hexdigest()


def _parts(raw: bytes) -> tuple[bytes, bytes]:
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, _, body = raw.partition(b"\n\n")
    return head, body


def _is_trace(line: bytes) -> bool:
    found = _FIELD.match(line)
    if not found:
        return False
    name = found[1].lower()
    if name in _TRACES:
        return True
    return name.startswith(_TRACE_PREFIXES) and not name.startswith(_MEANING)
