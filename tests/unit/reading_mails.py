"""The odd mails of tests/mails/reading, read; each file is named for its oddity."""

from __future__ import annotations

from pathlib import Path

from bot.mail.parsing import read
from bot.workflow.message import ParsedMessage
from nlp.types import BlockKind

MAILS = Path(__file__).parents[1] / "mails"
HEAD = (
    b"From: Ana Torres Vela <ana.torres@upaep.mx>\n"
    b"To: <comunicacion.interna@upaep.mx>\nSubject: Lista\nMIME-Version: 1.0\n"
)


def mail(name: str) -> ParsedMessage:
    """What is read of tests/mails/reading/NAME.eml."""
    return understood((MAILS / "reading" / f"{name}.eml").read_bytes())


def understood(raw: bytes) -> ParsedMessage:
    """What is read of `raw`, which must be readable."""
    incoming = read(raw)
    assert isinstance(incoming, ParsedMessage), incoming
    return incoming


def typed(text: str, **headers: str) -> ParsedMessage:
    """A plain mail with this text; headers by name, underscores for dashes."""
    extra = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    top = HEAD if "Subject" not in headers else HEAD.replace(b"Subject: Lista\n", b"")
    return understood(top + extra.encode() + b"\n" + text.encode())


def shape(incoming: ParsedMessage) -> str:
    """The kinds of its blocks: N(ew) Q(uote) F(orward) A(ttribution) S(ignature) I(nserted)."""
    return "".join(block.kind.name[0] for block in incoming.blocks)


def text_of(incoming: ParsedMessage, kind: BlockKind) -> str:
    return "\n".join(block.text for block in incoming.blocks if block.kind is kind)
