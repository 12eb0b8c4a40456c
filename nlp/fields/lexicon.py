"""What Spanish words mean for the form: how often, to whom, new or restored, titles of people."""

from __future__ import annotations

import re

from nlp.text.fold import fold

_NUMBERED_DAYS = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_TIMES = r"(?:veces|envios|correos|mensajes|comunicados|boletines|ocasiones)"
_ONE = r"(?:una?|uno|1|un solo|una sola|solo una?|al menos una?)"
_THING = (
    r"(?:vez|vecesita|correo|correito|mensaje|mensajito|envio|aviso|comunicado|boletin"
    r"|recordatorio)"
)
_ONCE = rf"\b{_ONE}(?:\s(?:solo\s|sola\s|unico\s|unica\s)?{_THING})?"
_MONTHLY_SPOT = r"(?:primer\w*|ultim\w*|segund\w*|tercer\w*|inicio|principios?|fin|finales|cierre)"

# The first that matches counts; None marks rhythms that no key fits.
_FREQUENCIES: tuple[tuple[str | None, str], ...] = (
    (None, r"\b(?:unica|sola) (?:vez|ocasion)\b|\bpor (?:una|esta) (?:sola |unica )?(?:vez"
           r"|ocasion)"),
    ("yearly", r"\b(?:cada|una? vez cada) (?:doce|12) meses|\b(?:cada|una? vez cada) ano\b"),
    ("semester", r"\bun[ao]? (?:\w+ )?(?:por|al|cada|en cada) semestre|\bcada (?:seis|6) meses|"
     r"\bcada (?:fin(?:al)? de |inicio de |comienzo de |principio de |cierre de )?semestre"),
    (None, rf"\b(?:dos|tres|cuatro|cinco|seis|[2-9]|varias|un par de) {_TIMES}"
     r" (?:por|al?|en el|cada|a la) (?:semestre|semana|bimestre|trimestre|cuatrimestre|dia)\b"),
    (None, r"\bcada (?:tercer dia|(?:tres|3|cuatro|4|seis|6) semanas|(?:cuatro|4|cinco|5) meses)"),
    (None, r"\bcuatrimestr\w+|\bun par de \w+ (?:por|al) \w+"),
    ("biweekly", r"\bquincenal\w*|\bc/ ?15\b|\bcada (?:quince|15|catorce|14) dias|\bcada "
                 r"(?:dos|2) semanas"
     r"|\b(?:cada|por|a la|una? por) quincena|\bcada segund[oa] (?:semana|" + _NUMBERED_DAYS + ")"
     r"|\bsemana si (?:y )?(?:una |otra )?(?:semana )?no\b|\b(?:dos|2) " + _TIMES + r" (?:al"
                                                                                    r"|por"
                                                                                    r"|cada) "
                                                                                    r"mes"
     r"|\blos dias (?:1|uno|primero)[o°]? y (?:15|quince|16)"),
    ("bimonthly", r"\bbimestr\w+|\bcada (?:dos|2) meses|\bcada bimestre|\bmes si y (?:otro )?mes no"
     r"|\b(?:seis|6) " + _TIMES + r" al ano"),
    ("quarterly", r"\btrimestr\w+|\bcada (?:tres|3) meses|\b(?:por|cada|al) trimestre\b"
                  r"|\b(?:cuatro|4) " + _TIMES + r" (?:al|por) ano"),
    ("semester", r"\bsemestral\w*|\b(?:por|cada) semestre\b|\b(?:dos|2) "
     + _TIMES + r" (?:al|por) ano"
     r"|\bal (?:inicio|comienzo|principio|arranque|cierre|final|termino) (?:de cada|del) semestre"),
    ("monthly", r"\bmensual\w*|\bcada mes\b|\bmes (?:con|a|tras) mes\b|\bcada (?:treinta|30) dias"
     rf"|{_ONCE} (?:al|por|cada|en el) mes\b|\bal mes\b|\bpor mes\b|\bmensualidad|\bc/ ?mes\b"
     rf"|\bcada {_MONTHLY_SPOT} de mes\b|\b{_MONTHLY_SPOT} (?:\w+ )?de(?:l| cada) mes\b"
     r"|\btodos los meses|\ba (?:fin|finales|principios?|inicios?|mediados) de(?: cada)? mes\b"),
    ("weekly", r"\bsemanal\w*|\bcada semana\b|\bsemana (?:con|a|tras) semana\b|\bcada (?:ocho"
               r"|8|siete|7) dias"
     rf"|{_ONCE} (?:a la|por|cada|en la) semana\b|\bc/ ?semana\b|\btodas las semanas"
     r"|\bpor semana\b|\ba la semana\b"
     rf"|\b(?:cada|todos los|los|los dias) (?:dia )?(?:{_NUMBERED_DAYS})\b"),
    ("daily", r"\bdiari[oa]s?\b|\bdiariamente|\btodos los dias|\bcada (?:dia|manana|tarde|noche)\b"
     r"|\b(?:de )?lunes a (?:viernes|sabado|domingo)|\b(?:al|por) dia\b|\bcada 24 horas"
     r"|\btodas las (?:mananas|tardes|noches)"),
    ("yearly", rf"\banual\w*|{_ONCE} (?:al|por|cada) ano\b|\bal ano\b|\btodos los anos"
               rf"|\bcada cierre de ano"),
    ("on_demand", r"\beventual\w*|\b(?:a|bajo|sobre) demanda|\besporadic\w+|\bocasional\w*"
                  r"|\bde vez en cuando"
     r"|\b(?:solo |solamente |unicamente |nomas )?cuando\b|\bcada (?:que|vez que)\b|\bsegun\b"
     r"|\bconforme\b"
     r"|\bsin (?:periodicidad|fecha|frecuencia|calendario) fij\w+|\bpor evento\b|\bvariable\b"
     r"|\birregular\w*"
     r"|\ben caso(?:s)? de\b|\bsi (?:hay|hace falta|se necesita|se requiere)\b|\bde repente\b"
     r"|\bcada convocatoria"
     r"|\ba necesidad\b|\bpor necesidad\b|\b(?:de acuerdo (?:con|a)|dependiendo)\b|\ben "
     r"contingencias?\b"
     r"|\bante (?:cada|cualquier|una?)\b"),
)  # fmt: skip
_COMPILED = tuple((key, re.compile(pattern)) for key, pattern in _FREQUENCIES)


