"""Footers of devices, programs, antivirus, lawyers, meetings and lists: by what they speak of.

All patterns read folded text without links, from the start of a line or passage.
"""

import re

# --- devices and programs ----------------------------------------------------------------------

OWN_WORDS = re.compile(
    r"\b(?:solicit\w+|formato|lista|listas|adjunt\w+|anex\w+|favor de|necesit\w+|quer\w+|quedo"
    r"|quedamos|que|aprob\w+|rechaz\w+|autoriz\w+|destinatari[oa]s|para que|envio la|reenvi\w+"
    r"|hecho|listo)\b"
)
_DEVICE = (
    r"(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|poco|motorola|moto|oppo|vivo"
    r"|honor|nokia|lg|sony|htc|alcatel|zte|tcl|realme|pixel|celular|cel|cell|movil|telefono|smartphone|phone|mobile|dispositivo|equipo"
    r"|tableta|tablet|blackberry|windows|outlook|yahoo|gmail|aol|proton|correo|mail|hotmail|mac"
    r"|zimbra|telcel|nextel|at&t|movistar|typeapp|k-9|bluemail|spark|airmail|superhuman|edison"
    r"|thunderbird|fairemail|zoho|mailbird|newton|canary|nine|oficina movil|device|webmail)"
)
SENT = re.compile(
    r"(?:(?:este |el )?(?:mensaje|correo)(?: electronico)? (?:(?:fue|ha sido|se) )?|<{1,2})?"
    r"(?:enviad[oa]|mandad[oa]|escrit[oa]|redactad[oa]|dictad[oa]|envio|sent|gesendet|envoye|written"
    r"|typed|desde)\b"
    r" ?(?:desde |from |con |with |por |via |usando |using |de |mediante |a traves de "
    r"|by |von |mit |a partir de )?"
    rf"(?:mi |my |el |un |una |la |an? |app |the )*{_DEVICE}\b"
)
BEHIND = re.compile(r"[^.:;,]{1,100}[.:;,] (?=[^\W\d])")
"""Up to where another clause begins behind such a line."""
SENT_ANYHOW = re.compile(
    r"dictad[oa] (?:a |con |por )?(?:siri|google|voz)\b.{0,40}$|(?:enviad[oa]|mandad[oa]|escrit[oa]"
    r"|sent|asegurad[oa])\b(?: de forma segura| securely)?"
    r" (?:desde|from|con|with|via|usando|using|mediante) \S.{1,60}$|envoye (?:depuis|de) "
    r"|von meinem .{2,40} gesendet|inviato da|enviado do meu|verzonden (?:met|vanaf)"
    r"|verstuurd vanaf|sendt fra|skickat fran|fran min |from my .{2,30}$|.{2,20} from mobile$"
    r"|(?:please )?(?:excuse|pardon|forgive)\b.{0,25}\b(?:typos?|brevity|errors)\b.{0,10}$"
    r"|(?:disculp|perdon)\w{1,3} (?:l[oa]s?|mis|cualquier) (?:error(?:es)?|erratas?|faltas"
    r"|dedazos?|brevedad)\b.{0,30}$"
    r"|programad[oa] con [\w.-]{3,20}$|scheduled (?:with|using) [\w.-]{3,20}$"
    r"|[從从]我的.{2,30}(?:傳送|发送)$|.{2,30}から送信$|diese nachricht wurde .{2,60} gesendet"
)
MINE = re.compile(
    r"\W{0,3}(?:Enviad[oa]|Mandad[oa]|Sent) (?:desde|from) (?:mi|my) [A-Z\d][^.,;:]{1,40}$"
)
"""A device of a make that nobody listed, as written: its name begins with a capital."""
TELLS = re.compile(r"\b(?:is|are|was|were|es|son|era|fue|sera|sale|salen|no|funciona)\b")
"""A verb: then "sent from my desk" begins a sentence."""
_PROGRAM = (
    r"(?:outlook|yahoo(?: mail)?|aol(?: mail)?|bluemail|blue mail|spark|gmail|hotmail|proton ?mail"
    r"|thunderbird|aqua ?mail|mailbird|zoho mail|edison mail)"
)
GET = re.compile(
    r"(?:obten\w*|get|descarg\w+|download|consig\w+|instal\w+|prueb\w+|try|telecharger|baixar?)\b"
    rf" .{{0,20}}{_PROGRAM}\b.{{0,120}}$"
)
SLOGAN = re.compile(
    rf"{_PROGRAM} ?[:–-] [^@]{{5,60}}$"
    r"|(?:remitente notificado|sender notified|notified) (?:con|by|por) mailtrack\b"
)


