"""`forget`: nothing that is known of a person stays in the database, and the counts do."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.lists.register import ListEntry
from bot.runtime.scheduler import Scheduler
from bot.store import Store
from bot.store.forgetting import _Mark
from bot.workflow.case import Case, Decision, Event, Inquiry, Move, State
from bot.workflow.kinds import RequestKind
from bot.workflow.lifecycle import InboundStatus, OutboxStatus
from bot.workflow.message import Address
from bot.workflow.organization import Retention
from nlp.types import Extraction
from tests.builders import ORGANIZATION
from tests.rig.samples import NOW, a_case, a_notification, fetched, receive, texts_of

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

EVA = Address("eva.luna@upaep.mx", "Eva Luna Prado")
BEA = Address("bea@upaep.mx", "Bea Sol")
STAFF = frozenset({"rev@upaep.mx", "bot"})
SECRETS = tuple(f"secreto{number:02d}" for number in range(44))
OF_EVA = (EVA.email, EVA.name, "Coordinadora de Astronomía", "extensión 7231", "astros-prado",
          "Mtra. Eva L. Prado")  # fmt: skip


def raw(number: int, sender: Address, text: str) -> bytes:
    return (
        f"From: {sender.name} <{sender.email}>\r\nSubject: Lista {number}\r\n"
        f"Message-ID: <m{number}@upaep.mx>\r\n\r\n{text}\r\n"
    ).encode()


def eva_case() -> Case:
    form = {
        "area": Extraction("Posgrado", "text", f"de Posgrado {SECRETS[0]}"),
        "responsible": Extraction(EVA.name, "text", ""),
        "email": Extraction(EVA.email, "text", ""),
        "position": Extraction(OF_EVA[2], "text", ""),
        "phone_ext": Extraction(OF_EVA[3], "text", ""),
        "list_name": Extraction(OF_EVA[4], "text", ""),
        "justification": Extraction(" ".join(SECRETS[1:20]), "text", ""),
        "recipients": Extraction(120, "text", "120"),
    }
    decision = Decision(Move.REJECTED, "rev@upaep.mx", NOW, NOW, State.REVIEW, SECRETS[20])
    return replace(
        a_case("CI-2021-0001"), requester=EVA, people=(EVA, BEA), state=State.REJECTED,
        form=MappingProxyType(form), subject=SECRETS[21], decision=decision,
        thread=("<m1@upaep.mx>",), assignee="rev@upaep.mx",
    )  # fmt: skip


def fill(store: Store) -> None:
    """A case of Eva's, one of Bea's that speaks of her, mail of both, and one that is Bea's own."""
    first, other, last, told = receive(
        store,
        fetched(1, raw(1, EVA, " ".join(SECRETS[22:30]))),
        fetched(2, raw(2, BEA, "Con copia a Eva Luna Prado.")),
        fetched(3, raw(3, BEA, "Nada que ver.")),
        fetched(4, raw(4, BEA, f"Sobre CI-2021-0001: {SECRETS[30]}")),
    )
    with store.work() as work:
        for number in (1, 2):
            work.cases.take_folio("CI", 2021)
            assert number
        work.cases.save(eva_case(), opens=True)
        bea = replace(
            a_case("CI-2021-0002"),
            requester=BEA,
            people=(BEA, EVA),
            subject="De Bea",
            inquiries=(Inquiry("consent", Address(EVA.email, OF_EVA[5]), "todos", NOW),),
        )
        work.cases.save(bea, opens=True)
        for what, actor, text in (
            ("opened", EVA.email, SECRETS[31]), ("rejected", "rev@upaep.mx", SECRETS[32]),
        ):  # fmt: skip
            work.events.append("CI-2021-0001", Event(what, actor, text, 1, "<m1@upaep.mx>"), NOW)
        line = Event("remark", BEA.email, f"pregunten a {EVA.email}", 1)
        work.events.append("CI-2021-0002", line, NOW)
        for message, folio in ((first, "CI-2021-0001"), (other, "CI-2021-0002")):
            work.messages.finish(message.id, InboundStatus.DONE, "", folio)
        work.messages.finish(last.id, InboundStatus.DONE, "leído")
        work.messages.finish(told.id, InboundStatus.FAILED, f"de {EVA.email}")
        mine = a_notification(1, "CI-2021-0001", to=EVA.email)
        work.outbox.queue(replace(mine, raw=f"\r\n{' '.join(SECRETS[33:44])}".encode()), NOW)
        work.outbox.queue(a_notification(2, to="rev@upaep.mx"), NOW)
        work.lists.save(
            ListEntry("Astros", "astros@upaep.mx", area="Posgrado", responsible=EVA.name,
                      responsible_email=EVA.email, note=f"de {EVA.name}")
        )  # fmt: skip
        work.timetable.know([f"digest {EVA.email}"], NOW)


