"""Banners that mail gateways put above or below a text: where it came from, and to take care.

Known by what they speak of: this mail or its sender, that it comes from outside, a warning, links
and files not to be opened, a sender to be verified. All patterns read folded text.
"""

import re

from nlp.text.fold import fold

_MAIL = r"(?:correo(?: electronico)?|mensaje|e-?mail|message|mail)"
_HOME = r"(?:organizacion|institucion|empresa|universidad|compania|dominio|red|upaep|entidad)"
_OUTSIDE = re.compile(
    rf"(?:origin\w{{1,6}}|enviad[oa]|se envio|provien\w{{1,6}}|proced\w{{1,8}}|llego|recibid[oa]"
    r"|viene|vino)"
    rf"[^.]{{0,30}}\b(?:fuera de|internet)\b(?: (?:la|su|tu|nuestra|esta))?(?: {_HOME})?"
    r"|(?:originat\w{1,6}|sent|came|comes|received)[^.]{0,30}(?:outside|external|internet)"
    r"|remitente (?:es )?(?:externo|desconocido|no (?:verificado|confiable))"
    r"|(?:external|unknown|untrusted|unverified) (?:sender|source)"
    rf"|\b{_MAIL} externo\b|\bexternal {_MAIL}\b|fuente externa|origen externo|procedencia externa"
    r"|(?:dominio|cuenta|servidor|direccion|usuario) (?:extern[oa]|ajen[oa]|no institucional)\b"
    r"|cuenta (?:externa|interna) (?:a|de)\b|remitentes desconocidos"
    r"|no suele recibir|no (?:recibe|recibes).{0,120}con frecuencia|don'?t often get"
    r"|(?:por lo general|normalmente),? no recibe"
    r"|previously corresponded|remitente no (?:ha sido verificad|pertenece|es parte|forma parte)"
    r"|sender (?:is not|isn'?t) (?:part|a member|from)|similar to someone in"
    r"|^external ?:|^externo ?:|possible spam|posible spam|learnaboutsenderidentification"
)
_ABOUT = re.compile(rf"\b(?:este|esta|el|this|the)\b (?:presente )?(?:{_MAIL}|remitente|sender)\b")
_CAUTION = re.compile(
    r"\b(?:precaucion|cuidado|cautelos[oa]|cautela|atencion|advertencia|alerta|caution|warning"
    r"|beware|careful|take care|attention|alert|aviso de (?:correo|seguridad))\b"
)
_CLICK = re.compile(
    r"\b(?:no|evit[ea]|nunca|antes de|do not|don'?t|before|unless|when|con|without|avoid|al)\b"
    r"[^.]{0,50}\b(?:clic|click|abra|abrir|abrirl\w+|open|opening|links?|enlaces?|vinculos?"
    r"|adjuntos?|attachments?|contrasenas?|datos personales|compartir|responder|replying)\b"
)
_VERIFY = re.compile(
    r"\b(?:verifi\w+|reconozca|recogni[sz]e|conoce|confie|trust|know|known|identidad|duda"
    r"|confirme)\b"
    r"[^.]{0,50}\b(?:remitente|sender|procedencia|origen|you)\b|verificado por el servidor"
)
_SUSPECT = re.compile(
    r"\b(?:sospechos[oa]|suspicious|phishing|fraude|repor(?:tar|te|telo|tarlo)|filtro de correo)\b"
)
_WHY = re.compile(
    r"(?:descubra|obtenga informacion|learn|sepa)[^.]{0,30}(?:por que|why)\b"
    r"|\bpor que (?:es )?esto (?:es )?importante\b"
    r"|^(?:mas informacion|saber mas|leer mas|learn more|more information|read more)\W*$"
)
_MARKS = re.compile(r"zjqcmqryfpfptbanner(?:start|end)")
_SENDER = re.compile(r"\b(?:remitentes?|senders?)\b")
_SIGNS = (_ABOUT, _CAUTION, _CLICK, _VERIFY, _SUSPECT, _WHY)
_OF_MAIL = (*_SIGNS, _OUTSIDE, _MARKS)
# What a person asks for: then it is no banner, whatever it speaks of.
_ASKED = re.compile(
    r"\b(?:solicit\w+|pedimos|pido|necesit\w+|quer\w+|adjunto (?:el|la|los|mi)|anexo (?:el|la)"
    r"|les (?:comparto|envio|mando|adjunto)|destinatari[oa]s|vigencia|justific\w+|aprob\w+"
    r"|rechaz\w+|cancel\w+|deneg\w+|denieg\w+|niego|niega|negad[oa]|autorizo|se autoriza"
    r"|no procede|improcedente|nuestra lista|la lista|una lista|gracias)\b"
)