# --- antivirus ---------------------------------------------------------------------------------

_VIRUS = re.compile(
    r"\bvirus|\bmalware|\bantivirus|\bmailscanner|\bspamassassin|kaspersky|norton\b"
)
_CHECKED = re.compile(
    r"\blibre de|\bsin virus|\bfree\b|analiz\w+|comprob\w+|checked|scann?ed|verificad\w+"
    r"|escanead\w+|limpio|clean\b|certific\w+|protegid\w+|protected|no (?:se )?"
    r"(?:encontr|contiene|detect)\w+|informacion de|information from|believed to be"
)
_VENDOR = re.compile(
    r"(?:comprobad[oa] por |checked by )?(?:https?://)?(?:www\.)?"
    r"(?:eset|avast|avg|kaspersky|norton|mcafee|sophos|bitdefender|trendmicro)\b"
)
_VERSION = re.compile(r"(?:version|base de datos de virus|virus database)\b ?:")
VIRUS_HINT = re.compile(
    r"virus|malware|mailscanner|spamassassin|kaspersky|norton|eset|av(?:ast|g)|mcafee|sophos"
    r"|bitdefender|trendmicro|version"
)


def is_virus_note(text: str) -> bool:
    checked = _VIRUS.search(text) and _CHECKED.search(text)
    named = _VERSION.match(text) or (_VENDOR.match(text) and len(text.split()) < 6)
    return bool(checked or named) and not OWN_WORDS.search(text)


_SECURED = re.compile(
    r"(?:this|est[ea]|el|la)? ?(?:message|e-?mail|mensaje|correo|firma|signature)\b"
    r"(?: \S{1,12}){0,4} (?:secured|protected|encrypted|scanned|filtered|certified|managed"
    r"|archived|protegid[oa]|cifrad[oa]|escanead[oa]|filtrad[oa]|certificad[oa]|administrad[oa]|gestionad[oa])"
    r" (?:by|with|using|por|con|mediante) .{2,70}$"
    r"|(?:secured|protected|encrypted|scanned|powered) by \S.{1,50}$"
)
SECURED_HINT = re.compile(r"secur|protec|proteg|encrypt|cifrad|scan|escan|filt|certif|manag|admin")
MORE_ABOUT_IT = re.compile(r"(?:for more information|para mas informacion|click here|haga clic)\b")


def is_secured(text: str) -> bool:
    """Whether a folded line says by whose program this mail was made safe, or its signature."""
    return bool(_SECURED.match(text)) and not OWN_WORDS.search(text)


# --- legal notices -----------------------------------------------------------------------------

