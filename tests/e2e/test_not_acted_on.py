"""Commands that do not count: nothing is decided, and somebody is told."""

from email.utils import make_msgid

import pytest

from tests.e2e.requests import FULL
from tests.rig.office import (
    APPROVER,
    AREA,
    MAILBOX,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    Office,
    answer,
)
from tests.rig.smtp_sink import Received


@pytest.fixture
def notice(office: Office) -> Received:
    """The review notice of a complete request."""
    office.write(AREA, "Formato", FULL)
    office.mail("review", REVIEWER_2)
    return office.mail("review", REVIEWER)


def nothing_decided(office: Office) -> None:
    """Whatever else came of it, the case stands where it stood."""
    for template in ("approval", "accepted", "rejected", "provisioning"):
        assert office.count(template) == 0, template


def test_by_the_requester(office: Office, notice: Received) -> None:
    office.reply(office.mail("received", AREA), "APROBAR")
    assert "APROBAR" in office.mail("remark", REVIEWER).text
    nothing_decided(office)


def test_by_staff_without_the_role(office: Office, notice: Received) -> None:
    office.write(PROVISIONER, f"Re: {notice.subject}", "APROBAR")
    office.mail("command_result", PROVISIONER)
    nothing_decided(office)


def test_by_staff_with_somebody_elses_key(office: Office, notice: Received) -> None:
    office.reply(notice, "APROBAR", REVIEWER_2)
    office.mail("command_result", REVIEWER_2)
    nothing_decided(office)


def test_with_a_forged_from_and_no_key(office: Office, notice: Received) -> None:
    office.write(REVIEWER, f"Re: {notice.subject}", "APROBAR", To=MAILBOX)
    confirm = office.mail("confirm", REVIEWER)
    nothing_decided(office)
    office.reply(confirm, "CONFIRMAR")
    office.mail("approval", APPROVER)


def test_with_a_used_key(office: Office, notice: Received) -> None:
    office.reply(notice, "APROBAR")
    office.mail("approval", APPROVER)
    office.mail("command_result", REVIEWER)
    office.reply(notice, "RECHAZAR por duplicidad")
    assert "ya decidió" in office.mail("command_result", REVIEWER, after=1).text.lower()
    assert office.count("rejected") == 0


def test_with_the_key_of_another_case(office: Office, notice: Received) -> None:
    office.write("otra.area@upaep.mx", "Formato", FULL.replace("Biblioteca", "Hemeroteca"))
    other = office.mail("review", REVIEWER, after=1)
    # It answers this case's notice by thread and subject, with the other's address.
    mixed = answer(notice, "APROBAR", To=str(other.message["Reply-To"]))
    office.receive(mixed)
    office.mail("command_result", REVIEWER)
    nothing_decided(office)


def test_only_in_the_quoted_part(office: Office, notice: Received) -> None:
    office.reply(notice, "Lo veo mañana con calma.")
    office.mail("command_result", REVIEWER)
    nothing_decided(office)


def test_in_an_out_of_office_of_staff(office: Office, notice: Received) -> None:
    office.reply(
        notice, "APROBAR", Auto_Submitted="auto-replied", Subject="Respuesta automática: APROBAR"
    )
    assert "automática" in office.mail("remark", REVIEWER_2).text
    assert office.count("command_result") == 0
    nothing_decided(office)


def test_after_the_form_changed(office: Office, notice: Received) -> None:
    office.reply(office.mail("received", AREA), "Perdón, la extensión es 7999.\n\nExtensión: 7999")
    fresh = office.mail("review", REVIEWER, after=1)
    office.reply(notice, "APROBAR")
    office.mail("command_result", REVIEWER)
    nothing_decided(office)
    assert "7999" in fresh.text
    office.reply(fresh, "APROBAR")
    office.mail("approval", APPROVER)


def test_by_the_one_who_made_the_request(office: Office) -> None:
    office.write(REVIEWER, "Formato", FULL)
    folio = office.mail("received", REVIEWER).case
    assert office.mail("review", REVIEWER_2).case == folio
    office.write(REVIEWER, f"[{folio}]", "APROBAR", References=make_msgid(domain="upaep.mx"))
    office.mail("command_result", REVIEWER)
    assert office.count("review", REVIEWER) == 0
    nothing_decided(office)


def test_by_an_outsider_who_hijacks_the_thread(office: Office, notice: Received) -> None:
    office.reply(office.mail("received", AREA), "Extensión: 1111", "intruso@evil.example")
    assert "1111" in office.mail("remark", REVIEWER).text
    assert office.count("review") == 2
    told = [m for m in office.sink.mails if "intruso@evil.example" in m.recipients]
    assert {m.template for m in told} <= {"noted"}
    assert not [m for m in told if notice.case.encode() in m.raw]
