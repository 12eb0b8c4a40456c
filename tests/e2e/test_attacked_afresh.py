"""What later attacks found, through IMAP and SMTP: each held before it was mended.

docs/security.md lists these beside those of `test_attacks.py`.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.requests import FULL
from tests.e2e.test_attacks import OTHER, SERVER, passed, raw, request, settle
from tests.rig.dovecot import Dovecot
from tests.rig.office import (
    APPROVER,
    PROVISIONER,
    REVIEWER,
    HandClock,
    Office,
    answer,
    compose,
    in_process,
    open_office,
)
from tests.rig.smtp_sink import Received, SmtpSink
from tests.rig.warm import WarmBot

MOST_CASES, MOST_NOTICES = 4, 5
INES = "ines.robles@upaep.mx"
_number = itertools.count(1)


@pytest.fixture(scope="module")
def office(
    dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory, warm: WarmBot
) -> Iterator[Office]:
    """One whose server vouches for senders, and whose caps are soon reached."""
    account, folder = dovecot.account("afresh@upaep.mx"), tmp_path_factory.mktemp("afresh")
    with SmtpSink() as sink, open_office(account, sink, folder) as opened:
        opened.warm = warm
        opened.settings |= {
            "security": {"authserv_id": SERVER},
            "limits": {"cases_per_hour": MOST_CASES, "notices_per_sender": MOST_NOTICES},
        }
        opened.settings["workflow"] |= {
            "ask_sponsor": True,
            "consents": {"people": {"students": {"name": "Inés Robles", "email": INES}}},
        }
        opened.write_config()
        opened.start()
        yield opened


def person(name: str) -> str:
    return f"{name}.{next(_number)}@upaep.mx"


def since(office: Office, begin: int, to: str) -> list[Received]:
    return [m for m in office.sink.mails[begin:] if to in m.recipients]


# --- in copy of what others ask for -------------------------------------------------------------


@pytest.fixture
def put_in_copy(office: Office) -> tuple[str, str]:
    """Somebody who is in copy of as many requests as one may make, and who made them."""
    student, victim = person("alumno"), person("victima")
    for number in range(MOST_CASES):
        text = FULL.replace("Biblioteca Central", f"Club {number}")
        text = text.replace("novedades-biblioteca", f"club-{number}" if number else "hemeroteca")
        office.write(student, f"Formato {number}", text, Cc=victim, **passed())
    settle(office)
    made = {
        m.case for m in office.sink.mails if m.template == "received" and student in m.recipients
    }
    assert len(made) == MOST_CASES
    return victim, student


def test_a_request_of_their_own_is_theirs_though_others_use_its_words(
    office: Office, put_in_copy: tuple[str, str]
) -> None:
    """It goes on with none of those, shows nothing to who made them, and counts for itself."""
    (victim, student), begin = put_in_copy, len(office.sink.mails)
    for text in (OTHER, OTHER.replace("Hemeroteca", "Fonoteca").replace("avisos-h", "fono-")):
        office.write(victim, "Formato", text, **passed())
    settle(office)
    answered = [m for m in since(office, begin, victim) if m.template == "received"]
    assert len({m.case for m in answered}) == 2
    assert not since(office, begin, student)


def test_who_asks_how_it_goes_hears_nothing_of_them(
    office: Office, put_in_copy: tuple[str, str]
) -> None:
    (victim, student), begin = put_in_copy, len(office.sink.mails)
    for sender in (victim, student):
        office.write(sender, "Mi solicitud", "¿Cómo va mi solicitud? Gracias.", **passed())
    settle(office)
    assert not [m for m in since(office, begin, victim) if "Club" in m.text]
    assert [m for m in since(office, begin, student) if "Club" in m.text]


# --- what is answered, and to whom --------------------------------------------------------------


@pytest.mark.parametrize("domain", ["evil.example", "upaep.mx"])
def test_who_is_not_of_a_case_is_answered_by_staff_without_a_word_of_it(
    office: Office, domain: str
) -> None:
    case, stranger = request(office), person("extrano").replace("upaep.mx", domain)
    office.write(
        stranger, f"Sobre {case.case}", "¿Cuántos destinatarios son?",
        Authentication_Results=f"{SERVER}; dmarc=pass header.from={domain}",
    )  # fmt: skip
    settle(office)
    case.deal_with(answer(case.mails("remark", REVIEWER)[0], "RESPONDER Son muchos.", **passed()))
    (told,) = [m for m in office.sink.mails if m.template == "answer" and stranger in m.recipients]
    assert "Son muchos." in told.text
    assert case.case not in told.raw.decode() + told.text + told.subject
    assert "Revisión" not in told.text  # how far it is


def test_what_others_list_is_stays_theirs_when_a_change_becomes_a_request(office: Office) -> None:
    """CLASIFICAR makes it another's own: with what they wrote, not with what the register knows."""
    case, address, student = request(office, OTHER), f"avisos{next(_number)}@upaep.mx", person("x")
    for to, template, command in (
        (REVIEWER, "review", "APROBAR"), (APPROVER, "approval", "APROBAR"),
        (PROVISIONER, "provisioning", f"HECHO {address}"),
    ):  # fmt: skip
        case.deal_with(answer(case.mails(template, to)[0], command, **passed()))
    wish = f"Quiero cambiar la lista {address}: que llegue también a los profesores."
    case.deal_with(compose(student, "Cambio de lista", wish, **passed()))
    notice = next(m for m in office.sink.mails if m.template == "review" and student in m.text)
    case.deal_with(answer(notice, "CLASIFICAR creación", **passed()))
    case.deal_with(compose(student, "Mi solicitud", "¿Cómo va mi solicitud?", **passed()))
    told = [m for m in office.sink.mails if student in m.recipients]
    assert {m.template for m in told} == {"received", "form", "status"}
    known = ("elvira", "hemeroteca", "1,850", "adquisiciones", "7415")
    assert not [word for m in told for word in known if word in m.text.lower()]


