"""Our mail in a quote whose accents were lost on the way: it is known all the same."""

import textwrap
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.mail.parsing import read
from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.restored import restored
from bot.workflow.message import ParsedMessage
from nlp.training.batches import BATCHES

FORMS = sorted((BATCHES / "answered").glob("form*.txt"))
TYPED = "Muchas gracias, con eso es todo."


def quoted(text: str, lost: str, sign: str, width: int) -> str:
    """A text as a program quotes it that has no letters with accents."""
    lines = [x for line in text.split("\n") for x in textwrap.wrap(line, width) or [""]]
    return "\n".join(sign + "".join(c if c.isascii() else lost for c in x) for x in lines)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("sign", ["", "> "])
@pytest.mark.parametrize(("lost", "width"), [("?", 90), ("??", 90), ("\ufffd", 60)])
def test_only_what_was_typed_is_new(form: Path, sign: str, lost: str, width: int) -> None:
    sent = form.read_text(encoding="utf-8").partition("\n\n")[2]
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["In-Reply-To"] = "a@upaep.mx", "Re: x", "<form@upaep.mx>"
    mail.set_content(f"{TYPED}\n\n{quoted(sent, lost, sign, width)}")
    found = read(bytes(mail), answered=(sent,))
    assert isinstance(found, ParsedMessage)
    assert found.text == TYPED


@pytest.mark.parametrize(
    ("line", "as_sent"),
    [
        ("> Extensi?n: 7301", "> Extensión: 7301"),
        ("?rea solicitante: Econom?a", "Área solicitante: Econom?a"),
        ("Justificaci\ufffdn", "Justificación"),
        ("¿Qu? pongo ah?? No s?", "¿Qu? pongo ah?? No s?"),
        ("Va en d?as", "Va en d?as"),
        ("ÃĀrea solicitante", "Área solicitante"),
        ("Extensin: 7301", "Extensión: 7301"),
        (
            "¿CuÃ¡ndo se avisarÃ¡? El plazo es de tres dÃ\xadas.",
            "¿CuÃ¡ndo se avisarÃ¡? El plazo es de tres dÃ\xadas.",
        ),
        ("El plazo serÃ¡ de tres dÃ\xadas.", "El plazo será de tres días."),
        ("area solicitante: justificación?", "area solicitante: justificación?"),
    ],
)
def test_what_our_mail_has_as_well_is_put_back(line: str, as_sent: str) -> None:
    sent = "Extensión:\nÁrea solicitante:\nJustificación:\nEl plazo será de tres días."
    assert [one.text for one in restored([TextLine(line)], (sent,))] == [as_sent]


@pytest.mark.parametrize("text", ["é" * 20_000 + " rea solicitante", "a" * 40_000, "é\xad" * 9_000])
def test_no_line_takes_long(text: str) -> None:
    begun = time.process_time()
    restored([TextLine(text)] * 20, ("Área solicitante:\n" + "a" * 40_000,))
    assert time.process_time() - begun < 2


def test_a_mail_that_answers_none_stays_as_it_is() -> None:
    lines = [TextLine("Extensi?n: 7301")]
    assert restored(lines, ()) == lines