def read_frequency(text: str) -> str | None:
    """The key of the rhythm that a text tells, where one fits."""
    folded = fold(text)
    return next((key for key, pattern in _COMPILED if pattern.search(folded)), None)


def frequencies_in(text: str) -> list[tuple[int, int, str]]:
    """Where a text tells a rhythm, and which: (start, end, key); the strongest first."""
    folded = fold(text)
    return [
        (match.start(), match.end(), key or "none")
        for key, pattern in reversed(_COMPILED)
        for match in pattern.finditer(folded)
        if key != "on_demand"
    ] + [(match.start(), match.end(), "on_demand") for match in _AS_NEEDED.finditer(folded)]


# "cuando" alone says nothing in running prose.
_AS_NEEDED = re.compile(
    r"\b(?:(?:solo|solamente|unicamente|nada mas|nomas) )?(?:cuando|segun|conforme|cada que"
    r"|cada vez que)"
    r" (?:haga falta|hiciera falta|hace falta|se (?:vaya )?(?:ofrezca|requiera|necesite|ocupe"
    r"|necesitando|presente)"
    r"|sea (?:necesario|preciso)|haya (?:algo|algun|una?)\b|lo amerite|surja)"
    r"|\beventualmente|\b(?:a|bajo|sobre) demanda|\bsin (?:periodicidad|frecuencia) fija"
)


