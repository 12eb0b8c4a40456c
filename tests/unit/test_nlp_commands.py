"""Commands of staff: read where clear, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.parsing import read
from bot.workflow.commands import carry_out  # noqa: F401  (fills the table of commands)
from bot.workflow.commands.registry import vocabulary
from bot.workflow.message import ParsedMessage
from nlp.commands import ParsedCommands, parse_commands
from nlp.commands.harmless import kept_words
from nlp.text.fold import fold
from nlp.text.folios import folios_in
from nlp.types import Block, BlockKind, Command, Doubt, Message
from tests.builders import ORGANIZATION
from tests.unit.command_cases import APPROVED, GIVEN
from tests.unit.command_traps import NO_DECISION

FOLIO = "CI-2021-0042"
SUBJECT = f"Re: [{FOLIO}] Solicitud de creación de lista: Biblioteca Central"
STAFF = Path(__file__).parents[2] / "nlp" / "corpus" / "staff.txt"
ACTS = {"approve", "reject", "done", "undo", "ask", "assign"}
WORDS = vocabulary(ORGANIZATION)


def message(text: str, subject: str = SUBJECT, quote: str = "") -> Message:
    blocks = [Block(BlockKind.NEW, text)]
    if quote:
        blocks.append(Block(BlockKind.QUOTE, quote))
    return Message(subject, tuple(blocks), dt.date(2021, 7, 5), is_reply=True)


def commands(text: str, **known: str) -> tuple[Command, ...]:
    return reading(text, **known).commands


def reading(text: str, *, quote: str = "", visible: str = "") -> ParsedCommands:
    return parse_commands(message(text, quote=quote), WORDS, folio=FOLIO, visible_text=visible)


def lines(block: str) -> list[str]:
    return [line.replace("|", "\n") for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("text", lines(NO_DECISION))
def test_no_decision_is_taken(text: str) -> None:
    found = reading(text)
    assert not [o for o in found.commands if o.name in ACTS]
    assert found.commands or found.why


@pytest.mark.parametrize("text", lines(APPROVED))
def test_natural_approvals(text: str) -> None:
    assert commands(text)[0] == Command("approve")


def test_a_rejection_told_at_length_may_doubt_in_its_reason() -> None:
    reason = (
        "Creo que no se justifica el envío diario; no sé si con uno mensual les alcance, tal vez"
        " convenga que lo platiquen."
    )
    assert commands(f"RECHAZAR\n\n{reason}") == (Command("reject", reason),)
    assert commands("RECHAZAR\n\nMmm, no sé si sea lo correcto") == ()


def test_no_problem_is_told_as_no_denial() -> None:
    assert reading("Va, sin problema").why is Doubt.UNCLEAR
    assert reading("Sin mi visto bueno eso se queda donde está").why is Doubt.NEGATION


def test_a_number_or_article_joins_no_requests() -> None:
    for text in ("-- Punto uno: la lista se llama avisos-biblio", "Una: falta el logo"):
        assert "merge" not in [one.name for one in commands(text)]
    assert [one.name for one in commands("UNIR 0040")] == ["merge"]


def test_a_footer_takes_nothing_back() -> None:
    footer = "Oficina Central\nNo imprima este correo. Si no era para usted, favor de rechazarlo."
    assert commands(f"Solicitud aprobada.\n\nQue tengan excelente tarde.\n\n{footer}") == (
        Command("approve"),
    )


def test_a_correction_stands_before_a_decision() -> None:
    assert commands("CORREGIR Cargo: Jefa\nAPROBAR\n\nSaludos") == (
        Command("correct", "Cargo: Jefa"),
        Command("approve"),
    )
    assert commands("APROBAR\nCORREGIR Cargo: Jefa") == ()


def test_a_correction_ends_where_the_decision_begins() -> None:
    corrected = (Command("correct", "Destinatarios: 240"), Command("approve"))
    assert commands("CORREGIR Destinatarios: 240\n\nSolicitud aprobada. Saludos, Inés") == corrected
    assert commands("CORREGIR Objetivo: avisos\nSolicitud aprobada en 2020, como dice el área") == (
        Command("correct", "Objetivo: avisos\nSolicitud aprobada en 2020, como dice el área"),
    )


@pytest.mark.parametrize(
    "tail",
    [
        ", y con eso la apruebo.", " y aprobar", " y aprobarla. Gracias.", ". Con eso la apruebo.",
        ", y con ese cambio queda aprobada.", " y, hecho esto, aprobar",
        ", con ese ajuste aprobada",
    ],
)  # fmt: skip
def test_the_value_of_a_correction_ends_before_the_decision_behind_it(tail: str) -> None:
    value = "el objetivo a: avisar cambios de salón y exámenes de ubicación"
    assert commands(f"Corrijan {value}{tail}") == (Command("correct", value), Command("approve"))


@pytest.mark.parametrize(
    "tail",
    [
        " y luego la apruebo", ", y no la apruebo todavía", " y, si el área acepta, la apruebo",
        ", cuando confirmen, apruebo", ". Si el área acepta, la apruebo.",
        " y rechácenla si no quieren", ", y después vemos si se aprueba",
    ],
)  # fmt: skip
def test_a_correction_is_not_done_without_the_decision_that_waits_behind_it(tail: str) -> None:
    found = reading(f"Corrijan la frecuencia a mensual{tail}")
    assert not found.commands
    assert found.why


def test_the_value_of_a_correction_may_speak_of_approving() -> None:
    for value in ("revisar y aprobar el reglamento", "avisar a quienes van a aprobar materias"):
        assert commands(f"CORREGIR Objetivo: {value}") == (
            Command("correct", f"Objetivo: {value}"),
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ya quedó: avisos@upaep.mx con los 60. El lunes le damos permisos. Saludos",
         "El lunes le damos permisos"),
        ("HECHO avisos@upaep.mx\n\nMuchas gracias.\nNoé", ""),
        ("HECHO avisos@upaep.mx\n\nQuedo al pendiente, saludos a todos", ""),
        ("Pueden usarla el lunes, ya quedó", ""),
    ],
)  # fmt: skip
def test_what_is_written_behind_an_address_is_kept(text: str, said: str) -> None:
    assert kept_words(text) == said


def test_bare_lines_of_the_form_are_corrections_of_what_the_decision_below_is_on() -> None:
    corrected = (
        Command("correct", "Frecuencia: quincenal"),
        Command("correct", "Destinatarios: 200"),
        Command("approve"),
    )
    told = "Frecuencia: quincenal\n- Destinatarios: 200"
    assert commands(f"{told}\n\nAprobada con esos cambios.") == corrected
    assert commands(f"Aprobada con estos cambios:\n{told}\n\nSaludos") == corrected
    assert commands(f"{told}\nAPROBAR\n\nExt: 7230") == corrected
    assert commands("Aprobada\nFrecuencia: quincenal") == ()


def test_a_reason_below_its_word_may_speak_of_decisions() -> None:
    reason = "1. Aprobar esto hoy sería precipitado.\n\n¿Por qué no esperan al nuevo reglamento?"
    assert commands(f"RECHAZAR\n\n{reason}") == (Command("reject", reason),)
    assert commands("RECHAZAR\nDuplicada. APROBAR") == ()


def test_an_order_and_a_decision_in_one_sentence_with_courtesies() -> None:
    corrected = (Command("correct", "el número de destinatarios a 85"), Command("approve"))
    said = "el número de destinatarios a 85 y apruébala por favor."
    assert commands(f"Corrige {said}") == corrected
    lines = (Command("correct", "Frecuencia: quincenal"), Command("approve"))
    assert commands("Frecuencia: quincenal\n\nCon esos cambios, aprobada.") == lines


def test_what_was_done_already_stands_beside_a_decision() -> None:
    assert commands("Aprobada, ya lo consulté con mi jefe.") == (Command("approve"),)
    assert commands("Aprobada, ya lo consulté con mi jefe y hay un problema") == ()


@pytest.mark.parametrize("line", lines(GIVEN))
def test_commands_with_their_arguments(line: str) -> None:
    text, name, argument = line.split(" =>")
    assert commands(text) == (Command(name.strip(), argument.strip() or None),)


def staff_cases() -> list[tuple[str, str, str]]:
    """(expected command, argument, mail body) of the written corpus."""
    found = []
    for entry in re.split(r"^=== ", STAFF.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = entry.partition("\n")
        name, _, argument = head.partition(": ")
        found.append((name.strip(), argument.strip(), body.rstrip("\n")))
    return found


def as_mail(body: str) -> ParsedMessage:
    """A reply with this body; its subject cites the folio of the notice quoted in it."""
    notice = "\n".join(x for x in body.split("\n") if x.startswith((">", "Asunto:")))
    folio = next(iter(folios_in(notice, "CI")), "")
    mail = EmailMessage()
    mail["From"] = "Jimena Toriz <jimena.toriz@upaep.mx>"
    mail["Subject"] = f"Re: [{folio}] Solicitud" if folio else "Re: Solicitud"
    mail["In-Reply-To"] = "<aviso@upaep.mx>"
    mail.set_content(body)
    incoming = read(mail.as_bytes())
    assert isinstance(incoming, ParsedMessage)
    return incoming


def words_of(text: str | None) -> set[str]:
    return set(re.findall(r"\w+", (text or "").lower()))


def test_the_written_corpus() -> None:
    right = wrong_arguments = 0
    cases = staff_cases()
    for name, argument, body in cases:
        mail = as_mail(body)
        folio = next(iter(folios_in(f"{mail.subject} {mail.text}", "CI")), "")
        text = Message(mail.subject, mail.blocks, dt.date(2021, 7, 5), is_reply=True)
        found = parse_commands(text, vocabulary(ORGANIZATION), folio=folio).commands
        got = found[0].name if found else "null"
        assert got == name or got not in ACTS, body
        right += got == name
        if got == name and argument:
            a, b = words_of(argument), words_of(found[0].argument)
            wrong_arguments += len(a & b) < 0.7 * max(len(a), len(b))
    assert right >= 0.98 * len(cases)
    assert wrong_arguments <= 1


def test_several_commands_that_decide_nothing() -> None:
    text = "NOTA: hablé con ella\nel martes\nASIGNAR nancy@upaep.mx\nESTADO\n\nGracias\nVale"
    assert commands(text) == (
        Command("note", "hablé con ella\nel martes"),
        Command("assign", "nancy@upaep.mx"),
        Command("status"),
    )


def test_a_note_beside_a_decision() -> None:
    assert commands("RECHAZAR duplicada\nNOTA: ya les marqué") == (
        Command("reject", "duplicada"),
        Command("note", "ya les marqué"),
    )


def test_both_versions_must_agree() -> None:
    assert commands("APROBAR", visible="Aprobada, gracias") == (Command("approve"),)
    assert commands("APROBAR", visible="RECHAZAR") == ()
    assert reading("APROBAR", visible="Gracias").why
    assert commands("RECHAZAR: duplicada", visible="RECHAZAR: no trae firma") == ()


def test_threads_must_agree() -> None:
    assert commands("Aprobada", quote=f"Folio: {FOLIO}")
    assert not commands("Aprobada", quote="Folio: CI-2021-0041")
    assert commands("Aprobada", quote=f"Folio: {FOLIO}\nParecida: CI-2021-0007")


def test_only_new_text_counts() -> None:
    quoted = Message(SUBJECT, (Block(BlockKind.QUOTE, "APROBAR"),), dt.date(2021, 7, 5))
    assert parse_commands(quoted, WORDS, folio=FOLIO).commands == ()
    in_subject = message("", subject="APROBAR")
    assert parse_commands(in_subject, WORDS).why is Doubt.EMPTY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("¿Aprobar?", Doubt.QUESTION),
        ("Aprobar si firma el director", Doubt.CONDITION),
        ("No aprobar", Doubt.NEGATION),
        ("APROBAR\nRECHAZAR", Doubt.TWO),
        ("Aprobar CI-2021-0099", Doubt.FOLIO),
        ("Hecho", Doubt.ADDRESS),
        ("La veo luego", Doubt.LATER),
    ],
)
def test_says_why(text: str, why: Doubt) -> None:
    assert reading(text).why is why


SPOILERS = ("no", "nunca", "tampoco", "?", "¿", "si", "pero", "todavía", "mañana", "creo que")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(lines(APPROVED)), st.sampled_from(SPOILERS), st.integers(0, 30))
def test_a_spoiled_approval_is_none(text: str, spoiler: str, at: int) -> None:
    words = text.split(" ")
    at = min(at, len(words))
    spoiled = " ".join([*words[:at], spoiler, *words[at:]])
    # "si" before the verb is how many write "sí"; "NOTA: no …" spoils the note, not the approval.
    # "Folio no CI-…" is its number, "no le encuentro pero" finds no fault, and "la lista de la
    # mañana" is a list.
    harmless = (f"Folio no {FOLIO}", "no le encuentro pero", "de la mañana")
    meant = any(words in spoiled for words in harmless)
    if spoiler == "si" or "NOTA" in text or meant:
        return
    done = [o.name for o in commands(spoiled) if o.name in ("approve", "reject")]
    # "OK no aprobada, saludos …" gives its reason
    denied = re.search(r"\bno (?:(?:la|se) )?(?:apr[ou]|autoriz)", fold(spoiled)) is not None
    assert done == [] or (denied and done == ["reject"]), spoiled


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["no ", "nunca ", "tampoco ", "¿", "no la ", "creo que ", "mañana "]),
    st.sampled_from(["rechazar: duplicada", "Rechazada por duplicidad", "se rechaza: sin firma"]),
)
def test_a_spoiled_rejection_is_none(spoiler: str, text: str) -> None:
    assert commands(spoiler + text) == ()


HEADS = ("aprob", "aprov", "apruev", "aprueb", "autoric", "autoriz", "rechas", "rechaz", "rechac",
         "deneg", "denieg", "approv", "reject")  # fmt: skip


DECIDING = [c for c in WORDS if c.name in ("approve", "reject")]
VERBS = [part for c in DECIDING for verb in c.verbs for part in verb.split("/")]
PHRASES = (*(w for c in DECIDING for w in c.words), *(v.removesuffix("ar")[:5] for v in VERBS))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_random_text_decides_nothing(text: str) -> None:
    found = [o for o in commands(text) if o.name in ("approve", "reject")]
    assert not found or any(head in fold(text) for head in (*HEADS, *PHRASES))


@pytest.mark.parametrize(
    "hostile",
    ["(" * 50_000, "a." * 50_000, "aprobada " * 20_000, "si " * 30_000, "la solicitud de " * 9_000,
     "gracias " * 20_000, "\n" * 90_000, "APROBAR\n" * 20_000, "x@" * 40_000, "Á" * 60_000,
     "RECHAZAR " + "a b " * 40_000, "Nancy " * 20_000, "dado que cumple " * 9_000],
)  # fmt: skip
def test_hostile_text_takes_no_time(hostile: str) -> None:
    start = time.process_time()
    commands(hostile)
    assert time.process_time() - start < 0.5