def test_nothing_of_the_person_stays_and_the_rest_does(store: Store) -> None:
    fill(store)
    before = texts_of(store)
    assert all(word in before for word in (*OF_EVA, *SECRETS))
    found = store.forget(EVA.email, ORGANIZATION.kind, STAFF, NOW + dt.timedelta(days=1))
    assert [case.folio for case in found.cases] == ["CI-2021-0001"]
    after = texts_of(store)
    assert [word for word in (*OF_EVA, *SECRETS) if word in after] == []
    assert "Nada que ver." in after
    assert "rev@upaep.mx" in after
    hers, other = store.records.case("CI-2021-0001"), store.records.case("CI-2021-0002")
    assert hers is not None
    assert other is not None
    assert (hers.state, hers.opened_at, hers.form["recipients"].value) == (State.REJECTED, NOW, 120)
    assert hers.form["area"].value == "Posgrado"
    assert (other.requester, other.subject) == (BEA, "De Bea")
    assert not other.belongs_to(EVA.email)
    for folio, count in (("CI-2021-0001", 3), ("CI-2021-0002", 2)):
        assert store.records.verify(folio) == ()
        history = store.records.events(folio)
        assert len(history) == count
        assert history[-1].event.what == "forgotten"
        assert history[-1].event.data["events"] == str(count - 1)
    (entry,) = store.register.all()
    assert (entry.address, entry.responsible_email, entry.note) == ("astros@upaep.mx", "", "")
    assert store.records.counters().cases == {"rejected": 1, "incomplete": 1}


def test_a_history_that_was_edited_after_it_is_still_caught(store: Store) -> None:
    fill(store)
    store.forget(EVA.email, ORGANIZATION.kind, STAFF, NOW)
    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE event SET text = 'otra cosa' WHERE number = 1")
    assert store.records.verify("CI-2021-0001")