_AUDIENCES = {
    "students": (
        r"alumn[oa]s?|alumnad[oa]|alumn[@x]s|estudiant\w+|estudiantil(?:es)?|becari[oa]s?"
        r"|residentes?|pasantes?"
        r"|practicantes?|tesistas?|doctorand[oa]s?|maestrantes?|chav[oa]s|muchach[oa]s"
        r"|chic[oa]s|universitari[oa]s"
        r"|prestador[ae]?s?(?: de servicio social)?|intern[oa]s de pregrado|pupil[oa]s"
        r"|jovenes|foraneos"
        r"|posgraduantes|preparatorianos|bachilleres|licenciatura|novat[oa]s|graduandos|students"
        r"|seleccionad[oa]s(?: deportiv[oa]s)?"
    ),
    "faculty": (
        r"docentes?|profes(?:or(?:es|as?|ado)?)?|maestr[oa]s|profesorado|investigador(?:es"
        r"|as?)?|academic[oa]s|catedratic[oa]s"
        r"|planta docente|cuerpo docente|claustro|instructor(?:es|as)?|facilitadores"
        r"|tutor(?:es|as) academic[oa]s"
        r"|asesor(?:es|as) academic[oa]s|personal (?:docente|academico)|faculty|magisterio"
        r"|planta academica"
        r"|tiempos completos|profes|sinodales|lectores de tesis|decanos"
    ),
    "staff": (
        r"colaborador(?:es|as?)?|personal|administrativ[oa]s?|emplead[oa]s?|trabajador(?:es"
        r"|as?)?|secretari[oa]s"
        r"|planta administrativa|administracion|jefes de area|directivos|intendencia"
        r"|vigilantes|choferes|jardineros"
        r"|tecnic[oa]s(?: administrativos| de \w+)?|staff|intendentes|enlaces administrativos"
        r"|asistentes|mandos medios|recepcionistas"
        r"|directores|jefaturas|camarografos de planta"
    ),
    "alumni": (
        r"egresad[oa]s?|ex[- ]?alumn[oa]s?|alumni|graduad[oa]s|titulad[oa]s|generaciones "
        r"egresadas|antigu[oa]s alumn[oa]s|ex[- ]?estudiantes"
    ),
    "applicants": (
        r"aspirantes?|candidat[oa]s|prospectos|interesad[oa]s(?= en (?:estudiar|ingresar|la"
        r"|el|las|los|maestria|posgrado|nuestr))"
        r"|solicitantes de (?:admision|ingreso)|admitid[oa]s|nuevos ingresos|futuros alumnos"
        r"|postulantes"
    ),
    "parents": (
        r"padres(?: y madres)?(?: de familia)?|papas|papa y mama|mamas?|papis|madres(?: de "
        r"familia)?|familias|tutores(?= (?:legales|de los|de nuestros|de alumnos))"
        r"|familiares|papitos|mamis|padres o tutores|parents"
    ),
    "external": (
        r"extern[oa]s?|proveedor(?:es|as|a)?|empresas?|empresari[oa]s|pacientes?|medios(?: "
        r"de comunicacion)?|prensa|periodistas"
        r"|familias anfitrionas|anfitrion[ea]s|publico(?: en)? general|vecin[oa]s|visitantes"
        r"|donantes|donador(?:es|as)?|bienhechor(?:es|as)?|patrocinador(?:es|as)?"
        r"|librerias|despachos|notari[oa]s|instituciones|organizaciones|asociaciones"
        r"|cooperativas|artesan[oa]s|clientes|empleador(?:es|as)?"
        r"|escuelas|preparatorias externas|bibliotecas|gente de fuera|de fuera|personas "
        r"ajenas|ajenos|aliad[oa]s|socios|productores|benefactores|hospitales"
        r"|comunidades|sociedad civil|ciudadan[oa]s|comerciantes|constructoras|usuarios "
        r"externos|suscriptores externos|inquilinos|autores externos|universidades"
        r"|particulares|campesin[oa]s|embajadas|parroquias|municipios|reclutador(?:es|as)"
        r"|huespedes|expositores|ponentes|aficionad[oa]s|jubilad[oa]s|lideres|autoridades"
        r"|profesionales|radioescuchas|tutores de practicas"
    ),
}  # fmt: skip
_AUDIENCE = re.compile(
    "|".join(
        rf"(?P<{key}>\b(?:{words})\b)"
        for key, words in sorted(
            _AUDIENCES.items(),
            key=lambda kv: ("alumni", "external", "faculty", "parents", "applicants", "students",
                            "staff").index(kv[0]),
        )
    )
)  # fmt: skip
# What looks like one audience and is another, or none.
_MASKED = re.compile(
    r"\b(?:no (?:son|a|para|van a|incluye) (?:los |las |a )?\w+"
    r"|padres? de (?:los )?alumn[oa]s|familias? de (?:los )?alumn[oa]s|mamas? de (?:los "
    r")?alumn[oa]s"
    r"|(?:papas|padres|madres|mamas|familias|tutores|familiares) de (?:nuestr[oa]s |l[oa]s "
    r"|sus )?(?:\w+ )?(?:alumn|estudiant|aspirant)\w+"
    r"|personal (?:docente|academico)|comunidad universitaria|profesores investigadores"
    r"|(?:alumn[oa]s|estudiantes) (?:becari[oa]s|residentes)|padres de familia de (?:los "
    r")?alumn[oa]s)\b"
)
_MASK_MEANS = (
    (re.compile(r"^(?:padre|familia|mama|papa|madre|tutor)"), "parents"),
    (re.compile(r"^personal (?:docente|academico)|^profesores"), "faculty"),
    (re.compile(r"^(?:alumn|estudiant)"), "students"),
)


