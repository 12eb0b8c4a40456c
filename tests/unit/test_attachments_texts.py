"""Plain text, web pages, RTF, OpenDocument; what is no document; what cannot be read."""

from __future__ import annotations

import pytest

from bot.mail.documents import Extract, read_document

from .attachment_files import SAMPLES, archive, docx, odt, p, table


def sample(name: str) -> Extract:
    return read_document((SAMPLES / name).read_bytes(), name, "application/octet-stream")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_text_in_whatever_encoding(encoding: str) -> None:
    data = "Área: Dirección\r\n\r\nExtensión: 7001 ".encode(encoding)
    assert read_document(data, "a.txt", "text/plain") == Extract(
        "Área: Dirección\nExtensión: 7001", ""
    )


def test_html_in_the_encoding_it_declares() -> None:
    page = (
        '<html><head><meta charset="iso-8859-1"></head><body><p>Área</p><table>'
        "<tr><td>Responsable</td><td>Ana <b>Pérez</b></td></tr></table></body></html>"
    )
    data = page.encode("iso-8859-1")
    expected = Extract("Área\nResponsable\tAna Pérez", "")
    assert read_document(data, "a.html", "text/html") == expected
    assert read_document(data, "exportado.doc", "application/msword") == expected
    assert read_document(page.replace("iso-8859-1", "x-none").encode(), "a.htm", "") == expected


def test_rtf_of_word_pad() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f1 Symbol;}}"
        rb"{\info{\author Ana}}\pard\f0 \'c1rea:\tab Direcci\'f3n\par Ext.: 7001\par "
        rb"\u8220?Hola\u8221? C:\\foo{\pict\pngblip 89504e470d0a1a0a}\par}"
    )
    assert read_document(data, "a.rtf", "").text == "Área:\tDirección\nExt.: 7001\n“Hola” C:\\foo"


def test_rtf_tables() -> None:
    row = rb"\trowd\cellx1\cellx2\pard\intbl Cargo\cell Uno\par dos\cell\row "
    data = rb"{\rtf1 Antes\par " + row + rb"\trowd \intbl Ext.\cell\cell\row\pard Fin\par}"
    assert read_document(data, "a.rtf", "").text == "Antes\nCargo\tUno dos\nExt.\t\nFin"


def test_rtf_as_libreoffice_writes_it() -> None:
    extract = sample("libreoffice-tablas.rtf")
    lines = extract.text.split("\n")
    assert extract.problem == ""
    assert "Área\tBiblioteca\tExt.\t7001" in lines
    assert "Responsable\t\tCargo\tJefa" in lines
    assert lines.count("Responsable del envío\t") == 2
    answer = "Los roles se publican con dos días y deben llegar solo a quienes van a hospital"
    assert lines.count(f"Justificación\t{answer}") == 2


def test_opendocument_paragraphs_tables_and_lists() -> None:
    body = (
        "<office:forms><form:form/></office:forms>"
        "<text:tracked-changes><text:p>viejo</text:p></text:tracked-changes>"
        "<text:h>Solicitud</text:h><text:p>Área:<text:tab/>Uno<text:s text:c='3'/>dos"
        "<text:line-break/>tres \n   cuatro<office:annotation><text:p>nota</text:p>"
        "</office:annotation></text:p>"
        "<text:list><text:list-item><text:p>Alumnos</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell>"
        "<text:p>Dato</text:p></table:table-cell><table:table-cell><text:p>Respuesta</text:p>"
        "</table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>Cargo</text:p></table:table-cell>"
        "<table:table-cell><text:p>Jefa</text:p><text:p>de piso</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert read_document(odt(body), "a.odt", "").text == (
        "Solicitud\nÁrea:\tUno   dos\ntres cuatro\nAlumnos\nDato\tRespuesta\nCargo\tJefa de piso"
    )


def test_opendocument_controls() -> None:
    body = (
        "<office:forms><form:form>"
        "<form:text form:id='c1' form:current-value='Biblioteca'/>"
        "<form:checkbox form:id='c2' form:current-state='checked'/><form:checkbox form:id='c3'/>"
        "<form:button form:id='c4' form:value='Enviar'/>"
        "</form:form></office:forms>"
        "<text:p>Área: <draw:control draw:control='c1'/></text:p>"
        "<text:p><draw:control draw:control='c2'/> Alumnos <draw:control draw:control='c3'/> "
        "Docentes<draw:control draw:control='c4'/></text:p>"
        "<text:p>Cargo: <loext:content-control loext:showing-place-holder='true'>Escriba"
        "</loext:content-control><text:placeholder>Aquí</text:placeholder></text:p>"
    )
    assert read_document(odt(body), "a.odt", "").text == (
        "Área: Biblioteca\n☒ Alumnos ☐ Docentes\nCargo:"
    )


