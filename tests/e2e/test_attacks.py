"""What a hostile insider or outsider tries, through IMAP and SMTP, and what comes of it.

docs/security.md lists these. One running bot serves many attacks: each has a request of its own,
and a harmless mail after it tells when it was dealt with, for mail is taken in order.
"""

import datetime as dt
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.workflow.tokens import words_in
from tests.e2e.requests import FULL
from tests.rig.books import wait_until_settled
from tests.rig.dovecot import Dovecot
from tests.rig.office import (
    ADMIN,
    APPROVER,
    MAILBOX,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    answer,
    compose,
    in_process,
    open_office,
)
from tests.rig.smtp_sink import Received, SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot

SERVER = "mx.upaep.mx"
OUTSIDER = "intruso@evil.example"
LOCAL, DOMAIN = MAILBOX.split("@")
OTHER = FULL.replace("Biblioteca", "Hemeroteca").replace("novedades-b", "avisos-h")
CORRECTION = "Perdón, la extensión es {0}.\n\nExtensión: {0}"
_number = itertools.count(1)


@dataclass
class Attacked:
    """A request that waits for the reviewer, in an office under attack."""

    office: Office
    area: str
    received: Received
    notice: Received

    @property
    def case(self) -> str:
        return self.notice.case

    def mails(self, template: str = "", to: str = "") -> list[Received]:
        return [
            m
            for m in self.office.sink.mails
            if m.case == self.case
            and (not template or m.template == template)
            and (not to or to in m.recipients)
        ]

    def deal_with(self, *mails: EmailMessage | bytes) -> None:
        """Delivers mails and waits until the bot is through with them."""
        self.office.account.deliver(*(m if isinstance(m, bytes) else m.as_bytes() for m in mails))
        settle(self.office)

    def undecided(self) -> bool:
        told = {m.template for m in self.mails()}
        return not told & {"approval", "accepted", "rejected", "provisioning"}


def settle(office: Office) -> None:
    """A harmless mail is answered, and all that came before it is dealt with and sent.

    Senders take turns: its answer alone does not tell that the others' mail is done.
    """
    area = f"testigo{next(_number)}@upaep.mx"
    office.write(area, "Formato", FULL, **passed())
    office.mail("received", area, seconds=40)
    wait_until_settled(office, (), 60)


def passed(verdict: str = "pass", server: str = SERVER) -> dict[str, str]:
    return {"Authentication_Results": f"{server}; dmarc={verdict} header.from=upaep.mx"}


def request(office: Office, text: str = FULL, area: str = "", **headers: str) -> Attacked:
    area = area or f"area{next(_number)}@upaep.mx"
    office.write(area, "Formato", text, **{**passed(), **headers})
    received = office.mail("received", area, seconds=40)
    wait_until_settled(office, (), 60)
    notice = next(
        m
        for m in office.sink.mails
        if (m.template, m.case) == ("review", received.case) and REVIEWER in m.recipients
    )
    return Attacked(office, area, received, notice)


@pytest.fixture(scope="module")
def offices(
    dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory, warm: WarmBot
) -> Iterator[dict[str, Office]]:
    """Two bots: one that believes its server's headers only, one that has no such server."""
    with ExitStack() as stack:
        opened = {}
        for name, settings in {
            "open": {"limits": {"remarks_per_sender": 3, "notices_per_sender": 12}},
            "pinned": {"security": {"authserv_id": SERVER}},
        }.items():
            sink = stack.enter_context(SmtpSink())
            account = dovecot.account(f"attacked-{name}@upaep.mx")
            folder: Path = tmp_path_factory.mktemp(name)
            office = stack.enter_context(open_office(account, sink, folder))
            office.warm = warm
            office.settings.update(settings)
            office.write_config()
            office.start()
            opened[name] = office
        yield opened


@pytest.fixture
def office(offices: dict[str, Office]) -> Office:
    """Nothing but From and the key tells who writes."""
    return offices["open"]


@pytest.fixture
def pinned(offices: dict[str, Office]) -> Office:
    """The server's verdict counts too."""
    return offices["pinned"]


def raw(headers: str, text: str = "APROBAR", subject: str = "") -> bytes:
    return (
        f"{headers}\r\nTo: {MAILBOX}\r\nSubject: {subject or 'Orden'}\r\n"
        f"Message-ID: <ataque{next(_number)}@evil.example>\r\n"
        f"Date: Mon, 28 Jun 2021 09:00:00 -0500\r\n\r\n{text}\r\n"
    ).encode()


# --- who writes ---------------------------------------------------------------------------------


