"""The key of a notice: where it travels, how it comes back, what is kept of it.

It stands in the plus-part of Reply-To (RFC 5233) and in the notice's Message-ID: some relays
rewrite one, some clients lose the other, and either serves.
"""

from __future__ import annotations

import hashlib
import re

from bot.workflow.message import Address, ParsedMessage
from bot.workflow.organization import Organization

TOKEN_LENGTH = 20  # of base32: 100 bits
_KEY = r"([a-z2-7]{20})"
NO_FOLIO = "aviso"  # stands for the folio of a notice that belongs to no case
_ABOUT = rf"(?:[a-z]{{1,8}}-\d{{4}}-\d{{1,9}}|{NO_FOLIO})"
_ID = re.compile(rf"^<?{_ABOUT}\.{_KEY}@")

_IN_TEXT = re.compile(r"((?:-\d{4}-\d{1,9}|\baviso)\.)[a-z2-7]{20}@", re.IGNORECASE)


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def reply_address(organization: Organization, folio: str, key: str) -> str:
    """The address a notice is answered to: `comunicacion.interna+ci-2021-0042.k7q…@upaep.mx`."""
    local, _, domain = organization.mailbox.email.partition("@")
    return f"{local}+{folio.lower() or NO_FOLIO}.{key}@{domain}"


def message_id(organization: Organization, folio: str, key: str) -> str:
    """The Message-ID of a notice, which carries the key too."""
    return f"<{folio.lower() or NO_FOLIO}.{key}@{organization.mailbox.domain}>"


def tokens_in(incoming: ParsedMessage, organization: Organization) -> tuple[str, ...]:
    """Keys that a message presents, those of its addresses first; at most one of each kind.

    Only what it directly answers counts: older notices further up in References do not.
    """
    answered = incoming.in_reply_to or incoming.references[-1:]
    found = [_key_of_address(a, organization) for a in (*incoming.to, *incoming.cc)]
    found += [_key_of_id(i) for i in answered]
    return tuple(dict.fromkeys(key for key in found if key))


def redacted(text: str) -> str:
    """A text with its keys hidden: what people quote may hold one."""
    return _IN_TEXT.sub(r"\1•••@", text)


def _key_of_address(address: Address, organization: Organization) -> str:
    local, _, domain = organization.mailbox.email.partition("@")
    pattern = rf"{re.escape(local)}\+{_ABOUT}\.{_KEY}@{re.escape(domain)}"
    match = re.fullmatch(pattern, address.email.lower())
    return match[1] if match else ""


def _key_of_id(message_id: str) -> str:
    match = _ID.match(message_id.lower())
    return match[1] if match else ""