def audiences_in(text: str) -> list[tuple[int, int, str]]:
    """Where a text names an audience of the shipped form, and which: (start, end, key)."""
    folded = fold(text)
    found: list[tuple[int, int, str]] = []
    for mask in _MASKED.finditer(folded):
        key = next((key for pattern, key in _MASK_MEANS if pattern.search(mask[0])), None)
        if key:
            found.append((mask.start(), mask.end(), key))
        folded = folded[: mask.start()] + " " * len(mask[0]) + folded[mask.end() :]
    found += [(m.start(), m.end(), m.lastgroup or "") for m in _AUDIENCE.finditer(folded)]
    return sorted(found)


_RESTORE = re.compile(
    r"\b(?:restable[cz]|reestable[cz]|restables|reactiv|recuper|restitu|restaur|reinstal|rehabilit"
    r"|rescat|revivi?r?\b|reviv"
    r"|reabr|reabier|reanud|resucit|recobr|devuelv|devolv|devuelt|regres[ae]|retom|renov"
    r"|reincorpor|reinici|rehacer"
    r"|reponer|repong|reposici|levanten"
    r"|(?:volver|vuelv\w+) a (?:\w+r|ten\w+|us\w+|activ\w+|habilit\w+|dar\w*|abr\w+|poner\w*"
    r"|func\w+|contar)"
    r"|de (?:nuevo|vuelta)|otra vez|nuevamente)"
)
_CREATE = re.compile(
    r"\b(?:cre[aeo]|creaci|nuev[ao]s?\b|alta\b|abr[aei]|apertur|gener[ae]|habilit|inaugur"
    r"|estren|form[ae]r?\b"
    r"|arm[ae]|hac[ei]r|hag[ao]|establec|constitu|conform|implement|otorg|asign|instaur"
    r"|institu|complet"
    r"|primera vez|distint[ao]|empezar|iniciar)"
)


def read_request_type(text: str) -> str | None:
    """What an answer to "Tipo de solicitud" or a verb says: a new list or a former one."""
    folded = fold(text)
    restore, create = _RESTORE.search(folded), _CREATE.search(folded)
    if restore and create:
        return "creation" if create.start() < restore.start() else "reinstatement"
    if restore:
        return "reinstatement"
    return "creation" if create else None