def test_no_header_but_one_from_makes_anybody_staff(office: Office) -> None:
    case = request(office)
    homoglyph = REVIEWER.replace("upaep", "uрaep")  # a Cyrillic letter
    froms = [
        f'From: "{REVIEWER}" <{OUTSIDER}>',
        f"From: {REVIEWER}, {OUTSIDER}",
        f"From: {OUTSIDER}\r\nFrom: {REVIEWER}",
        f"From: {REVIEWER}\r\nFrom: {OUTSIDER}",
        f"From: =?utf-8?q?{REVIEWER.replace('@', '=40')}?=",
        f"From: =?utf-8?q?Rodrigo_=3C{REVIEWER.replace('@', '=40')}=3E?= <{OUTSIDER}>",
        f"From: Revisores: {REVIEWER}, {OUTSIDER};",
        f"From: {OUTSIDER} ({REVIEWER})",
        f"From: <{REVIEWER}> <{OUTSIDER}>",
        f"From: {OUTSIDER}\r\nSender: {REVIEWER}\r\nReply-To: {REVIEWER}",
        f"From: {homoglyph}",
        f"From: {REVIEWER}.",
        f"From: {REVIEWER}.evil.example",
        f"From: {REVIEWER.replace('@', '@correo.')}",
        f"From: {REVIEWER.replace('@', '+x@')}",
        f"From: {REVIEWER.replace('@', '@@')}",
        "From:",
    ]
    key = str(case.notice.message["Reply-To"]).partition("<")[2].strip(">")
    case.deal_with(*(raw(f"{f}\r\nCc: {key}", subject=f"[{case.case}]") for f in froms))
    assert case.undecided()
    assert not case.mails("command_result")
    assert not case.mails("confirm")
    assert not [m for m in office.sink.mails if OUTSIDER in m.recipients]


def test_a_forged_from_without_a_key_is_asked_at_the_registered_address(office: Office) -> None:
    case = request(office)
    case.deal_with(raw(f"From: {REVIEWER.upper()}", subject=f"[{case.case}]"))
    assert case.undecided()
    assert [m.recipients for m in case.mails("confirm")] == [(REVIEWER,)]


FORGED_RESULTS = [
    f"evil.example; dmarc=pass header.from={DOMAIN}",
    f"{SERVER}.evil.example; dmarc=pass",
    f"={'?'}utf-8?q?{SERVER}?=; dmarc=pass",
    f"{SERVER}; dmarc=fail header.from={DOMAIN}; dkim=pass header.d={DOMAIN}",
    f"{SERVER}; dmarc=pass header.from=evil.example",
    f'{SERVER}; spf=pass smtp.mailfrom="x; dmarc=pass"@evil.example',
    f"{SERVER}; spf=pass (a (b); dmarc=pass header.from={DOMAIN}) smtp.mailfrom=x@evil.example",
    f"{SERVER}; spf=none (\\); dmarc=pass",
    f"{SERVER}; dkim=pass header.i=a@{DOMAIN}@evil.example",
    f"{SERVER};\r\n\tdmarc=fail\r\n\t(; dmarc=pass)",
    f"{SERVER}; DMARC=Failpass",
    f"evil.example; x=y\r\nX-Authentication-Results: {SERVER}; dmarc=pass",
    f"evil.example\r\nARC-Authentication-Results: i=1; {SERVER}; dmarc=pass",
    f"{SERVER}; dmarc=fail\r\nAuthentication-Results: {SERVER}; dmarc=pass",
    # The true header says fail and cannot be read, or not at once; the one below it is forged.
    *(
        f"{true}\r\nAuthentication-Results: {SERVER}; dmarc=pass header.from={DOMAIN}"
        for true in (
            f"{SERVER};\r\n\tdkim=fail header.b="
            + "\r\n\tA".join("A" * 70 for _ in range(80))
            + f";\r\n\tdmarc=fail header.from={DOMAIN}",
            f"{SERVER}; x={'A' * 20_000}; dmarc=fail header.from={DOMAIN}",
            f'{SERVER}; spf=fail (mx: domain of "a(b"@evil.example does not designate 192.0.2.1)'
            f' smtp.mailfrom="a(b"@evil.example; dmarc=fail header.from={DOMAIN}',
            f'{SERVER}; spf=fail smtp.mailfrom="a\\"@evil.example; dmarc=fail header.from={DOMAIN}',
            f'"{SERVER}"; dmarc=fail header.from={DOMAIN}',
            f"{SERVER} 2; dmarc=fail",
            "",
        )
    ),
    # An envelope sender that closes the comment which the server puts it into.
    f'{SERVER}; spf=fail (domain of "a); dmarc=pass header.from={DOMAIN}; x=y ("@evil.example) '
    f'smtp.mailfrom="a); dmarc=pass header.from={DOMAIN}; x=y ("@evil.example; dmarc=fail',
    f"{SERVER}; spf=fail (domain of a);dmarc=pass(b@evil.example); dmarc=fail header.from={DOMAIN}",
    f"{SERVER}; dkim=pass header.d={DOMAIN.partition('.')[2]}",
]


