"""Links, rewritten or not, and names of files are no data; an address with its link is one."""

from __future__ import annotations

import pytest

from nlp.text.links import one_address, without_links, without_targets
from nlp.text.subjects import topic
from tests.builders import NOW
from tests.e2e.requests import FULL

from .test_mails_of_programs import analysed, analyzer, changes, form

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
    "https://urldefense.proofpoint.com/v1/url?u=mailto:novedades%40upaep.mx&k=oIv%3D%0A&m=x&s=9f",
    "https://urldefense.us/v3/__mailto:novedades@upaep.mx__;Iw!!May37g!ab-c_d$",
    "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fupaep.mx%2flista-becarios&c=E,1,xA-d_e,&typo=1",
    "https://protect-us.mimecast.com/s/AbCdEf850gHi?domain=upaep.mx",
    "https://url.us.m.mimecastprotect.com/s/F6rYCAW850?domain=docs.google.com",
    "https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=http%3a%2f%2fupaep.mx&umid=850-A",
    "https://secure-web.cisco.com/1AbC-d_E850f/https%3A%2F%2Fupaep.mx%2Flista-becarios",
    "https://protect2.fireeye.com/v1/url?k=0a-2c&q=1&e=850&u=https%3A%2F%2Fupaep.mx%2Flista-becarios",
    "https://us-west-2.protection.sophos.com?d=upaep.mx&u=aHR0cHM6Ly91&i=NWY850&h=1a2b",
    "https://u850123.ct.sendgrid.net/ls/click?upn=u001.AbC-2Bd-3D_x-y",
    "mailto:novedades@upaep.mx?cc=otra@upaep.mx&subject=Re:%20APROBAR&body=CANCELAR%0D%0A8500",
]  # fmt: skip
ELSEWHERE = [
    "aka.ms/JoinTeamsMeeting?omkt=es-MX", "forms.office.com/r/AbC850-x", "t.co/Ab850-x",
    "upaep.zoom.us/j/8501234567?pwd=avisos-becas", "wa.me/522221234567", "hxxps://upaep[.]mx/avisos-850",
    "file:///C:/Users/ana/Formato-lista-850.docx", r"\\servidor\compartida\formato-avisos-850.docx",
    r"C:\Users\Ana\Documents\formato-avisos.docx", "formato lista becarios (1).docx",
    "IMG-20260817-WA0007.jpg", "webcal://upaep.mx/agenda-avisos.ics",
]  # fmt: skip
BRACKETS = ["<{}>", "[{}]", "({})", " <{}>", " [{}]", " ({})"]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("bracket", BRACKETS)
def test_an_address_followed_by_its_link_is_one_address(link: str, bracket: str) -> None:
    text = f"HECHO novedades@upaep.mx{bracket.format(link)}"
    assert one_address(text) == "HECHO novedades@upaep.mx"
    assert without_targets(text) == "HECHO novedades@upaep.mx"
    assert without_links(f"{text}, gracias") == "HECHO novedades@upaep.mx, gracias"


@pytest.mark.parametrize("link", [link for link in LINKS if "://" in link])
@pytest.mark.parametrize("bracket", [*BRACKETS, " ( {} )"])
def test_so_is_one_followed_by_a_link_without_its_scheme(link: str, bracket: str) -> None:
    told = bracket.format(link.partition("://")[2])
    assert one_address(f"HECHO novedades@upaep.mx{told}") == "HECHO novedades@upaep.mx"


@pytest.mark.parametrize(
    "said",
    ["(ext. 7652)", "(Ana Ruiz)", "(del 3/5 al 4/6)", "(y/o otra)", "<luis@upaep.mx>", "[1]"],
)
def test_what_people_write_behind_an_address_stays(said: str) -> None:
    assert one_address(f"novedades@upaep.mx {said}") == f"novedades@upaep.mx {said}"


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


@pytest.mark.parametrize("link", [*LINKS, *ELSEWHERE])
def test_no_form_and_no_answer_takes_anything_from_a_link(link: str) -> None:
    goal = f"los cursos<{link}>" if "?" in link else "los cursos"
    body = f"Vean {link}\n\n{FULL.replace('los cursos', goal)}\nMás información: {link}\n"
    raw = f"From: ana.prado@upaep.mx\nSubject: Lista {link}\n\n{body}".encode()
    fields = analyzer().analyse(raw, NOW).prediction.fields
    assert {name: found.value for name, found in fields.items()} == form()
    answered = "From: ana.prado@upaep.mx\nSubject: Re: Su solicitud\nIn-Reply-To: <x@upaep.mx>\n"
    for said, told in (
        (f"Muchas gracias. {link}", {}),
        (f"La extensión es 7416. {link}", {"phone_ext": "7416"}),
    ):
        found = analysed(f"{answered}\n{said}\n".encode())
        assert changes(found) == told
        assert (found.staff_commands.commands, found.requester_commands.commands) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "Anexo: Visto bueno Laura Cadena 2021.pdf <https://drive.google.com/x>",
        "Vigencia 1 septiembre 2021 a 31 agosto 2022.docx (12 KB)",
        "📎 Frecuencia quincenal.jpg (340 KB)",
        "Adjunto: Solicitud 640 destinatarios.pdf",
    ],
)
def test_a_line_that_is_the_name_of_a_file_is_no_data(line: str) -> None:
    assert without_links(f"Muchas gracias\n{line}\nAna").split() == ["Muchas", "gracias", "Ana"]


@pytest.mark.parametrize(
    "line",
    ["Son 640 personas, va el formato.docx", "Son 640 personas y el padrón va en padron.xlsx"],
)
def test_what_is_said_beside_the_name_of_a_file_stays(line: str) -> None:
    assert "Son 640 personas" in without_links(line)


def test_an_address_with_a_link_glued_to_it_is_the_address() -> None:
    for address in ("marta.soto@upaep.mx", "MARTA.SOTO@UPAEP.MX"):
        assert without_links(f"{address}https://urldefense.com/v3/x").strip() == address
