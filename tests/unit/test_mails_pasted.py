"""A letter of ours that names no case, pasted into a new mail, is known as ours.

What it prints for everybody, hints, examples and how to ask, is nobody's value, whoever pastes it.
"""

from __future__ import annotations

import io
import re
from email import message_from_bytes, policy
from html import unescape

import docx
import pytest

from bot.mail.compose import write
from bot.runtime.load_context import load_context
from bot.store import Store
from bot.workflow.case import State
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.notifications.mails import form, guidance
from nlp.types import Intent
from tests.builders import ANA, NOW, ORGANIZATION, case, mail

from .test_mails_of_programs import analyzer

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

FORWARDED = (
    "---------- Forwarded message ---------\nDe: Comunicación <comunicacion.interna@upaep.mx>\n"
    "Date: lun, 17 ago 2026 a las 10:00\nSubject: Su solicitud\nTo: Ana <ana@upaep.mx>\n\n"
)
TYPED = "Muchas gracias por la información."


@pytest.mark.parametrize("intent", [Intent.CHANGE_LIST, Intent.QUESTION])
def test_it_is_no_new_text(store: Store, intent: str) -> None:
    ours = write(guidance(mail("Hola", ANA), intent), ORGANIZATION, NOW)
    with store.work() as work:
        work.outbox.queue(ours, NOW)
    text = message_from_bytes(ours.raw, policy=policy.default).get_body(("plain",)).get_content()
    for sender, known in ((ANA.email, True), ("otra@upaep.mx", False)):
        head = f"From: {sender}\nSubject: Una duda\nContent-Type: text/plain; charset=utf-8\n"
        raw = f"{head}Content-Transfer-Encoding: 8bit\n\n{TYPED}\n\n{text}".encode()
        message = InboundMessage(1, raw, NOW)
        first = analyzer().analyse(raw, NOW)
        assert isinstance(first.mail, ParsedMessage)
        with store.work() as work:
            read = load_context(
                work, message, first.mail, first, ORGANIZATION,
                lambda m: analyzer().analyse(m.raw, m.received_at, m.may_repeat, m.folio), NOW,
            )  # fmt: skip
        assert (read.incoming.text == TYPED) is (known or intent == Intent.QUESTION)


ANSWERS = {
    "Cargo": ("position", "Coordinadora de Extensión"),
    "Extensión": ("phone_ext", "7330"),
    "Nombre de la lista": ("list_name", "cursos-enfermeria"),
    "Visto bueno": ("sponsor", "Alma Rosa Vega Luna"),
}
FILLED = dict(ANSWERS.values())


def asked(kind: str, way: str) -> str:
    """Our form or our guidance as people paste it, `way` tells how; the form with answers."""
    empty = case(State.INCOMPLETE, form={})
    notification = form(ORGANIZATION, empty)
    if kind == "guidance":
        notification = guidance(mail("Hola", ANA), Intent.QUESTION)
    message = message_from_bytes(write(notification, ORGANIZATION, NOW).raw, policy=policy.default)
    if way == "word" and kind == "form":
        files = message.iter_attachments()
        table = docx.Document(io.BytesIO(next(files).get_content())).tables[0]
        labels = [row.cells[0].text for row in table.rows]
        return "\n".join(f"{at}\n{ANSWERS.get(at.split(chr(10))[0], ('', ''))[1]}" for at in labels)
    text = (
        message.get_body(("html" if way == "html" else "plain",))
        .get_content()
        .replace("\r\n", "\n")
    )
    text = re.sub(r"&(?:#\w+|\w+acute|\w+tilde);", lambda found: unescape(found[0]), text)
    for label, (_, answer) in ANSWERS.items():
        text = re.sub(
            rf"(?m)(^|>){label}:(?:[ \xa0]|&nbsp;)*(?=$|<)", rf"\1{label}: {answer}", text
        )
    return text


@pytest.mark.parametrize(("kind", "given"), [("form", FILLED), ("guidance", {})])
@pytest.mark.parametrize(
    ("way", "above"),
    [("plain", "Va:\n\n"), ("plain", "> "), ("plain", FORWARDED), ("html", "<p>Va:</p>"),
     ("word", "Va:\n\n")],
    ids=["plain", "marked", "forwarded", "html", "word"],
)  # fmt: skip
def test_what_our_mails_print_for_everybody_is_no_value(
    kind: str, given: dict[str, str], way: str, above: str
) -> None:
    text = asked(kind, way)
    text = re.sub("(?m)^", above, text) if above == "> " else above + text
    shape = "html" if way == "html" else "plain"
    head = f"From: otra@upaep.mx\nTo: {ORGANIZATION.mailbox.email}\nSubject: Formato\n"
    head += f"Content-Type: text/{shape}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    found = analyzer().analyse(f"{head}{text}".encode(), NOW)
    values = {name: one.value for name, one in found.prediction.fields.items()}
    assert values == given