_LEGAL_START = re.compile(
    r"\W*(?:aviso (?:de confidencialidad|legal|de privacidad|importante:)|nota de confidencialidad"
    r"|confiden[ct]ial(?:idad)? ?: ?(?=est|el |l[ao]s? |this|the |any|all |si |tod|cualq|inform)"
    r"|clausula de confidencialidad"
    r"|(?:trend micro |mimecast |cisco |sophos )?e-?mail (?:notice|disclaimer)\b"
    r"|queda (?:\w{1,16}mente )?prohibid[oa] (?:la|el|su|cualquier) (?:repro|di[fsv]|uso|cop)"
    r"|descargo de responsabilidad ?:"
    r"|confidentiality notice|disclaimer\b|privacy notice|legal notice)"
)
LEGAL_TITLE = re.compile(r"\W*(?:aviso (?:de privacidad|legal)|privacy notice|legal notice)\W*$")
"""What a person sets above a text as well."""
TOLD = re.compile(
    r"este (?:mensaje|correo) es (?:solo |unicamente )?(?:para|por) (?!(?:el |la |uso |su )*"
    r"(?:uso|destinatari|person|exclusiv|quien|usted))"
)
"""Somebody's sentence about what they write."""
_LEGAL_SUBJECT = re.compile(
    r"\W*aviso ?:\s*(?:si |este |esta |la informacion|el contenido)|\W*(?:(?:toda )?"
    r"(?:la )?informacion (?:contenida|de|en|que)|este|el presente|esta|la presente"
    r"|los archivos|el contenido"
    r"|this|the information|the contents?|las opiniones|any views|si usted|si ha|if you|las|los"
    r"|si recibi\w+(?= (?:este|esta|el presente))|tod[oa]s l[oa]s|all)\b.{0,60}"
    r"\b(?:correo|mensaje|e-?mail|message|comunicacion|transmision"
    r"|communication)(?:e?s)?\b"
)
_LEGAL_WORD = re.compile(
    r"\b(?:ser|estar|be) (?:monitore|monitor|supervis)\w+"
    r"|confiden[ct]ial|privileg|destinatari[oa]\b|addressee|intended recipient|por error|in error"
    r"|solicitud(?:es)? de acceso a la informacion"
    r"|no (?:representan|reflejan|necesariamente)|responsabilidad de|do not necessarily"
    r"|prohib\w{1,8} .{0,40}(?:reproduc|divulg|distribu|copia)"
)
_PRIVACY = re.compile(
    r"(?:consult\w+|conozca|conoce|revise|ver|lea|visite) .{0,30}aviso de privacidad\b.{0,80}$"
    r"|aviso de privacidad ?:? ?(?:https?:|www|$)"
    r"|les? (?:recordamos|informamos) .{0,30}aviso de privacidad\b.{0,40}(?:https?:|www)"
)


def is_legal(text: str) -> bool:
    """Whether a folded paragraph is a notice of confidentiality or the like."""
    if _LEGAL_START.match(text) or (len(text) < 200 and _PRIVACY.match(text)):
        return True
    return len(text) > 70 and bool(_LEGAL_SUBJECT.match(text)) and bool(_LEGAL_WORD.search(text))


PRINT_HINT = re.compile(r"impr[ie]|print")
_PRINT = re.compile(
    r"\b(?:antes de|no (?:me )?|before|do not|don'?t|evite|si no|if) .{0,30}"
    r"(?:imprim|impr[ei]s|print)"
    r"|\bnecesit\w+ (?:que )?imprim"
    r"|\b(?:imprim\w+|print\w*) (?:este|esta|el|this|it)\b|\bno (?:me |lo )?imprim"
)
NATURE = re.compile(
    r"medio ?ambiente|planeta|arbol|naturaleza|papel\b|necesari|indispensable|environment"
    r"|\btrees?\b|ecolog|bosque|ahorr|verde\b"
)


def is_about_printing(text: str) -> bool:
    return bool(_PRINT.search(text) and NATURE.search(text)) and not re.search(
        r"\b(?:lista|solicit\w+|cartel(?:es)?|folletos?|aprob\w+|rechaz\w+)\b", text
    )


# --- meetings, lists, links --------------------------------------------------------------------