_RESTORES = re.compile(
    r"\b(?:restable[cz]|reestable[cz]|restables|reactiv|reactib|restitu|restaur|reinstal|rehabilit"
    r"|rescat|revivi|revive"
    r"|reabr|reabier|reanud|resucit|recobr|recuper|reincorpor|reinstaur)\w*"
    r"|\b(?:nos|me|les?|se) (?:la|las|lo|los) (?:devuelv|regres|vuelv)\w*"
    r"|\b(?:nos|me|les?) (?:devuelv|regres)\w* (?:la|las|nuestra|el)\b|\b(?:devuelv"
    r"|regres)(?:an|en|anos|enos|eme)(?:la|las|nosla|mela)?\b|\bregresenla\w*|\bdevuelvan\w*"
    r"|\bdevolver(?:nos)?(?:la|las)\b|\bregresar(?:nos)?(?:la|las)\b|\bsea devuelta"
    r"|\b(?:volver|vuelv\w+|vuelta) a (?:\w*activ|\w*habilit|dar\w* de alta|abrir|poner|tener"
    r"|contar|usar|prender|encender|servir|funcionar)\w*"
    r"|\b(?:de vuelta|de nuevo en)\b"
    r"|\b(?:necesit|quer|quier|quis|requer|ocup)\w* (?:\w+ ){0,3}(?:otra vez|de nuevo"
    r"|nuevamente|de regreso)"
)
_CREATES = re.compile(
    r"\bcrea(?:r|cion|da|do|sen|ran|ramos|rnos|rme|rle|rles|rla|ndo)?\b|\bcre(?:e|en|emos"
    r"|arme|enos|enme|enla)\b|\bcreacion\b"
    r"|\blistas?(?: \w+){0,4} (?:nueva|propia)s?\b|\bnuevas? listas?\b|\b(?:una?|la|otra"
    r"|lista|es|seria|solicitud) (?:mas )?nueva\b|\bnueva creacion"
    r"|\b(?:dar|den|darme|darnos|damos|diera|dieran|demos|dariamos|da|de|dada)\b.{0,12}\bde "
    r"alta\b|\bel alta\b|\balta de\b|\bde alta (?:una|la)\b"
    r"|\b(?:abr(?:ir|irnos|a|an|ieran|iera|en|irme)|aperturar?|apertura|generar?|generen"
    r"|genere|habiliten?|habilitar|arm(?:ar|en|arnos|arme|an)|form(?:ar|en|emos)|hacer|hagan?"
    r"|hacernos|hicieran|abrirle|configur\w+|implement\w+|establecer|instituir|instaurar"
    r"|conformar|constituir|otorgu?e?n?|integrar)"
    r" (?:de |con )?(?:una|la|otra|nuestra|su|mi)(?: \w+){0,2} lista"
    r"|\b(?:abrir|abran|generar|generen|armar|armen|hacer|hagan|habiliten|apertura de"
    r"|formar) (?:una|la lista)\b|\bprimera lista\b"
)
_NEGATED = re.compile(r"\b(?:no|ni|nunca|sin|en vez de|en lugar de|jamas)(?: \w+){0,3}\s*$")


def request_types_in(text: str) -> dict[str, str]:
    """Which kinds of request the words of a text name, each with those words."""
    folded = fold(text).replace("\n", " ")
    found: dict[str, str] = {}
    for key, pattern in (("reinstatement", _RESTORES), ("creation", _CREATES)):
        for match in pattern.finditer(folded):
            if not _NEGATED.search(folded, max(0, match.start() - 50), match.start()):
                found[key] = text[max(0, match.start() - 60) : match.end() + 60].strip()
                break
    return found


