"""Phrases that grammar alone finds, for words that no tagger has seen."""

from __future__ import annotations

import time

import pytest

from nlp.fields.chunks import chunks_in, clauses_in
from nlp.fields.tagger import MODEL, Names
from nlp.text.tokens import tokenise

NAMES = Names.read(MODEL / "names.txt")


def phrases(text: str, kind: str) -> set[str]:
    tokens = tokenise(text)
    found = chunks_in(tokens, NAMES)
    return {text[tokens[a].start : tokens[b].end] for what, a, b in found if what == kind}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("la lleva Omar Cuaya Lobato desde julio", "Omar Cuaya Lobato"),
        ("habla isaac ruelas de futbol", "isaac ruelas"),
        ("Responsable: María del Carmen Tlapa.", "María del Carmen Tlapa"),
    ],
)
def test_persons(text: str, name: str) -> None:
    assert name in phrases(text, "person")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("la lista de la Caja de Ahorro, urge", "Caja de Ahorro"),
        ("We in the American Corner ask", "American Corner"),
        ('Somos el Ministerio de Música "Cielo Abierto" y', 'Ministerio de Música "Cielo Abierto"'),
        ("lo pide el Instituto de Artes y Oficios Varios", "Instituto de Artes y Oficios Varios"),
    ],
)
def test_proper_names(text: str, area: str) -> None:
    assert area in phrases(text, "phrase")


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("la lleva Leticia Pérez Gil (Program Manager).", "Program Manager"),
        ("Roberto Maldonado Castelán, entrenador.", "entrenador"),
        ("mi ayudante de cátedra, el Mtro. Fabián Rul Pérez, es quien", "ayudante de cátedra"),
        ("manda Rosa Luna Paz, que es la vocal de becas", "vocal de becas"),
    ],
)
def test_what_is_said_beside_a_name(text: str, post: str) -> None:
    assert post in phrases(text, "post")


def test_a_clause_ends_where_grammar_ends_it() -> None:
    text = "Urge para avisar a los papás del corte de agua, gracias."
    tokens = tokenise(text)
    odds = [0.0, 0.0, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4, 0.0, 0.0, 0.0]
    _, first, last = clauses_in(tokens, odds[: len(tokens)])[0]
    assert text[tokens[first].start : tokens[last].end] == "avisar a los papás del corte de agua"


def test_a_long_sentence_takes_no_time() -> None:
    tokens = tokenise("para Ana Ruiz, " * 500)
    start = time.process_time()
    list(chunks_in(tokens, NAMES))
    clauses_in(tokens, [0.5] * len(tokens))
    assert time.process_time() - start < 2
