"""Links, rewritten or not, and names of files are no data; an address with its link is one."""

from __future__ import annotations

import pytest

from nlp.text.links import one_address, without_links, without_targets
from nlp.text.subjects import topic

SAFE = (
    "https://nam10.safelinks.protection.outlook.com/?url=mailto%3Anovedades%40upaep.mx"
    "&data=05%7C02%7Cx%40upaep.mx%7C1a2b&sdata=Zm9v%3D&reserved=0"
)
DEFENSE_3 = "https://urldefense.com/v3/__mailto:novedades@upaep.mx__;!!Abc123!d-e_f$"
DEFENSE_2 = "https://urldefense.proofpoint.com/v2/url?u=http-3A__upaep.mx_listas-2Dnuevas&d=DwMFaQ"
GOOGLE = "https://www.google.com/url?q=https://upaep.mx/lista-becarios&source=gmail&ust=1629"
LINKS = [
    SAFE, DEFENSE_2, DEFENSE_3, GOOGLE, "mailto:novedades@upaep.mx", "mailto:x@upaep.mx?body=a-b",
    "https://upaep.mx/boletin?utm_source=correo-interno", "http://bit.ly/lista-becarios",
    "https://upaep-mx.zoom.us/j/8123456789?pwd=abc-def_ghi",
    "https://drive.google.com/file/d/1AbCdEfGh/view?usp=drive_web",
    "https://go.microsoft.com/fwlink/?LinkId=550986", "https://docs.google.com/forms/d/e/1FA/view",
]  # fmt: skip
BRACKETS = ["<{}>", "[{}]", "({})", " <{}>", " [{}]", " ({})"]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("bracket", BRACKETS)
def test_an_address_followed_by_its_link_is_one_address(link: str, bracket: str) -> None:
    text = f"HECHO novedades@upaep.mx{bracket.format(link)}"
    assert one_address(text) == "HECHO novedades@upaep.mx"
    assert without_targets(text) == "HECHO novedades@upaep.mx"
    assert without_links(f"{text}, gracias") == "HECHO novedades@upaep.mx, gracias"


@pytest.mark.parametrize("link", [SAFE, DEFENSE_3, DEFENSE_2, GOOGLE])
def test_a_rewritten_link_without_brackets_too(link: str) -> None:
    assert one_address(f"HECHO novedades@upaep.mx {link}") == "HECHO novedades@upaep.mx"


def test_markdown() -> None:
    text = "HECHO [novedades@upaep.mx](mailto:novedades@upaep.mx)"
    assert one_address(text) == "HECHO novedades@upaep.mx"


@pytest.mark.parametrize("link", LINKS)
def test_nothing_of_a_link_is_left(link: str) -> None:
    for text in (f"Vean {link} por favor", f"Vean aquí <{link}> por favor", f"[aquí]({link})"):
        left = without_links(text).lower()
        for word in ("becarios", "correo-interno", "550986", "ghi", "drive", "novedades", "upaep"):
            assert word not in left


@pytest.mark.parametrize(
    "name",
    [
        "formato-lista_becarios.docx",
        "muestra.pdf",
        "IMG_2041.HEIC",
        "drive.google.com/file/d/1-a_b",
        "www.upaep.mx/avisos-biblioteca",
        "upaep.mx/colaboradores",
        "bit.ly/abc-def",
        "upaep.mx",
        "listas.upaep.mx/mailman/listinfo/avisos-biblioteca",
    ],
)
def test_names_of_files_and_sites_are_none_either(name: str) -> None:
    assert without_links(f"Adjunto {name} para verlo").split() == ["Adjunto", "para", "verlo"]


@pytest.mark.parametrize(
    "text",
    [
        "Nombre de la lista: avisos-biblioteca",
        "Correo: elvira.santoyo@upaep.mx",
        "Extensión: 7415. Son 1.850 alumnos, del 1.o al 3.o",
        "La lista avisos.biblioteca, v.gr. para alumnos",
        "novedades_biblioteca@upaep.mx",
        "C.P. Ana Ruiz, Depto. de Admón.",
        "Sí: aprobado",
        "ana@upaep.mx, luis@upaep.mx",
    ],
)
def test_what_is_no_link_stays(text: str) -> None:
    assert without_links(text) == text
    assert without_targets(text) == text


@pytest.mark.parametrize(
    ("subject", "kept"),
    [
        ("Re: [Correo-externo] [CI-2026-0001] Su solicitud", "Re: [CI-2026-0001] Su solicitud"),
        ("RV: [EXT] RE: Lista de becarios", "RV: RE: Lista de becarios"),
        (
            "[EXTERNAL] Re: [CI-2026-0001] Solicitud por revisar",
            "Re: [CI-2026-0001] Solicitud por revisar",
        ),
        ("EXTERNO: Lista", "Lista"),
        ("***SPAM*** Lista nueva", "Lista nueva"),
        ("{Spam?} Lista nueva", "Lista nueva"),
        ("Lista nueva (External)", "Lista nueva"),
        ("Lista nueva [No-verificado]", "Lista nueva"),
        ("[novedades-biblioteca] Re: horarios", "Re: horarios"),
        ("RE: RE: [correo_externo] [SPAM?] Fwd: Lista", "RE: RE: Fwd: Lista"),
        ("Lista «avisos-becas» (alumnos)", "Lista «avisos-becas» (alumnos)"),
        ("Solicitud [urgente]", "Solicitud [urgente]"),
        ("[CI-2026-0001]", "[CI-2026-0001]"),
        ("", ""),
        ("[Correo externo]", ""),
    ],
)
def test_marks_of_servers_are_no_part_of_a_subject(subject: str, kept: str) -> None:
    assert topic(subject) == kept