def test_forged_results_are_not_believed_even_with_the_key(pinned: Office) -> None:
    case = request(pinned)
    key = str(case.notice.message["Reply-To"]).partition("<")[2].strip(">")
    head = f"From: {REVIEWER}\r\nCc: {key}"
    plain = [raw(head)]
    case.deal_with(*plain, *(raw(f"Authentication-Results: {r}\r\n{head}") for r in FORGED_RESULTS))
    assert case.undecided()
    told = case.mails("command_result", REVIEWER)
    assert len(told) == len(FORGED_RESULTS) + 1
    assert all("no pudimos verificar" in m.text for m in told)
    # The true server's word, wherever forged ones stand below it, opens the same door.
    true = f"Authentication-Results: {SERVER.upper()} 1; spf=pass;\r\n DMARC=pass (p=REJECT)\r\n"
    case.deal_with(raw(f"{true}Authentication-Results: {SERVER}; dmarc=fail\r\n{head}"))
    assert case.mails("approval", APPROVER)


def test_what_the_server_cannot_vouch_for_opens_no_case_where_it_is_pinned(pinned: Office) -> None:
    forged = f"falsa{next(_number)}@upaep.mx"
    pinned.write(forged, "Formato", FULL)
    settle(pinned)
    assert not [m for m in pinned.sink.mails if forged in m.recipients]


def test_a_copy_sent_ahead_does_not_keep_the_true_mail_out(pinned: Office) -> None:
    case = request(pinned)
    true = answer(case.notice, "APROBAR", **passed())
    copies = []
    for header in (passed("fail"), {"Return_Path": "<>"}, {"X_Vacation": "yes"}):
        ahead = answer(case.notice, "APROBAR", Message_ID=str(true["Message-ID"]), **header)
        ahead.replace_header("Date", str(true["Date"]))
        copies.append(ahead)
    case.deal_with(*copies)
    assert case.undecided()
    case.deal_with(true)
    assert case.mails("approval", APPROVER)


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_serves_one_person_once(office: Office) -> None:
    case, other = request(office), request(office)
    case.deal_with(
        answer(case.notice, "APROBAR", REVIEWER_2),  # another's
        answer(case.notice, "APROBAR", APPROVER),
        answer(case.notice, "APROBAR", OUTSIDER),
        answer(case.notice, "APROBAR", case.area),
        answer(case.notice, "APROBAR", To=str(other.notice.message["Reply-To"])),  # another case's
    )
    assert case.undecided()
    assert other.undecided()
    case.deal_with(answer(case.notice, "APROBAR"))
    assert len(case.mails("approval")) == 1
    case.deal_with(
        answer(case.notice, "RECHAZAR no"),  # used
        answer(case.notice, "APROBAR", APPROVER),  # of another stage and person
    )
    assert not case.mails("rejected")
    assert not case.mails("accepted")


def test_a_key_is_void_when_the_form_changed(office: Office) -> None:
    case = request(office)
    case.deal_with(answer(case.received, CORRECTION.format(7999), case.area))
    case.deal_with(answer(case.notice, "APROBAR"))
    assert case.undecided()


def test_answering_all_kills_the_key_and_brings_a_new_one(office: Office) -> None:
    case = request(office)
    case.deal_with(answer(case.notice, "NOTA la veo mañana", Cc=f"{case.area}, {OUTSIDER}"))
    fresh = [*case.mails("review", REVIEWER)[1:], *case.mails("command_result", REVIEWER)]
    case.deal_with(answer(case.notice, "APROBAR"), answer(case.notice, "HECHO x@upaep.mx"))
    assert case.undecided()
    assert case.mails("confirm", REVIEWER)  # the registered address is asked
    usable = next(m for m in fresh if m.message["Reply-To"])
    case.deal_with(answer(usable, "APROBAR"))
    assert case.mails("approval", APPROVER)


def test_a_decision_answered_to_all_decides_and_leaves_no_key(office: Office) -> None:
    case = request(office)
    case.deal_with(answer(case.notice, "APROBAR", Cc=case.area))
    assert len(case.mails("approval")) == 1
    case.deal_with(answer(case.notice, "DESHACER"))
    assert len(case.mails("confirm", REVIEWER)) == 1


