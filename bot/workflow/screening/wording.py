"""How machines word their mail, in Spanish and English; all patterns read folded text.

Patterns have no nested repetition and read at most `READ` characters.
"""

import re

READ = 4_000
SHORT = 900  # an absence notice is short; a notification that mentions an absence is not

DELIVERED_SUBJECT = re.compile(
    r"(?:entregado|delivered|retransmitido|relayed|expandid[oa]|expanded)\b ?:"
    r"|successful mail delivery|delivery status notification \((?:success|relay|expan)"
    r"|(?:delivery|entrega) (?:was )?(?:successful|correcta|exitosa|completad[ao])"
    r"|notificacion de estado de entrega \((?:correct|exit|retrans)"
)
DELIVERED_BODY = re.compile(
    r"(?:se entrego|fue entregado|se completo la entrega|entregado correctamente)"
    r"|(?:was |been )?successfully delivered|has been delivered to|delivery to these recipients or"
    r" groups is complete"
)
NOT_DELIVERED = re.compile(
    r"\bno (?:se )?(?:pudo|puede|ha podido|fue posible|fue|entrego|pudieron|se encontro)\b"
    r"|\bnot (?:be |been |yet )?(?:be )?delivered|undeliver|fail|error|retras|delay|rechaz|reject"
)

RECEIPT_SUBJECT = re.compile(
    r"(?:no )?(?:leido|visto|mostrado)\b ?:|(?:not )?read ?:|(?:acuse de (?:recibo|lectura)"
    r"|confirmacion de (?:lectura|recepcion)|recibo de lectura|return receipt|read[- ]receipt"
    r"|read confirmation|disposition notification)\b ?(?:$|[:(\-])"
)
RECEIPT_BODY = re.compile(
    r"\b(?:se leyo|fue leido|ha sido leido|se mostro|fue mostrado|fue eliminado sin|se elimino sin"
    r"|sin que se leyera|sin (?:haberlo |ser )?leid[oa]|fue abierto)\b|\b(?:was|has been|were) "
    r"(?:read|displayed|opened|deleted without being read|received by)\b|acuse de "
    r"(?:recibo|lectura) (?:del|de su|para (?:su|el)) mensaje|this is a return receipt"
)

CALENDAR_SUBJECT = re.compile(
    r"(?:invitacion(?: actualizada)?|updated invitation|invitation|evento (?:cancelado|actualizado)"
    r"|cancel(?:ado|ada|ed|led)(?: event)?|aceptad[oa]|accepted|rechazad[oa]|declined"
    r"|provisional(?:mente)?|tentativ[oea]\w*|(?:propuesta de )?nuev[oa] (?:horario|hora)"
    r"(?: propuest[oa])?|new time proposed|notificacion|notification|recordatorio"
    r"|notificacion de reenvio de (?:la )?(?:reunion|convocatoria)|meeting forward notification)"
    r" ?:.{0,300}"
)
CALENDAR_WHEN = re.compile(r" @ (?:lun|mar|mie|jue|vie|sab|dom|mon|tue|wed|thu|fri|sat|sun)\w*\W")
CALENDAR_BODY = re.compile(
    r"ha propuesto un nuevo horario|se propuso una nueva hora|ha (?:aceptado|rechazado) "
    r"(?:la|esta|su) (?:invitacion|convocatoria)|(?:acepto|rechazo) (?:la|esta|su|tu) "
    r"(?:invitacion|convocatoria)|has (?:accepted|declined|proposed)|te invitaron al siguiente"
    r" evento|convocatoria de reunion se reenvio|you have been invited to"
)

