"""What is told apart by its wording, learned from two small files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from nlp.kinds.added import SURE, added
from nlp.kinds.linear import FOLDER, words
from nlp.training import train_kinds


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_the_model_is_of_the_corpus_as_it_stands(path: Path) -> None:
    told = json.loads(gzip.decompress(path.read_bytes()))
    assert told["corpus"] == train_kinds.digest(), "run `python -m nlp kinds`"


def test_training_twice_gives_the_same() -> None:
    texts = train_kinds.passages("added")[:60], train_kinds.passages("typed")[:60]
    positive, negative = ([list(words(text)) for text in found] for found in texts)
    learned = train_kinds.fit(positive, negative)
    assert learned == train_kinds.fit(positive, negative)
    assert learned.probability(positive[0]) > 0.5 > learned.probability(negative[0])


@pytest.mark.parametrize(
    "text",
    [
        "Seguridad UPAEP: quien le escribe no es de la institución; desconfíe de sus enlaces.",
        "This mail reached us from outside; think twice before opening its attachments.",
        "Se le informa que este mensaje es confidencial y solo para su receptor.",
        "Su correo pasó por nuestro antivirus sin amenazas encontradas.",
        "Reciba o no papel: no imprima este correo si no hace falta.",
    ],
)
def test_additions_worded_in_no_list(text: str) -> None:
    assert added(text) >= SURE


@pytest.mark.parametrize(
    "text",
    [
        "APROBAR. Enviado desde mi iPhone",
        "Este correo es confidencial, así que rechazo la solicitud.",
        "Los destinatarios son externos y abren sus correos desde fuera de la institución.",
        "Por seguridad, que solo la responsable pueda enviar a la lista.",
        "La base está aquí: https://docs.google.com/spreadsheets/d/1",
        "Externos",
        "This is the reply.",
        "And this is some text.",
        "This email has been forwarded from our office.",
        "",
    ],
)
def test_what_people_type(text: str) -> None:
    assert added(text) < SURE


def test_no_passage_of_the_corpus_that_was_typed_is_near() -> None:
    assert max(map(added, train_kinds.passages("typed"))) < SURE