def test_a_spent_key_and_one_of_an_earlier_round_command_nothing(office: Office) -> None:
    case = request(office)
    first = case.mails("review", REVIEWER_2)[0]
    case.deal_with(answer(case.notice, "RECHAZAR ya existe una lista igual"))
    told = case.mails("command_result", REVIEWER)[0]
    spent = ("DELEGAR sofia.luna@upaep.mx hasta el 31 de diciembre", "PREGUNTAR ¿Cuántos son?",
             "NOTA x", "REABRIR llegó lo que faltaba")  # fmt: skip
    case.deal_with(*(answer(case.notice, text) for text in spent))
    assert len(case.mails("confirm", REVIEWER)) == 3
    assert [m for m in office.sink.mails if "DELEGAR sofia" in m.text and m.template == "confirm"]
    assert not case.mails("question")
    assert not office.count("delegated")
    case.deal_with(answer(told, "REABRIR llegó lo que faltaba"))
    assert len(case.mails("review", REVIEWER_2)) == 2
    case.deal_with(answer(first, "APROBAR"))
    assert not case.mails("approval")
    assert "pasó por otra etapa" in " ".join(
        case.mails("command_result", REVIEWER_2)[0].text.split()
    )
    fresh = case.mails("review", REVIEWER_2)[2]  # it comes with the refusal
    assert office.bot("tokens", "revoke", REVIEWER_2).stdout.strip().endswith("key(s) void")
    case.deal_with(answer(fresh, "APROBAR"))
    assert not case.mails("approval")
    case.deal_with(answer(case.mails("review", REVIEWER_2)[3], "APROBAR"))
    assert case.mails("approval", APPROVER)


def test_a_notice_handed_on_serves_nobody_else(office: Office) -> None:
    case = request(office)
    quoted = f"---------- Forwarded message ---------\nDe: <{MAILBOX}>\n\n{case.notice.text}"
    forward = {"In_Reply_To": str(case.notice.message["Message-ID"])}
    text = f"APROBAR\n\n{quoted}"
    people = (REVIEWER_2, PROVISIONER, case.area)
    case.deal_with(*(compose(p, f"RV: {case.notice.subject}", text, **forward) for p in people))
    assert case.undecided()


def test_keys_in_what_people_quote_are_not_passed_on(office: Office) -> None:
    case = request(office)
    key = re.search(r"\.([a-z2-7]{20})@", str(case.notice.message["Reply-To"]))
    assert key is not None
    bare = key[1]
    text = (
        f"¿Para qué sirve {case.notice.message['Reply-To']} o {bare}, {bare}[at]upaep.mx,\n"
        f"{''.join(f'%{ord(c):02x}' for c in bare)}, =2B{bare}=40 y\n{bare[:9]}\n{bare[9:]}?"
    )
    thread = str(case.notice.message["Message-ID"])
    case.deal_with(
        compose(case.area, f"[{case.case}]", text, References=thread),
        compose(case.area, f"[{case.case}] {bare}", text, In_Reply_To=thread),
        compose("otra@upaep.mx", "Una duda", f"{text} No sé qué es esto."),
    )
    told = [m for m in office.sink.mails if m is not case.notice]
    assert [m for m in told if m.template == "remark" and "Para qué sirve" in m.text]
    for mail in told:
        shown = [mail.raw.decode("ascii"), mail.text, str(mail.message["In-Reply-To"])]
        html = mail.message.get_body(("html",))
        shown += [str(html.get_content())] if html else []
        assert not any(bare in words_in(one) for one in shown), mail.template


# --- threads ------------------------------------------------------------------------------------


def test_an_outsider_gets_into_no_case(office: Office) -> None:
    case = request(office)
    thread = str(case.received.message["Message-ID"])
    case.deal_with(
        compose(OUTSIDER, "Re: Formato", "Extensión: 6666", References=thread, In_Reply_To=thread),
        compose("colado@upaep.mx", f"[{case.case}]", "Extensión: 6666"),
        compose("colado@upaep.mx", f"[{case.case}]", "CANCELAR"),
    )
    assert len(case.mails("review")) == 2
    assert case.mails("remark")
    assert not [m for m in case.mails() if {OUTSIDER, "colado@upaep.mx"} & set(m.recipients)]
    told = [m for m in office.sink.mails if {OUTSIDER, "colado@upaep.mx"} & set(m.recipients)]
    assert {m.template for m in told} == {"noted"}
    thread_ids = f"{case.received.message['In-Reply-To']} {thread}".split()
    its_own = [one for m in told for one in (case.case, *thread_ids) if one.encode() in m.raw
               and not (OUTSIDER in m.recipients and one == thread)]  # fmt: skip
    assert its_own == []
    case.deal_with(answer(case.notice, "APROBAR"))
    assert case.mails("approval")