BOUNCE_SUBJECT = re.compile(
    r"(?:no se (?:puede|pudo|ha podido) entregar|no entregado|no entregable|undeliverable"
    r"|undelivered|entrega retrasada|delivery delayed|delayed|correo devuelto|devuelto)\b ?:"
    r"|undeliver(?:able|ed)(?: mail)?\b|returned mail\b|mail delivery (?:failed|failure|system)"
    r"|mail system error|delivery (?:status notification|failure|has failed|delayed|incomplete)"
    r"|message delivery (?:failure|delayed)|failure notice|delayed mail|delivery notification"
    r"|warning: (?:could not send|message .{1,40} delayed)|non[- ]?delivery|bounced? mail"
    r"|notificac\S{2,8} (?:de |sobre el )?(?:estado de )?(?:la )?entrega|(?:advertencia: )?fallo "
    r"(?:permanente )?(?:en|de) (?:la )?entrega|error (?:en|de) (?:la )?entrega"
    r"|entrega (?:fallida|retrasada|incompleta|demorada)|devolucion de(?:l)? (?:correo|mensaje)"
    r"|(?:correo|mensaje) (?:devuelto|no entregado|rechazado)\b|(?:su|el|tu) (?:mensaje|correo) no "
    r"(?:pudo|ha podido|se pudo|fue|puede) (?:ser )?entrega|\W*message you sent blocked"
    r"|notice: mail delivery status|rejected mail"
)
BOUNCE_BODY = re.compile(
    r"\b[45]\.\d{1,3}\.\d{1,3}\b|\b(?:smtp|error|remote server|said):? ?[45]\d\d\b|\b5\d\d[ -]5\."
    r"|mailer-daemon|qmail-send program|this is the mail system at|created automatically by mail"
    r" delivery software|permanent (?:fatal )?error|(?:could not|couldn't|was not|wasn't"
    r"|has not been|not be|unable to|failed to|wasn't able to) (?:be )?deliver"
    r"|delivery (?:has )?failed|undeliverable|nondelivery|no (?:se )?(?:pudo|ha podido|puede"
    r"|fue posible) (?:ser )?entreg|no (?:se entrego|fue entregado)|error de entrega"
    r"|fallo en el envio|buzon (?:inexistente|lleno|del destinatario)|destinatario "
    r"(?:desconocido|invalido|inexistente)|el usuario no existe|user unknown"
    r"|mailbox (?:full|unavailable)|entrega .{0,80}(?:retrasada|demorada)"
    r"|quota (?:has been )?exceeded"
)
BOUNCE_MACHINE = re.compile(
    r"\b[45]\.\d{1,3}\.\d{1,3}\b|el (?:servidor|sistema) de correo no (?:pudo|ha podido)"
    r"|this is the mail system|this (?:message|report) was (?:created|generated) automatically"
    r"|delivery (?:has )?failed (?:to|for)|the following (?:address|recipient)"
    r"|(?:a |en )(?:la|los|las|el) siguientes? (?:direccion|destinatario)"
)

