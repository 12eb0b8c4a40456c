"""Words that are harmless in certain sentences around a command, and words that never are."""

from __future__ import annotations

from nlp.text.fold import word_set

CONTACT = word_set(
    """
    a aclarar al algo andamos ando any apoyar apoyarles aqui ask atenta atento avisame avisan
    avisen aviso ayudar buscan busquen call cel celular comentar con contacto correo de dicen
    digan diganme dime disposicion en encantada encantado escriban escribeme esta estamos este
    estoy ext extension favor gusto hablamos know la lado let llamame llaman llamen marca
    marcame marcan marquen mas me medio mi mis my numero o oficina or orden ordenes para parte
    pendiente platicamos por quedamos quedo questions sus tel telefono tus us write y
    """
)

THANKFUL = word_set(
    """
    a al all and antemano desde apoyo area atencion avisar avisarme avisarnos aviso ayuda bien buen
    claridad claro compartir completa completo comunicacion con cuidado dar de dedicacion del
    detalle disposicion el en enviar enviarla enviarlo envio equipo esfuerzo esta este excelente
    explicar for formato gestion gran hacer hacerlo hasta help hoy informacion informar
    informarme interes interna la las llevar lo los mandar mandarla mandarlo much mucha mucho
    orden ordenada ordenado paciencia patience por preparar presentar prontitud pronto quedaron
    quedo rapidez recordar recordatorio resumen revisarla revisarlo revision seguimiento siempre
    so solicitud su sus tan team the ti tiempo time to toda todas todo todos trabajo tu tus
    usted ustedes very work y you your
    """
)

# What the writer saw of the request: a sentence or clause of only these words says no more than
# that the request was looked at and is in order. No negation, condition, future or third person
# who decides is among them.
SEEN_HEADS = word_set(
    """
    checa checan cuadra encanta examinada examinado fascina me nos
    analizada analizado como comprobe con considerando cumple cumplen dado derivado despues el
    en esta estan habiendo se la las lei leida leido los luego por porque puesto que revisada
    revisadas revisado revisados revisamos revise toda todo tras una validada validado
    verificada verificado vi viene vienen vista visto ya
    """
)

SEEN = word_set(
    """
    a adecuada adecuado adjunto adjuntos al ambas ambos analisis analizada analizado analizar
    anexo anexos aplicables aprobacion area atencion audiencia base bases bastante bien bueno
    calidad calma canales cargo checa checan cierto clara claras claro claros coherente como
    completa completas completo completos comprobar comunicacion con conforme considerando
    contenido correcta correctas correcto correctos correo cuadra cuidado cumple cumplen dado
    datos de del derivado despues destinatarios detallada detalladamente detallado detalle
    detenidamente detenimiento documentacion documentos e el ella en encanta encantan encanto
    encontrandola envio envios equipo es escrita escrito esta establecidas establecidos estan
    este estos estuvo examinada examinado examinar excelente excelentes expediente extension
    fascina fechas fin firmada firmado formato formulario frecuencia fundamentada fundamentado
    fundamento gusta gusto haber habiendo hallandola hoy impecable incluye informacion inicio
    integra interna junta justifica justificacion justificada justificado justifican la las
    latio lectura leer legible legibles lei leida leido leidos lineamientos lista lo logica
    logico los marcan me merece merecen motivo mucho muy nombre norma normas normativa nos
    objetivo objetivos ok oportuna oportuno orden ordenada ordenado parece perfecta perfectas
    perfecto perfectos persona pertinente pertinentes peticion politica politicas porque
    presenta presentan presente procede proposito propuesta prudente publico puesto punto puntos
    puntualmente que quedo razon razonable razonables recibe regla requerida requerido requisito
    requisitos responsable revisada revisadas revisado revisados revisamos revisar revise
    revision sellado sencilla sencillo sensata sensato sentido sirve solicitado solicitados
    solicitante solicitud son su suena suficiente sus sustentada sustentado tiene tienen toda
    todas todo todos trae traen tras una universidad uno util utiles validada validado validar
    valide ve ven ver verificada verificado verificar verifique vez vi viable viables viene
    vienen vigencia vigentes virtud vista visto vistos vobo y ya
    """
)

# One of them tells that what was seen is in order.
PRAISE = word_set(
    """
    adecuada adecuado bien bueno checa checan clara claras claro claros coherente completa
    completas completo completos correcta correctas correcto correctos cuadra cumple cumplen
    detallada detallado encanta encantan encanto excelente excelentes fascina fundamentada
    fundamentado gusta gusto impecable justificada justificado latio legible logica logico ok
    oportuna oportuno orden ordenada ordenado perfecta perfectas perfecto perfectos pertinente
    prudente razonable razonables sensata sensato sentido suficiente suficientes sustentada
    sustentado util utiles viable viables
    """
)

# Words after which nothing is what it seems: never part of a name, an area, a thank-you.
DOUBT = word_set(
    """
    aguanta aguanten alto antes anula anular anulen apenas aprobar aun aunque broma but cancel
    cancela cancelar cancelen casi condicion correccion corrijo creo cuando despues deten
    detener detengan dice dicen dijo disculpa disculpen don dont duda dudo equivocacion
    equivoque error espera esperar espere esperemos esperen except excepto falta faltan faltaria
    falto hasta hold if ignora ignorar ignore ignoren jamas later luego manana maybe mejor menos
    mentira mientras nada never ni ningun ninguna no not nunca ojo olvida olviden only parar
    pasado pendiente perdon pero posible posiblemente probablemente pronto quiza quizas rechazar
    rechazo retracto revocar revoco salvo segun si siempre sin solamente solo sorry stop supongo
    tal tampoco todavia tomorrow unicamente unless until vez wait yet
    """
)

# "Que tengan …", and what is good: farewells.
WISHES = word_set("tenga tengan tengas pase pasen pases este esten estes descansen sigan disfruten")
GOOD = word_set("excelente buen buena feliz bonito bonita lindo linda gran buenos buenas")
TIMES = word_set(
    "dia dias tarde tardes noche noches semana fin finde inicio jornada lunes martes miercoles"
    " jueves viernes puente descanso provecho camino"
)