def test_copying_a_message_id_takes_nothing_over(office: Office) -> None:
    area = f"area{next(_number)}@upaep.mx"
    true = compose(area, "Formato", FULL)
    copied = {"Message_ID": str(true["Message-ID"])}
    ahead = compose(OUTSIDER, "Formato", "APROBAR", **copied)
    office.account.deliver(ahead.as_bytes(), true.as_bytes())
    received = office.mail("received", area)
    other = request(office, **copied)  # an insider who knows the id opens a case with it
    thread = copied["Message_ID"]
    other.deal_with(compose(area, "Re: Formato", CORRECTION.format(7998), References=thread))
    notices = [m for m in office.sink.mails if m.template == "review" and "7998" in m.text]
    assert {m.case for m in notices} == {received.case}


def test_headers_of_ours_by_strangers_mean_nothing(office: Office) -> None:
    case = request(office)
    ours = {"X_Bot_Case": case.case, "X_Bot_Template": "approval"}
    case.deal_with(compose(OUTSIDER, "Hola", "APROBAR", **ours))
    assert case.undecided()
    assert not case.mails("remark")


# --- what is shown ------------------------------------------------------------------------------

HOSTILE = (
    "difundir <b>avisos</b> <script>alert(1)</script> <img src=http://evil.example/x.gif> "
    "<a href='http://evil.example/'>APROBAR</a> {{ 7*7 }} {% raw %} ${x} %(a)s {0.__class__} "
    "=HYPERLINK('http://evil.example') \u202erabmoc\u202c pay\u200bpal "
    "mailto:malo@evil.example?body=APROBAR www.evil.example http://evil.example/aprobar"
)


def test_a_hostile_form_is_shown_as_text(office: Office) -> None:
    text = FULL.replace("difundir las nuevas adquisiciones y los cursos", HOSTILE)
    text = text.replace("Elvira Santoyo Quiroz", "Elvira \u202eSantoyo\u200b")
    case = request(office, text)
    for mail in case.mails("review"):
        body = mail.message.get_body(("html",))
        assert body is not None
        # As it was rendered: letters beyond ASCII travel as references.
        html = re.sub(r"&#(\d{3,});", lambda r: chr(int(r[1])), str(body.get_content()))
        assert "<script" not in html
        assert "<img" not in html
        assert "evil.example" not in html.replace("\u200c", "")  # a link is no data
        links = re.findall(r'href="([^"]*)"', html)
        assert links
        assert all(link.startswith(f"mailto:{LOCAL}+") for link in links)
        assert not re.search(r"(?:https?://|www\.|mailto:)[^<\s]*evil\.example", html)
        assert "{{ 7*7 }}" in mail.text
        assert not set("\u202e\u202c\u200b") & set(html + mail.text)


def test_headers_hold_whatever_a_mail_says(office: Office) -> None:
    evil = "=?utf-8?q?Lista=0D=0ABcc=3A_intruso=40evil.example=0D=0A=0D=0AAPROBAR?="
    area = f"area{next(_number)}@upaep.mx"
    name = evil.replace("Lista", "Ana")
    mail = (
        f"From: {name} <{area}>\r\nTo: {MAILBOX}\r\nSubject: {evil}\r\n"
        f"Message-ID: <x{next(_number)}@upaep.mx>\r\n"
        f"In-Reply-To: <a@b>\r\n\tBcc: {OUTSIDER}\r\n"
        "References: <c@d\r\n >, =?utf-8?q?=0ABcc:x?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{FULL}\r\n"
        f'--x\r\nContent-Type: text/csv; name="{evil}"\r\n'
        f'Content-Disposition: attachment; filename="{evil}"\r\n\r\na,b\r\n--x--\r\n'
    ).encode()
    office.account.deliver(mail)
    received = office.mail("received", area)
    wait_until(lambda: len([m for m in office.sink.mails if m.case == received.case]) == 3, "all")
    about = [m for m in office.sink.mails if m.case == received.case]
    assert len(about) == 3
    for one in about:
        assert "Bcc" not in one.message
        assert OUTSIDER not in one.recipients
        assert len(one.recipients) == 1


def test_a_huge_field_makes_no_huge_notice(office: Office) -> None:
    case = request(office, FULL.replace("difundir las", "difundir " + "muchísimas " * 700 + "las"))
    assert all(len(m.raw) < 150_000 for m in case.mails("review"))


def test_addresses_that_cannot_be_written_stop_nothing(office: Office) -> None:
    body = FULL.replace("\n", "\r\n")
    for author in ("=?x?q?y?=@upaep.mx", "añb@upaep.mx", "a..b@upaep.mx", "x@upaep.mx\u202e"):
        head = f"From: {author}\r\nSubject: Formato\r\nContent-Type: text/plain; charset=utf-8\r\n"
        office.account.deliver(f"{head}\r\n{body}".encode())
    settle(office)
    assert "message failed" not in office.log()


