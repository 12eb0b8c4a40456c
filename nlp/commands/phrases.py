"""The harmless: every phrase that may stand around a command without changing what it says.

A decision is taken only where all of its words are a command form or are found here; what is
not here makes the mail unclear, however it is meant. So this is the list to extend, with care:
a phrase belongs here only if no command could mean less, later or something else because of it.

One pattern a line; a line indented further goes on with the one above. `(a|b)` is a choice,
`[a]` may be left out; `<name>`, `<num>`, `<folio>`, `<email>` and `<area>` (a name that the
subject holds) stand for one word.
"""

from __future__ import annotations


def _patterns(lines: str) -> tuple[str, ...]:
    joined = lines.replace("\n      ", " ").splitlines()
    return tuple(line.strip() for line in joined if line.strip())


# Before everything else.
GREETING = _patterns(
    """
    hola
    que tal
    (muy|) (buen dia|buenos dias|buenas tardes|buenas noches|buenas|bonito dia)
    buen dia
    (hi|hello|dear|good) [morning|afternoon]
    saludos
    hola a (todos|todas)
    (oye|oigan|oiga|ups|uy|ay|pues)
    (estimado|estimada|estimados|estimadas|apreciable|querido|querida|queridos|queridas)
    (equipo|colega|colegas|companeros|companeras|todos|todas|team|all|amigos|amigas)
    equipo de comunicacion [interna]
    comunicacion interna
    a quien corresponda
    (senor|senora|senorita|licenciado|licenciada|maestro|maestra|doctor|doctora|ingeniero)
    (sr|sra|srta|dr|dra|mtro|mtra|lic|ing|arq|prof|profa|psic|mtr|pbro)
    y
    a (todos|todas)
    comunicacion interna escribio [el (lunes|martes|miercoles|jueves|viernes|sabado|domingo)]
    espero que (esten|estes|se encuentren) [muy] bien
    un gusto saludarlos
    """
)

# Before the command, in its own sentence.
LEAD = _patterns(
    """
    una vez (revisada|revisado|leida|leido|analizada|validada)
      [(la|el) [presente] (solicitud|peticion|formato|informacion|expediente)]
    ya (me|nos) (confirmaron|confirmo|avisaron|aclararon)
    (revisada|revisado|leida|leido|vista|visto|enterada|enterado|recibida|recibido) y
    con todo gusto
    adelante
    confirmo
    por supuesto
    la lista ya existe
    me parece (bien|muy bien|correcto|perfecto|adecuado|adecuada)
    por lo (que|cual|tanto)
    [me permito|lamento|lamentamos|es un gusto] [les|le] (informo|informamos|informar|informarles
      |confirmo|confirmamos|confirmarles|comunico|comunicamos|comunicarles) que
    [la] [nueva] [lista] <email>
    [mi] orden
    esta bien
    looks (good|fine|ok)
    all good
    (perdon|disculpen|disculpa|una disculpa) [por] la (tardanza|demora)
    todo (parece|se ve) bien
    si
    ok
    okay
    oki
    va
    vale
    sale
    listo
    perfecto
    excelente
    [muy] bien
    claro
    claro que si
    correcto
    enterado
    enterada
    recibido
    de acuerdo
    con [mucho] gusto
    conforme
    revisado
    revisada
    visto
    vista
    todo en orden
    todo bien
    todo correcto
    sin (problema|inconveniente|objecion|observaciones|comentarios)
    (todo bien|sin problema) por (aca|aqui|mi parte)
    estoy de acuerdo
    [ya] (revise|lei|vi) [bien] (la|esta|su) (solicitud|peticion) y
    [ya] la (revise|lei|vi|analice) [con (calma|cuidado|detalle)] y
    (no (hay|tengo|veo|encuentro|existe))
      (problema|inconveniente|objecion|observaciones|comentarios)
    por (mi|nuestra) (parte|lado)
    de (mi|nuestra) (parte|lado)
    por mi
    por parte de (esta|nuestra)
      (direccion|oficina|jefatura|coordinacion|area|rectoria|vicerrectoria|secretaria|unidad)
      [general] [de (promocion y comunicacion estrategica|comunicacion [interna])]
    a nombre de esta
      (direccion|oficina|jefatura|coordinacion|area|rectoria|vicerrectoria|secretaria|unidad)
    por este (medio|conducto)
    por la presente
    [el] folio [numero|num|no] <folio>
    <folio>
    (respecto|en relacion|en referencia|referente) (a|al|con) [la] (solicitud|folio)
    [sobre] (esta|la|dicha) solicitud
    gracias
    muchas gracias
    gracias por (avisar|el aviso|su aviso|la informacion)
    en (atencion|respuesta) a su (aviso|correo|mensaje|solicitud)
    (con fundamento|con base|de conformidad|de acuerdo|conforme) (en|con|a|al) [los|el|lo
      establecido en los] [punto <num> de los] lineamientos
    queda
    resolucion
    respuesta
    mi (respuesta|decision|voto) [es]
    decision
    yes
    sure
    great
    thanks
    fine
    """
)