JOIN = re.compile(
    r"(?:(?=.{0,70}invit).{0,60}\b(?:le|te|lo|la|os|is|are)? ?(?:esta )?invit(?:ando|ing)"
    r"(?: you)? (?:a|to) (?:una|a) .{0,20}(?:reunion|meeting))"
    r"|(?:reunion de |microsoft )(?:microsoft )?teams\b"
    r"|(?:unirse|unete|unase|unirte|join)\b.{0,60}\b(?:reunion|meeting|videollamada|zoom|web|pc"
    r"|call|telefono|sip|phone)\b|(?:haga|haz) clic aqui para unirse|click here to join"
    r"|para unirte a la videollamada|(?:id\.? de (?:la )?(?:reunion|conferencia)|meeting id"
    r"|numero de (?:la )?reunion|codigo de acceso|passcode|contrasena de la reunion"
    r"|meeting password|id de conferencia|phone conference id)\b.{0,40}:?"
    r"|(?:descargar|download) teams\b|mas informacion \| |learn more \| |opciones de "
    r"(?:la )?reunion|for organizers|para organizadores|meeting options|one tap mobile"
    r"|(?:dial|marque) (?:by|segun)|(?:find|buscar?|encuentre) (?:your|un|su) (?:local )?numero"
    r"|\W*(?:do not delete or change any|no (?:elimin|borr)\w{1,3} ni (?:modifi|cambi)\w{1,5})\b"
    r"|when it'?s time, join your|cuando sea la hora, unase"
    r"|restablecer pin|reset|o llame? (?:por telefono|al)|or call in|de lo contrario, para"
    r" participar por telefono|o marca el|mas numeros de telefono|\+\d[\d ,()#*-]{7,}"
    r"|(?:zona horaria|time zone) ?:|.{3,40} · \d{1,2}:\d\d ?(?:[ap]\.?m\.?)? ?[–-] \d"
    r"|https?://\S{0,60}(?:zoom\.us/j|teams\.microsoft\.com/|meet\.google\.com/|webex\.com/)"
)
BOOK = re.compile(r"(?:reserv\w+|agend\w+|book) (?:tiempo|una cita|time|a meeting)\b.{0,60}$")
LIST = re.compile(
    r"(?:has|ha|hemos) recibido este (?:mensaje|correo) porque|recibe este "
    r"(?:mensaje|correo) porque|you (?:received|are receiving|re receiving) this "
    r"(?:message|e-?mail) because|(?:para|to) (?:cancelar (?:la|tu|su) suscripcion|darse de baja"
    r"|date de baja|dejar de recibir|ver est[ea] (?:conversacion|debate|mensaje)|unsubscribe"
    r"|stop receiving|view this discussion|post to this group).{0,200}(?:@|https?:|www\.|groups?\b"
    r"|correo|enlace|liga\b|link)|.{0,61}unsubscribe@|https?://\S{0,80}(?:mailman|listinfo|/d/msgid/)"
    r"|(?:.{1,60} (?:mailing list|lista de correo)|lista de correo [^ ]{1,60})(?: -- \S{3,120})?$"
    r"|for more options,? visit|(?:suscripcion|subscription) (?:options|settings)"
    r"|groups\.io links|view/reply online|(?:group owner|mute this topic|unsubscribe) ?:"
)
LIST_ADDRESS = re.compile(r"[^ @]{1,60}@(?:lists?|listas)\.[^ ]{1,80}$")
SOCIAL = re.compile(
    r"(?:contact[ae](?:nos|me)|escrib[ea](?:nos|me)) (?:por|via|en) (?:whatsapp|telegram)\b.{0,40}$"
    r"|\W*(?:como .{3,40}\?\W*)?(?:califi(?:ca|que)|evalu[ae])\w{0,4} (?:\w+ ){0,4}(?:aqui|here)$"
    r"|(?:visit[ae]|conoce|consult[ae]) nuestr[oa] (?:portal|pagina|sitio|blog)\b.{0,40}"
    r"(?:https?:|www\.).{0,80}$"
    r"|(?:siguenos|siguennos|follow us|encuentranos|visitanos|find us|conectate)\b.{0,100}$"
    r"|(?:(?:facebook|twitter|instagram|linkedin|youtube|tiktok|x|whatsapp)\b[\W\d_]{0,6}){2,8}$"
)
PICTURE = re.compile(
    r"(?:\[(?:cid:|image: ?|imagen: ?|logo|icono?\b|imagen\b|image\b|firma\b|banner\b|escudo)"
    r"[^\]]{0,200}\][ .]{0,3}){1,9}$|\(embedded image moved to file: [^)]{1,60}\)$"
    r"|\u1427$"  # what Streak leaves of its tracking picture
)

REPLY_LINE = re.compile(
    r"\W{0,8}(?:por favor,? |please )?(?:escrib[ae]|responda|responder|conteste|reply|write|type)\b"
    r"[^.]{0,40}\b(?:encima|arriba|above)\b[^.]{0,20}\b(?:linea|line)\W{0,8}$"
)
"""The line of a ticket system above or below which an answer is to stand."""

TOKEN = re.compile(
    r"\W{0,8}(?:(?:por favor,? no borre esta linea|please do not delete this line) ?: ?)?"
    r"(?:ref: ?[!_][\w!.]{6,60}:ref|crm: ?\d{7,12}|thread[- ]?id: ?[\w.-]{10,60})"
    r"\W{0,8}$"
)
"""By which a help desk's program knows the answer (Salesforce, Dynamics, Freshdesk)."""