# --- machines -----------------------------------------------------------------------------------


def test_machines_decide_nothing(office: Office) -> None:
    case = request(office)
    key = str(case.notice.message["Reply-To"])
    calendar = answer(case.notice, "APROBAR")
    calendar.add_alternative(
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", subtype="calendar",
        params={"method": "REPLY"},
    )  # fmt: skip
    report = (
        f"From: MAILER-DAEMON@upaep.mx\r\nTo: {key}\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n"
        f"In-Reply-To: {case.notice.message['Message-ID']}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nAPROBAR\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {REVIEWER}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nReply-To: {key}\r\n--x--\r\n"
    ).encode()
    wrapped = answer(case.notice, "")
    wrapped.replace_header("Content-Type", 'application/pkcs7-mime; smime-type="enveloped-data"')
    wrapped.set_payload("QVBST0JBUg==")
    case.deal_with(
        calendar,
        report,
        wrapped,
        answer(case.notice, "APROBAR", Auto_Submitted="auto-replied"),
        answer(case.notice, "APROBAR", Return_Path="<>"),
        answer(case.notice, "APROBAR", List_Id="<x.upaep.mx>"),
        answer(case.notice, "-----BEGIN PGP MESSAGE-----\n\nAPROBAR\n-----END PGP MESSAGE-----"),
    )
    assert case.undecided()
    secret = re.search(r"\.([a-z2-7]{20})@", key)
    assert secret is not None
    alarms = [m for m in office.sink.mails if m.template == "alarm"]
    assert not [m for m in alarms if secret[1].encode() in m.raw]


def report(of: str, recipient: str, **headers: str) -> bytes:
    """A delivery report as Postfix writes it: what it gives back names the mail."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"From: MAILER-DAEMON@upaep.mx\r\nTo: {MAILBOX}\r\nReturn-Path: <>\r\n{more}"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <r{next(_number)}@mx>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\n--x--\r\n"
    ).encode()


def test_absences_and_reports_count_only_of_mail_that_they_were_sent(office: Office) -> None:
    case = request(office)
    known = str(case.received.message["Message-ID"])  # the area has it, and whoever it shows it
    unknown = f"<inventado{next(_number)}@upaep.mx>"
    away = {"Auto_Submitted": "auto-replied", "Subject": f"Fuera de la oficina [{case.case}]"}
    before = office.count("alarm")
    case.deal_with(
        compose(REVIEWER_2, "", "Estaré fuera.", **away, References=known, In_Reply_To=known),
        compose(REVIEWER_2, "", "Estaré fuera.", **away),
        answer(case.notice, "Estaré fuera.", REVIEWER_2, **away),  # sent to a colleague
        report(known, REVIEWER),
        report(known, REVIEWER, In_Reply_To=known),
        report(unknown, REVIEWER, References=known),
        report(unknown, case.area),
    )
    assert not case.mails("remark")
    assert office.count("alarm") == before
    case.deal_with(compose(REVIEWER, "", "LISTA todas"))
    assert "fuera hasta" not in office.sink.mails[-1].text
    true = case.mails("review", REVIEWER_2)[0]
    case.deal_with(report(known, case.area), answer(true, "Estaré fuera.", **away))
    assert case.area in " ".join(m.text for m in office.sink.mails if m.template == "alarm")
    assert "fuera hasta" in " ".join(case.mails("remark", REVIEWER)[0].text.split())
    for expected in (True, False):  # their next mail ends it
        case.deal_with(compose(APPROVER, "", "LISTA todas"))  # whose hour has no other commands
        (*_, listed) = (
            m for m in office.sink.mails if m.template == "case_list" and APPROVER in m.recipients
        )
        assert ("está fuera hasta" in listed.text.replace("\n", " ")) is expected
        case.deal_with(compose(REVIEWER_2, "", "LISTA"))


def test_the_bots_own_addresses_make_no_loop(office: Office) -> None:
    own = [MAILBOX, MAILBOX.upper(), f"{LOCAL}+x@{DOMAIN}"]
    area = f"area{next(_number)}@upaep.mx"
    office.account.deliver(*(compose(a, "Formato", FULL).as_bytes() for a in own))
    copy = {"Cc": f"{LOCAL}+lista@{DOMAIN}, {MAILBOX}", "Reply_To": MAILBOX}
    office.write(area, "Formato", FULL, **copy)
    office.mail("received", area)
    settle(office)
    assert not [m for m in office.sink.mails if LOCAL in m.recipients[0]]


def test_two_bots_fall_silent(offices: dict[str, Office]) -> None:
    """What each sends to the other's address is delivered there, its own headers taken off."""
    first, second = offices["open"], offices["pinned"]
    names = {"bot.uno@upaep.mx": first, "bot.dos@upaep.mx": second}
    (one, a), (two, b) = names.items()
    before = {o.sink.port: len(o.sink.mails) for o in (a, b)}
    first.write(two, "Formato", FULL.replace("Elvira", "Elba"))
    passed_on, ends = set(), time.monotonic() + 3
    while time.monotonic() < ends:
        for here, own, there, theirs in ((a, two, b, one), (b, one, a, two)):
            for mail in here.sink.mails[before[here.sink.port] :]:
                if own in mail.recipients and mail.message["Message-ID"] not in passed_on:
                    passed_on.add(mail.message["Message-ID"])
                    there.write(theirs, mail.subject, mail.text, **passed())
        time.sleep(0.05)
    assert 1 <= len(passed_on) <= 10


