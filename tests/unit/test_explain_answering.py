"""`explain`: the checks that a request fails; with `--answering`, the files as turns of a case."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.explain import explain  # noqa: F401  (enters the command)
from tests.e2e.requests import FULL
from tests.rig.office import compose

SENT = """Hola, Elvira Santoyo:

Nos faltan 2 datos.

Cargo: 

Justificación: 

ESTO FUE LO QUE ENTENDIMOS

Área solicitante: Biblioteca Central
Número aproximado de destinatarios: 1,850
"""  # noqa: W291
REPLY = """Jefa de Acervo, y no son 1850 sino 2100.

El lun, 16 ago 2021 a las 9:00, Comunicación Interna <comunicacion.interna@upaep.mx> escribió:

> Cargo:
> Justificación:
> Área solicitante: Biblioteca Central
> Número aproximado de destinatarios: 1,850
"""


def test_the_files_are_read_as_turns_of_the_case(tmp_path: Path) -> None:
    sent, reply = tmp_path / "sent.eml", tmp_path / "reply.eml"
    sent.write_bytes(compose("comunicacion.interna@upaep.mx", "Su solicitud", SENT).as_bytes())
    thread = {"In-Reply-To": "<form@upaep.mx>", "References": "<form@upaep.mx>"}
    mail = compose("elvira@upaep.mx", "Re: Su solicitud", REPLY, **thread)
    reply.write_bytes(mail.as_bytes())
    run = CliRunner().invoke(app, ["explain", "--json", "--answering", str(sent), str(reply)])
    assert run.exit_code == 0, run.output
    answer = json.loads(run.stdout)
    assert answer["fields"] == {"position": "Jefa de Acervo", "recipients": 2100}
    assert answer["given"] == ["position"]
    assert answer["corrected"] == ["recipients"]
    assert answer["missing"] == ["justification"]
    assert set(answer["sure"]) == {"position", "recipients"}
    assert all(0 < sure <= 1 for sure in answer["sure"].values())


def test_a_mail_of_ours_that_is_not_there_is_a_wrong_command_line(tmp_path: Path) -> None:
    reply = tmp_path / "reply.eml"
    reply.write_bytes(b"From: a@upaep.mx\r\n\r\nHola\r\n")
    run = CliRunner().invoke(app, ["explain", "--answering", str(tmp_path / "no.eml"), str(reply)])
    assert run.exit_code == 2


def test_what_stands_in_the_way_of_a_request_is_told_as_of_the_day_of_its_mail(
    tmp_path: Path,
) -> None:
    for name, every in (("clean", "mensual"), ("faulty", "diaria")):
        mail = compose("ana.prado@upaep.mx", "Formato", FULL.replace("mensual", every))
        del mail["Date"]
        mail["Date"] = "Mon, 16 Aug 2027 09:00:00 -0600"
        (tmp_path / f"{name}.eml").write_bytes(mail.as_bytes())
    files = [str(tmp_path / f"{name}.eml") for name in ("clean", "faulty")]
    run = CliRunner().invoke(app, ["explain", "--json", *files])
    assert run.exit_code == 0, run.output
    clean, faulty = map(json.loads, run.stdout.splitlines())
    assert "checks" not in clean
    assert [check["check"] for check in faulty["checks"]] == ["Frecuencia"]
    assert faulty["checks"][0]["mend"].startswith("Responda con una frecuencia menor")
