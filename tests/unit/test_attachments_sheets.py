"""Spreadsheets: values as Excel shows them, only what is visible."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl

from bot.mail.documents import Extract, read_document

from .attachment_files import SAMPLES


def read(book: openpyxl.Workbook) -> Extract:
    buffer = io.BytesIO()
    book.save(buffer)
    book.close()
    return read_document(buffer.getvalue(), "formato.xlsx", "application/octet-stream")


def test_rows_with_values_as_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [
        ("Solicitud", None, "", None),
        (None,) * 4,
        ("Inicio", None, dt.date(2021, 8, 2), "x"),
        ("Cita", None, dt.datetime(2021, 8, 2, 9, 30), None),  # noqa: DTZ001
        ("Hora", None, dt.time(9, 5), None),
        ("Destinatarios", None, 1250.0, None),
        ("Avance", None, 0.5, None),
        ("Tasa", None, 0.125, None),
        ("Ext.", None, 42, None),
        ("Alumnos", None, True, None),
        ("Docentes", None, False, None),
        ("Nota", None, "dos\nlíneas", None),
        ("Decimal", None, 2.5, None),
    ]
    for cells in rows:
        sheet.append(cells)
    sheet["C7"].number_format = "0%"
    sheet["C8"].number_format = "0.0%"
    sheet["C9"].number_format = "0000"
    sheet.merge_cells("A1:C1")
    assert read(book) == Extract(
        "Solicitud\nInicio\t02/08/2021\tx\nCita\t02/08/2021 09:30\nHora\t09:05\n"
        "Destinatarios\t1250\nAvance\t50%\nTasa\t12.5%\nExt.\t0042\nAlumnos\t☒\nDocentes\t☐\n"
        "Nota\tdos líneas\nDecimal\t2.5",
        "",
    )


def test_margins_are_dropped_and_blank_answers_keep_their_place() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["D3"], sheet["F3"], sheet["H3"] = "Área", "Biblioteca", "Ext.", "7001"
    sheet["B4"], sheet["F4"], sheet["H4"] = "Cargo", "Correo", "a@upaep.mx"
    assert read(book).text == "Área\tBiblioteca\tExt.\t7001\nCargo\t\tCorreo\ta@upaep.mx"


def test_hidden_sheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Área"
    book.create_sheet("Listas")["A1"] = "Elija"
    book["Listas"].sheet_state = "hidden"
    book.create_sheet("Más")["A1"] = "Ext."
    assert read(book) == Extract("Área\nExt.", "")


def test_an_empty_workbook_is_told() -> None:
    assert "no contiene texto" in read(openpyxl.Workbook()).problem


def test_a_long_roster_is_read_in_part_and_that_is_told() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(2_500):
        sheet.append([f"alumno{number}@upaep.edu.mx"])
    extract = read(book)
    assert extract.text.count("\n") == 1_999
    assert "es muy largo y solo leímos el principio" in extract.problem


def test_a_stray_mark_far_below_does_not_matter() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A900000"] = "Área", "."
    assert read(book) == Extract("Área", "")


def test_opendocument_sheets() -> None:
    data = (SAMPLES / "libreoffice-hoja.ods").read_bytes()
    assert read_document(data, "a.ods", "") == Extract(
        "SOLICITUD\nÁrea\tBiblioteca\nInicio\t2021-08-02\nDestinatarios\t1250\nPct\t50%\n"
        "Ext\t0042\nActivo\tTRUE\nNada",
        "",
    )


def test_csv_with_whatever_delimiter() -> None:
    for delimiter in ",;\t|":
        lines = [f"Área{delimiter}Ext.", f'"Uno{delimiter} dos"{delimiter}7001', f"x{delimiter}"]
        data = "\r\n".join(lines).encode("cp1252")
        expected = Extract(f"Área\tExt.\nUno{delimiter} dos\t7001\nx", "")
        if delimiter == "\t":  # which is white space within a cell
            expected = Extract("Área\tExt.\nUno dos\t7001\nx", "")
        assert read_document(data, "a.csv", "text/csv") == expected
