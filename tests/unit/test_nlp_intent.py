"""What the sender wants, told from fresh mails that stand in no corpus."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp.intent.component import HAND_OVER, normal
from nlp.intent.concepts import concept
from nlp.intent.evidence import weigh
from nlp.pipeline import Predictor, load
from nlp.shipped import load_form
from nlp.training import corpus, given
from nlp.training.cases import LabelledMail
from nlp.training.compose import composed
from nlp.training.samples import mail_samples, sentence_samples
from nlp.training.train_intent import fit, matrix, temperature
from nlp.types import Block, BlockKind, Document, Form, Intent, Message, Prediction

ROOT = Path(__file__).parents[2]
ORGANIZATION_THRESHOLD = 0.6  # workflow.confidence_threshold as shipped


def _fresh() -> list[tuple[str, str, str]]:
    lines = (ROOT / "tests/mails/fresh_intents.txt").read_text(encoding="utf-8").splitlines()
    mails = (line.split(" | ") for line in lines if not line.startswith("#"))
    return [(label, subject, text) for label, subject, text in mails]


FRESH = _fresh()


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "bot/lists/form.yaml")


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load()


def mail(
    subject: str, *blocks: tuple[BlockKind, str], documents: tuple[Document, ...] = ()
) -> Message:
    return Message(
        subject=subject,
        blocks=tuple(Block(kind, text) for kind, text in blocks),
        date=dt.date(2021, 9, 6),
        documents=documents,
        is_reply=subject.startswith("Re"),
    )


def typed(subject: str, text: str) -> Message:
    return mail(subject, (BlockKind.NEW, text))


def test_the_fresh_mails_are_in_no_corpus() -> None:
    known = {e.text for e in corpus.written()} | {s.text for s in sentence_samples()}
    assert not known & {text for _, _, text in FRESH}


def test_fresh_mails_are_understood(predictor: Predictor, form: Form) -> None:
    wrong = []
    for want, subject, text in FRESH:
        got = predictor.understand(typed(subject, text), form)
        if got.intent.value != want:
            wrong.append((want, got.intent.value, got.confidence, subject))
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    ("subject", "intent"),
    [
        ("Alta de lista para el Taller de Grabado, 85 docentes, semanal", Intent.CREATE_LIST),
        ("Crear robotica-avisos; aspirantes; 600", Intent.CREATE_LIST),
        ("Reactivar la lista de vinculación, por favor", Intent.REINSTATE_LIST),
        ("Gracias por todo", Intent.OTHER),
    ],
)
def test_a_mail_without_a_text_is_read_by_its_subject(
    predictor: Predictor, form: Form, subject: str, intent: Intent
) -> None:
    assert predictor.understand(mail(subject), form).intent is intent


def test_sure_answers_are_right(predictor: Predictor, form: Form) -> None:
    sure = []
    for want, subject, text in FRESH:
        got = predictor.understand(typed(subject, text), form)
        if got.confidence >= 0.9:
            sure.append(got.intent.value == want)
    assert len(sure) >= len(FRESH) // 2
    assert all(sure)


@pytest.mark.parametrize(
    "text",
    ["asdf qwer zxcv", "1234 5678", "¿?", "lorem ipsum dolor sit amet consectetur", "🙃🙃🙃", ""],
)
def test_nonsense_asks_for_nothing(predictor: Predictor, form: Form, text: str) -> None:
    got = predictor.understand(typed("", text), form)
    assert got.intent is Intent.OTHER or got.confidence < ORGANIZATION_THRESHOLD


FORM_TEXT = """Tipo de solicitud: {kind}
Área solicitante: Facultad de Botánica
Responsable del envío: Lorena Ixtla Paz
Cargo: Jefa de herbario
Nombre de la lista: herbario-avisos
Destinatarios: alumnos"""


def test_the_form_decides_between_a_new_and_a_former_list(predictor: Predictor, form: Form) -> None:
    for kind, want in (
        ("Creación", Intent.CREATE_LIST),
        ("Restablecimiento", Intent.REINSTATE_LIST),
    ):
        text = FORM_TEXT.format(kind=kind)
        got = predictor.understand(typed("Formato", f"Va el formato.\n\n{text}"), form)
        assert (got.intent, got.confidence >= 0.9) == (want, True)
        attached = mail("Formato", (BlockKind.NEW, "Adjunto formato, gracias."),
                        documents=(Document("formato.docx", text),))  # fmt: skip
        assert predictor.understand(attached, form).intent is want


def test_a_form_sent_along_with_a_question_about_it_is_no_request(
    predictor: Predictor, form: Form
) -> None:
    text = "Buenas tardes, hace dos semanas les mandé este formato. ¿Lo recibieron? ¿Cómo va?"
    forwarded = FORM_TEXT.format(kind="Creación")
    got = predictor.understand(
        mail("RV: Formato", (BlockKind.NEW, text), (BlockKind.FORWARD, forwarded)), form
    )
    assert got.intent is Intent.CASE_STATUS


def test_what_is_handed_on_counts_where_the_note_says_nothing(
    predictor: Predictor, form: Form
) -> None:
    request = "Les ruego que nos reactiven la lista de becarios que se dio de baja en junio."
    got = predictor.understand(
        mail(
            "RV: petición", (BlockKind.NEW, "Turno para su atención."), (BlockKind.FORWARD, request)
        ),
        form,
    )
    assert got.intent is Intent.REINSTATE_LIST


def test_a_quoted_mail_does_not_count(predictor: Predictor, form: Form) -> None:
    quoted = "Solicito la creación de una lista para mi facultad."
    got = predictor.understand(
        mail(
            "Re: Lista",
            (BlockKind.NEW, "Muchas gracias, quedo enterada."),
            (BlockKind.QUOTE, quoted),
        ),
        form,
    )
    assert got.intent is Intent.OTHER


def test_intents_without_fields_carry_none(predictor: Predictor, form: Form) -> None:
    got = predictor.understand(
        typed("duda", "¿Dónde encuentro los lineamientos? Soy de la Biblioteca, ext. 7410."), form
    )
    assert got.intent is Intent.QUESTION
    assert not got.fields


def test_confidence_is_a_probability(predictor: Predictor, form: Form) -> None:
    for _, message in given.read()[:40]:
        got: Prediction = predictor.understand(message, form)
        assert 0.0 <= got.confidence <= 1.0


def test_training_gives_the_same_model_twice() -> None:
    samples = random.Random(7).sample(list(sentence_samples()), 300)
    labels = [s.label for s in samples]
    first, second = (fit(matrix(samples), labels) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)


def test_composed_mails_are_always_the_same_and_as_many_for_each_intent() -> None:
    single = list(sentence_samples())
    mails = list(composed(single))
    assert mails == list(composed(single))
    counts = {intent: sum(m.label == intent.value for m in mails) for intent in Intent}
    assert len(set(counts.values())) == 1
    assert all(m.weight < 1 for m in mails if m.label != "hand_over")


def test_temperature_softens_what_is_too_sure() -> None:
    scores = np.zeros((4, 9))
    scores[:, 0] = 8.0
    labels = ["create_list", "create_list", "create_list", "reinstate_list"]
    assert temperature(scores, labels) > 1.5


def test_tokens_that_vary_are_made_alike() -> None:
    text = normal("Escriba a Ana.Ruiz@upaep.mx del folio CI-2021-0042: egresados-derecho y 1,200")
    assert text == "escriba a xmail del folio xfolio : xname y xnum"


def test_words_of_one_meaning_share_a_concept() -> None:
    restore = {
        concept(w) for w in ("restablecer", "reactiven", "revivir", "devuelvan", "recuperar")
    }
    assert restore == {"RESTORE"}
    assert concept("biblioteca") == ""


def test_evidence_drops_the_lines_of_a_form_and_keeps_the_words_around_it(form: Form) -> None:
    message = typed("Formato", "Buen día, va todo.\n\n" + FORM_TEXT.format(kind="Creación"))
    evidence = weigh(message, form)
    assert evidence.form is Intent.CREATE_LIST
    assert "va todo" in evidence.text
    assert "herbario-avisos" not in evidence.text
    blank = replace(
        message, blocks=(Block(BlockKind.NEW, "Tipo de solicitud:\nÁrea solicitante:"),)
    )
    assert weigh(blank, form).form is None


def test_a_note_above_a_forwarded_mail_is_learned_as_a_note(form: Form) -> None:
    asked = "Pido una lista nueva para el Taller de Vidrio, 40 alumnos, la lleva Ana Ruiz Paz."
    message = mail(
        "Fwd: lista", (BlockKind.NEW, "Les paso lo de abajo, gracias."), (BlockKind.FORWARD, asked)
    )
    fields = {"area": "Taller de Vidrio", "recipients": 40}
    example = corpus.Example(Intent.CREATE_LIST, message.date, message.subject, "", fields)
    note, handed = mail_samples(form, [LabelledMail("x", example, message)])
    assert (note.label, note.text) == (HAND_OVER, "Les paso lo de abajo, gracias.")
    assert (handed.label, handed.text) == ("create_list", asked)


def test_a_quoted_mail_of_ours_is_told_by_what_we_are_called(form: Form) -> None:
    quoted = Block(BlockKind.ATTRIBUTION, "Difusión Norte <listas@norte.edu> escribió:")
    told = replace(typed("Re: x", "Gracias"), blocks=(quoted,))
    for ours, answers in (("listas",), True), (("Difusión Norte",), True), (("avisos",), False):
        assert ("answers us" in weigh(replace(told, ours=ours), form).facts) is answers