def test_free_pages_and_the_log_hold_nothing_either(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        fill(store)
        store.forget(EVA.email, ORGANIZATION.kind, STAFF, NOW)
        for file in tmp_path.iterdir():
            data = file.read_bytes()
            assert [w for w in (*OF_EVA, *SECRETS) if w.encode() in data] == [], file


def test_who_is_not_known_changes_nothing(store: Store) -> None:
    fill(store)
    before = texts_of(store)
    found = store.forget("nadie@upaep.mx", ORGANIZATION.kind, STAFF, NOW)
    assert (found.cases, found.messages, found.mails, found.mentions) == ((), (), (), 0)
    assert texts_of(store) == before


def test_only_cases_that_name_somebody_are_read(store: Store) -> None:
    fill(store)
    with store.work() as work:
        work.cases.take_folio("CI", 2021)
        work.cases.save(replace(a_case("CI-2021-0003"), requester=BEA, people=(BEA,)), opens=True)
    read: list[str] = []

    def kind_of(case: Case) -> RequestKind:
        read.append(case.folio)
        return ORGANIZATION.kind(case)

    assert len(store.held(EVA.email, kind_of).cases) == 1
    assert sorted(read) == ["CI-2021-0001", "CI-2021-0002"]


def test_who_is_named_in_a_text_that_was_cut_before_is_found_there(store: Store) -> None:
    """What is cut in JSON is written with escapes: "Íñigo Núñez" is found behind them."""
    fill(store)
    other = Address("inigo@upaep.mx", "Íñigo Núñez")
    with store.work() as work:
        bea = work.cases.get("CI-2021-0002")
        assert bea is not None
        work.cases.save(replace(bea, people=(*bea.people, other), subject="De ÍÑIGO NÚÑEZ"))
    store.forget(EVA.email, ORGANIZATION.kind, STAFF, NOW)
    store.forget(other.email, ORGANIZATION.kind, STAFF, NOW)
    case = store.records.case("CI-2021-0002")
    assert case is not None
    assert case.subject == "De (borrado)"
    assert not case.belongs_to(other.email)


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Path:
    staff = "[{name: R, email: rev@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"database: {{url: 'sqlite:///bot.db'}}\nstaff: {staff}\n", "utf-8")
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        fill(store)
    return file


def bot(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--config", str(config), "forget", *arguments])


def test_it_is_shown_and_handed_over_before(config: Path) -> None:
    shown = bot(config, EVA.email, "--dry-run")
    assert shown.exit_code == 0
    assert "1 cases of theirs CI-2021-0001" in shown.stdout
    assert bot(config, EVA.email, "--export", str(config.parent / "eva")).exit_code == 0
    (case,) = json.loads((config.parent / "eva" / "cases.json").read_text("utf-8"))
    assert case["case"]["form"]["responsible"]["value"] == EVA.name
    assert SECRETS[22].encode() in (config.parent / "eva" / "recibido-1.eml").read_bytes()
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        assert EVA.email in texts_of(store)


def test_yes_erases_and_names_what_it_cannot_reach(config: Path) -> None:
    out = config.parent / "eva"
    done = bot(config, EVA.email.upper(), "--yes", "--export", str(out))
    assert done.exit_code == 0, done.output
    assert "backups" in done.stdout
    assert SECRETS[22].encode() in (out / "recibido-1.eml").read_bytes()
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        assert EVA.email not in texts_of(store)


def test_open_cases_are_left_unless_told(config: Path) -> None:
    refused = bot(config, BEA.email, "--yes")
    assert refused.exit_code == 1
    assert "CI-2021-0002" in refused.stderr
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store, store.work() as work:
        waits = replace(a_notification(77, "CI-2021-0002"), recipients=(BEA.email,))
        work.outbox.queue(waits, NOW)
    assert bot(config, BEA.email, "--yes", "--open").exit_code == 0
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        case = store.records.case("CI-2021-0002")
        assert case is not None
        assert case.state is State.WITHDRAWN  # nobody is asked to decide on it
        assert store.records.counters().cases["withdrawn"] == 1
        emptied = [mail for mail in store.outbox.list() if not mail.recipients]
        assert {mail.status for mail in emptied} == {OutboxStatus.CANCELLED}


def test_staff_are_not_forgotten(config: Path) -> None:
    refused = bot(config, "rev@upaep.mx", "--yes")
    assert refused.exit_code == 2
    assert "works here" in refused.stderr


# --- what is kept no longer than the configuration says ---------------------------------------


def test_settled_mail_and_closed_cases_are_emptied_in_time(store: Store) -> None:
    fill(store)
    day = dt.timedelta(days=1)
    office = replace(ORGANIZATION, retention=Retention(mail=30 * day, closed_cases=60 * day))

    def later(days: int) -> str:
        Scheduler(store, office, lambda: NOW + days * day).run_due()
        return texts_of(store)

    assert SECRETS[22] in later(29)
    month = later(31)
    assert SECRETS[22] not in month  # the text of settled mail
    assert SECRETS[30] in month  # that of the quarantine waits for a person
    assert SECRETS[1] in month  # and the case is there
    assert OF_EVA[2] in month
    after = later(61)
    assert [word for word in SECRETS[:20] if word in after] == []
    assert store.records.verify("CI-2021-0001") == ()
    other = store.records.case("CI-2021-0002")
    assert other is not None
    assert other.subject == "De Bea"  # it is open


def test_what_was_unsettled_when_retention_passed_is_emptied_another_day(store: Store) -> None:
    fill(store)
    office = replace(ORGANIZATION, retention=Retention(mail=dt.timedelta(days=30)))

    def later(days: int) -> str:
        Scheduler(store, office, lambda: NOW + dt.timedelta(days=days)).run_due()
        return texts_of(store)

    assert SECRETS[30] in later(31)
    for one in store.records.quarantine():
        assert store.records.discard(one.id) == 1
    assert SECRETS[30] not in later(32)


def test_nothing_is_emptied_where_nothing_is_said(store: Store) -> None:
    fill(store)
    before = texts_of(store)
    Scheduler(store, ORGANIZATION, lambda: NOW + dt.timedelta(days=900)).run_due()
    assert all(word in texts_of(store) for word in SECRETS if word in before)


TEXT = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset={}\r\n"


@pytest.mark.parametrize(
    "written",
    [
        b"Subject: De =?utf-8?B?UGXDsWEgTHVqw6Fu?=\r\n\r\n",
        b"Subject: =?utf-8?Q?Pe=C3=B1a_?=\r\n =?utf-8?Q?Luj=C3=A1n?=\r\n\r\n",
        b"Subject: =?klingon?Q?Ana_?= =?utf-8?Q?Pe=C3=B1a_Luj=C3=A1n?=\r\n\r\n",
        b"Subject: =?utf-8?B?xx?=\r\nTo: =?iso-8859-1?Q?Pe=F1a_Luj=E1n?= <x@upaep.mx>\r\n\r\n",
        b"Subject: de Pe\xc3\xb1a Luj\xc3\xa1n\r\n\r\n",
        TEXT.format("iso-8859-1").encode() + b"\r\nde Pe\xf1a Luj\xe1n.",
        TEXT.format("klingon").encode() + b"\r\nde Pe\xc3\xb1a Luj\xc3\xa1n.",
        TEXT.format("utf-8").encode() + b"Content-Transfer-Encoding: base64\r\n\r\n"
        b"UGXDsWEgTHVqw6Fu",
        TEXT.format("utf-8").encode() + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Pe=C3=\r\n=B1a Luj=C3=A1n",
        b"Content-Disposition: attachment;\r\n filename*=utf-8''Pe%C3%B1a%20Luj%C3%A1n.pdf\r\n\r\n",
    ],
)
def test_a_name_is_found_however_it_is_written(written: bytes) -> None:
    mark = _Mark(("pena.lujan@upaep.mx", "Peña Luján"), ())
    assert mark.stands_in_mail(b"From: x@upaep.mx\r\n" + written)
    assert not mark.stands_in_mail(b"From: x@upaep.mx\r\nSubject: =?utf-8?Q?Pe=C3=B1a?=\r\n\r\n")
