"""What a photo says is asked about, never written; reading it is bounded, and costs nobody else."""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import replace
from email.message import EmailMessage
from importlib.util import find_spec

import pytest

from bot.config.settings import LimitSettings
from bot.mail.documents import read_photo
from bot.mail.parsing import Limits, read
from bot.mail.parsing.limits import PHOTO_LEAST, PHOTO_SECONDS
from bot.runtime.analyzer import Analyzer
from bot.runtime.fairness import BUDGET, Allowance
from bot.runtime.parser_process import ParserProcess
from bot.workflow.case import State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import Attachment, ParsedMessage
from nlp.turns.types import GivenValue, Turn, TurnContext, Writer
from nlp.types import Block, BlockKind, Document, Extraction, Intent, Message, Prediction
from tests.builders import FORM, NOW, ORGANIZATION, case, context, full_form, mail, notifications_of
from tests.e2e.requests import FULL

from .test_mails_of_programs import analyzer, form

needs_ocr = pytest.mark.skipif(
    find_spec("rapidocr") is None, reason="the extra `ocr` is not installed (make ocr)"
)
LIMITS = Limits(photo_seconds=PHOTO_SECONDS)
PHOTO = Attachment("foto.jpg", "image/jpeg", 9, text=FULL, problem="dudosa", photographed=True)


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large, all of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 20_000)), 9)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_photo(data: bytes, kind: str = "image/png", name: str = "IMG_2041.png") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ana Prado <ana.prado@upaep.mx>", "Solicitud de lista"
    message.set_content("Buenos días:\n\nEnvío el formato de la lista que solicitamos.")
    main, _, sub = kind.partition("/")
    message.add_attachment(data, main, sub, filename=name)
    return message.as_bytes()


def test_without_the_extra_it_cannot_be_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.config.settings.find_spec", lambda _: None)
    with pytest.raises(ValueError, match="extra"):
        LimitSettings(photos=True)
    monkeypatch.setattr("bot.config.settings.find_spec", lambda _: True)
    assert LimitSettings(photos=True).photos
    with pytest.raises(ValueError, match="parse_seconds"):
        LimitSettings(photos=True, parse_seconds=5)


@pytest.mark.parametrize("limits", [Limits(), LIMITS], ids=["off", "on"])
def test_what_is_not_read_is_named(limits: Limits) -> None:
    incoming = read(with_photo(png(1200, 1600)), limits=limits)
    assert isinstance(incoming, ParsedMessage)
    (photo,) = incoming.attachments
    assert "IMG_2041.png" in photo.problem
    assert "no podemos leer" in photo.problem
    assert photo.text == ""


@pytest.mark.parametrize(
    "data",
    [png(60_000, 60_000), png(2**31 - 1, 9), b"\xff\xd8\xff\xe0", b"II*\0" + bytes(99), b""],
    ids=["3.6 billion pixels", "a line", "no JPEG", "no TIFF", "nothing"],
)
def test_hostile_pictures_are_refused(data: bytes) -> None:
    assert "no podemos leer" in read_photo(data, "foto.png", 1.0).problem


def test_the_common_reader_leaves_photos_to_the_one_with_time() -> None:
    assert BUDGET < PHOTO_LEAST
    other = b"From: b@upaep.mx\nSubject: Hola\n\nHola"
    jobs = [
        InboundMessage(1, with_photo(png(1200, 1600)), NOW, turn="x"),
        InboundMessage(2, other, NOW, turn="b"),
    ]
    with ParserProcess(ORGANIZATION, LIMITS, 20, Allowance()) as common:
        done = {r.message.id: r.analysis for r in common.read_all(jobs, 9) if r is not None}
    assert done[1] is None
    assert done[2] is not None