def test_one_key_in_the_hands_of_many_brings_its_person_few_mails(office: Office) -> None:
    """Whoever holds a notice can use it under any number of names."""
    case = request(office)
    key = str(case.notice.message["Reply-To"]).partition("<")[2].strip(">")
    names = [f"From: x@evil{n}.example" for n in range(9)]
    true = f"Authentication-Results: {passed()['Authentication_Results']}"
    names += [f"From: {person('alumno')}\r\n{true}" for _ in range(9)]
    case.deal_with(*(raw(f"{name}\r\nCc: {key}") for name in names))
    assert case.undecided()
    assert len(case.mails("review", REVIEWER)) <= 1 + 2 * MOST_NOTICES  # an hour may end meanwhile
    case.deal_with(answer(case.notice, "APROBAR", **passed()))  # it is as good as before
    assert case.mails("approval", APPROVER)


# --- who is said to be somebody -----------------------------------------------------------------


def test_a_name_before_an_address_makes_nobody_the_sponsor(office: Office) -> None:
    """Else a friend in copy, called as the rector is, backs what they want."""
    friend, true = person("amigo"), "octavio.larranaga@upaep.mx"
    assert not [
        m
        for m in request(office, Cc=f"Octavio Larrañaga Pineda <{friend}>").mails("inquiry")
        if INES not in m.recipients
    ]
    case = request(office, Cc=f"Octavio Larrañaga Pineda <{true}>")
    case.deal_with(answer(case.mails("inquiry", true)[0], "SÍ", **passed()))
    case.deal_with(answer(case.notice, "AVISO", **passed()))
    shown = " ".join(case.mails("review", REVIEWER)[-1].text.split())
    assert f"Octavio Larrañaga Pineda ({true}), da el visto bueno: SÍ" in shown


def test_staff_see_in_whose_name_a_header_puts_a_mail(office: Office) -> None:
    """CLASIFICAR opens a request in that name, and answers it."""
    rector, begin = person("rector"), len(office.sink.mails)
    group = {"List_Id": "<club.upaep.mx>", "X_Original_Sender": rector}
    office.write(person("alumno"), "Solicitud de lista", FULL, **group, **passed())
    settle(office)
    (remark,) = [m for m in since(office, begin, REVIEWER) if m.template == "remark"]
    assert f"dice que lo escribió {rector}" in " ".join(remark.text.split())


def test_who_calls_themselves_the_approver_is_shown_with_their_address(
    closed: Office, clock: HandClock
) -> None:
    """A digest decides by numbers: a name alone would do for who reads it."""
    student = "alumno@upaep.mx"
    with in_process(closed, clock):
        closed.write(f"Nancy Olvera <{student}>", "Formato", FULL)
        received = closed.mail("received", student)
        assert f"Nancy Olvera ({student}) pide" in closed.mail("review", REVIEWER).text
        clock.set("2026-08-18 09:00")
        digest = " ".join(closed.mail("digest", REVIEWER).text.split())
        assert f"Nancy Olvera ({student}) pide" in digest
        closed.reply(received, "Ya no la necesitamos, cancélenla.", f"Nancy Olvera <{student}>")
        closed.mail("withdrawn", student)
        clock.set("2026-08-19 09:00")
        news = " ".join(closed.mail("digest", REVIEWER, after=1).text.split())
        assert f"Nancy Olvera ({student}) canceló la solicitud" in news


