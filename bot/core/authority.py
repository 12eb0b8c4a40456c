"""Whom an order may be believed to come from.

Three conditions (docs/security.md): one From that is staff with the role; the capability of a
notice made for that person; and, where `authserv_id` is set, a pass by that very server.
"""

from __future__ import annotations

import re

from bot.core.message import Incoming

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*(dmarc|dkim)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s*=\s*(?:[^\s;@]*@)?([a-z0-9.-]+)", re.IGNORECASE)


def is_authenticated(incoming: Incoming, authserv_id: str) -> bool:
    """Whether the pinned server vouches for From (RFC 8601); True where none is pinned.

    Only the topmost Authentication-Results of exactly that server counts: whoever sends the mail
    can write such headers too, but not above those of the receiving server.
    """
    if not authserv_id:
        return True
    for value in incoming.headers.get("authentication-results", ()):
        # Quoted strings and comments may hold what the sender chose, such as "; dmarc=pass".
        head, *results = _COMMENT.sub(" ", _QUOTED.sub(" ", value)).split(";")
        words = head.split()
        if words and words[0].lower() == authserv_id.lower():
            return any(_vouches(result, incoming) for result in results)
    return False


def _vouches(result: str, incoming: Incoming) -> bool:
    sender, found = incoming.sender, _RESULT.match(result)
    if sender is None or found is None or found[2].lower() != "pass":
        return False
    if found[1].lower() == "dmarc":
        return True
    signed_by = _DOMAIN.search(found[3])
    return signed_by is not None and _aligned(signed_by[1].lower(), sender.domain)


def _aligned(signer: str, sender: str) -> bool:
    # Relaxed alignment (RFC 7489, 3.1.1) without a public-suffix list: the signer may be the
    # sender's domain or one above it, but never a bare top level such as "mx".
    return signer == sender or (sender.endswith("." + signer) and signer.count(".") >= 1)