_TITLE_WORDS = (
    r"mtr[oa]s?|mr[oa]|maestr[oa]|dr[a]?|doctora?|lic|licda?o?|lcd[ao]|licenciad[oa]|ing"
    r"|ingenier[oa]|arq|arquitect[oa]"
    r"|c\.? ?p|c\.? ?d|m\.? ?v\.? ?z|mvz|l\.? ?c|l\.? ?a\.? ?e|lae|psic|psicolog[oa]|pbro"
    r"|presbitero|padre|p|fr|fray|profr?a?|profesora?|profe"
    r"|sr|sra|srita|srta|senora?|senorita|don|dona|hna|hno|hermana|sor|cmdte|comandante|cap"
    r"|capitan|biol|biolog[oa]|fis|mat"
    r"|quim|quimic[oa]|q\.? ?f\.? ?b|qfb|enf|enfermer[oa]|contadora?|cont|abog|abogad[oa]"
    r"|chef|notario|ph\.? ?d|m\.? ?c|m\.? ?a|m\. en [a-z]"
    r"|mtr[oa]\. en [a-z]\w*|esp|nut|nutriolog[oa]|l\.? ?n|ldg|ldi|lri|lcc|tec|tec\. ?\w+"
    r"|t\.? ?s\.? ?p|t\.? ?e\.? ?m|d\. en [a-z]\w*|c|gral|cor|tte|mons|monsenor|rvdo|rev"
    r"|excmo|il|odont|od|med|dis|cirujan[oa]|fisioterapeuta|veterinari[oa]|decan[oa]"
    r"|director(?:a)?|mi jefe|mi jefa|miss|teacher|mister|mr|mrs|ms|coach|cp|cd|psic|c\. a dr"
    r"|dra\. en [a-z]\w*"
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


AREA_HEADS = frozenset(
    [
        "facultad",
        "direccion",
        "departamento",
        "depto",
        "coordinacion",
        "oficina",
        "centro",
        "escuela",
        "instituto",
        "unidad",
        "area",
        "jefatura",
        "gerencia",
        "subdireccion",
        "vicerrectoria",
        "rectoria",
        "secretaria",
        "prepa",
        "preparatoria",
        "biblioteca",
        "laboratorio",
        "laboratorios",
        "clinica",
        "hospital",
        "museo",
        "sindicato",
        "federacion",
        "sociedad",
        "comite",
        "academia",
        "doctorado",
        "maestria",
        "licenciatura",
        "especialidad",
        "especialidades",
        "programa",
        "taller",
        "talleres",
        "club",
        "editorial",
        "libreria",
        "radio",
        "orquesta",
        "coro",
        "compania",
        "consejo",
        "consultorio",
        "bufete",
        "incubadora",
        "posgrado",
        "posgrados",
        "ingenieria",
        "ingenierias",
        "asociacion",
        "catedra",
        "seminario",
        "plataforma",
        "pastoral",
        "servicio",
        "servicios",
        "campus",
        "casa",
        "granja",
        "jardin",
        "archivo",
        "hemeroteca",
        "cineclub",
        "tuna",
        "colegio",
        "contraloria",
        "tesoreria",
        "defensoria",
        "observatorio",
        "bachillerato",
        "decanato",
        "division",
        "plantel",
        "recursos",
        "admisiones",
        "mercadotecnia",
        "promocion",
        "deportes",
        "seguridad",
        "almacen",
        "compras",
    ]
)
POSITION_HEADS = frozenset(
    [
        "jefe",
        "jefa",
        "coordinador",
        "coordinadora",
        "director",
        "directora",
        "subdirector",
        "subdirectora",
        "secretario",
        "secretaria",
        "asistente",
        "auxiliar",
        "analista",
        "gestor",
        "gestora",
        "encargado",
        "encargada",
        "responsable",
        "presidente",
        "presidenta",
        "vicepresidenta",
        "vocal",
        "tesorero",
        "tesorera",
        "curador",
        "curadora",
        "bibliotecario",
        "bibliotecaria",
        "promotor",
        "promotora",
        "productor",
        "productora",
        "administrador",
        "administradora",
        "tecnico",
        "tecnica",
        "prefecto",
        "prefecta",
        "psicologa",
        "psicologo",
        "orientador",
        "orientadora",
        "abogada",
        "abogado",
        "docente",
        "profesor",
        "profesora",
        "becario",
        "becaria",
        "supervisor",
        "supervisora",
        "ejecutivo",
        "ejecutiva",
        "enlace",
        "capturista",
        "recepcionista",
        "archivista",
        "editor",
        "editora",
        "entrenador",
        "entrenadora",
        "capellan",
        "decano",
        "decana",
        "vicedecano",
        "rector",
        "rectora",
        "tutor",
        "tutora",
        "medico",
        "medica",
        "enfermero",
        "enfermera",
        "investigador",
        "investigadora",
        "consejero",
        "consejera",
        "asesor",
        "asesora",
        "gerente",
        "subgerente",
        "titular",
        "adjunto",
        "adjunta",
        "capitan",
        "capitana",
        "disenador",
        "disenadora",
        "programador",
        "programadora",
        "contador",
        "contadora",
        "comprador",
        "compradora",
        "instructor",
        "instructora",
        "referencista",
        "cronista",
        "maestro",
        "conserje",
        "chef",
        "oficial",
        "delegado",
        "delegada",
    ]
)


def starts_with_title(text: str) -> bool:
    """Whether a title stands at the head of a text."""
    return bool(_TITLE.match(fold(text)))
