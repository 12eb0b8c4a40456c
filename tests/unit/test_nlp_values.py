"""Numbers, dates, periods, rhythms, audiences and names as people write them."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fields.lexicon import strip_titles
from nlp.fields.mentions import choices_in, mentions_in
from nlp.fields.values import is_absent, read_digits, read_email, read_name, read_value, ticked
from nlp.shipped import load_form
from nlp.text.dates import dates_in, end_before, read_period, resolve
from nlp.text.fold import clean, compose, fold, plain, squeeze, trim, words
from nlp.text.numbers import numbers_in, numerals_in, read_integer
from nlp.text.rhythm import read_rhythm, rhythms_in
from nlp.turns.hints import list_names
from nlp.types import FieldKind, FormField

FORM = load_form(Path(__file__).parents[2] / "bot" / "lists" / "form.yaml")
TODAY = dt.date(2021, 7, 28)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,850", 1850),
        ("1.250", 1250),
        ("4 100", 4100),
        ("11,500.", 11500),
        ("450", 450),
        ("~80", 80),
        ("unos 300", 300),
        ("720 aprox.", 720),
        ("5 mil", 5000),
        ("2 mil", 2000),
        ("2.5 mil", 2500),
        ("3 mil 500", 3500),
        ("medio millar", 500),
        ("dos centenares", 200),
        ("trece docenas", 156),
        ("mil doscientas personas", 1200),
        ("seiscientos cincuenta trabajadores", 650),
        ("tres mil quinientos", 3500),
        ("ciento noventa y cuatro", 194),
        ("cincuenta y una cuentas", 51),
        ("treinta y tantos", 30),
        ("cien", 100),
        ("500... no, ya conté bien, son 580", 580),
        ("120, perdón, 125", 125),
        ("los alumnos de tercero", None),
        ("una lista", None),
        ("", None),
        ("12/07/2021", None),
    ],
)
def test_integers(text: str, value: int | None) -> None:
    assert read_integer(text) == value


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("16 de agosto de 2021", ["2021-08-16"]),
        ("16 de agosto del 2021", ["2021-08-16"]),
        ("16 agosto 2021", ["2021-08-16"]),
        ("16/agosto/2021", ["2021-08-16"]),
        ("1/mar/2022", ["2022-03-01"]),
        ("23 ago 2021 - 1 jul 2022", ["2021-08-23", "2022-07-01"]),
        ("01/08/2021", ["2021-08-01"]),
        ("05.02.24", ["2024-02-05"]),
        ("08-08-2022", ["2022-08-08"]),
        ("2021-07-19 / 2022-07-18", ["2021-07-19", "2022-07-18"]),
        ("13-mar-2023", ["2023-03-13"]),
        ("1o. de septiembre de 2023", ["2023-09-01"]),
        ("1° de octubre", ["2021-10-01"]),
        ("primero de marzo", ["2022-03-01"]),
        ("quince de diciembre", ["2021-12-15"]),
        ("lunes 11 de octubre de 2021", ["2021-10-11"]),
        ("a partir del lunes 2", ["2021-08-02"]),
        ("16/08/21 – 10/12/21", ["2021-08-16", "2021-12-10"]),
        ("del 1 al 15 de diciembre", ["2021-12-01", "2021-12-15"]),
        ("10 de enero", ["2022-01-10"]),
        ("28 de julio", ["2021-07-28"]),
        ("27 de julio", ["2022-07-27"]),
        ("30 de febrero de 2022", []),
        ("de 02AGO21 a 15DIC21", ["2021-08-02", "2021-12-15"]),
        ("20210802 - 20220731", ["2021-08-02", "2022-07-31"]),
        ("ago-dic 2021", []),
        ("semestre otoño", []),
        ("permanente", []),
        ("de 8 a 14 h", []),
        ("400 alumnos", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert [span.date.isoformat() for span in dates_in(text, TODAY)] == dates


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("del 2 de agosto de 2021 al 31 de julio de 2022", "2021-08-02", "2022-07-31"),
        ("del 15 de agosto al 14 de agosto del siguiente año", "2021-08-15", "2022-08-14"),
        ("20 de septiembre al 20 de mayo", "2021-09-20", "2022-05-20"),
        ("del 1 de septiembre al 31 de agosto", "2021-09-01", "2022-08-31"),
        ("inicio 08-08-2022, fin 07-07-2023", "2022-08-08", "2023-07-07"),
        ("12/07/2021 a 12/07/2023", "2021-07-12", "2023-07-12"),
        ("a partir del 1 de agosto", "2021-08-01", None),
        ("18 meses a partir del 1 de julio de 2024", "2024-07-01", None),
        ("hasta el 15 de diciembre", None, "2021-12-15"),
        ("27 de octubre de 2025, sin fecha de término", "2025-10-27", None),
        ("permanente", None, None),
    ],
)
def test_periods(text: str, start: str | None, end: str | None) -> None:
    period = read_period(text, TODAY)
    assert (period.start and period.start.isoformat(), period.end and period.end.isoformat()) == (
        start,
        end,
    )


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("a partir del ", "start"),
        ("desde el lunes ", "start"),
        ("hasta el ", "end"),
        ("vence el ", "end"),
        ("el concierto es el ", ""),
    ],
)
def test_end_of_a_period(before: str, end: str) -> None:
    assert end_before(before) == end


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Diaria", "daily"),
        ("de lunes a viernes", "daily"),
        ("todos los días", "daily"),
        ("a diario", "daily"),
        ("Semanal", "weekly"),
        ("una vez a la semana", "weekly"),
        ("un correo a la semana", "weekly"),
        ("cada lunes", "weekly"),
        ("todos los viernes", "weekly"),
        ("cada ocho días", "weekly"),
        ("Quincenal", "biweekly"),
        ("cada quince días", "biweekly"),
        ("cada 2 semanas", "biweekly"),
        ("cada quincena", "biweekly"),
        ("mensualmente", "monthly"),
        ("una vez al mes", "monthly"),
        ("cada fin de mes", "monthly"),
        ("más o menos un mensaje al mes", "monthly"),
        ("bimestral", "bimonthly"),
        ("cada dos meses", "bimonthly"),
        ("una vez cada dos meses", "bimonthly"),
        ("un solo correo por trimestre", "quarterly"),
        ("cada trimestre", "quarterly"),
        ("Trimestral", "quarterly"),
        ("cada tres meses", "quarterly"),
        ("una vez por semestre", "semester"),
        ("dos veces al año", "semester"),
        ("dos envíos al año, uno por semestre", "semester"),
        ("al inicio de cada semestre", "semester"),
        ("una vez al año", "yearly"),
        ("anual", "yearly"),
        ("cuando se requiera", "on_demand"),
        ("solo cuando haga falta", "on_demand"),
        ("eventual", "on_demand"),
        ("A demanda", "on_demand"),
        ("según se requiera", "on_demand"),
        ("dos veces por semestre", None),
        ("tres veces por semana", None),
        ("cada tercer día", None),
        ("por única vez", None),
        ("cuatrimestral", None),
        ("azul", None),
    ],
)
def test_frequency(text: str, key: str | None) -> None:
    assert read_rhythm(text) == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("alumnos", {"students"}),
        ("Alumnos y docentes", {"students", "faculty"}),
        ("estudiantes de posgrado", {"students"}),
        ("becarios, residentes y pasantes", {"students"}),
        ("profesores investigadores", {"faculty"}),
        ("personal administrativo", {"staff"}),
        ("personal docente", {"faculty"}),
        ("colaboradores", {"staff"}),
        ("egresadas y egresados", {"alumni"}),
        ("exalumnos", {"alumni"}),
        ("Aspirantes y público externo", {"applicants", "external"}),
        ("papás y mamás", {"parents"}),
        ("papás de aspirantes", {"parents"}),
        ("padres de familia", {"parents"}),
        ("pacientes", {"external"}),
        ("proveedores y empresas", {"external"}),
        ("alumnos maestros y personal de esos edificios", {"students", "faculty", "staff"}),
        ("alumnos egresados", {"students"}),
        ("docentes jubilados y personal", {"faculty", "staff"}),
        ("antiguos\nalumnos", {"alumni"}),
        ("personal + docentes", {"staff", "faculty"}),
        ("personas de fuera y gente externa", {"external"}),
        ("la comunidad", set()),
        ("la comunidad universitaria", set()),
    ],
)
def test_audience(text: str, keys: set[str]) -> None:
    assert {m.value for m in choices_in(text, FORM["audience"])} == keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Creación", "creation"),
        ("nueva (creación)", "creation"),
        ("Alta de lista nueva", "creation"),
        ("Restablecimiento", "reinstatement"),
        ("reactivación", "reinstatement"),
        ("que nos regresen la lista", "reinstatement"),
        ("volver a activar", "reinstatement"),
        ("otro", None),
    ],
)
def test_request_type(text: str, key: str | None) -> None:
    assert read_value(FORM["request_type"], text, TODAY) == key


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("request_type", "Restab.", "reinstatement"),
        ("frequency", "mens.", "monthly"),
        ("frequency", "1 x sem.", "weekly"),
        ("frequency", "Sem.", None),  # of the week or of the half-year
        ("audience", "egres.", ("alumni",)),
    ],
)
def test_words_cut_short(field: str, text: str, value: object) -> None:
    assert read_value(FORM[field], text, TODAY) == value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mtra. Fabiola Iturbe Carmona", "Fabiola Iturbe Carmona"),
        ("Dr. Octavio Larrañaga Pineda", "Octavio Larrañaga Pineda"),
        ("C.D. Leticia Campuzano Roa", "Leticia Campuzano Roa"),
        ("MVZ Saúl Arizmendi Peña", "Saúl Arizmendi Peña"),
        ("Q.F.B. Renata Oropeza Dávila", "Renata Oropeza Dávila"),
        ("Pbro. Joaquín Verduzco Leal", "Joaquín Verduzco Leal"),
        ("el M.C. Fulgencio Ortega Bazán", "Fulgencio Ortega Bazán"),
        ("la maestra Perla Gudiño", "Perla Gudiño"),
        ("MTRA. DIANA MONROY ESTRELLA", "DIANA MONROY ESTRELLA"),
        ("Ofelia Cantoral Ríos, ext. 7163", "Ofelia Cantoral Ríos"),
        ("Gerardo Montes de Oca", "Gerardo Montes de Oca"),
        ("Lic. Dulce Ma. Xicale", "Dulce Ma. Xicale"),
        ("vicerrectora Ma. Elena Cuevas", "Ma. Elena Cuevas"),
        ("ella, Rocío Tapia Mena", "Rocío Tapia Mena"),
        ("María del Rocío Zamudio de Lara", "María del Rocío Zamudio de Lara"),
        ("yo", None),
        ("la que suscribe", None),
        ("lo está viendo el vicerrector", None),
        ("", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("recipients", "80, digo 82", 82),
        ("recipients", "1100 (el director corrige: 1,150)", 1150),
        ("recipients", "60 y pico, pónganle 65", 65),
        ("recipients", "300, no contamos a los de intercambio", 300),
        ("frequency", "SEMANAL NO, QUINCENAL", "biweekly"),
        ("frequency", "semanal, no diario", "weekly"),
        ("position", "Director digo Subdirector", "Subdirector"),
    ],
)
def test_answers_that_correct_themselves(field: str, text: str, value: object) -> None:
    assert read_value(FORM[field], text, TODAY) == value


def test_titles_alone_stay() -> None:
    assert strip_titles("Dr.") == "Dr."


@pytest.mark.parametrize(
    "text",
    ["", "---", "N/A", "n.a.", "pendiente", "por definir", "Por confirmar", "xxx", "???", "......",
     "en trámite", "no tengo", "todavía no le preguntamos a nadie", "la misma de siempre",
     "no aplica", "________", "-", "pendiente de firma", "sin cambios"],
)  # fmt: skip
def test_blank_answers(text: str) -> None:
    assert is_absent(text)


@pytest.mark.parametrize(
    "text",
    ["7277", "Nadia", "No hay otro medio que llegue a quien ya no tiene cuenta institucional",
     "Pendientes de titulación: avisar a los alumnos que deben documentos y pagos", "nutri-avisos",
     "no tengo, uso vocal@example.org"],
)  # fmt: skip
def test_real_answers(text: str) -> None:
    assert not is_absent(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("7652", "7652"),
        ("ext. 7313", "7313"),
        ("222 229 9400 ext. 7849", "7849"),
        ("Tel. (222) 229 94 00 Ext. 7652", "7652"),
        ("7410 (perdón, 7401)", "7401"),
        ("7 301", "7301"),
        ("no hay", None),
        ("7258 / 7259", None),
        ("7850 or 7851, we share", None),
    ],
)
def test_extensions(text: str, digits: str | None) -> None:
    assert read_digits(text) == digits


def test_addresses() -> None:
    assert read_email("DIANA.MONROY@UPAEP.MX") == "diana.monroy@upaep.mx"
    assert read_email("a@b.mx, perdón, c@b.mx") == "c@b.mx"
    assert read_email("sin correo") is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("[X] Creación  [ ] Restablecimiento", "Creación"),
        ("( ) Diaria (X) Semanal ( ) Quincenal", "Semanal"),
        ("☐ Alumnos ☒ Docentes ☒ Egresados", "Docentes, Egresados"),
        ("Creación ( ) Restablecimiento (x)", "Restablecimiento"),
        ("[ ] Creación [ ] Restablecimiento", ""),
        ("Alumnos", None),
    ],
)
def test_check_boxes(text: str, options: str | None) -> None:
    assert ticked(text) == options


def test_choices_of_an_unknown_field() -> None:
    field = FormField(
        "campus", "Campus", FieldKind.CHOICE, choices={"n": ("Norte",), "s": ("Sur", "meridional")}
    )
    assert read_value(field, "campus Sur", TODAY) == "s"
    assert read_value(field, "el meridional", TODAY) == "s"
    assert read_value(field, "otro", TODAY) is None


def test_words_parted_by_a_comma_are_two_choices() -> None:
    read = {text: read_value(FORM["audience"], text, TODAY) for text in (
        "personal, docentes", "personal docente", "docentes, personal académico"
    )}  # fmt: skip
    assert read == {
        "personal, docentes": ("faculty", "staff"),
        "personal docente": ("faculty",),
        "docentes, personal académico": ("faculty",),
    }


def test_every_kind_reads_and_is_absent() -> None:
    for kind in FieldKind:
        choices = {"a": ("uno",)} if kind in (FieldKind.CHOICE, FieldKind.CHOICES) else {}
        assert read_value(FormField("x", "X", kind, choices=choices), "pendiente", TODAY) is None


@given(st.integers(min_value=20, max_value=999_999))
def test_digits_round_trip(value: int) -> None:
    assert read_integer(f"{value}") == value
    assert read_integer(f"{value:,}") == value
    assert read_integer(f"unas {value:,} personas".replace(",", " ")) == value


@given(st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31)))
def test_dates_round_trip(date: dt.date) -> None:
    months = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]
    long = f"el {date.day} de {months[date.month - 1]} de {date.year}"
    for text in (long, date.isoformat(), f"{date:%d/%m/%Y}", f"{date:%d-%m-%Y}"):
        assert [span.date for span in dates_in(text, TODAY)] == [date]


_RECENT = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@given(_RECENT, _RECENT)
def test_a_date_without_a_year_is_never_past(date: dt.date, today: dt.date) -> None:
    found = resolve(date.day, date.month, None, today)
    assert found is None or today <= found


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nothing_raises(text: str) -> None:
    assert len(fold(text)) == len(text)
    trim(squeeze(text))
    trim(clean(text))
    for number in numbers_in(text):
        assert number.value >= 0
    dates_in(text, TODAY)
    read_period(text, TODAY)
    list_names(text)
    mentions_in(text, FORM, TODAY)
    ticked(text)
    for field in FORM.fields:
        read_value(field, text, TODAY)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="0123456789 .,-/:mil de enero|_()[]xX", max_size=400))
def test_digits_and_signs_do_not_raise(text: str) -> None:
    numbers_in(text)
    dates_in(text, TODAY)
    for field in FORM.fields:
        read_value(field, text, TODAY)


def test_every_formatting_character_is_known() -> None:
    for code in range(0x110000):
        if unicodedata.category(chr(code)) == "Cf":
            assert clean(f"a{chr(code)}b") in ("ab", "a\ufffdb"), hex(code)


def test_runs_of_marks_are_cut_before_they_are_sorted() -> None:
    marks = "\u0301\u0323" * 200_000
    start = time.process_time()
    assert len(compose(f"a{marks}b")) < 40
    assert words(f"lista{marks}") == ("lista",)
    assert time.process_time() - start < 2


def test_letters_of_other_shapes() -> None:
    assert fold("𝐀Ｐrobar ÑÚ") == "aprobar nu"
    assert plain(clean("Difusión-UPAEP, o\ufb01cial")) == "difusion upaep oficial"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("two hundred and twelve institutions", [(212, "")]),
        ("fifteen thousand people", [(15_000, "")]),
        ("mil doscientos treinta", [(1230, "")]),
        ("dos mil veintidós", [(2022, "")]),
        ("extensión siete tres cero nueve", [(7309, "7309")]),
        ("la setenta y uno cincuenta y cinco", [(7155, "7155")]),
        ("medio millar y 2 mil 500", [(500, ""), (2500, "")]),
    ],
)
def test_numbers_said_aloud(text: str, numbers: list[tuple[int, str]]) -> None:
    assert [(n.value, n.digits) for n in numerals_in(text)] == numbers


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("From January 24 until May 27", ["2022-01-24", "2022-05-27"]),
        ("August 14, 2023 – May 31, 2024", ["2023-08-14", "2024-05-31"]),
        ("the 5th of March", ["2022-03-05"]),
        ("vig ini 1 oct 21  fin 30 sep 22", ["2021-10-01", "2022-09-30"]),
        ("el treinta de junio del año que entra", ["2023-06-30"]),
        (
            "del primero de junio de dos mil veintidós al treinta y uno de mayo de dos mil "
            "veintitrés",
            ["2022-06-01", "2023-05-31"],
        ),
    ],
)
def test_dates_in_other_words(text: str, dates: list[str]) -> None:
    found = dates_in(text, dt.date(2022, 1, 5))
    assert [span.date.isoformat() for span in found] == dates


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("c/15 dias", "biweekly"),
        ("1 correo x semana", "weekly"),
        ("every two weeks", "biweekly"),
        ("once a month, more or less", "monthly"),
        ("twice a semester", ""),
        ("as needed", "on_demand"),
        ("mensual los primeros meses, luego nada", "monthly"),
    ],
)
def test_rhythms_in_running_text(text: str, name: str) -> None:
    assert [r.name for r in rhythms_in(text)] == [name]


def test_no_rhythm_in_an_address() -> None:
    assert rhythms_in("reactiven menu-semanal@upaep.mx por favor") == []
    assert [r.name for r in rhythms_in("el aviso-semanal")] == ["weekly"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("dos mil y tres mil", []),
        ("dos mil trescientos", [2300]),
        ("mil doscientos", [1200]),
    ],
)
def test_two_thousands_are_no_sum(text: str, values: list[int]) -> None:
    assert [n.value for n in numbers_in(text)] == values


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("sponsor", "pendiente (el maestro anda de viaje)", None),
        ("responsible", "vacante", None),
        ("responsible", "(Ana Luz Prado)", "Ana Luz Prado"),
        ("position", "directora, ext. 7660", "directora"),
        ("position", "Jefa de Extensión", "Jefa de Extensión"),
        ("area", "Becas (campus Puebla)", "Becas (campus Puebla)"),
    ],
)
def test_what_stands_beside_a_value_is_none_of_it(name: str, text: str, value: str | None) -> None:
    assert read_value(FORM[name], text, TODAY) == value


def test_a_dictated_address() -> None:
    text = "correo ana punto rebollar arroba upaep punto mx gracias"
    (found,) = [m for m in mentions_in(text, FORM, TODAY) if m.kind == "email"]
    assert found.value == "ana.rebollar@upaep.mx"
