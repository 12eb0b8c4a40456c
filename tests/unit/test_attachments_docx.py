"""Word documents: everything that a filled-in form is made of, read once and in order."""

from __future__ import annotations

import pytest

from bot.mail.documents import read_document

from .attachment_files import archive, docx, p, table


def text_of(body: str) -> str:
    extract = read_document(docx(body), "formato.docx", "application/octet-stream")
    assert extract.problem == ""
    return extract.text


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def box(state: str) -> str:
    return control(f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>', run("?"))


def test_paragraphs_and_tables_come_in_document_order() -> None:
    body = p("Solicitud") + table(("Área", "Biblioteca"), ("Ext.", "7001")) + p("Gracias")
    assert text_of(body) == "Solicitud\nÁrea\tBiblioteca\nExt.\t7001\nGracias"


def test_a_cell_is_one_line_and_an_empty_one_keeps_its_place() -> None:
    body = table((p("Justificación") + p("(breve)"), p("Uno") + p("") + p("dos")), ("", "a", ""))
    assert text_of(body) == "Justificación (breve)\tUno dos\n\ta\t"


def test_rows_without_any_text_are_left_out() -> None:
    assert text_of(table(("", ""), ("Área", ""))) == "Área\t"


def test_a_table_of_one_column_is_a_frame_around_text() -> None:
    body = table((p("Área: Biblioteca") + p("Ext.: 7001"),), ("Cargo",), ("Jefa",))
    assert text_of(body) == "Área: Biblioteca\nExt.: 7001\nCargo\nJefa"


def test_a_table_within_a_cell_keeps_its_rows() -> None:
    inner = table(("Área", "Biblioteca"), ("Ext.", "7001"))
    assert text_of(table((p("Datos") + inner, "X"))) == "Datos\tX\nÁrea\tBiblioteca\nExt.\t7001"
    assert text_of(table((inner,))) == "Área\tBiblioteca\nExt.\t7001"


def test_a_frame_within_a_cell_is_the_cells_text() -> None:
    assert text_of(table(("Área", table(("Biblioteca",))))) == "Área\tBiblioteca"


def test_tables_too_deep_are_left_out() -> None:
    nested = "fondo"
    for _ in range(60):
        nested = table((nested, "b"))
    text = text_of(p("Inicio") + nested)
    assert text.startswith("Inicio\n")
    assert "fondo" not in text


def test_tabs_and_line_breaks() -> None:
    tabs = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="99"/></w:tabs></w:pPr>'
    tab, line_break = "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>"
    body = f"<w:p>{tabs}{run('Área:')}{tab}{run('Uno')}{line_break}{run('Dos')}</w:p>"
    assert text_of(body) == "Área:\tUno\nDos"
    assert text_of(table((body, "x"))) == "Área: Uno Dos\tx"


def test_content_controls_give_what_was_typed_and_no_prompt() -> None:
    prompt = control("<w:showingPlcHdr/>", run("Haga clic aquí para escribir texto."))
    body = (
        f"<w:p>{run('Área: ')}{control('', run('Biblioteca'))}</w:p>"
        f"<w:p>{run('Cargo: ')}{prompt}</w:p>"
        + control("<w:showingPlcHdr/>", p("Pulse aquí"))
        + control("", p("Un párrafo") + table(("a", "b")))
    )
    assert text_of(body) == "Área: Biblioteca\nCargo:\nUn párrafo\na\tb"


def test_content_controls_around_rows_and_cells() -> None:
    def cell(text: str) -> str:
        return f"<w:tc>{p(text)}</w:tc>"

    row = f"<w:tr>{cell('Área')}{control('', cell('Biblioteca'))}</w:tr>"
    empty = f"<w:tr>{cell('Ext.')}{control('<w:showingPlcHdr/>', cell('Elija'))}{cell('z')}</w:tr>"
    body = f"<w:tbl>{control('', row)}{empty}</w:tbl>"
    assert text_of(body) == "Área\tBiblioteca\nExt.\t\tz"


@pytest.mark.parametrize(("state", "shown"), [("1", "☒"), ("true", "☒"), ("0", "☐")])
def test_checkbox_controls(state: str, shown: str) -> None:
    assert text_of(f"<w:p>{box(state)}{run(' Alumnos')}</w:p>") == f"{shown} Alumnos"


def test_legacy_form_fields() -> None:
    def field(data: str, result: str = "") -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
            "<w:r><w:instrText> FORMTEXT </w:instrText></w:r>"
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    entries = "".join(f'<w:listEntry w:val="{v}"/>' for v in ("Elija uno", "Mensual", "Semanal"))
    fields = (
        run("a ") + field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>"),
        run("b ") + field("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>"),
        run("c ") + field("<w:checkBox><w:default w:val='1'/></w:checkBox>"),
        run("d ") + field(f"<w:ddList><w:result w:val='2'/>{entries}</w:ddList>"),
        run("e ") + field(f"<w:ddList>{entries}</w:ddList>"),
        run("f ") + field("<w:textInput/>", run("Biblioteca")),
        run("g ") + field("<w:textInput/>", run("\u2002\u2002\u2002")),
    )
    text = text_of("".join(f"<w:p>{f}</w:p>" for f in fields))
    assert text == "a ☒\nb ☐\nc ☒\nd Semanal\ne\nf Biblioteca\ng"


def test_a_text_box_is_read_once() -> None:
    inner = f"<w:txbxContent>{p('Ext.: 7001')}{table(('a', 'b'))}</w:txbxContent>"
    drawing = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old_box = f"<v:textbox><w:txbxContent>{p('Viejo')}</w:txbxContent></v:textbox>"
    old = f"<w:r><w:pict>{old_box}</w:pict></w:r>"
    body = f"<w:p>{run('Antes')}{drawing}{run(' y después')}</w:p><w:p>{old}</w:p>"
    assert text_of(body) == "Antes y después\nExt.: 7001\na\tb\nViejo"


def test_what_is_struck_out_hidden_or_deleted_is_not_read() -> None:
    not_struck = run(" Restablecimiento", '<w:strike w:val="0"/>')
    body = (
        f"<w:p>{run('Creación', '<w:strike/>')}{not_struck}</w:p>"
        f"<w:p>{run('visto')}{run('oculto', '<w:vanish/>')}"
        f"<w:ins>{run(' nuevo')}</w:ins><w:del><w:r><w:delText>viejo</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('ido')}</w:moveFrom></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('x')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{p('y')}</w:tc></w:tr></w:tbl>"
    )
    assert text_of(body) == "Restablecimiento\nvisto nuevo\ny"


def test_boxes_of_symbol_fonts() -> None:
    letter = run("o", '<w:rFonts w:ascii="Wingdings"/>')
    body = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        f"{run(' Alumnos ')}{letter}{run(' Docentes ')}"
        '<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/><w:sym w:char="zz"/></w:r></w:p>'
    )
    assert text_of(body) == "☒ Alumnos ☐ Docentes ☐"


def test_links_fields_and_special_hyphens() -> None:
    body = (
        f"<w:p><w:hyperlink>{run('ana@upaep.mx')}</w:hyperlink>"
        f"<w:fldSimple w:instr='DATE'>{run(' 2021')}</w:fldSimple>"
        f"{run(' ago')}<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>{run('dic')}</w:p>"
    )
    assert text_of(body) == "ana@upaep.mx 2021 ago-dic"


def test_the_main_part_may_have_another_name() -> None:
    data = docx(p("Hola"), part="word/document2.xml")
    assert read_document(data, "a.docx", "").text == "Hola"


def test_strict_documents_use_another_namespace() -> None:
    uri = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    xml = f'<w:document xmlns:w="{uri}"><w:body>{p("Hola")}</w:body></w:document>'
    assert read_document(archive({"word/document.xml": xml}), "a.docx", "").text == "Hola"


def test_a_document_of_pictures_only_is_told() -> None:
    extract = read_document(docx("<w:p><w:r><w:drawing/></w:r></w:p>"), "foto.docx", "")
    assert extract.text == ""
    assert extract.problem == (
        "El archivo «foto.docx» no contiene texto que podamos leer; "
        "por favor pegue las respuestas en el cuerpo del correo."
    )