ORNAMENT = re.compile(r"^\W+")
AUTO_SUBJECT = re.compile(
    r"(?:\[?(?:respuesta|contestacion|resposta) automatica(?! (?:que|de l[oa]s|en|a l[oa]s)\b)"
    r"|automatic reply|reponse automatique|automatische antwort|abwesenheit"
    r"|\[?auto[- ]?(?:reply|response|matic reply|respuesta))\b|(?:fuera|ausente) de "
    r"(?:la |mi )?oficina ?(?:[:\-(]|re\b|$)|auto ?:|(?:mensaje|aviso) (?:automatico|de ausencia"
    r"|de vacaciones) ?(?:[:\-]|re\b|$)|absence du bureau|out of (?:the )?office ?(?:[:\-(]|re\b|$)"
    r"|ooo\b ?(?:[:\-(]|$)|vacation (?:reply|response|message)|fora do escritorio"
)
AWAY_SUBJECT = re.compile(
    r"(?:fuera|ausente|ausencia) de (?:la |mi )?oficina\b|estoy (?:fuera|ausente|de vacaciones)\b"
    r"|(?:aviso|notificacion) de ausencia|(?:de|en) vacaciones\b|absen(?:t|ce)\b ?:"
    r"|(?:i am |i'm )?(?:currently )?out of (?:the )?office\b|ooo\b"
    r"|away from (?:my |the )?(?:office|desk|mail)|on (?:vacation|leave|holiday)\b"
    r"|licencia de (?:maternidad|paternidad)\b|vacation notice"
)
AUTO_SUBJECT_INSIDE = re.compile(
    r"\bautoreply\b|\bauto-reply\b|is out of the office|esta fuera de la oficina"
    r"|\brespuesta automatica\b ?:?"
)
TICKET_SUBJECT = re.compile(
    r"\[?(?:ticket|solicitud|incidente|caso|folio) (?:\w{0,8}\d{4,10} )?(?:ha sido |fue )?"
    r"(?:recibid[oa]|registrad[oa]|cread[oa]|cerrad[oa])"
    r"|(?:hemos recibido|recibimos|se recibio|acuse de recibo de|acusamos recibo de) "
    r"(?:su|tu) (?:mensaje|solicitud|correo|consulta|ticket|peticion|reporte|caso)"
    r"|we(?:'ve| have)? received your|your (?:request|ticket|message|email|case) (?:has been|was) "
    r"(?:received|created|opened|registered|closed)|(?:thank you|thanks) for contacting"
    r"|gracias por (?:contactar|escribir|comunicar)\w*|ticket (?:received|created|opened|closed)"
    r"|(?:nuevo|new) ticket\b|\w{0,8}\d{4,10} se (?:abrio|registro|creo) a su nombre"
    r"|(?:su|tu) (?:ticket|solicitud|caso|reporte) .{0,30}(?:ha sido|fue|se) "
    r"(?:cerrad|registr|cread|recibid)"
)
# The line that ticket systems put above all they say: where an answer is to stand.
REPLY_ABOVE = re.compile(
    r"\W{0,8}(?:por favor,? |please )?(?:escriba|responda|conteste|reply|write|type)[^.]{0,40}"
    r"(?:por encima|arriba|above)[^.]{0,20}(?:linea|line)"
)
TICKET_BODY = re.compile(
    r"(?:escriba|responda|conteste|reply|write|type).{0,40}(?:por encima|arriba"
    r"|above).{0,20}(?:linea|line)|(?:se (?:le )?(?:registro|asigno|creo|abrio|genero)|creamos"
    r"|(?:hemos|se ha) (?:creado|registrado|abierto)) (?:su|el|un|tu) (?:ticket|incidente)"
    r"|(?:su|tu) (?:solicitud|incidente|caso|reporte|ticket|consulta|mensaje) (?:\S{1,20} )?"
    r"(?:ha sido|fue|quedo|se) (?:registrad|recibid|registr|asignad|cread|turnad)"
    r"|(?:hemos recibido|recibimos) (?:su|tu) (?:mensaje"
    r"|solicitud|correo|consulta|peticion).{0,160}(?:respond|contest|atend|contacto|revisand|folio"
    r"|numero|ticket)|your (?:request|ticket|case) (?:\S{1,20} )?(?:has been|was) (?:received"
    r"|created|registered|opened)|a (?:support )?(?:ticket|case) has been (?:created|opened)"
    r"|we(?:'ve| have) received your"
)
CHALLENGE = re.compile(
    r"\b(?:verif(?:y|ication)|confirm|confirme|confirmar|verifique|valide)\b.{0,120}"
    r"(?:human being|real (?:live )?(?:human|person)|not a (?:spam|robot)|persona real"
    r"|no es (?:un )?robot)|(?:clic|enlace|liga).{0,60}confirm\w{1,3} que es una persona"
    r"|retiene los mensajes|mensaje (?:esta |ha sido )?"
    r"(?:en espera|retenido).{0,160}(?:clic|enlace|liga)|remitentes? desconocid.{0,200}"
    r"(?:clic|enlace|liga|respond)|to complete this verification|(?:message|email) (?:is|has been) "
    r"(?:held|quarantined).{0,160}(?:click|link|reply)"
)
UNATTENDED = re.compile(
    r"(?:buzon|cuenta|direccion|correo)(?: de correo)?(?: que)? (?:no (?:se monitorea|se revisa"
    r"|es monitoread|esta monitoread|atendid|recibe (?:correo|mensajes|respuestas)"
    r"|acepta respuestas)|es solo (?:de|para) (?:salida|envio))|no sera leido ni contestado"
    r"|(?:mailbox|address|inbox|account) is (?:not|un)\W?(?:being )?(?:monitored|attended|read)"
    r"|(?:unmonitored|unattended) (?:mailbox|inbox|address|account)"
)
NO_MACHINE = re.compile(r"\bno es (?:una? )?(?:(?:mensaje|correo|respuesta|aviso) )?automatic")
SAYS_AUTOMATIC = re.compile(
    r"^(?:(?:respuesta|contestacion|mensaje|aviso|correo) automatic[oa]|automatic (?:reply|response"
    r"|message)) ?[:.–-]|\b(?:est[ea]|this) (?:es una? |is an? )?(?:(?:mensaje|correo|aviso"
    r"|respuesta|notificacion|e-?mail|message|response|reply|notification) ?)?(?:electronico )?(?:"
    r"(?:es|fue|ha sido|se|was|is|has been) )?(?:una? |an? )?(?:respuesta |mensaje "
    r"|correo )?(?:(?:enviad|generad|cread)[oa] |envio |genero |generated |sent )?(?:de (?:forma"
    r"|manera) )?automat(?:ic[oa]|icamente|ically|ed)|(?:mensaje|correo|respuesta|e-?mail|message"
    r"|response) (?:es |fue |se )?(?:enviad[oa]|generad[oa]|genero|envio|sent"
    r"|generated) (?:de (?:forma|manera) )?automatic|se genero en respuesta a|automated (?:response"
    r"|reply|message)"
)
NO_REPLY_WANTED = re.compile(
    r"\bno (?:responda|responder|conteste|contestar|lo respondas?|es necesario que (?:conteste"
    r"|responda)) ?(?:a |este |al )?(?:este |esta )?(?:mensaje|correo|direccion|ahora)?"
    r"|do not reply to this|please do not reply"
)
ABSENT = re.compile(
    r"(?:me encuentro|estoy|estare|ando|andare|voy a estar|estaremos) (?:"
    r"(?:actualmente|temporalmente|ya) )?(?:fuera|ausente|de vacaciones|de licencia|de permiso"
    r"|de incapacidad|incapacitad[oa]|de viaje|en periodo vacacional|de comision)"
    r"|(?:sin|no tendre|con limitado|no tengo) acceso (?:a|al) (?:mi |el )?"
    r"(?:correo|internet|e-?mail)|ya no (?:laboro|trabajo|colaboro|pertenezco|formo parte)"
    r"|deje de (?:laborar|prestar|trabajar)|no (?:estoy|me encuentro) (?:disponible"
    r"|en (?:la|mi) oficina)|por el momento no puedo responder|(?:revisare|contestare|respondere"
    r"|atendere) (?:su|tu|sus|mi|los) (?:correo|mensaje)s? (?:a partir|a mi (?:regreso|vuelta)"
    r"|en cuanto|cuando|al volver|cada)|voy (?:manejando|conduciendo)|estou de ferias"
    r"|je suis absent|i(?:'m| am| will be)(?: currently)? (?:out of (?:the )?office|away"
    r"|on (?:annual |sick |parental |maternity )?leave|on (?:vacation|holiday)|traveling|travelling"
    r"|driving)|limited access to (?:my )?e-?mail|will not be checking (?:my )?e-?mail"
    r"|no longer (?:work|with)"
)
RETURNS = re.compile(
    r"\b(?:regreso|regresare|vuelvo|volvere|hasta el|a partir del?|del? \d{1,2}|a mi regreso"
    r"|en mi ausencia|durante (?:este|ese|mi|el) (?:periodo|tiempo|lapso|ausencia)"
    r"|en caso de urgencia|para (?:lo|asuntos?|cualquier asunto|temas?) |urgen\w+"
    r"|return\w*|back (?:in|on)|for (?:anything )?urgent|in my absence|comuniquese con|dirigirse"
    r"|favor de (?:escribir|dirigir|contactar|comunicarse))"
)
# What an absence notice asks back, and means as no question.
RHETORICAL = re.compile(
    r"(?:es (?:algo |muy )?urgente|(?:[lt]es? |)urge|(?:necesitas?|requieres?) (?:algo"
    r"|ayuda)[^.?!]{0,20}|algo urgente|tienes? (?:algo urgente|una urgencia)|need help"
    r"|need (?:something|anything)[^.?!]{0,20}|urgent|is it urgent) ?\?"
    r"|¿[^?¿.!]{0,25}\burgen\w{1,6} ?\?|\burgen\w{1,6}[^.?!]{0,20}[¿ ] ?(?:puede|podria|llam|marc"
    r"|escrib|contact)\w{0,6}[^?]{0,60}\?"
)
REDIRECTS = re.compile(
    r"\b(?:para|en caso de|si) (?:cualquier |los |lo |un )?(?:asunto|tema|duda|cuestion|urgen"
    r"|necesit|algo)[^.?!¿]{0,60}¿ ?(?:pued|podr)\w{1,5} (?:escrib|contact|dirig|comunic|llam"
    r"|marc)\w{0,6} (?:a|al|con) [^?]{0,40}(?:@|\d{4})[^?]{0,40}\?"
)
"""Whom to turn to meanwhile, put as a question."""
# Somebody hands their work over, or tells of a bounce of theirs: a person.
HANDS_OVER = re.compile(
    r"\b(?:asign\w{1,5} a|takes? over|handover|ownership|que (?:\w+ ){0,3}(?:decida|resuelva"
    r"|firme)|que \w{3,20} (?:vea|atienda|se encargue"
    r"|lleve|revise|de seguimiento|quede)|cambio de responsable|nuev[oa] responsable|la responsable"
    r"|el responsable|mis pendientes|(?:se l[oa]s?|les|le) (?:mand|envi|pas|dej|compart|anex|hag"
    r"|entreg|avis)\w{1,6}|(?:yo )?quedo (?:a cargo|yo|como)|me suple|(?:el|su|mi) formato"
    r"|visto bueno|a la comunidad|comunicado para|(?:para|a) (?:todo el|el) personal"
    r"|(?:para|a) (?:todos )?(?:los|nuestros) colaboradores|nuestra (?:solicitud|peticion)"
    r"|our (?:request|form)|the form|(?:ya"
    r"|apenas) (?:regrese|volvi|estoy de vuelta))\b"
)
THEIR = frozenset({"su", "mi", "nuestra", "nuestro", "la", "el"})
"""Words behind which what is requested here is spoken of as a person does."""
OWN_BOUNCE = re.compile(
    r"\b(?:me (?:rebot\w+|llego|ayudan|regreso este)|nos (?:rebot\w+|llego)|que (?:hago|hacemos)"
    r"|rebotaron|les reenvio|ayuda con)\b"
)
OURS_WITHIN = re.compile(r"(?!(?:re|rv|fwd?|tr|aw)\b)\w[^\[\]]{3,80}\[[a-z]{1,8}-\d{4}-\d+\]")
"""A subject that speaks of a mail of ours, as reports do: "Entregado: [CI-2021-0042] …"."""
SHOUTED = re.compile(r"(?m)^\W*[A-ZÁÉÍÓÚÑ]{4,}\b(?!\W*$)")
"""A word in capitals that opens a line, as a command does."""
HANDED_ON = ("fw:", "fwd:", "rv:", "tr:")
ANSWERS = ("re:", *HANDED_ON)
PUT_BEFORE = re.compile(r"(?!(?:re|rv|fwd?|tr|aw|enc)\b|\[)[^:\[\]]{2,40}?[: ] ?re: ")
"""Words that a program puts before the subject that it answers: "Ausente Re: Su solicitud"."""
REPORT_SUBJECT = re.compile(
    r"(?:\[[^\]]{1,30}\] ?){0,3}(?:(?:dmarc )?(?:aggregate )?report domain ?: ?\S{1,100}"
    r" submitter ?:|(?:\[?\w{1,20} )?(?:dmarc|spf|dkim|tls(?:-?rpt)?|arf)"
    r" (?:(?:authentication )?(?:failure|forensic|aggregate|abuse) )report\b)"
)
"""The subject that RFC 7489 and RFC 8460 give to reports, and that of reports of failures."""
FEEDBACK = re.compile(
    r"\bfeedback-type: ?(?:abuse|auth-failure|fraud|miscategorized|not-spam|opt-out|virus|other)\b"
)
QUESTION = re.compile(r"[¿?]")
NOTIFICATION_SUBJECT = re.compile(
    r"(?:.{0,80}\b)?(?:quarantine|cuarentena)\b|.{0,30}\b(?:spam digest|correo no deseado"
    r"|mensajes? retenidos?|messages? on hold)\b|.{0,20}(?:evalue|califique|rate) (?:nuestro|el|la"
    r"|our|your|su)\b|.{0,120}\b(?:(?:pendiente de|requiere|necesita|espera) (?:su |la "
    r"|de )?(?:moderacion|aprobacion)|awaits? moderator|requires approval"
    r"|peticion\S{0,4} del moderador|moderator request)|.{0,20}(?:recuperacion|recall) (?:del? "
    r"|de su )?(?:mensaje|correo|report)|.{0,20}(?:message|mensaje|correo) recall\b|(?:su|el"
    r"|tu) (?:mensaje|correo) se recupero|.{0,20}\b(?:mensaje|message"
    r"|post)\b.{0,60}\b(?:rechazad[oa]|rejected|denied)\b|.{0,30}(?:encuesta|survey|[st]u opinion"
    r"|your opinion|your feedback)|\W*(?:how (?:was|did|are) (?:your|we|you)\b|como (?:te|le|lo"
    r"|la) atendimos)"
)
NOTIFICATION_BODY = re.compile(
    r"\b(?:release|liberar\w*|bloquear|block sender)\b|(?:retuv|reten|retien"
    r"|held)\w{0,6}[^.\w][^.]{0,30}\b(?:mensaje|correo|message)|\b(?:mensaje|correo|message"
    r"|email)s?\b[^.]{0,60}(?:cuarentena|quarantine|retenid|retien|held)|\b(?:calific|evalu"
    r"|rate\b)\w{0,6}[^.]{0,60}(?:servicio|atencion|experiencia|service|support)|moderador"
    r"|moderator|authorization is requested|se solicita su autorizacion|(?:su"
    r"|se requiere) (?:autorizacion|aprobacion) (?:es requerida|para (?:el|este))|admindb"
    r"|\b(?:mensaje|correo)s?\b[^.]{0,120}\b(?:se recupero|fue recuperado) (?:correcta|con exito)"
    r"|\b(?:successfully recalled|recalled successfully)\b|(?:conteste|contestando|respond[ae]r?"
    r"|contestar|iniciar|complete|take|califi\w{1,12})[^.]{0,60}(?:encuesta|survey|experiencia)"
)
RECORDING_SUBJECT = re.compile(r"\b(?:grabacion\w*|recordings?|transcripcion|transcript)\b")
RECORDING_BODY = re.compile(
    r"\b(?:grabacion|recording|transcripcion|transcript|archivos?)\b[^.]{0,60}"
    r"\b(?:disponibles?|available|ready|guard\w{2,4}|saved|expira|expires|compartio|shared|view)\b"
    r"|\b(?:compartio|shared|reproducir|play|view)\b[^.]{0,40}\b(?:grabacion|recording)\b"
)
# A person who is away and still wants something says so; absence notices ask for nothing.
ASKS = re.compile(
    r"\?|\b(?:cancelen|solicit(?:o|amos|ud de)|pido|pedimos|quiero|queremos|quisier\w+|necesito"
    r"|necesitamos|requiero|requerimos|pedir(?:les|le|la|lo)?|me (?:pueden|podrian|puedes|ayudan"
    r"|mandan|envian|pasan)|podrian|pueden (?:mand|envi|crear|ayudar)|reenvio|adjunto|anexo"
    r"|les mando|les paso|could you|can you|would like|please (?:create|send|add))\b"
)
# So an area asks of itself; machines word it so as well ("se solicita su autorización").
AREA_ASKS = re.compile(r"\b(?<!\bse )(?:solicita|requiere|pide|necesita)n?\b(?! (?:su|tu)\b)")
NEWSLETTER = re.compile(
    r"\b(?:unsubscribe|darse de baja|date de baja|darte de baja|cancelar "
    r"(?:la |tu |su )?suscripcion|dejar de recibir|stop receiving|manage (?:your )?preferences"
    r"|ver en el navegador|view (?:it |this )?(?:email )?in (?:your )?browser"
    r"|recibe?s? este (?:correo|mensaje) porque)\b"
)