def test_opendocument_as_libreoffice_writes_it() -> None:
    controls = sample("libreoffice-controles.odt").text.split("\n")
    assert controls[1:3] == ["Antes", "Extensión: 7001"]  # the second in a shape
    assert controls[3:6] == [
        "Área\tBiblioteca Central",
        "Cargo\t",
        "Destinatarios\t☒ Alumnos ☐ Docentes",
    ]
    paragraphs = sample("libreoffice-parrafos.odt").text.split("\n")
    assert "Responsable:\tAna Pérez\tCargo:\tJefa" in paragraphs


@pytest.mark.parametrize("suffix", ["odt", "html"])
def test_our_own_form_saved_by_another_program_comes_back_without_its_hints(suffix: str) -> None:
    text = sample(f"formato-guardado.{suffix}").text
    assert "Área solicitante\tFacultad de Enfermería" in text.split("\n")
    assert "Falta" not in text


@pytest.mark.parametrize(
    ("name", "content_type", "data"),
    [
        ("foto.png", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("foto.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("cita.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        ("smime.p7s", "application/pkcs7-signature", b"0\x82\x0b\x00"),
        ("audio.mp3", "audio/mpeg", b"ID3\x04\0\0\0\0"),
        ("cartel.pptx", "", archive({"[Content_Types].xml": "", "ppt/presentation.xml": ""})),
        ("Thumbs.db", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("nada", "application/octet-stream", b""),
        ("", "", b"   "),
        ("datos.bin", "text/plain", bytes(range(256)) * 8),
    ],
)
def test_what_is_no_document_gives_nothing(name: str, content_type: str, data: bytes) -> None:
    assert read_document(data, name, content_type) == Extract("", "")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", OLE, "está en un formato que no podemos leer"),
        ("a.xls", OLE, "está en un formato que no podemos leer"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "protegido con contraseña"),
        ("a.docx", b"", "llegó vacío"),
        ("a.pdf", b"\n\n", "llegó vacío"),
        ("a.docx", b"no es un docx", "está dañado"),
        ("a.docx", docx(p("Hola"))[:-40], "está dañado"),
        ("a.docx", archive({"word/x.xml": ""}), "está dañado"),
        ("a.docx", archive({"otro.txt": "x"}), "está dañado"),
        ("a.odt", odt("", manifest="<encryption-data/>"), "protegido con contraseña"),
        ("a.pages", archive({"Index/Document.iwa": "x"}), "está en un formato"),
        ("a.xlsb", archive({"xl/workbook.bin": "x"}), "está en un formato"),
        ("a.wpd", b"\xffWPC\0\0", "está en un formato"),
        ("a.txt", bytes(range(256)) * 20, "está dañado"),
        ("a.zip", archive({"formato.docx": docx(p("Hola"))}), "viene comprimido"),
        ("a.rar", b"Rar!\x1a\x07\0x", "viene comprimido"),
        ("a.7z", b"7z\xbc\xaf\x27\x1cx", "viene comprimido"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, data: bytes, reason: str) -> None:
    extract = read_document(data, name, "application/octet-stream")
    assert extract.text == ""
    assert extract.problem.startswith(f"El archivo «{name}» ")
    assert reason in extract.problem


def test_what_is_told_of_an_old_word_file() -> None:
    assert sample("formato-guardado.doc").problem == (
        "El archivo «formato-guardado.doc» está en un formato que no podemos leer; por favor pegue "
        "las respuestas en el cuerpo del correo o envíelo en .docx o PDF."
    )


def test_the_content_tells_the_kind_and_not_the_name() -> None:
    data = docx(table(("Área", "Biblioteca")))
    for name in ("formato.pdf", "formato.doc", "IMG_1.jpg", "sin nombre", ""):
        assert read_document(data, name, "image/png").text == "Área\tBiblioteca"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\r\nb\0.doc", "a b .doc"), ("", "sin nombre"), ("x" * 300 + ".doc", "x" * 79 + "…")],
)
def test_an_odd_name_is_shown_on_one_line(name: str, shown: str) -> None:
    assert read_document(OLE, name, "").problem.startswith(f"El archivo «{shown}» está")


def test_control_characters_never_get_through() -> None:
    text = read_document("Á\u200brea\x0c\x85: \x07B\ufeffib".encode(), "a.txt", "text/plain").text
    assert text == "Área\n: Bib"
