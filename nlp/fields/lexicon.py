"""Titles of people, and the words that open the name of an area or of a position."""

import re

from nlp.text.fold import fold, word_set

_TITLE_WORDS = (
    r"mtr[oa]s?|mr[oa]|maestr[oa]|dr[a]?|doctora?|lic|licda?o?|lcd[ao]|licenciad[oa]|ing"
    r"|ingenier[oa]|arq|arquitect[oa]|c\.? ?p|c\.? ?d|m\.? ?v\.? ?z|mvz|l\.? ?c|l\.? ?a\.? ?e|lae"
    r"|psic|psicolog[oa]|pbro|presbitero|padre|p|fr|fray|profr?a?|profesora?|profe|sr|sra|srita"
    r"|srta|senora?|senorita|don|dona|hna|hno|hermana|sor|cmdte|comandante|cap|capitan|biol"
    r"|biolog[oa]|fis|mat|quim|quimic[oa]|q\.? ?f\.? ?b|qfb|enf|enfermer[oa]|contadora?|cont|abog"
    r"|abogad[oa]|chef|notario|ph\.? ?d|m\.? ?c|m\. ?a|m\. en [a-z]|mtr[oa]\. en [a-z]\w*|esp|nut"
    r"|nutriolog[oa]|l\.? ?n|ldg|ldi|lri|lcc|tec|tec\. ?\w+|t\.? ?s\.? ?p|t\.? ?e\.? ?m"
    r"|d\. en [a-z]\w*|c|gral|cor|tte|mons|monsenor|rvdo|rev|excmo|il|odont|od|med|dis|cirujan[oa]"
    r"|fisioterapeuta|veterinari[oa]|decan[oa]|director(?:a)?|(?:vicer)?rectora?|mi jefe|mi jefa"
    r"|miss|teacher|mister"
    r"|mr|mrs|ms|coach|cp|cd|psic|c\. a dr|dra\. en [a-z]\w*"
)  # fmt: skip
_TITLE = re.compile(
    rf"(?:(?:el|la|los|las|al|del|por|a)\s+)?(?:(?:{_TITLE_WORDS})(?:\.|(?=\s))\s*|(?:[a-z]{{"
    rf"1,4}}\.\s?){{2,}})"
)
_ARTICLE = re.compile(r"(?:el|la|los|las|al|a)\s+")


def strip_titles(name: str) -> str:
    """A person's name without the titles and articles before it."""
    name = name.strip()
    for _ in range(4):
        folded = fold(name)
        match = _TITLE.match(folded) or _ARTICLE.match(folded)
        if match is None or match.end() >= len(name):
            break
        name = name[match.end() :].lstrip(" .,")
    return name


_BARE_TITLE = re.compile(rf"(?:{_TITLE_WORDS})\.?|(?:[a-z]{{1,4}}\.){{2,}}")


def is_title(word: str) -> bool:
    """Whether a folded token is a title ("mtra", "lic.", "c.p.")."""
    return len(word) > 1 and _BARE_TITLE.fullmatch(word) is not None


AREA_HEADS = word_set(
    "facultad direccion departamento depto coordinacion oficina centro escuela instituto "
    "unidad area jefatura gerencia subdireccion vicerrectoria rectoria secretaria prepa "
    "preparatoria biblioteca laboratorio laboratorios clinica hospital museo sindicato "
    "federacion sociedad comite academia doctorado maestria licenciatura especialidad "
    "especialidades programa taller talleres club editorial libreria radio orquesta coro "
    "compania consejo consultorio bufete incubadora posgrado posgrados ingenieria "
    "ingenierias asociacion catedra seminario plataforma pastoral servicio servicios campus "
    "casa granja jardin archivo hemeroteca cineclub tuna colegio contraloria tesoreria "
    "defensoria observatorio bachillerato decanato division plantel recursos admisiones "
    "mercadotecnia promocion deportes seguridad almacen compras"
)
POSITION_HEADS = word_set(
    "jefe jefa coordinador coordinadora director directora subdirector subdirectora "
    "secretario secretaria asistente auxiliar analista gestor gestora encargado encargada "
    "responsable presidente presidenta vicepresidenta vocal tesorero tesorera curador "
    "curadora bibliotecario bibliotecaria promotor promotora productor productora "
    "administrador administradora tecnico tecnica prefecto prefecta psicologa psicologo "
    "orientador orientadora abogada abogado docente profesor profesora becario becaria "
    "supervisor supervisora ejecutivo ejecutiva enlace capturista recepcionista archivista "
    "editor editora entrenador entrenadora capellan decano decana vicedecano rector rectora "
    "tutor tutora medico medica enfermero enfermera investigador investigadora consejero "
    "consejera asesor asesora gerente subgerente titular adjunto adjunta capitan capitana "
    "disenador disenadora programador programadora contador contadora comprador compradora "
    "instructor instructora referencista cronista maestro conserje chef oficial delegado "
    "delegada"
)


def starts_with_title(text: str) -> bool:
    """Whether a title stands at the head of a text."""
    return bool(_TITLE.match(fold(text)))