# Who decides, before a form that needs it.
SUBJECT = _patterns(
    """
    (esta|nuestra)
      (direccion|oficina|jefatura|coordinacion|area|rectoria|vicerrectoria|secretaria|unidad)
      [general] [de (promocion y comunicacion estrategica|comunicacion [interna])]
    este (departamento|centro)
    comunicacion interna
    [yo] (<name>)
    yo
    nosotros
    """
)

# What is decided on, right after the command or before "queda …".
OBJECT = _patterns(
    """
    (la|el|esta|este|dicha|su) [presente]
      (solicitud|peticion|propuesta|lista|creacion|reactivacion|restablecimiento|alta|renovacion|reinstalacion|autorizacion|tramite)
    (solicitud|peticion|propuesta|lista|creacion|reactivacion|restablecimiento|alta|renovacion|reinstalacion|autorizacion|tramite)
    (la|el|esta|este|su)
      (solicitud|peticion|propuesta|lista|creacion|reactivacion|restablecimiento|alta|renovacion|reinstalacion|autorizacion|tramite)
      de [la|su|una] [nueva] lista [de (distribucion|correo)]
    (la|el|esta|este|su)
      (solicitud|peticion|propuesta|lista|creacion|reactivacion|restablecimiento|alta|renovacion|reinstalacion|autorizacion|tramite)
      (de|del)
      (solicitud|peticion|propuesta|lista|creacion|reactivacion|restablecimiento|alta|renovacion|reinstalacion|autorizacion|tramite)
      [de [la] lista [de (distribucion|correo)]]
    (esta|la presente|la misma|lo solicitado|lo anterior)
    (this|the) (request|list|one)
    [la|el] [solicitud] [con] [numero de] [folio] <folio>
    """
)

