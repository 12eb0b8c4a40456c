"""Whom a command may be believed to come from.

Three conditions (docs/security.md): one From that is staff with the role; the capability of a
notice made for that person; and, where `authserv_id` is set, a pass by that very server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.workflow.message import ParsedMessage

_METHOD = re.compile(r"\s*(dmarc|dkim)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)(?=\s|$)(.*)", re.I | re.S)
_PROPERTY = re.compile(r"(?:^|\s)header\.(from|d|i)\s*=\s*(\S+)", re.I)


def is_authenticated(incoming: ParsedMessage, authserv_id: str) -> bool:
    """Whether the pinned server vouches for From (RFC 8601); True where none is pinned.

    Only the topmost Authentication-Results of exactly that server counts: whoever sends the mail
    can write such headers too, but not above those of the receiving server.
    """
    if not authserv_id:
        return True
    for value in incoming.headers.get("authentication-results", ()):
        head, *told = _bare(value).split(";")
        words = head.split()
        if words and words[0].lower() == authserv_id.lower():
            return _vouched(incoming, [r for r in map(_result, told) if r])
    return False


@dataclass(frozen=True, slots=True)
class _Result:
    """What a server found with one method, and the domain it found it for."""

    method: str
    passed: bool
    failed: bool
    domain: str


def _vouched(incoming: ParsedMessage, results: list[_Result]) -> bool:
    sender = incoming.sender
    if sender is None or any(r.method == "dmarc" and r.failed for r in results):
        return False
    return any(
        r.passed and (_aligned(r.domain, sender.domain) or (r.method == "dmarc" and not r.domain))
        for r in results
    )


def _result(text: str) -> _Result | None:
    found = _METHOD.match(text)
    if found is None:
        return None
    method, word = found[1].lower(), found[2].lower()
    properties = {name.lower(): value for name, value in reversed(_PROPERTY.findall(found[3]))}
    # The signing domain; header.i may hold whatever the signer likes before its last @.
    names = ("from",) if method == "dmarc" else ("d", "i")
    value = next((properties[n] for n in names if n in properties), "")
    domain = value.rpartition("@")[2].lower()
    return _Result(method, word == "pass", word == "fail", domain)


def _aligned(signer: str, sender: str) -> bool:
    # Relaxed alignment (RFC 7489, 3.1.1) without a public-suffix list: the signer may be the
    # sender's domain or one above it, but never a bare top level such as "mx".
    return signer == sender or (sender.endswith("." + signer) and signer.count(".") >= 1)


def _bare(value: str) -> str:
    """A header without comments, which nest, and quoted strings: both may hold what the sender
    chose, such as "; dmarc=pass". Nothing where one of them is not closed.
    """
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in value:
        if escaped:
            escaped = False
        elif sign == "\\" and (depth or quoted):
            escaped = True
        elif quoted:
            quoted = sign != '"'
        elif depth:
            depth += (sign == "(") - (sign == ")")
        elif sign == '"':
            quoted = True
            kept.append("?")  # a value stood here: what follows does not take its place
        elif sign == "(":
            depth = 1
            kept.append(" ")
        else:
            kept.append(sign)
    return "" if depth or quoted else "".join(kept)
