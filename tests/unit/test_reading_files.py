"""Files: every one listed, under the name its sender sees, typed by what is in it."""

from __future__ import annotations

import base64

import pytest

from bot.mail.documents.file_types import sniff
from bot.mail.parsing import Limits, read
from bot.workflow.message import ParsedMessage
from nlp.types import BlockKind

from .attachment_files import docx, p, tnef
from .reading_mails import HEAD, mail, shape, text_of, understood


def with_file(data: bytes, header: str, cte: str = "base64") -> bytes:
    body = base64.encodebytes(data) if cte == "base64" else data
    part = f"Content-Type: {header}\nContent-Transfer-Encoding: {cte}\n\n".encode() + body
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nVa.\n--b\n"
        + part
        + b"\n--b--\n"
    )


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("rfc2231-continued-name", ["Petición de lista 2021.pdf"]),
        ("rfc2047-name-in-quotes", ["Lista de correos año.txt"]),
        ("raw-8bit-name", ["Diseño.png"]),
        ("raw-latin1-name", ["Diseño.png"]),
        ("name-with-folders", ["foto.png"]),
        ("nameless-files", ["imagen-1.png", "adjunto-2.pdf", "Lista de Deportes.eml"]),
        ("forwarded-as-attachment", ["Lista: Deportes-Ligas.eml", "datos.txt"]),
        ("saved-mail-attached", ["correo guardado.eml"]),
        ("attached-text-is-no-body", ["comentario.txt"]),
        ("inline-picture", []),
        ("calendar-invitation", []),
        ("delivery-report", ["Lista de Deportes.eml"]),
    ],
)
def test_names(name: str, files: list[str]) -> None:
    assert [a.name for a in mail(name).attachments] == files


def test_types_are_told_by_content() -> None:
    assert [a.content_type for a in mail("lying-types").attachments] == [
        "image/png",
        "application/rtf",
    ]
    assert [a.inline for a in mail("lying-types").attachments] == [False, False]


def test_documents_are_read() -> None:
    form = docx(p("Área solicitante: Biblioteca Central"))
    one = understood(with_file(form, 'application/octet-stream; name="formato"')).attachments[0]
    assert one.content_type.endswith("wordprocessingml.document")
    assert one.text == "Área solicitante: Biblioteca Central"
    assert (one.problem, one.size) == ("", len(form))
    assert understood(with_file(form, 'x/y; name="f"')).documents[0].text == one.text


def test_a_document_that_cannot_be_read_says_why() -> None:
    one = understood(with_file(b"%PDF-1.4 roto", 'application/pdf; name="a.pdf"')).attachments[0]
    assert one.text == ""
    assert one.problem


def test_a_large_file_is_listed_but_not_read() -> None:
    incoming = read(
        with_file(b"a" * 5_000, 'text/plain; name="a.txt"'), limits=Limits(attachment_bytes=4_000)
    )
    one = getattr(incoming, "attachments")[0]  # noqa: B009
    assert (one.size, one.text) == (5_000, "")
    assert "grande" in one.problem


def test_winmail_is_unpacked() -> None:
    inner = docx(p("Extensión: 7415"))
    data = tnef([("Formato.docx", inner)], text="Va el formato.")
    incoming = understood(with_file(data, 'application/ms-tnef; name="winmail.dat"'))
    assert [(a.name, a.text) for a in incoming.attachments] == [("Formato.docx", "Extensión: 7415")]
    assert incoming.text == "Va."


def test_text_left_in_winmail_is_the_text_where_there_is_no_other() -> None:
    data = tnef(text="Solicito una lista.")
    head = b"Content-Type: application/ms-tnef; name=winmail.dat\n"
    raw = HEAD + head + b"Content-Transfer-Encoding: base64\n\n"
    incoming = understood(raw + base64.encodebytes(data))
    assert incoming.text == "Solicito una lista."


def test_a_broken_winmail_stays_with_its_problem() -> None:
    incoming = understood(
        with_file(b"\x78\x9f\x3e\x22 roto", 'application/ms-tnef; name="winmail.dat"')
    )
    assert [a.name for a in incoming.attachments] == ["winmail.dat"]
    assert incoming.attachments[0].problem