# A word or two of machines' mail; each counts only where the trained classifier agrees.
AWAY_HINT = re.compile(
    r"\b(?:(?:lee|ve|contesta|responde|atende|revisa)re (?:su|tu|el|los|sus|tus)|al volver"
    r"|cuando vuelva|estancia|vacacion\w{0,4}|vacacional|ausen\w{2,4}|fuera (?:de|hasta|por|del)"
    r"|regres\w{1,4}|licencia|incapacidad|sabatico|comision|congreso|de viaje|descanso"
    r"|acceso limitado|sin acceso|horario de|ya no (?:labor|trabaj|pertenec|se usa)\w{0,3}"
    r"|a la brevedad|en breve|cuanto antes|en cuanto|no (?:estoy|estare|puedo|podre)|out (?:until"
    r"|of)|away|on (?:\w{1,9} )?leave|holiday|vacation|no longer|return|back on|limited access)\b"
)
TICKET_HINT = re.compile(
    r"\b(?:ticket|incidente|inc\d{4,}|caso|folio|agente|mesa de (?:ayuda|servicio)|help ?desk"
    r"|(?:hemos )?recibi(?:mos|do) (?:su|tu)|gracias por (?:contact|escrib|comunic|su|tu)\w{0,9}"
    r"|thank(?:s| you) for (?:contact|reach|your)\w{0,4}|your (?:request|case|ticket)|support"
    r"|prioridad|estado:|status:|asignad[oa])\b"
)
BOUNCE_HINT = re.compile(
    r"\b(?:entreg(?:ar|ado|a|ue)|destinatarios?|rebot\w{1,5}|rechazad[oa]|buzon (?:esta )?(?:lleno"
    r"|casi)|not be delivered|undeliver\w{1,6}|mailbox|delivery|returned to sender)\b"
)
RECEIPT_HINT = re.compile(
    r"\b(?:se leyo|leido|fue abierto|abrio su mensaje|acuse|read receipt|was read|opened your)\b"
)
BULK_HINT = re.compile(
    r"\b(?:notificacion\w{0,2}|alerta|aviso|recordatorio|boletin|resumen|informe|reporte|digest"
    r"|report|newsletter|unsubscribe|darse de baja|cancelar (?:la |su )?suscripcion"
    r"|ver en (?:el|la|linea)|cuarentena|quarantine|moderador|moderator|encuesta|survey|contrasena"
    r"|password|codigo|inicio de sesion|sign-?in|escanead[oa]|scan\w{0,4}|mensaje de voz"
    r"|voice ?mail|fax|factura|comprobante|pago|pedido|compartio|shared|invito a|configuracion de"
    r"|preferencias|notification\w?|respaldo|backup|servidor|server|host|sistema|portal|vence"
    r"|expira\w{0,2}|registro|dmarc)\b"
)
