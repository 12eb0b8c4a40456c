"""The register: what resembles a request, what audiences already get, what an import changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lists.load import PER_WEEK, saturation
from bot.lists.lookalikes import MOST, THRESHOLD, lookalikes, withdrawn_match
from bot.lists.register import ListEntry, ListState, entry_of, take_in
from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from nlp.types import Command, Extraction, FieldValue, Intent, ParsedCommands
from tests.builders import FORM, PROVISIONER, SAY, case, context, found, full_form, mail, notice

LIBRARY = ListEntry(
    "avisos-biblioteca",
    "avisos-biblioteca@upaep.mx",
    area="Biblioteca Central",
    audience=("students", "faculty"),
    frequency="weekly",
    purpose="difundir las novedades del acervo y los cursos de la biblioteca",
    folio="CI-2021-0007",
)
HISTORICAL = replace(LIBRARY, state=ListState.HISTORICAL, folio="", end_date=dt.date(2021, 6, 18))


def asking(folio: str = "CI-2021-0042", state: State = State.REVIEW, **values: FieldValue) -> Case:
    """A case that asks for a list with these values, and no others."""
    form = {name: Extraction(value, "text", "") for name, value in values.items()}
    return case(state, folio=folio, form=MappingProxyType(form))


# --- look-alikes ------------------------------------------------------------------------------

ALIKE = [
    ("avisos-biblioteca", "avisos-biblioteca"),
    ("Avisos Biblioteca", "avisos_biblioteca"),
    ("avisos-biblioteca", "boletin-biblioteca"),
    ("biblioteca-avisos", "avisos.biblioteca"),
    ("avisos-bibloteca", "avisos-biblioteca"),
    ("generacion-2021", "generacion-2022"),
    ("egresados-medicina", "medicina-egresados-noticias"),
]
APART = [
    ("avisos-biblioteca", "avisos-deportes"),
    ("boletin-medicina", "boletin-derecho"),
    ("becas", "cobranza"),
    ("egresados-medicina", "egresados-derecho"),
    ("avisos", "pastoral"),
    ("lista-general", "avisos-becas"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_mean_the_same_are_shown(one: str, other: str) -> None:
    (shown,) = lookalikes(SAY, asking(list_name=one), [ListEntry(other)])
    assert shown.score >= THRESHOLD
    assert shown.why == "nombre parecido"


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_share_only_common_words_are_not(one: str, other: str) -> None:
    assert lookalikes(SAY, asking(list_name=one), [ListEntry(other)]) == ()


def test_purpose_area_and_audience_tell_where_the_name_does_not() -> None:
    wanted = asking(
        list_name="nuevos-libros",
        area="Biblioteca Central",
        purpose="difundir las novedades del acervo de la biblioteca y sus cursos",
        audience=("students", "faculty"),
    )
    (shown,) = lookalikes(SAY, wanted, [LIBRARY])
    assert shown.why == "objetivo parecido, misma área y mismos destinatarios"
    assert (shown.name, shown.where) == ("avisos-biblioteca", "autorizada")


def test_the_same_area_alone_is_no_resemblance() -> None:
    wanted = asking(list_name="becas-posgrado", area="Biblioteca Central")
    assert lookalikes(SAY, wanted, [replace(LIBRARY, purpose="")]) == ()


def test_what_open_cases_ask_for_counts_and_a_case_does_not_resemble_itself() -> None:
    wanted = asking(list_name="becas")
    twin = asking("CI-2021-0043", list_name="becas")
    (shown,) = lookalikes(SAY, wanted, [], [entry_of(wanted, ""), entry_of(twin, "")])
    assert shown.where == "solicitud CI-2021-0043, en trámite"
    assert shown.score == 100
    assert lookalikes(SAY, wanted, [ListEntry("becas", folio=wanted.folio)]) == ()


def test_the_best_come_first_and_not_too_many() -> None:
    entries = [ListEntry(f"avisos-becas-{n}", f"b{n}@upaep.mx") for n in range(9)]
    found_ = lookalikes(SAY, asking(list_name="avisos-becas-3"), entries)
    assert found_[0].name == "avisos-becas-3"
    assert len(found_) == MOST
    assert [one.score for one in found_] == sorted((one.score for one in found_), reverse=True)


def test_every_state_has_its_words() -> None:
    assert all(SAY(f"lists.state.{state}") for state in ListState)


# --- reinstatement ----------------------------------------------------------------------------


def test_a_reinstatement_finds_its_withdrawn_list() -> None:
    other = replace(HISTORICAL, name="avisos-deportes", address="avisos-deportes@upaep.mx")
    wanted = asking(list_name="Avisos Biblioteca")
    assert withdrawn_match(wanted, [other, HISTORICAL, LIBRARY]) == HISTORICAL
    assert withdrawn_match(asking(list_name="coro"), [other, HISTORICAL]) is None
    assert withdrawn_match(asking(), [HISTORICAL]) is None
    assert withdrawn_match(wanted, []) is None


def test_of_two_namesakes_the_area_tells() -> None:
    namesake = replace(HISTORICAL, address="avisos-biblioteca@upaep.edu.mx", area="Prepa Santiago")
    wanted = asking(list_name="avisos-biblioteca", area="Preparatoria Santiago")
    assert withdrawn_match(wanted, [HISTORICAL, namesake]) == namesake


# --- saturation -------------------------------------------------------------------------------


def test_saturation_of_each_audience_now_and_after() -> None:
    wanted = asking(audience=("staff", "students"), frequency="monthly", list_name="x")
    daily = ListEntry("correo-del-dia", "dia@upaep.mx", audience=("students",), frequency="daily")
    gone = replace(daily, address="old@upaep.mx", state=ListState.WITHDRAWN)
    now_and_then = ListEntry("actos", audience=("students",), frequency="on_demand")
    staff, students = saturation(SAY, wanted, [LIBRARY, daily, gone, now_and_then], FORM)
    assert (staff.audience, staff.lists, staff.mailings_per_week_now) == ("colaboradores", (), 0.0)
    assert staff.after == PER_WEEK["monthly"]
    assert students.lists == (
        "correo-del-dia (diaria)", "avisos-biblioteca (semanal)", "actos (eventual)"
    )  # fmt: skip
    assert students.mailings_per_week_now == 6.0
    assert students.after == pytest.approx(6.0 + 12 / 52)
    assert students.note == "sin contar los envíos eventuales de actos"


def test_a_case_does_not_count_its_own_list_twice() -> None:
    wanted = asking("CI-2021-0007", audience=("students",), frequency="weekly")
    (load,) = saturation(SAY, wanted, [LIBRARY], FORM)
    assert (load.mailings_per_week_now, load.after) == (1.0, 1.0)


@pytest.mark.parametrize("name", ["avisos-biblioteca", "Avisos-Biblioteca@upaep.mx"])
def test_a_change_replaces_the_load_of_its_list(name: str) -> None:
    wanted = asking(audience=("students",), frequency="monthly", list_name=name)
    (load,) = saturation(SAY, replace(wanted, intent=Intent.CHANGE_LIST), [LIBRARY], FORM)
    assert (load.mailings_per_week_now, load.after) == (1.0, PER_WEEK["monthly"])
    (load,) = saturation(SAY, wanted, [LIBRARY], FORM)
    assert (load.mailings_per_week_now, load.after) == (1.0, 1.0 + PER_WEEK["monthly"])


def test_the_table_knows_every_frequency_of_the_form() -> None:
    assert set(PER_WEEK) == set(FORM["frequency"].choices)


# --- whatever comes ---------------------------------------------------------------------------

WORDS = st.text(max_size=40) | st.sampled_from(["avisos-biblioteca", "Biblioteca Central", ""])
AUDIENCES = st.lists(st.sampled_from(list(FORM["audience"].choices)), max_size=4).map(tuple)
FREQUENCIES = st.sampled_from([*FORM["frequency"].choices, "", "otra"])
ENTRIES = st.builds(
    ListEntry,
    name=WORDS, address=WORDS, state=st.sampled_from(ListState), area=WORDS,
    audience=AUDIENCES, frequency=FREQUENCIES, purpose=WORDS, folio=WORDS,
)  # fmt: skip
VALUES = WORDS | st.integers() | st.dates() | AUDIENCES
CASES = st.builds(
    lambda values: asking(**values),
    st.dictionaries(st.sampled_from([f.name for f in FORM.fields]), VALUES),
)


@given(CASES, st.lists(ENTRIES, max_size=8), st.lists(CASES, max_size=3))
def test_scores_stay_in_bounds_whatever_stands_there(
    wanted: Case, entries: list[ListEntry], others: list[Case]
) -> None:
    requested = [entry_of(replace(c, folio=f"CI-2020-{n:04d}"), "") for n, c in enumerate(others)]
    shown = lookalikes(SAY, wanted, entries, requested)
    assert len(shown) <= MOST
    assert all(THRESHOLD - 1 <= one.score <= 100 for one in shown)
    withdrawn_match(wanted, entries)


@given(CASES, st.lists(ENTRIES, max_size=6), ENTRIES)
def test_another_list_never_lowers_the_load(
    wanted: Case, entries: list[ListEntry], more: ListEntry
) -> None:
    before, after = (
        saturation(SAY, wanted, entries, FORM),
        saturation(SAY, wanted, [*entries, more], FORM),
    )
    for one, other in zip(before, after, strict=True):
        assert one.after >= one.mailings_per_week_now >= 0
        assert other.mailings_per_week_now >= one.mailings_per_week_now
        assert other.after >= one.after


# --- entering and taking in -------------------------------------------------------------------


def test_hecho_enters_the_list() -> None:
    at = case(State.PROVISIONING)
    made = context(
        mail("…", PROVISIONER.address),
        case=at,
        link=Link.TOKEN,
        token=notice(PROVISIONER, State.PROVISIONING),
        staff_commands=ParsedCommands((Command("done", "Novedades@upaep.mx"),)),
    )
    (entry,) = decide(made).records
    assert entry == entry_of(at, "Novedades@upaep.mx")
    assert (entry.state, entry.key, entry.folio) == (
        ListState.ACTIVE, "novedades@upaep.mx", at.folio
    )  # fmt: skip
    assert (entry.audience, entry.recipients) == (("students",), 1850)
    assert entry.start_date == dt.date(2021, 9, 1)


def test_an_entry_from_an_odd_form_still_has_name_and_responsible() -> None:
    bare = case(form=full_form("list_name", "email", "recipients", "end_date"))
    bare = replace(bare, form=MappingProxyType({**bare.form, "area": found(7)}))
    entry = entry_of(bare, "coro@upaep.mx")
    assert (entry.name, entry.responsible_email) == ("coro", bare.requester.email)
    assert (entry.area, entry.recipients, entry.end_date) == ("", None, None)


def test_taking_in_again_changes_nothing_and_what_lived_on_is_left_alone() -> None:
    coro = ListEntry("Coro  Universitario", state=ListState.HISTORICAL)
    assert coro.key == "coro universitario"
    first = take_in([], [HISTORICAL, coro])
    assert first.to_save == (HISTORICAL, coro)
    again = take_in(first.to_save, [HISTORICAL, coro])
    assert (again.to_save, again.same) == ((), (HISTORICAL, coro))
    corrected = replace(coro, area="Pastoral")
    assert take_in([coro], [corrected]).changed == (corrected,)
    assert take_in([LIBRARY], [HISTORICAL]).lived_on == (HISTORICAL,)