# After the command, in its own sentence.
TAIL = _patterns(
    """
    tal cual
    adelante con (el tramite|el proceso|la creacion|el alta|la lista)
    [y] (comuniquese|notifiquese|avisese|avisen|avisenle|notifiquen) (al|a la)
      (area|solicitante|responsable|interesado|interesada|maestra|maestro|doctora|doctor|facultad)
    [y] que (<name>|plataforma [tecnologica]|sistemas) la (de de alta|cree|habilite)
    [y] para (los|todos los) (fines|efectos) (conducentes|correspondientes|que correspondan)
    para [la] (creacion|alta) de la lista
    para que se (cree|abra|habilite|de de alta) la lista
    para (proceder|continuar|crear la lista)
    [y] en todos sus terminos
    (para|a) (la|esta|dicha) (lista|solicitud)
    lo (ultimo|anterior)
    [it] looks (good|fine|great|ok) [to me]
    [it is] all good [with the guidelines|con los lineamientos]
    gracias por la espera
    con [todo|todo el|mucho] (gusto|carino|aprecio|agrado|entusiasmo|beneplacito)
    en todos sus terminos
    (x|por) mi
    xfa
    x favor
    (excelente|buena|muy buena) (propuesta|iniciativa|idea)
    [y] [por favor] (procedan|procedase)
    [y] (procedan|procedase) con (el tramite|el proceso|la creacion|el alta|lo conducente)
    [y] (procedan|procedase|proceder) conforme a lo (habitual|acostumbrado|establecido|solicitado)
    [y] (puede|pueden) (proceder|continuar) [con (el tramite|el proceso|la creacion|el alta)]
    (perdon|disculpen|disculpa|una disculpa) [por] la (tardanza|demora)
    [muy] (buena|excelente|gran) (idea|iniciativa|propuesta) [la verdad]
    (thanks|thank you) for (your|the) (help|time|work|patience|note|information)
    de (la|esta) (solicitud|peticion|lista)
    gracias por (su|tu|el|la) (seguimiento|tiempo|trabajo|informacion|ayuda
      |detalle|gestion|atencion)
    que (tengan|tengas|tenga) [un] (buen|excelente|bonito|lindo) (dia|fin|fin de semana)
    (buen|excelente|bonito|lindo) (dia|fin de semana)
    quedo (atento|atenta|al pendiente|a sus ordenes)
    saludos (cordiales|a todos)
    [un] cordial saludo
    (en cuestion|de referencia|mencionada|solicitada|citada|referida)
    <folio>
    <smile>
    (con|del|el) [numero de] folio <folio>
    (de|del|para) [la|el|los|las] <area>
    <area>
    (de|y|e) [la|el|los|las] <area>
    (y|e) <area>
    (de|del) [la|el]
      (area|facultad|escuela|departamento|direccion|coordinacion|centro|biblioteca|instituto|prepa|decanato|vicerrectoria)
    (tal como|como|tal cual) (viene|se solicita|se pide|la piden|se presenta|esta)
    en los terminos (solicitados|planteados|en que se presenta|del formato)
    tambien
    (por|de|x) (mi|nuestra) (parte|lado)
    por mi
    por parte de [esta|nuestra] comunicacion interna
    por [parte de] (esta|nuestra)
      (direccion|oficina|jefatura|coordinacion|area|rectoria|vicerrectoria|secretaria|unidad)
      [general] [de (promocion y comunicacion estrategica|comunicacion [interna])]
    por este (departamento|centro|conducto|medio)
    por comunicacion interna
    sin (mas|problema|inconveniente|cambios|observaciones|comentarios|objecion|objeciones|mas
      comentarios|ningun (problema|cambio|inconveniente)|reservas)
    por aqui
    [por] favor
    porfa
    porfavor
    porfis
    please
    pls
    gracias
    [muchas|mil|muchisimas] gracias [a (todos|todas|ti|usted|ustedes)] [equipo|<name>]
    gracias por (avisar|el aviso|su aviso|la paciencia|su paciencia|todo|su apoyo|el
      apoyo|esperar)
    thanks
    thank you
    thanks a lot
    many thanks
    saludos
    un saludo
    slds
    ok
    (senores|senoras|colegas|equipo|companeros)
    y gracias
    y (muchas|mil) gracias
    con [mucho] gusto
    (dada|hecha) la revision
    en sus terminos
    ya que cumple [con] [todos] [los] (lineamientos|requisitos)
    [ya] que cumple
    cumple [con] [todos] [los] (lineamientos|requisitos)
    cumple con todo [lo (solicitado|requerido|necesario)]
    por cumplir [con] [todos] [los] (lineamientos|requisitos)
    conforme a [los] lineamientos [vigentes|establecidos|aplicables]
    por cumplir [con] [todos] [los] (lineamientos|requisitos) (vigentes|establecidos|aplicables)
    de conformidad con los lineamientos
    de acuerdo
    todo (en orden|bien|correcto)
    a partir de hoy
    adelante
    """
)