_NOUN = r"(?:correo|mensaje|e-?mail|remitente|message|mail|sender)"
_ADJECTIVE = (
    r"(?:ext(?:ern[oa]l?)?|external|outside|no verificado|unverified|sospechoso|suspicious"
    r"|(?:posible |possible )?spam)"
)
TAG = re.compile(
    rf"\W*{_NOUN}(?: electronico)? {_ADJECTIVE}\W*$|\W*{_ADJECTIVE} {_NOUN}\W*$"
    rf"|[^\w\s][^\w]{{0,8}}{_ADJECTIVE}\W*$|(?:external|outside)\W*$"
)
"""A line that is nothing but a mark: "[EXTERNAL]", "-- Correo externo --"."""

_BRACKETED = re.compile(
    r"[\s>*_|#\u26a0\ufe0f!]{0,6}(?P<lead>[\[({<«]{1,3}|\*{1,3} ?)(?P<said>[^\[\](){}<>«»*]{2,500})"
    r"(?:[\])}>»]{1,3}|\*{1,3})[\s:*_|–—-]{0,4}"
)
_STOP = re.compile(
    r"[.:!>\]][)\]\"»*]{0,3}\s+|\s[-–—|*=_]{1,100}\s|^[-–—*=_#]{3,100}\s"
    r"|(?<=\S)\s+(?=[^\W\da-z_]{4,20}\b)"
)


def is_hinted(text: str) -> bool:
    """Whether a folded paragraph may hold a banner: two things, or where it is from."""
    if "extern" in text or _MARKS.search(text) or _OUTSIDE.search(text):
        return True
    return sum(1 for sign in _SIGNS if sign.search(text)) > 1


def is_of_mail(text: str) -> bool:
    """Whether a folded paragraph speaks of the mail that it stands in, or warns as banners do."""
    return "extern" in text or any(sign.search(text) for sign in (*_OF_MAIL, _SENDER))


_ABOUT_LISTS = re.compile(r"\b(?:grup\w|suscri\w|baja\b|unsubscri\w|miembro)")


def is_asked(text: str) -> bool:
    """Whether a short folded passage speaks of what is wanted here, as its writer would."""
    return len(text) < 200 and bool(_ASKED.search(text)) and not _ABOUT_LISTS.search(text)


def is_banner(text: str) -> bool:
    """Whether a folded passage warns of the mail that it stands in."""
    if _MARKS.search(text):
        return True
    if _ASKED.search(text):
        return False
    outside = _OUTSIDE.search(text)
    told = sum(1 for sign in _SIGNS if sign.search(text))
    if outside:
        return told > 0 or (len(text.split()) <= 7 and not text.startswith("nota"))
    return told > 2 or (told == 2 and bool(_CLICK.search(text)) and bool(_VERIFY.search(text)))


def in_front(line: str) -> int:
    """How long the banner is that a server put before the first words of a line; 0 without one.

    In brackets of its own, or sentence by sentence: each warns of the mail as well, and none asks
    for anything, so that nothing is taken for a banner that was typed behind it.
    """
    line = line[:_LINE]
    boxed = _BRACKETED.match(line)
    if boxed and boxed.end() < len(line):
        said = fold(boxed["said"])
        rest = fold(line[boxed.end() :])
        if (is_banner(said) or _TAGGED.fullmatch(said.strip())) and not _OF_IT.match(rest):
            return boxed.end() + in_front(line[boxed.end() :])
    if not _ASKED.search(fold(line)) and is_banner(fold(line)):
        return 0  # all of it
    end = 0
    for stop in _STOP.finditer(line):
        said = fold(_LINKED.sub(" ", line[end : stop.end()])).strip()
        if _DRAWN.fullmatch(said) or (end and _AT_HOME.fullmatch(said)):
            end = stop.end()
            continue
        if stop[0].isspace() and line[end : stop.start()].isupper():
            continue  # a banner in capitals goes on
        warns = sum(1 for sign in _SIGNS if sign.search(said)) > 1 or _OUTSIDE.search(said)
        first = warns or is_banner(said) or _CAUTION_ALONE.fullmatch(said)
        if not (goes_on(said) if end else first):
            break
        end = stop.end()
    told = line[:end].rstrip()
    return end if told and told[-1] != ":" and is_banner(fold(told)) else 0


_LINE = 2_000
# A sentence whose first word is the mark itself: "[EXTERNO] así marca Outlook …".
_OF_IT = re.compile(r"(?:asi|es (?:lo|la|el|una?)\b|sale|aparece|dice|is what)\b")
_DRAWN = re.compile(r"[\W_]*")
_AT_HOME = re.compile(rf"{_HOME}\W*")
_LINKED = re.compile(r"[<\[(]https?://[^\s<>\[\]()]{1,500}[>\])]")
_TAGGED = re.compile(rf"(?:{_NOUN} )?{_ADJECTIVE}(?:[ -](?:e-?)?{_NOUN})?")
_CAUTION_ALONE = re.compile(rf"\W*{_CAUTION.pattern}\W*")


def goes_on(text: str) -> bool:
    """Whether a folded line beside a banner is more of it."""
    return not _ASKED.search(text) and any(sign.search(text) for sign in _OF_MAIL)
