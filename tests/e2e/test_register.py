"""The register by mail: a list enters it with HECHO, and the next notice tells of it."""

import json
from pathlib import Path

from tests.e2e.requests import FULL
from tests.rig.office import APPROVER, AREA, PROVISIONER, REVIEWER, Office

WITHDRAWN = Path(__file__).parents[1] / "data" / "lists" / "plain.csv"
ADDRESS = "novedades-biblioteca@upaep.mx"
OTHER = "luis.rojas@upaep.mx"


def approved(office: Office, request: str = FULL) -> str:
    """A request taken all the way to its list; its folio."""
    office.write(AREA, "Formato", request)
    notice = office.mail("review", REVIEWER)
    office.reply(notice, "APROBAR")
    office.reply(office.mail("approval", APPROVER), "APROBAR")
    office.reply(office.mail("provisioning", PROVISIONER), f"HECHO {ADDRESS}")
    office.mail("list_ready", AREA)
    return notice.case


def section(text: str, title: str) -> str:
    """What stands under a title of a notice, on one line."""
    below = "\n".join(text.splitlines()).partition(f"\n{title}\n")[2]
    return " ".join(below.partition("\n\n\n")[0].split())


def test_a_list_that_is_made_is_in_the_register_and_in_the_next_notice(office: Office) -> None:
    folio = approved(office)
    (entry,) = json.loads(office.bot("lists", "--json").stdout)
    assert (entry["address"], entry["state"], entry["folio"]) == (ADDRESS, "active", folio)
    assert entry["audience"] == ["faculty", "students"]
    assert (entry["recipients"], entry["frequency"]) == (1850, "monthly")

    office.write(OTHER, "Otra lista", FULL.replace("novedades-biblioteca", "avisos-biblioteca"))
    notice = office.mail("review", REVIEWER, after=1)
    alike = section(notice.text, "LISTAS Y SOLICITUDES PARECIDAS")
    assert "novedades-biblioteca" in alike
    assert "autorizada" in alike
    assert ADDRESS in alike
    load = section(notice.text, "CUÁNTO RECIBE YA ESE PÚBLICO")
    assert "novedades-biblioteca (mensual)" in notice.text
    assert load
    earlier = section(notice.text, "SOLICITUDES ANTERIORES DEL ÁREA")
    assert folio in earlier
    assert "crear novedades-biblioteca aceptada; la lista existe" in earlier


def test_a_list_does_not_take_the_address_of_another(office: Office) -> None:
    folio = approved(office)
    office.write(OTHER, "Otra lista", FULL.replace("novedades-biblioteca", "avisos-biblioteca"))
    office.reply(office.mail("review", REVIEWER, after=1), "APROBAR")
    office.reply(office.mail("approval", APPROVER, after=1), "APROBAR")
    command = office.mail("provisioning", PROVISIONER, after=1)
    office.reply(command, f"HECHO {ADDRESS}")
    told = " ".join(office.mail("command_result", PROVISIONER, after=1).text.split())
    assert f"{ADDRESS} ya es la dirección de la lista novedades-biblioteca" in told
    assert folio in told
    (entry,) = json.loads(office.bot("lists", "--json").stdout)
    assert entry["folio"] == folio
    office.reply(command, "HECHO avisos-biblioteca@upaep.mx")
    office.mail("list_ready", OTHER)
    assert len(json.loads(office.bot("lists", "--json").stdout)) == 2


def test_a_notice_tells_which_guidelines_are_not_met(office: Office) -> None:
    request = FULL.replace("mensual", "diaria").replace(
        "elvira.santoyo@upaep.mx", "elvira@gmail.com"
    )
    office.write(AREA, "Formato", request)
    text = office.mail("review", REVIEWER).text
    checks = section(text, "LINEAMIENTOS")
    assert "✗ Correo institucional: NO CUMPLE. elvira@gmail.com" in checks
    assert "✗ Frecuencia: NO CUMPLE. Es diaria" in checks
    assert "✓ Visto bueno" in checks
    assert "No cumple 2 de 9 lineamientos" in text
    assert "Es la primera." in text


def test_a_reinstatement_is_matched_against_the_lists_of_before(office: Office) -> None:
    imported = office.bot("lists", "import", str(WITHDRAWN))
    assert imported.returncode == 0, imported.stderr
    request = FULL.replace("Creación", "Restablecimiento")
    request = request.replace("novedades-biblioteca", "avisos-biblioteca")
    office.write(AREA, "Restablecer la lista avisos-biblioteca", request)
    text = office.mail("review", REVIEWER).text
    told = section(text, "LA LISTA DADA DE BAJA")
    assert "Es avisos-biblioteca, dada de baja el 18 de junio de 2021." in told
    assert "Hilda Carreón Meza" in told
