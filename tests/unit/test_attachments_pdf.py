"""PDF documents: columns and cells by position, fields in their places, odd files told apart."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from bot.mail.documents import Extract, read_document

from .attachment_files import SAMPLES, pdf, stream, text_at


def read(data: bytes) -> Extract:
    return read_document(data, "formato.pdf", "application/pdf")


def text_of(data: bytes) -> str:
    extract = read(data)
    assert extract.problem == ""
    return extract.text


def field(kind: str, rectangle: str, more: str) -> str:
    return f"<</Type/Annot/Subtype/Widget/FT/{kind}/Rect[{rectangle}]{more}>>"


def test_lines_come_from_top_to_bottom_whatever_their_order_in_the_file() -> None:
    content = text_at(72, 600, "Cargo: Jefa") + text_at(72, 700, "Área: Biblioteca")
    assert text_of(pdf(content)) == "Área: Biblioteca\nCargo: Jefa"


def test_a_wide_gap_parts_cells_and_a_narrow_one_words() -> None:
    content = text_at(72, 700, "Área") + text_at(200, 700.4, "Biblioteca")
    content += text_at(72, 680, "Uno") + text_at(95, 680, "dos")
    assert text_of(pdf(content)) == "Área\tBiblioteca\nUno dos"


def test_a_gap_within_one_array_of_strings_parts_cells_too() -> None:
    content = "BT /F1 11 Tf 72 700 Td [(Are)-20(a)-6000(Bibl)30(io)-250(teca)] TJ ET"
    assert text_of(pdf(content)) == "Area\tBiblio teca"


def test_text_operators_and_matrices() -> None:
    content = (
        "q 2 0 0 2 0 0 cm BT /F1 6 Tf 14 TL 1 0 0 1 36 350 Tm (Uno) Tj T* (Dos) Tj (Tres) ' "
        '0 0 (Cuatro) " 0 -14 TD (Cinco) Tj T* (Seis) Tj ET Q BT /F1 11 Tf 72 100 Td (Fin) Tj ET'
    )
    assert text_of(pdf(content)) == "Uno\nDos\nTres\nCuatro\nCinco\nSeis\nFin"


def test_bold_printed_twice_is_read_once() -> None:
    assert text_of(pdf(text_at(72, 700, "Área") + text_at(72.3, 700, "Área"))) == "Área"


def test_text_that_stands_askew_is_no_part_of_the_page() -> None:
    watermark = "BT /F1 60 Tf 0.6 0.8 -0.8 0.6 200 300 Tm (BORRADOR) Tj ET\n"
    assert text_of(pdf(watermark + text_at(72, 700, "Área"))) == "Área"


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    content = (
        "BT /F1 11 Tf 0 1 -1 0 100 72 Tm (Area) Tj ET BT /F1 11 Tf 0 1 -1 0 100 300 Tm (B) Tj ET"
    )
    assert text_of(pdf(content, page="/Rotate 90")) == "Area\tB"


def test_flattened_answers_stand_in_form_xobjects() -> None:
    form = stream(
        text_at(0, 0, "Biblioteca"),
        "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Matrix[1 0 0 1 0 0]"
        "/Resources<</Font<</F1 5 0 R>>>>",
    )
    content = text_at(72, 700, "Área:") + "q 1 0 0 1 200 700 cm /X Do Q"
    assert (
        text_of(pdf(content, resources="/XObject<</X 6 0 R>>", more=[form])) == "Área:\tBiblioteca"
    )


def ruled(rows: list[float], columns: list[float]) -> str:
    """Ruling lines, as thin rectangles and as strokes."""
    lines = [f"{columns[0]} {y} {columns[-1] - columns[0]} 0.5 re f" for y in rows]
    lines += [f"{x} {rows[-1]} m {x} {rows[0]} l S" for x in columns]
    return "\n".join(lines) + "\n"


def test_cells_of_a_ruled_table_are_put_together_and_empty_ones_keep_their_place() -> None:
    content = ruled([720, 680, 660, 640], [70, 170, 300, 400])
    content += text_at(75, 706, "Número aproximado") + text_at(75, 692, "de destinatarios")
    content += text_at(175, 706, "1250 personas de") + text_at(175, 692, "tres planteles")
    content += text_at(305, 706, "ok")
    content += text_at(75, 666, "Ext.") + text_at(305, 666, "7001") + text_at(75, 646, "Cargo")
    assert text_of(pdf(content)) == (
        "Número aproximado de destinatarios\t1250 personas de tres planteles\tok\n"
        "Ext.\t\t7001\nCargo\t\t"
    )


def test_a_frame_around_text_leaves_it_in_lines() -> None:
    content = "70 600 300 120 re S\n" + text_at(75, 700, "Área:") + text_at(75, 680, "Biblioteca")
    assert text_of(pdf(content)) == "Área:\nBiblioteca"


def test_wrapped_cells_of_a_table_without_rules() -> None:
    content = text_at(72, 700, "Ext.") + text_at(250, 700, "7001")
    content += text_at(72, 675, "Número aproximado de") + text_at(250, 675, "1250 personas")
    content += text_at(72, 661, "destinatarios") + text_at(250, 661, "en tres planteles")
    content += text_at(72, 636, "Objetivo") + text_at(250, 636, "Avisar de los cursos")
    content += text_at(250, 622, "y sus fechas") + text_at(72, 597, "Cargo")
    lines = text_of(pdf(content)).split("\n")
    assert lines[0] == "Ext.\t7001"
    assert "Objetivo\tAvisar de los cursos y sus fechas" in lines
    assert lines[-1] == "Cargo"


def test_filled_fields_stand_beside_their_printed_labels() -> None:
    content = text_at(72, 700, "Área:") + text_at(72, 670, "Destinatarios:")
    content += (
        text_at(190, 670, "Alumnos")
        + text_at(290, 670, "Docentes")
        + text_at(72, 640, "Frecuencia:")
    )
    annotations = [
        field("Tx", "150 695 400 712", "/T(Text1)/V(Biblioteca)"),
        field("Btn", "175 668 187 680", "/T(Check Box2)/V/Yes/AS/Yes"),
        field("Btn", "275 668 287 680", "/T(c3)/AS/Off"),
        field("Ch", "150 635 400 652", "/T(Dropdown4)/V(Mensual)/Ff 131072"),
        field("Btn", "500 20 550 40", "/T(Enviar)/Ff 65536"),
        field("Tx", "150 600 400 620", "/T(oculto)/V(x)/F 2"),
    ]
    text = text_of(pdf(content, annotations=annotations))
    assert text == "Área:\tBiblioteca\nDestinatarios: ☒ Alumnos ☐ Docentes\nFrecuencia:\tMensual"


def test_fields_without_a_printed_label_go_by_their_name() -> None:
    annotations = [
        field("Tx", "150 695 400 712", "/TU(Área solicitante)/T(t1)/V(Biblioteca)"),
        field("Tx", "150 665 400 682", "/T(extension)/V(7001)"),
        field("Btn", "150 640 160 650", "/T(egresados)/AS/On"),
        field("Ch", "150 600 400 612", "/T(publico)/V[(Alumnos)(Docentes)]"),
        field("Ch", "150 580 400 592", "/T(frecuencia)/V(Seleccione una)"),
    ]
    assert text_of(pdf("", annotations=annotations)) == (
        "Área solicitante\tBiblioteca\nextension\t7001\negresados\t☒\npublico\tAlumnos, Docentes"
    )


def test_radio_buttons_inherit_from_their_group() -> None:
    content = text_at(90, 700, "Creación") + text_at(190, 700, "Restablecimiento")
    kids = [
        "<</Type/Annot/Subtype/Widget/Parent 8 0 R/Rect[72 698 84 710]/AS/a>>",
        "<</Type/Annot/Subtype/Widget/Parent 8 0 R/Rect[172 698 184 710]/AS/Off>>",
    ]
    group = "<</FT/Btn/Ff 32768/T(grupo)/V/a/Kids[6 0 R 7 0 R]>>"
    assert text_of(pdf(content, annotations=kids, more=[group])) == "☒ Creación ☐ Restablecimiento"


def test_notes_typed_over_a_printed_form() -> None:
    note = "<</Type/Annot/Subtype/FreeText/Rect[150 695 400 712]/Contents(Biblioteca)>>"
    assert text_of(pdf(text_at(72, 700, "Área:"), annotations=[note])) == "Área:\tBiblioteca"


def encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text_at(72, 700, "Secreto")))))
    writer.encrypt(user_password=user, owner_password="x", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_password_to_open_is_told_and_one_to_print_is_no_hindrance() -> None:
    assert "está protegido con contraseña" in read(encrypted("clave")).problem
    assert text_of(encrypted("")) == "Secreto"


def test_a_scan_is_told() -> None:
    image = stream(b"\0", "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8")
    extract = read(pdf("/X Do", resources="/XObject<</X 6 0 R>>", more=[image]))
    assert extract.text == ""
    assert extract.problem == (
        "El archivo «formato.pdf» es una imagen sin texto que podamos leer; por favor pegue las "
        "respuestas en el cuerpo del correo o envíe el documento original."
    )


def test_an_xfa_form_is_told() -> None:
    extract = read(pdf("", catalogue="/AcroForm<</Fields[]/XFA[]>>"))
    assert "en un formato que no podemos leer" in extract.problem


@pytest.mark.parametrize("cut", [20, 400, 10_000])
def test_a_damaged_file_is_told(cut: int) -> None:
    data = (SAMPLES / "libreoffice-tablas.pdf").read_bytes()
    extract = read(data[:cut])
    assert extract.text == ""
    assert "dañado" in extract.problem


FORM_ROWS = [
    "Tipo de solicitud\tCreación",
    "Área solicitante\tFacultad de Enfermería",
    "Número aproximado de destinatarios\t330",
    "Justificación\tLos roles se publican con dos días y deben llegar solo a quienes van a "
    "hospital",
    "Objetivo de la lista\tPublicar roles de práctica y requisitos de vacunación para todos los "
    "alumnos de la facultad que van a hospital en los dos semestres",
    "Vigencia\t15 de enero de 2024 / 13 de diciembre de 2024",
]


def test_tables_as_libreoffice_prints_them() -> None:
    lines = text_of((SAMPLES / "libreoffice-tablas.pdf").read_bytes()).split("\n")
    for row in FORM_ROWS:  # once in a table with rules, once in one without
        assert lines.count(row) == 2
    assert "Área\tBiblioteca\tExt.\t7001" in lines
    assert "Responsable\t\tCargo\tJefa" in lines


def test_our_own_form_saved_as_pdf() -> None:
    lines = text_of((SAMPLES / "formato-guardado.pdf").read_bytes()).split("\n")
    assert set(FORM_ROWS) <= set(lines)
    assert "Destinatarios\t" in lines
    assert not any("Falta" in line for line in lines)


def test_paragraphs_as_libreoffice_prints_them() -> None:
    lines = text_of((SAMPLES / "libreoffice-parrafos.pdf").read_bytes()).split("\n")
    assert lines[1:4] == [
        "Área solicitante: ______Biblioteca______ Ext.: 7001",
        "Responsable:\tAna Pérez\tCargo:\tJefa",
        "Destinatarios: ☒ Alumnos ☐ Docentes ☐ Egresados",
    ]
    assert lines[-3:] == [
        "DATOS DEL ÁREA",
        "Nombre\tCargo\tExt",
        "Ana María Pérez de la Fuente y Compañía Extra Larga\t\t7001",
    ]


def test_prompts_of_controls_left_blank_are_no_answers() -> None:
    lines = text_of((SAMPLES / "libreoffice-controles.pdf").read_bytes()).split("\n")
    assert "Cargo\t" in lines
    assert "Destinatarios\t☒ Alumnos ☐ Docentes" in lines
