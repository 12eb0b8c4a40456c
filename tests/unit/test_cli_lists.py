"""`lists`: odd CSV files taken in, the register shown; the files are in tests/data/lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.lists import COLUMNS
from bot.lists.csv_import import LABELS, NoHeaderError, read_list_csv
from bot.lists.register import ListEntry, ListState
from bot.store import Store
from tests.builders import FORM

FILES = Path(__file__).parents[1] / "data" / "lists"
TODAY = dt.date(2026, 11, 23)
BEGAN = dt.date(2021, 6, 18)
BOTH = [
    "plain.csv", "excel-bom.csv", "excel-cp1252-semicolons.csv", "unicode-text-tabs.csv",
    "titles-and-typos.csv",
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file.write_text(
        f"database: {{url: 'sqlite:///{tmp_path}/bot.db'}}\nstaff: {staff}\n", encoding="utf-8"
    )
    Store.open(f"sqlite:///{tmp_path}/bot.db").close()
    return file


def bot(config: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"COLUMNS": "200"})  # wide enough for every cell on one line
    return runner.invoke(app, ["--config", str(config), "lists", *arguments])


def read(name: str) -> tuple[ListEntry, ...]:
    return read_list_csv((FILES / name).read_bytes(), FORM, TODAY, ended=BEGAN).entries


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOTH)
def test_the_same_lists_are_read_from_every_dialect(name: str) -> None:
    library, grants = read(name)
    assert (library.name, library.address) == ("avisos-biblioteca", "avisos-biblioteca@upaep.mx")
    assert (grants.address, grants.area) == ("becas@upaep.mx", "Dirección de Becas")
    assert {e.state for e in (library, grants)} == {ListState.HISTORICAL}
    assert {e.end_date for e in (library, grants)} == {BEGAN}
    if name != "titles-and-typos.csv":
        assert grants.responsible == "Íñigo Núñez"


def test_values_are_read_as_those_of_the_form() -> None:
    library, grants = read("plain.csv")
    assert library.audience == ("faculty", "students")
    assert (library.recipients, library.frequency) == (1850, "monthly")
    assert library.start_date == dt.date(2018, 3, 12)
    assert library.responsible_email == "hilda.carreon@upaep.mx"
    assert library.note == "incluye posgrado, sin egresados"
    assert grants.frequency == "biweekly"


def test_each_odd_row_is_told_with_its_line_and_the_others_are_kept() -> None:
    sheet = read_list_csv((FILES / "odd-rows.csv").read_bytes(), FORM, TODAY)
    assert [e.name for e in sheet.entries][:4] == [
        "avisos-biblioteca",
        "deportes",
        "corta",
        "becas",
    ]
    told = [(r.line, r.kept, r.text.split("«")[0].strip(" ;:")) for r in sheet.problems]
    assert told == [
        (3, False, "no dice el nombre ni la dirección"),
        (4, False, ""),
        (5, True, "no se entiende el número de destinatarios"),
        (5, True, "no se entiende la frecuencia"),
        (6, False, "repite la lista de la línea 2"),
        (7, False, "tiene más celdas que el encabezado; ¿falta poner algo entre comillas?"),
    ]
    assert sheet.entries[3].area == "Dirección de Becas"  # a cell over two lines


def test_an_unclosed_quotation_mark_is_told_where_it_opens() -> None:
    sheet = read_list_csv((FILES / "unclosed-quote.csv").read_bytes(), FORM, TODAY)
    (problem,) = sheet.problems
    assert (problem.line, problem.kept) == (3, False)
    assert "comillas sin cerrar" in problem.text
    assert len(sheet.entries) == 1


def test_addresses_alone_are_enough() -> None:
    assert [e.name for e in read("only-addresses.csv")] == ["avisos-biblioteca", "becas"]


@pytest.mark.parametrize("name", ["no-header.csv", "empty.csv", "not-a-table.csv"])
def test_what_is_no_table_of_lists_is_refused(name: str) -> None:
    with pytest.raises(NoHeaderError):
        read(name)


def test_no_label_means_two_things() -> None:
    labels = [label for column in LABELS.values() for label in column]
    assert len(labels) == len(set(labels))


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda t: f"Lista,Correo\n{t}".encode()))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        sheet = read_list_csv(raw, FORM, TODAY)
    except NoHeaderError:
        return
    keys = [e.key for e in sheet.entries]
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_a_large_file_takes_no_longer_than_it_must() -> None:
    rows = [f"lista-{n},lista-{n}@upaep.mx,Área {n},alumnos,{n},mensual" for n in range(5000)]
    random.Random(1).shuffle(rows)
    raw = "\n".join(["Lista,Correo,Área,Destinatarios,Miembros,Frecuencia", *rows]).encode()
    assert len(read_list_csv(raw, FORM, TODAY).entries) == 5000


# --- the command ------------------------------------------------------------------------------


def test_importing_twice_changes_nothing(config: Path) -> None:
    first = bot(config, "import", str(FILES / "plain.csv"))
    assert first.exit_code == 0, first.output
    assert "2 nuevas" in first.output
    again = bot(config, "import", str(FILES / "excel-bom.csv"))
    assert "0 nuevas, 0 con cambios, 2 ya estaban igual" in again.output
    assert len(json.loads(bot(config, "--json").stdout)) == 2


def test_what_lived_on_is_not_overwritten(config: Path, tmp_path: Path) -> None:
    bot(config, "import", str(FILES / "plain.csv"))
    back = ListEntry("avisos-biblioteca", "avisos-biblioteca@upaep.mx", folio="CI-2026-0001")
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store, store.work() as work:
        work.lists.save(back)
    again = bot(config, "import", str(FILES / "plain.csv"))
    assert "1 se dejaron" in again.output
    (active,) = json.loads(bot(config, "--state", "active", "--json").stdout)
    assert active["folio"] == "CI-2026-0001"


def test_lists_of_today_are_taken_in_and_a_historical_one_lives_again(
    config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "today.csv"
    file.write_text("Lista,Correo\nEgresados,egresados@upaep.mx\n", "utf-8")
    assert bot(config, "import", str(file)).exit_code == 0
    (old,) = json.loads(bot(config, "--json").stdout)
    assert (old["state"], old["end_date"]) == ("historical", "2021-06-18")
    assert bot(config, "import", str(file), "--state", "active").exit_code == 0
    (new,) = json.loads(bot(config, "--json").stdout)
    assert (new["state"], new["end_date"]) == ("active", None)
    assert "1 se dejaron" in bot(config, "import", str(file), "--state", "withdrawn").stdout
    assert json.loads(bot(config, "--json").stdout) == [new]


def test_bad_rows_end_with_status_1_and_good_ones_are_in(config: Path) -> None:
    done = bot(config, "import", str(FILES / "odd-rows.csv"))
    assert done.exit_code == 1
    assert (
        "línea 4: «coro arroba upaep.mx» no es una dirección de correo; no se tomó" in done.output
    )
    assert "línea 5: no se entiende la frecuencia" in done.output
    assert "5 nuevas" in done.output
    assert "4 líneas no se tomaron" in done.output


def test_columns_that_nothing_was_taken_from_are_told(config: Path) -> None:
    done = bot(config, "import", str(FILES / "titles-and-typos.csv"))
    assert done.exit_code == 0
    assert "columnas que no se usaron: Color" in done.output


@pytest.mark.parametrize("name", ["no-header.csv", "empty.csv", "there-is-none.csv"])
def test_a_file_that_cannot_be_used_is_wrong_use(config: Path, name: str) -> None:
    done = bot(config, "import", str(FILES / name))
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_csv_is_harmless_in_a_spreadsheet(config: Path) -> None:
    bot(config, "import", str(FILES / "odd-rows.csv"))
    rows = list(csv.DictReader(io.StringIO(bot(config, "--csv").stdout)))
    assert tuple(rows[0]) == COLUMNS
    formula = next(row for row in rows if row["address"] == "formula@upaep.mx")
    assert formula["name"].startswith("'=HYPERLINK")
    assert formula["area"] == "'@SUM(A1)"
    assert formula["audience"] == "students"


def test_lists_are_shown_and_filtered(config: Path) -> None:
    bot(config, "import", str(FILES / "plain.csv"))
    (shown,) = json.loads(bot(config, "--area", "direccion de becas", "--json").stdout)
    assert shown["name"] == "becas"
    assert shown["audience"] == ["students"]
    assert "dada de baja en 2021" in " ".join(bot(config).stdout.split())
    assert json.loads(bot(config, "--state", "active", "--json").stdout) == []