@pytest.mark.parametrize(
    "name", ["forwarded-as-base64-message", "saved-mail-attached", "nameless-files"]
)
def test_attached_messages_are_opened(name: str) -> None:
    incoming = mail(name)
    assert incoming.text == "Va adjunto."
    assert shape(incoming) == "NAF"
    told = text_of(incoming, BlockKind.ATTRIBUTION)
    assert "De: Luis Rey <luis.rey@upaep.mx>" in told
    assert "Asunto: Lista de Deportes" in told
    assert text_of(incoming, BlockKind.FORWARD).startswith("Solicito la creación")


def test_files_of_attached_messages_are_read() -> None:
    incoming = mail("forwarded-as-attachment")
    assert [(d.name, d.text) for d in incoming.documents] == [("datos.txt", "Extensión: 7415")]
    assert incoming.text == "Favor de atender lo adjunto."


def test_messages_in_messages_are_opened_three_deep() -> None:
    inner = b"From: z@x.mx\nSubject: hondo\n\nfondo\n"
    for level in range(6):
        inner = b"From: a@x.mx\nSubject: n%d\nContent-Type: message/rfc822\n\n" % level + inner
    incoming = understood(inner)
    assert [a.name for a in incoming.attachments] == ["n4.eml", "n3.eml", "n2.eml", "adjunto-1.eml"]
    assert "fondo" not in text_of(incoming, BlockKind.FORWARD)


def test_attached_text_is_no_body() -> None:
    incoming = mail("attached-text-is-no-body")
    assert incoming.text == "Va mi comentario en el archivo."
    assert incoming.attachments[0].text == "APROBAR"


def test_part_types_tell_reports_and_calendars() -> None:
    report = mail("delivery-report")
    assert report.content_type == "multipart/report"
    assert report.part_types[:3] == (
        "multipart/report; report-type=delivery-status",
        "text/plain",
        "message/delivery-status",
    )
    assert "text/calendar; method=request" in mail("calendar-invitation").part_types
    assert mail("nul-bytes").part_types == ("text/plain",)


def test_failed_recipients() -> None:
    assert mail("delivery-report").failed_recipients == ("nadie@upaep.mx",)
    assert mail("gmail-forward").failed_recipients == ()


@pytest.mark.parametrize(
    ("data", "label", "kind"),
    [
        (b"PK\x03\x04" + b"\0" * 40 + b"word/document.xml", "a/b",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.textPK", "a/b",
         "application/vnd.oasis.opendocument.text"),
        (b"PK\x03\x04 otro", "application/octet-stream", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "x/y",
         "application/msword"),
        (b"BM de texto", "text/plain", "text/plain"),
        (b"", "text/plain", "text/plain"),
        (b"\r\nBEGIN:VCALENDAR", "application/octet-stream", "text/calendar"),
    ],
)  # fmt: skip
def test_sniffing(data: bytes, label: str, kind: str) -> None:
    assert sniff(data, label) == kind


def test_parts_put_wrong_are_read() -> None:
    assert mail("multipart-without-boundary").text == "Hola, quiero una lista."
    assert mail("no-closing-boundary").text == "Hola, quiero una lista."
    assert mail("text-around-a-file").text == "Primera parte.\n\nSegunda parte."
    assert mail("missing-blank-line").text == "Hola, quiero una lista\npara mi facultad."


def test_an_attached_multipart_without_boundary_is_read_as_text() -> None:
    incoming = mail("attached-multipart-without-boundary")
    assert incoming.text == "Reenviamos la solicitud."
    assert incoming.blocks[-1].text == "Pedimos una lista para el año próximo."


def test_an_attached_message_that_cannot_be_opened_is_listed() -> None:
    listed = mail("attached-report-that-cannot-be-written-out").attachments[-1]
    assert listed.problem == "El mensaje adjunto está dañado y no se pudo abrir."


def test_an_attached_message_with_an_impossible_boundary_spoils_no_mail() -> None:
    inner = (
        'Subject: Dentro\nContent-Type: multipart/mixed; boundary="a\\ufffdñ"\n\n'
        "--a\\ufffdñ\nContent-Type: text/plain\n\nhola\n--a\\ufffdñ--\n"
    ).replace("\\ufffd", "\ufffd")
    raw = (
        "From: ana@upaep.mx\nSubject: Fuera\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain\n\nVa adjunto.\n"
        f"--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n"
    ).encode()
    incoming = read(raw)
    assert isinstance(incoming, ParsedMessage)
    assert incoming.text == "Va adjunto."