# --- once more, by mail -------------------------------------------------------------------------


def test_a_huge_answer_to_an_inquiry_is_shown_in_part(office: Office) -> None:
    case = request(office)
    asked = case.mails("inquiry", INES)[0]
    case.deal_with(answer(asked, "NO: " + "ya reciben demasiado " * 400, **passed()))
    case.deal_with(answer(case.notice, "AVISO", **passed()))
    assert 0 < case.mails("review", REVIEWER)[-1].text.count("demasiado") < 100
    assert 0 < office.bot("cases", "show", case.case).stdout.count("demasiado") < 100


def rows_of(office: Office) -> tuple[Received, list[str]]:
    """A fresh LISTA of the reviewer's, and the folios of its first two rows."""
    before = office.count("case_list", REVIEWER)
    office.write(REVIEWER, "Pendientes", "LISTA", **passed())
    listed = office.mail("case_list", REVIEWER, after=before)
    return listed, re.findall(r"^[12]\. ([A-Z]+-\d{4}-\d{4})", listed.text, re.MULTILINE)


def test_a_row_is_decided_by_no_other_folio_and_by_no_key_that_others_got(office: Office) -> None:
    case = request(office)
    request(office)
    listed, (one, two) = rows_of(office)
    for said in ("APROBAR 1 {0}", "APROBAR 1 ({0})", "{0}\nAPROBAR 1", "1 {0}: aprobar"):
        case.deal_with(answer(listed, said.format(two), **passed()))
    case.deal_with(answer(listed, "Ojo con esto.", Cc=case.area, **passed()))
    case.deal_with(answer(listed, f"APROBAR 1 {one}", **passed()))
    moved = [m.case for m in office.sink.mails if m.template == "approval"]
    assert not {one, two} & set(moved)
    listed, (one, two) = rows_of(office)
    case.deal_with(answer(listed, f"APROBAR 1 {one}", **passed()))
    assert [m.case for m in office.sink.mails if m.template == "approval"] == [*moved, one]


def computing(office: Office) -> float:
    """Seconds of computing that the process which decides has taken so far."""
    assert office.process is not None
    fields = Path(f"/proc/{office.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_complaint_that_shows_thousands_of_names_holds_up_nobody(
    office: Office, tmp_path: Path
) -> None:
    register = tmp_path / "register.csv"
    lists = "".join(f"Lista número {n},lista-{n}@upaep.mx\n" for n in range(700))
    register.write_text(f"nombre de la lista,correo de la lista\n{lists}", "utf-8")
    assert office.bot("lists", "import", str(register)).returncode == 0
    names = "; ".join(f"Área {n}" for n in range(16_000))
    begin, before = len(office.sink.mails), computing(office)
    office.write(
        person("queja"), "Reporte de un correo masivo", "Quiero reportar un correo masivo que no "
        "está autorizado; me llegó esto.\n\n---------- Forwarded message ---------\n"
        "De: Eventos <eventos@upaep.mx>\nEnviado: 4 ago 2026\n"
        f"Para: {names}\nAsunto: Bazar\n\nVengan.", **passed(),
    )  # fmt: skip
    settle(office)
    (told,) = [m for m in since(office, begin, REVIEWER) if m.template == "misuse"]
    shown = told.text.partition("Direcciones a la vista: ")[2].split()[0]
    assert int(shown.replace(",", "")) > 10_000
    assert computing(office) - before < 5


def test_a_decision_that_was_forged_among_old_mail_is_none(closed: Office) -> None:
    closed.settings["security"] = {"authserv_id": SERVER}
    closed.write_config()
    asks = FULL.replace("Buenas tardes, envío", "Solicitamos una lista; envío")
    for name, verdict in (("uno", "pass"), ("dos", "fail")):
        ids = {"Message_ID": f"<{name}@upaep.mx>", "Date": "Mon, 8 Mar 2021 10:00:00 -0600"}
        later = {"Date": "Tue, 9 Mar 2021 10:00:00 -0600", "In_Reply_To": f"<{name}@upaep.mx>"}
        said = "Su solicitud fue aprobada."
        closed.write(f"{name}@upaep.mx", f"Lista {name}", asks, **ids, **passed())
        closed.write(REVIEWER, f"Re: Lista {name}", said, **later, **passed(verdict))
    assert closed.bot("db", "create").returncode == 0
    taken = json.loads(
        closed.bot("import", "--imap", "--folder", "INBOX", "--yes", "--json").stdout
    )
    states = {
        one["requester"]: one["state"] for one in json.loads(closed.bot("cases", "--json").stdout)
    }
    assert len(taken) == 2
    assert states == {"uno@upaep.mx": "closed", "dos@upaep.mx": "expired"}