# --- relaying -----------------------------------------------------------------------------------


def test_nobody_in_copy_is_written_to_and_one_mail_leads_to_one(office: Office) -> None:
    copies = [f"victima{n}@upaep.mx" for n in range(10)]
    area = f"alumno{next(_number)}@upaep.mx"
    text = FULL.replace("difundir", "difundir https://evil.example/entrar")
    office.write(area, "Formato", text, Cc=", ".join(copies))
    received = office.mail("received", area)
    office.reply(received, CORRECTION.format(7999), area)
    office.mail("received", area, after=1)
    office.write(area, "¿Y mi trámite?", "¿Cómo va mi solicitud? Gracias.", Cc=", ".join(copies))
    settle(office)
    assert not [m for m in office.sink.mails if set(copies) & set(m.recipients)]
    mine = [m for m in office.sink.mails if m.recipients[0] == area]
    assert len(mine) == 3  # one for each


def test_of_a_list_of_others_nobody_is_told_more_than_they_wrote(office: Office) -> None:
    case, address = request(office, OTHER), f"avisos-h{next(_number)}@upaep.mx"
    for person, template, command in (
        (REVIEWER, "review", "APROBAR"), (APPROVER, "approval", "APROBAR"),
        (PROVISIONER, "provisioning", f"HECHO {address}"),
    ):  # fmt: skip
        case.deal_with(answer(case.mails(template, person)[0], command))
    student = f"alumno{next(_number)}@upaep.edu.mx"
    text = f"Quiero cambiar la lista {address}: que llegue también a los profesores."
    office.write(student, "Cambio de lista", text)
    told = office.mail("received", student)
    for secret in ("elvira", "santoyo", "hemeroteca", "1,850", "adquisiciones", "7415"):
        assert secret not in told.text.lower(), secret
    notice = office.sink.wait_for(lambda m: (m.template, m.case) == ("review", told.case))
    assert "no es quien figura" in " ".join(notice.text.split())
    assert "Elvira Santoyo" in notice.text
    word = office.sink.wait_for(
        lambda m: m.case == told.case and "elvira.santoyo@upaep.mx" in m.recipients
    )
    assert student in word.text
    assert "profesores" not in word.text


def test_no_list_is_written_to(office: Office, tmp_path: Path) -> None:
    everybody = f"todos{next(_number)}@upaep.mx"
    register = tmp_path / "register.csv"
    register.write_text(f"nombre de la lista,correo de la lista\nTodos,{everybody}\n", "utf-8")
    assert office.bot("lists", "import", str(register)).returncode == 0
    for sender in (everybody, everybody.replace("@", "+x@")):
        office.write(sender, "Formato", FULL)
    area = f"area{next(_number)}@upaep.mx"
    office.write(area, "Formato", FULL.replace("elvira.santoyo@upaep.mx", everybody), Cc=everybody)
    case = office.mail("received", area).case
    for person, template in ((REVIEWER, "review"), (APPROVER, "approval")):
        notice = office.sink.wait_for(
            lambda m, t=template, p=person: (  # type: ignore[misc]
                (m.template, m.case) == (t, case) and p in m.recipients
            )
        )
        office.reply(notice, "APROBAR")
    settle(office)
    assert [m for m in office.sink.mails if (m.template, m.case) == ("accepted", case)]
    assert not [m for m in office.sink.mails if "todos" in m.recipients[0]]


# --- floods -------------------------------------------------------------------------------------


def flood(office: Office, number: int, mail: Callable[[int], EmailMessage]) -> None:
    office.account.deliver(*(mail(n).as_bytes() for n in range(number)))
    settle(office)


