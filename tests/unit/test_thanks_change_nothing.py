"""Whatever programs add to "Muchas gracias", it changes nothing and orders nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.workflow.message import ParsedMessage

from .test_layout_additions import BANNERS, FOOTERS, SIGNATURES
from .test_layout_openings import OURS, PROGRAMS
from .test_mails_of_programs import analysed, changes
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
