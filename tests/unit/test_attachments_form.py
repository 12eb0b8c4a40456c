"""The form as a Word document: read back exactly, the same bytes for the same values."""

from __future__ import annotations

import io
import zipfile

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.documents import Extract, FormRow, form_docx, read_document
from nlp.text.fold import one_line

ROWS = (
    FormRow("Área solicitante", "Facultad de Enfermería"),
    FormRow("Destinatarios", "", "alumnos, docentes o egresados", missing=True),
    FormRow("Visto bueno", "", missing=True),
    FormRow("Cargo", "", "opcional"),
    FormRow("Justificación", "Primera línea\n\nsegunda & <tercera>"),
)


def made(rows: tuple[FormRow, ...] = ROWS) -> bytes:
    return form_docx("Formato CI-2021-0042", "Complete lo que falta.\nGracias.", rows)


def test_it_reads_back_exactly() -> None:
    assert read_document(made(), "formato.docx", "") == Extract(
        "Formato CI-2021-0042\nComplete lo que falta.\nGracias.\nDato\tRespuesta\n"
        "Área solicitante\tFacultad de Enfermería\nDestinatarios\t\nVisto bueno\t\nCargo\t\n"
        "Justificación\tPrimera línea segunda & <tercera>",
        "",
    )


LINE = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    title=LINE,
    intro=st.lists(LINE, max_size=3),
    rows=st.lists(
        st.builds(
            FormRow,
            LINE.map(lambda text: "L" + text.replace("✎", "")),
            st.lists(LINE, max_size=3).map("\n".join),
            LINE,
            st.booleans(),
        ),
        max_size=5,
    ),
)
def test_any_values_read_back_exactly(title: str, intro: list[str], rows: list[FormRow]) -> None:
    extract = read_document(form_docx(title, "\n".join(intro), rows), "a.docx", "")
    head = [one_line(title), *(one_line(line) for line in "\n".join(intro).splitlines())]
    table = ["Dato\tRespuesta", *(f"{one_line(r.label)}\t{one_line(r.value)}" for r in rows)]
    assert extract == Extract("\n".join([*filter(None, head), *table]), "")


def test_what_people_type_into_it_is_read() -> None:
    document = docx.Document(io.BytesIO(made()))
    cells = document.tables[0].rows[2].cells
    cells[1].paragraphs[0].runs[0].text = "Alumnos"
    cells[1].add_paragraph("y docentes")
    document.tables[0].rows[3].cells[1].text = "Dra. Norma Peregrina"
    buffer = io.BytesIO()
    document.save(buffer)
    lines = read_document(buffer.getvalue(), "a.docx", "").text.split("\n")
    assert "Destinatarios\tAlumnos y docentes" in lines
    assert "Visto bueno\tDra. Norma Peregrina" in lines


def test_what_is_missing_is_said_in_words_and_by_its_ground() -> None:
    table = docx.Document(io.BytesIO(made())).tables[0]
    labels = [row.cells[0].text for row in table.rows]
    assert labels == [
        "Dato",
        "Área solicitante",
        "Destinatarios\n✎ Falta: alumnos, docentes o egresados",
        "Visto bueno\n✎ Falta este dato",
        "Cargo",
        "Justificación",
    ]
    grounds = ['w:fill="FFF6D6"' in row.cells[1]._tc.xml for row in table.rows]
    assert grounds == [False, False, True, True, False, False]
    assert [p.text for p in table.rows[5].cells[1].paragraphs] == [
        "Primera línea",
        "segunda & <tercera>",
    ]


def test_it_is_accessible() -> None:
    document = docx.Document(io.BytesIO(made()))
    assert document.core_properties.title == "Formato CI-2021-0042"
    assert document.core_properties.language == "es-MX"
    assert document.paragraphs[0].style.name == "Title"
    xml = document.tables[0]._tbl.xml
    assert xml.count("<w:tblHeader/>") == 1
    assert "w:tblDescription" in xml
    assert 'w:val="es-MX"' in document.styles.element.xml


def test_the_same_values_give_the_same_bytes_and_nothing_tells_the_time() -> None:
    data = made()
    assert data == made()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2021, 6, 18, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
    assert len(data) < 15_000


def test_a_form_of_no_rows() -> None:
    assert read_document(made(()), "a.docx", "").text.endswith("Gracias.\nDato\tRespuesta")