def test_a_flood_from_outside_reaches_reviewers_as_a_sum(office: Office) -> None:
    sender = f"ruido{next(_number)}@evil.example"
    flood(office, 40, lambda n: compose(sender, f"Hola {n}", f"APROBAR {n}"))
    about = [m for m in office.sink.mails if m.template == "remark" and sender in m.text.lower()]
    to = [m for m in about if REVIEWER in m.recipients]
    assert len(to) == 4  # three, and the thirtieth
    assert "con este van 30" in " ".join(to[-1].text.split())
    assert "26 más" in " ".join(to[-1].text.split())
    assert not [m for m in office.sink.mails if sender in m.recipients]


def test_a_flood_of_forged_commands_asks_only_so_often(office: Office) -> None:
    case = request(office)
    hour = dt.datetime.now(dt.UTC).hour  # the cap is one of each hour
    flood(office, 15, lambda n: compose(ADMIN, f"[{case.case}]", f"NOTA {n}"))
    asked = len(case.mails("confirm", ADMIN))
    assert asked == 12 or (asked > 12 and dt.datetime.now(dt.UTC).hour != hour)


def test_a_flood_of_requests_is_answered_and_shown_only_so_often(office: Office) -> None:
    area = f"diluvio{next(_number)}@upaep.mx"
    flood(office, 15, lambda n: compose(area, f"Formato {n}", FULL.replace("7415", str(7000 + n))))
    assert office.count("received", area) <= 15  # each case has its first answer
    shown = [m for m in office.sink.mails if m.template == "review" and area in m.text]
    assert len([m for m in shown if REVIEWER in m.recipients]) <= 12


def test_what_is_sent_in_somebodys_name_keeps_no_answer_from_them(office: Office) -> None:
    victim = f"victima{next(_number)}@upaep.mx"
    first = request(office, area=victim)
    flood(office, 14, lambda n: answer(first.received, CORRECTION.format(7000 + n), victim))
    answered = office.count("received", victim)
    assert answered <= 11
    held = [
        m for m in json.loads(office.bot("outbox", "--json").stdout) if victim in m["recipients"]
    ]
    assert [m["status"] for m in held] == ["waiting"]  # the newest stands for all
    assert "remitente" in held[0]["reason"]
    # Told once an hour, of whatever was held back first.
    assert [m for m in office.sink.mails if m.template == "alarm" and "retenido" in m.subject]
    office.write(victim, "Otra lista", OTHER)
    office.sink.wait_for(
        lambda m: m.template == "received" and victim in m.recipients and m.case != first.case
    )


def test_what_one_insider_uses_up_is_kept_from_nobody_else(
    closed: Office, clock: HandClock
) -> None:
    closed.settings["limits"] = {"replies_per_hour": 3, "replies_per_day_total": 6}
    closed.settings["security"] = {"authserv_id": SERVER}
    closed.write_config()
    loud, honest = "ruidosa@upaep.mx", "honesta@upaep.mx"
    with in_process(closed, clock):
        case = request(closed, area=loud)
        for number in range(9):
            text = CORRECTION.format(7000 + number)
            closed.receive(answer(case.received, text, loud, **passed()))
        other = request(closed, OTHER, honest)
        closed.receive(answer(other.received, CORRECTION.format(7999), honest, **passed()))
        assert "7999" in closed.mail("received", honest, after=1).text
        assert closed.count("received", loud) == 3
        assert loud in closed.mail("alarm", ADMIN).text
        clock.set("2026-08-18 10:01")
        last = closed.mail("received", loud, after=3)
        assert "7008" in last.text  # the newest stands for those before it


def test_a_flood_of_what_cannot_be_read_alarms_only_so_often(office: Office) -> None:
    before = office.count("alarm", ADMIN)
    nested = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(60)
    )
    bad = f"From: {OUTSIDER}\r\nSubject: x\r\nMIME-Version: 1.0\r\n{nested}\r\nAPROBAR"
    office.account.deliver(*(f"X-N: {n}\r\nY: {n}\r\n{bad}{n}".encode() for n in range(25)))
    settle(office)
    assert office.count("alarm", ADMIN) - before <= 3


@pytest.mark.soak
def test_ten_thousand_mails_from_one_sender(office: Office) -> None:
    area = f"diezmil{next(_number)}@upaep.mx"
    for start in range(0, 10_000, 500):
        mails = [compose(area, f"Formato {n}", f"{FULL}\n{n}") for n in range(start, start + 500)]
        office.account.deliver(*(mail.as_bytes() for mail in mails))
    last = f"testigo{next(_number)}@upaep.mx"
    office.write(last, "Formato", FULL)
    office.mail("received", last, seconds=1800)
    assert len([m for m in office.sink.mails if area in m.recipients]) <= 30
    about = [m for m in office.sink.mails if REVIEWER in m.recipients and area in m.text]
    assert len(about) <= 40