def test_values_of_a_photo_are_never_sure() -> None:
    message = Message("Lista", (Block(BlockKind.NEW, "Solicitamos una lista; va el formato."),),
                      NOW.date(), (Document("foto.jpg", FULL, photographed=True),))  # fmt: skip
    predictor = analyzer()._predictor
    found = predictor.understand(message, FORM)
    assert found.intent == Intent.CREATE_LIST
    assert {n: v.value for n, v in found.fields.items()} == form()
    assert {v.sure for v in found.fields.values() if v.source == "foto.jpg"} == {0.0}
    known = {"area": "Biblioteca Central"}
    said = predictor.turn(replace(message, is_reply=True),
                          TurnContext(FORM, ("phone_ext",), known), Writer())  # fmt: skip
    assert {one.field: one.value for one in said.doubted}["phone_ext"] == "7415"
    assert "area" not in {one.field for one in said.doubted}
    assert (said.answers, said.corrections) == ((), ())


@pytest.mark.parametrize("least", [0.85, 0.0])
def test_they_are_asked_about_and_written_with_a_yes(least: float) -> None:
    organization = replace(ORGANIZATION, value_threshold=least)
    found = {n: Extraction(v.value, PHOTO.name, "", 0.0) for n, v in full_form().items()}
    first = replace(mail(), attachments=(PHOTO,))
    opened = decide(
        context(
            first, prediction=Prediction(Intent.CREATE_LIST, 0.99, found), organization=organization
        )
    ).case
    assert opened is not None
    assert opened.state is State.INCOMPLETE
    assert not {n for n, v in opened.form.items() if v.source == PHOTO.name}
    yes = context(mail("Sí"), case=opened, link=Link.THREAD, turn=Turn(agrees=True))
    done = decide(yes).case
    assert done is not None
    assert {n: v.value for n, v in done.form.items()} == {n: v.value for n, v in found.items()}


def test_a_photo_in_an_answer_is_asked_about() -> None:
    about = case(State.INCOMPLETE, form=full_form("phone_ext", "sponsor"))
    said = Turn(doubted=(GivenValue("phone_ext", "7415", "Ext. 7415", PHOTO.name),))
    answer = replace(mail("Va la foto"), attachments=(PHOTO,))
    done = decide(context(answer, case=about, link=Link.THREAD, turn=said))
    assert done.case is not None
    assert "phone_ext" not in done.case.form
    (asked,) = notifications_of(done)
    assert "Extensión: 7415. Si es así, responda SÍ" in str(asked.values)
    yes = decide(context(mail("Sí"), case=done.case, link=Link.THREAD, turn=Turn(agrees=True)))
    assert yes.case is not None
    assert yes.case.form["phone_ext"].value == "7415"


@needs_ocr
@pytest.mark.parametrize("kind", ["JPEG", "PDF"])
def test_a_photographed_form_is_read_in_the_cage(kind: str) -> None:
    from bench.photographed_forms import filled, page, photographed, same, saved

    chance = random.Random(3)
    rows, values = filled(chance)
    data = saved(photographed(page(rows, chance), chance), kind, 80)
    label = "application/pdf" if kind == "PDF" else "image/jpeg"
    raw = with_photo(data, label, f"formato.{kind.lower()}")
    with ParserProcess(ORGANIZATION, LIMITS, 60) as patient:
        found = patient.analyse(InboundMessage(1, raw, NOW))
    assert isinstance(found.mail, ParsedMessage)
    (file,) = found.mail.attachments
    assert file.photographed
    assert "se lo preguntamos" in file.problem
    read = found.prediction.fields
    assert sum(n in read and same(read[n].value, v) for n, v in values.items()) >= len(values) - 1
    assert {v.sure for v in read.values() if v.source == file.name} == {0.0}


@needs_ocr
def test_many_photos_cost_no_more_than_their_seconds() -> None:
    from bench.photographed_forms import filled, page, saved

    rows, _ = filled(random.Random(3))
    data = saved(page(rows * 3, random.Random(3)).convert("RGB"), "JPEG", 60)
    message = EmailMessage()
    message["From"] = "ana@upaep.mx"
    for _ in range(12):
        message.add_attachment(data, "image", "jpeg", filename="IMG.jpg")
    incoming = Analyzer(ORGANIZATION, Limits(photo_seconds=2.0)).analyse(message.as_bytes(), NOW)
    assert isinstance(incoming.mail, ParsedMessage)
    assert 1 <= sum(bool(a.text) for a in incoming.mail.attachments) < 6
    assert all(a.problem for a in incoming.mail.attachments)