# Whole sentences that may follow a command.
CLOSING = _patterns(
    """
    [que] dios (los|las|les|lo|la|le|te) bendiga
    quedo de (usted|ustedes)
    con (mi|nuestro|todo mi) agradecimiento
    [mucho] exito [con la lista]
    (enviado|sent) (desde|from) (mi|my) (iphone|ipad|celular|android|telefono)
    (no tengo|no hay|sin) [mas] (comentarios|observaciones) adicionales
    [muchas|mil|muchisimas|nuevamente] gracias
    gracias [de nuevo|de antemano|a todos|a todas]
    (mil|muchas) gracias a (todos|todas|ustedes|usted|ti)
    [muchas] gracias [<name>] [<name>]
    gracias y [un] (saludo|saludos|buen dia|buen fin)
    saludos y gracias
    y gracias
    [muchos|un|reciba un|reciban un] (saludo|saludos)
      [cordial|cordiales|afectuoso|afectuosos|a todos|<name>]
    un cordial saludo
    (reciba|reciban) [un] [muy] (cordial|afectuoso) saludo
    slds
    (grax|grac|grcs)
    desde (el|mi) (cel|celular|telefono|movil)
    salu2
    saludines
    cordialmente
    atentamente
    atte
    atte [<name>] [<name>]
    respetuosamente
    un (abrazo|fuerte abrazo)
    abrazo
    abrazos
    bendiciones
    quedo [muy] (atento|atenta|pendiente|al pendiente|a sus ordenes|a la orden|a tus ordenes)
    (quedo|estoy|quedamos) a (sus|tus) ordenes
    [quedo|estoy] a [sus|tus|la] (orden|ordenes) [para cualquier (duda|aclaracion)]
    quedo [muy] (atento|atenta|pendiente|al pendiente) [(a|ante|de|para) cualquier
      (duda|cosa|comentario|aclaracion)]
    favor de (crear|generar|habilitar|dar de alta) la lista
    quedo a [sus] ordenes para cualquier (duda|aclaracion|comentario)
    estamos en contacto
    sin mas por el momento [reciba] [reciban] [un] [cordial] [saludo]
    sin mas [por el momento]
    sin otro particular [por el momento]
    sin otro (particular|asunto)
    (buen|excelente|lindo|bonito|feliz) (dia|inicio de semana|fin de
      semana|fin|semana|tarde|finde)
    que (tengan|tenga|tengas|pasen|pase) [un|una]
      (buen|excelente|lindo|bonito|buena|linda|bonita|excelente) (dia|tarde|noche|semana|fin
      de semana|fin|inicio de semana)
    (buenas|linda|bonita|excelente) (tarde|noche|semana|tardes|noches)
    buen dia [a todos]
    nos vemos
    hasta luego
    un gusto
    (no tengo|no hay|sin) [mas|ningun|ninguna]
      (comentarios|observaciones|observacion|comentario|dudas|duda|objecion)
    no tengo (mas|ningun|ninguna)
      (comentarios|observaciones|comentario|observacion|duda|dudas)
    (todo|todo esta|esta todo) (en orden|bien|correcto|completo)
    cumple [con] [todos] [los] (lineamientos|requisitos)
    (buen|gran|excelente) trabajo
    (excelente|buena|muy buena|linda) (iniciativa|propuesta|idea)
    felicidades [por la iniciativa]
    felicidades al equipo
    adelante
    pueden (proceder|continuar) [con (el tramite|el proceso|la creacion|el alta)]
    (procedan|procedase|continuen|favor de continuar) con (el tramite|el proceso|la
      creacion|el alta|lo siguiente)
    favor de (avisar|notificar) (al|a la) (area|solicitante|responsable|interesado|interesada)
    thanks
    thank you [very much|so much]
    (best|kind|warm|many) regards
    regards
    best
    cheers
    (best|all the) wishes
    sincerely
    have a (nice|good|great) (day|weekend)
    hola
    buen dia
    [muy] buenas tardes
    p d
    de nada
    comunicacion interna escribio [el (lunes|martes|miercoles|jueves|viernes)]
    con [mucho] gusto
    perfecto
    excelente
    listo
    ok
    enterado
    enterada
    (disculpen|disculpa|perdon) la (tardanza|demora)
    (disculpen|perdon) por la (tardanza|demora)
    ya (lo|la) (revise|vi|lei)
    <smile>
    """
)

# A sentence that opens with one of these offers contact; then only words of contact may follow.
OFFER = _patterns(
    """
    (cualquier|por cualquier|para cualquier|ante cualquier)
      (duda|cosa|comentario|aclaracion|detalle|pregunta)
    si (hay|tienen|tienes|surge|existe) (dudas|alguna duda|algo|alguna pregunta|una
      duda|preguntas|cualquier duda)
    si hace falta algo [mas]
    si (necesitan|necesitas|requieren|se ofrece|ocupan) algo [mas]
    any questions
    let me know
    if you need anything [else]
    """
)

# A sentence that opens with thanks; then words of thanks, names, and one noun after an article.
THANKS = _patterns(
    """
    [muchas|mil|muchisimas|infinitas] gracias
    [le|les|te] agradezco
    [le|les|se] (agradecemos|agradece)
    thanks
    thank you
    (thx|thnx|tks|ty)
    [muchos|un] (saludos|saludo|abrazo)
    """
)

# Whom a question or a note is for, before its text.
ADDRESSEE = _patterns(
    """
    (al|a la|a los|a las|para el|para la|con el|con la)
      (area|facultad|escuela|departamento|solicitante|responsable|interesado|interesada)
    (interna|interno)
    (al|para el|en el) (expediente|caso)
    para (nosotros|mi)
    por favor
    (porfa|xfa|porfavor)
    """
)

# What was seen speaks against the request: only before a command that gives its reason.
AGAINST = _patterns(
    """
    no cumple [con] [los] [lineamientos|requisitos]
    no (procede|es procedente|aplica)
    lo siento
    lamentablemente
    una pena
    que pena
    """
)

# Asks for a command to be carried out.
ASKING = _patterns(
    """
    [por] favor [de]
    [les|te|le] (pido|solicito|agradecere|encargo) [atentamente|amablemente|por favor]
    """
)

POSITIVE_SIGNS = frozenset("☑☺✅✔✨❤⭐🌟🎉🏻🏼🏽🏾🏿👌👍👏💪😀😁😃😄😉😊🙂🙌🙏🤗🤝🥳")

PAUSES = frozenset("\"'()*,-/:=>[]_|¡«·»–—“”•")
