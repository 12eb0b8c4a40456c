"""Whatever programs add to "Muchas gracias", it changes nothing and commands nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from html import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lists.request import REMOVAL
from bot.runtime.load_context import turn_context
from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.message import ParsedMessage
from nlp.types import Intent
from tests.builders import NOW, ORGANIZATION, case, context

from .test_layout_additions import BANNERS, FOOTERS, SIGNATURES
from .test_layout_openings import OURS, PROGRAMS
from .test_layout_signed import opaque
from .test_mails_of_programs import analysed, analyzer, changes
from .test_nlp_links import LINKS

THANKS = (
    "Muchas gracias.",
    "Gracias, quedo al pendiente.",
    "Mil gracias por su apoyo",
    "Enterada.",
)
HEAD = (
    "From: Ana Prado <ana.prado@upaep.mx>\n"
    "To: Comunicacion Interna <comunicacion.interna@upaep.mx>\n"
    "Subject: {}Re: {}[CI-2026-0001] Su solicitud\nIn-Reply-To: <x@upaep.mx>\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
)
MARKS = ("", "[EXT] ", "[Correo-externo] ", "RV: ", "***SPAM*** ")


def one_of(texts: dict[str, str]) -> st.SearchStrategy[str]:
    return st.just("") | st.sampled_from(list(texts.values()))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.sampled_from(THANKS),
    banner=one_of(BANNERS),
    below=st.booleans(),
    signature=one_of(SIGNATURES),
    footer=one_of(FOOTERS),
    link=st.just("") | st.sampled_from(LINKS),
    quote=one_of(PROGRAMS),
    marks=st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)),
)
def test_thanks(
    said: str,
    banner: str,
    below: bool,
    signature: str,
    footer: str,
    link: str,
    quote: str,
    marks: tuple[str, str],
) -> None:
    above, under = ("", banner) if below else (banner, "")
    words = f"{said} {link}".strip()
    quoted = f"{quote}\n\n{OURS}" if quote else ""
    body = "\n\n".join(p for p in (above, words, signature, footer, under, quoted) if p)
    found = analysed((HEAD.format(*marks) + body).encode())
    assert isinstance(found.mail, ParsedMessage)
    assert changes(found) == {}, found.mail.text
    assert found.staff_commands.commands == ()
    assert found.requester_commands.commands == ()
    assert said in found.mail.text


def as_plain(text: str) -> bytes:
    return (HEAD.format("", "") + text).encode()


def as_html(text: str) -> bytes:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return (HEAD.format("", "").replace("text/plain", "text/html") + lines).encode()


def as_clear_signed(text: str) -> bytes:
    head, _, _ = HEAD.format("", "").partition("Content-Type")
    return (
        f'{head}Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b'
        f"\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{text}\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nMIAG\n--b--\n"
    ).encode()


def as_opaque_signed(text: str) -> bytes:
    head, _, _ = HEAD.format("", "").partition("Content-Type")
    inner = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    data = base64.encodebytes(opaque(inner)).decode()
    kind = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    told = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64"
    return f"{head}MIME-Version: 1.0\n{told}\n\n{data}".encode()


def as_pgp_signed(text: str) -> bytes:
    armour = "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=ab12\n-----END PGP SIGNATURE-----\n"
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{text}\n{armour}"
    return (HEAD.format("", "") + signed).encode()


def as_reaction(text: str) -> bytes:
    head, _, _ = HEAD.format("", "").partition("Content-Type")
    return (
        f"{head}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n👍 Ana Prado reaccionó a través de Gmail\n\n"
        f"--b\nContent-Type: text/vnd.google.email-reaction+json\n\n"
        f'{{"emoji": "👍", "version": 1}}\n--b\nContent-Type: text/html; charset=utf-8\n\n'
        f"<p>👍</p><p>{escape(text[-300:])}</p>\n--b--\n"
    ).encode()


def what_stands(about: Case) -> tuple[object, ...]:
    """What people agreed on in a case: not who followed it, nor what was written last."""
    return (about.state, about.form, about.details, about.decision, about.assignee, about.asked_by)


SHAPES: tuple[Callable[[str], bytes], ...] = (
    as_plain, as_html, as_clear_signed, as_opaque_signed, as_pgp_signed, as_reaction,
)  # fmt: skip
REMOVED = {"intent": Intent.CHANGE_LIST, "details": {REMOVAL: True}}
CASES = [
    case(state, **changes)
    for state in State
    if state is not State.INCOMPLETE
    for changes in ({}, REMOVED)
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.sampled_from(THANKS),
    banner=one_of(BANNERS),
    signature=one_of(SIGNATURES),
    footer=one_of(FOOTERS),
    link=st.just("") | st.sampled_from(LINKS),
    shape=st.sampled_from(SHAPES),
)
def test_thanks_change_no_case_at_any_of_its_states(
    said: str, banner: str, signature: str, footer: str, link: str,
    shape: Callable[[str], bytes],
) -> None:  # fmt: skip
    body = "\n\n".join(p for p in (banner, f"{said} {link}".strip(), signature, footer) if p)
    found = analyzer().analyse(shape(body), NOW)
    mail = found.mail
    assert isinstance(mail, ParsedMessage)
    for about in CASES:
        going_on = turn_context(ORGANIZATION.kind(about), about)
        done = decide(
            replace(
                context(mail, case=about, link=Link.THREAD, screened=found.screened),
                prediction=found.prediction,
                staff_commands=found.staff_commands,
                requester_commands=found.requester_commands,
                turn=None if found.screened else analyzer().turn(mail, NOW, (), going_on),
            )
        )
        assert what_stands(done.case or about) == what_stands(about), mail.text
        assert (done.notifications, done.notices) == ((), ()), (about.state, mail.text)
        assert not any(update.changes or update.notifications for update in done.related)
