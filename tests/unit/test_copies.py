"""One mail that comes twice, as relays, lists and gateways make it: the same; all else is not."""

from __future__ import annotations

import base64
import quopri
import textwrap

import pytest

from bot.workflow.inbound import is_copy
from tests.builders import ORGANIZATION
from tests.e2e.requests import FULL

from .reading_mails import understood

TEXT = f"{FULL}\nMás en https://upaep.mx/colaboradores\n"
GROUP = "List-Id: <enlaces.upaep.mx>\r\nPrecedence: list\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
ANA = "Ana Prado <ana.prado@upaep.mx>"


def mail(
    text: str = TEXT, *, sender: str = ANA, subject: str = "Lista de la biblioteca",
    more: str = "", kind: str = f"{PLAIN}8bit", number: str = "<1@upaep.mx>",
) -> bytes:  # fmt: skip
    head = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: {number}\r\n{kind}\r\n"
    return f"{head}{more}\r\n{text}".encode()


def in_base64(text: str, charset: str = "utf-8") -> str:
    return base64.encodebytes(text.encode(charset)).decode()


HTML = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
WINDOWS = "Content-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: base64"
SAFE = (
    "https://nam10.safelinks.protection.outlook.com/?url=https%3A%2F%2Fupaep.mx%2Fcolaboradores"
    "&data=05%7C02&sdata=Zm9v&reserved=0"
)
SAME = {
    "in base64": mail(in_base64(TEXT), kind=f"{PLAIN}base64"),
    "in quoted-printable": mail(
        quopri.encodestring(TEXT.encode()).decode(), kind=f"{PLAIN}quoted-printable"
    ),
    "in another charset": mail(in_base64(TEXT, "cp1252"), kind=WINDOWS),
    "as HTML": mail(HTML, kind="Content-Type: text/html; charset=utf-8"),
    "tagged by a gateway": mail(subject="[EXT] Lista de la biblioteca"),
    "tagged at its end": mail(subject="Lista de la biblioteca [External]"),
    "tagged by a list": mail(subject="[enlaces] Lista de la biblioteca", more=GROUP),
    "its subject encoded": mail(subject="=?utf-8?Q?Lista_de_la_biblioteca?="),
    "by way of a group": mail(
        sender="'Ana Prado' via Enlaces <enlaces@upaep.mx>",
        more=f"{GROUP}X-Original-Sender: ana.prado@upaep.mx\r\n",
    ),
    "with the footer of a scanner": mail(
        f"{TEXT}\n-- \nEste mensaje ha sido analizado por MailScanner\nen busca de virus y otros "
        "contenidos peligrosos,\ny se considera que está limpio.\n"
    ),
    "with the footer of Mailman": mail(
        f"{TEXT}\n{'_' * 47}\nEnlaces mailing list\nEnlaces@upaep.mx\n"
        "https://listas.upaep.mx/mailman/listinfo/enlaces\n"
    ),
    "with the footer of a group": mail(
        f"{TEXT}\n-- \nHas recibido este mensaje porque estás suscrito al grupo «Enlaces» de Grupos"
        " de Google.\nPara cancelar la suscripción a este grupo y dejar de recibir sus mensajes, "
        "envía un correo electrónico a enlaces+unsubscribe@upaep.mx.\n"
    ),
    "with a banner": mail(
        f"PRECAUCIÓN: Este correo se originó fuera de la institución. No abra enlaces.\n\n{TEXT}"
    ),
    "with a notice": mail(
        f"{TEXT}\nAVISO DE CONFIDENCIALIDAD: La información contenida en este correo es "
        "confidencial y para uso exclusivo del destinatario.\n"
    ),
    "broken at a margin": mail("\n".join(textwrap.fill(one, 72) for one in TEXT.split("\n"))),
    "its links rewritten": mail(TEXT.replace("https://upaep.mx/colaboradores", SAFE)),
    "its writer named otherwise": mail(sender='"Prado, Ana" <Ana.Prado@UPAEP.mx>'),
    "its writer not named": mail(sender="ana.prado@upaep.mx"),
}  # fmt: skip
OTHER = {
    "another word": mail(TEXT.replace("7415", "7416")),
    "another subject": mail(subject="Lista de becarios"),
    "another id": mail(number="<2@upaep.mx>"),
    "somebody else's": mail(sender="Luis Mora <luis.mora@upaep.mx>"),
    "an outsider's": mail(sender="Ana Prado <ana.prado@example.com>"),
    "a reply": mail("Muchas gracias."),
    "nothing": mail(""),
    "somebody else's by way of a group": mail(
        sender="'Eva' via Enlaces <enlaces@upaep.mx>",
        more=f"{GROUP}X-Original-Sender: eva@upaep.mx\r\n",
    ),
}


@pytest.mark.parametrize("raw", SAME.values(), ids=SAME)
def test_it_is_the_same(raw: bytes) -> None:
    one, other = understood(mail()), understood(raw)
    assert is_copy(one, other, ORGANIZATION)
    assert is_copy(other, one, ORGANIZATION)


@pytest.mark.parametrize("raw", OTHER.values(), ids=OTHER)
def test_it_is_another(raw: bytes) -> None:
    assert not is_copy(understood(raw), understood(mail()), ORGANIZATION)


def test_another_file_of_the_same_name_and_size_is_another_mail() -> None:
    head = "Content-Type: multipart/mixed; boundary=m"
    text = (
        f"--m\r\n{PLAIN}8bit\r\n\r\nVa el dato.\r\n--m\r\nContent-Type: text/plain; charset=utf-8"
        "\r\nContent-Disposition: attachment; filename=dato.txt\r\n\r\n7415\r\n--m--\r\n"
    )
    one, other = mail(text, kind=head), mail(text.replace("7415", "7416"), kind=head)
    assert is_copy(understood(one), understood(one), ORGANIZATION)
    assert not is_copy(understood(other), understood(one), ORGANIZATION)
