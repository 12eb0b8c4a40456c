"""What regular phrases suggest of a text: sizes, list names."""

import re

from nlp.text.fold import fold
from nlp.text.numbers import numbers_in
from nlp.text.slugs import PART
from nlp.text.tokens import EMAIL

Span = tuple[int, int]


_UNIT = (
    r"(?:personas|cuentas|correos|direcciones|contactos|destinatari\w+|suscriptor\w*"
    r"|suscrit[oa]s|integrantes|miembros|usuari[oa]s"
    r"|inscrit[oa]s|familias|afiliad[oa]s|registros|mails|emails|e-mails|buzones|nombres"
    r"|interesad[oa]s|registrad[oa]s"
    r"|alumn\w+|estudiant\w+|docentes|profes\w*|maestr[oa]s|colaborador\w*|administrativ[oa]s"
    r"|emplead[oa]s|trabajador\w*|egresad[oa]s|ex-?alumn[oa]s"
    r"|aspirantes|padres|papas|mamas|pacientes|proveedor\w*|empresas|residentes|becari[oa]s"
    r"|investigador\w*|academic[oa]s|voluntari[oa]s|tutores|extern[oa]s"
    r"|people|students|members|recipients|users|professors|teachers|employees|alumni|parents)"
)
_UNIT_AFTER = re.compile(
    rf"(?:\s+(?:\w+\s+){{0,2}}?|\s+(?:de\s+|y\s+tant[oa]s\s+|mas o menos\s+)?){_UNIT}\b"
)
# A label of the writer's own that says who is counted: "Pacientes a los que se les escribe: 1250".
PEOPLE_LABEL = re.compile(
    rf"\W*(?:[^\W\d]+ ){{0,8}}?(?:{_UNIT}|recib\w+|llega\w*)(?: [^\W\d]+){{0,8}} ?[:=]"
    r" ?(?:unos |unas )?"
)
_SIZE_BEFORE = re.compile(
    r"(?:\b(?:son|sean|somos|eran|seran|serian|unos|unas|aproximadamente|aprox\.?|alrededor de"
    r"|cerca de|andamos(?: como)?(?: en)?"
    r"|como|casi|(?:aument|crec|disminu|reduj|sub[ei]|baj)\w* (?:\w+ ){0,3}a|poco mas de"
    r"|mas o menos|total(?: de)?|en total|suman|suma|asciende a|quedan?(?: en)?|calculamos|calculo"
    r"|a (?:los|las|sus|nuestr[oa]s)|con (?:los|las|sus|nuestr[oa]s)?|tenemos|hay|llevamos"
    r"|padron de|entre|unos \w+)\s*,?|~|\(|\()\s*$"
)
NOT_SIZE_BEFORE = re.compile(
    r"\b(?:agreg\w+|anad\w+|quit\w+|elimin\w+|sac\w+|bajas?|altas?|salen|entran|sumar"
    r"|incorpor\w+|ext\w*\.?|piso|edificio|aula|salon|oficina|cubiculo|folio|articulo|vez|cada|dia|dias"
    r"|tel\w*\.?|cel\w*\.?|hasta|desde)\s*(?:a|de|los|las|:|el)*\s*$"
)
NOT_SIZE_AFTER = re.compile(
    r"\s*(?:%|hrs?\b|h\b|horas?|dias?|semanas?|meses|anos|minutos|veces|vez|pesos|semestres?|grupos"
    r"|correos? (?:al|por|a la|cada)|envios?|mensajes|boletines|de (?:enero|febrero|marzo|abril"
    r"|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)|am\b|pm\b|preguntas"
    r"|respuestas|generaciones|listas|kg|px|mb|kb|:\d|/|sedes|carreras|estados|talleres|cursos)"
)

_RANGE = re.compile(r"^ ?(?:a|o|u|y|-|–) ?\d{1,6}\b")  # "de 7 a 8 correos al mes"

# Parted by no point, which ends a sentence here. What cannot be a slug is told by its first word.
_SLUG = re.compile(
    rf"(?<![\w@.-])(?=[^\W_]{{2,40}}[-_])(?=[^\W_]*?[a-zñáéíóú]{{2}}){PART}"
    rf"(?:[-_]{PART}){{1,8}}(?![\w@-]|\.[a-z]{{2,3}}\b)"
)
_COMPOUND = re.compile(
    r"^(?:e-mails?|ex-\w+|\w+-\w+(?:ico|ica|icos|icas|ivo|iva)|ci-\d+.*|\w+-(?:aprendizaje"
    r"|19)|lunes-\w+|post-\w+|sub-\w+|vice\w*-\w+|pre-\w+|co-\w+|anti-\w+|auto-\w+|on-line"
    r"|off-line|wi-fi|open-day|semi-\w+|teorico-.*|hombre-.*|universidad-.*)$"
)
NAMED = re.compile(
    r"\b(?:lista(?: de (?:distribucion|correos?|difusion))?|llam(?:a|aria|aba|ara|ada|ado"
    r"|emos|arse|an)|nombre(?: de la lista)?(?: (?:seria|es|sera|podria ser|propuesto))?"
    r"|denominad[ao]|titulad[ao])\s*(?:la lista\s*)?[:,]?\s*[\"'*]*$"
)
_QUOTED = re.compile(r"[\"“«]([^\"“”«»\n]{2,50})[\"”»]")


def sizes(text: str, folded: str) -> list[Span]:
    """Numbers that look like a count of people."""
    found = []
    for number in numbers_in(text):
        if number.article or number.value < 5:
            continue
        before = folded[max(0, number.start - 30) : number.start]
        after = _RANGE.sub("", folded[number.end : number.end + 50])
        if NOT_SIZE_AFTER.match(after) or NOT_SIZE_BEFORE.search(before):
            continue
        unit, led = _UNIT_AFTER.match(after), _SIZE_BEFORE.search(before)
        if unit or (led and not _THINGS.match(after)):
            found.append((number.start, number.end))
    return found


# What offices count besides people; a guest is with somebody, not on a list.
_THINGS = re.compile(
    r" (?:\w+ )?(?:volumenes|libros|salas?|aulas?|equipos|computadoras|edificios|evaluadores"
    r"|proyectos"
    r"|programas|piezas|ejemplares|revistas|laboratorios|oficinas|materias|eventos|paginas|anos)\b"
)


def list_names(text: str) -> list[Span]:
    """Names that a list may have: as an address begins, or an address or words called so."""
    folded = fold(text)
    found = [m.span() for m in _SLUG.finditer(text) if not _COMPOUND.match(m[0].lower())]
    found += [
        match.span()
        for match in EMAIL.finditer(text)
        if NAMED.search(folded, max(0, match.start() - 60), match.start())
    ]
    found += [
        match.span(1)
        for match in _QUOTED.finditer(text)
        if NAMED.search(folded, max(0, match.start() - 60), match.start() + 1)
    ]
    return found
