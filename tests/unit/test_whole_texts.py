"""A text told in prose is not cut in the middle of what it says."""

from __future__ import annotations

import pytest

from nlp.fields.whole import whole


@pytest.mark.parametrize(
    ("text", "behind", "told"),
    [
        ("avisar los exámenes y ubicación de", " grupos. Son 400.", "grupos"),
        ("el Correo del Día no les", " llega a tiempo, por eso", "llega a tiempo"),
        ("las vacantes de prácticas", " profesionales. Serían", "profesionales"),
    ],
)
def test_it_goes_on_to_the_end_of_its_clause(text: str, behind: str, told: str) -> None:
    assert whole(text, behind) == f"{text} {told}"


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("difundir las convocatorias", " a los alumnos de la facultad."),
        ("avisar de cambios de aula", " mensualmente."),
        ("avisar de cambios de aula", ", cada mes."),
        ("llegar a", " 400 alumnos"),
        ("avisar de cambios", ""),
    ],
)
def test_what_is_whole_stays(text: str, behind: str) -> None:
    assert whole(text, behind) == text
