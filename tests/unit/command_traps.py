"""Mails of staff by another hand than the corpora that decide nothing; "|" is a line end."""

from __future__ import annotations

NO_DECISION = """
Pídanles el oficio. Si no lo mandan, rechacen
Pídanles el oficio y rechácenla
Pídanles el oficio; la rechazo si no llega
Pídanles el oficio. Mientras tanto, queda aprobada.
Pídanle su visto bueno a Rodrigo
Pídanle el visto bueno al rector
Pedirles el oficio sería lo ideal.
Hecho, gracias a la ingeniera karla.rivas@upaep.mx
HECHO. Se creó el expediente del profesor juan.perez@upaep.mx
Aprobar. domingo
Aprobar|julio
Aprobada. El martes les confirmo
No se aprueba por lo pronto, faltaría platicarlo con ella cuando regrese
No se autoriza hasta que Jurídico la firme
Aprobada. Finanzas tiene la última palabra
APROBAR|Texto de ejemplo
Aprobada, los profesores fuera
Se aprueba. La mitad de los envíos
Aprobada. Qué flojera la justificación
Aprobada. Me arrepentí
Aprobada. Tengo mis reservas
APROBAR|Lo someto al juicio de ustedes
Aprobada. Yo me sumo a lo que dispongan
Se aprueba. En caso contrario, lo discutimos
APROBAR|La reviso de nuevo
Aprobada, o eso parece
APROBAR|Falta por aprobar el aviso de privacidad
Aprobada. Visto bueno del director
Aprobada. Lo revisaré con calma
Se aprueba. Es necesario el sello
Aprobada. No veo que cumpla
Se aprueba. La frecuencia es mensual
Hay que aprobarla
Hay que rechazar la de Nutrición
Adelante con el trámite cuando puedan
Adelante con la solicitud de Becas
Tiene mi firma pero falta el sello
Visto bueno del director
Estoy de acuerdo
La revisé y falta la firma
RECHAZAR ¿les parece? Saludos
RECHAZAR ¿qué opinan? Yo la rechazaría.
Aprobada, pero que no manden más de uno al mes
Aprobada aunque no me gusta el nombre
Aprobar. Solo falta que firme el director
Aprobado.|Falta la firma
APROBAR||Espera
APROBAR||perdón, mejor esperen
APROBAR|No
No se aprueba. O bueno, no por ahora; véanlo en la junta.
Aprobada.|O mejor primero que la vea Jurídico
APROBAR||Mentira
APROBAR|(ignorar)
APROBAR|era otra
APROBAR es la palabra que hay que escribir
APROBAR: así se aprueba
Aprobada por Rodrigo
Aprobada por el consejo
Aprobada por la Dirección General
Aprobada la semana pasada
Aprobada en marzo
Aprobada hasta diciembre
Aprobada con cambios
Aprobada con los cambios
Aprobada, ya pregunté y hay un problema
Área: Biblioteca|Aprobada con lo que falta
Aprobada con observaciones
Aprobada provisionalmente
Aprobado en principio
Apruebo en lo general, no en lo particular
Aprobado condicionado
Aprobada sujeta a revisión
Aprobado solo para alumnos
Aprobado excepto egresados
Aprobado menos egresados
Aprobado parcialmente
Aprobado por ahora
Aprobado por el momento
Aprobado para mañana
Aprobado mañana
Aprobada si no hay objeción
Aprobada; si no, me avisan
Aprobada cuando manden el oficio
Aprobada en cuanto llegue
Si apruebo, ¿qué sigue?
Si se aprueba, gracias
Si la aprueban, avísenme
Aprueba tú por favor
Aprueba esta, Nancy
Nancy, aprobar por favor
Que se apruebe
Hay que aprobar
Pueden aprobar
Quisiera aprobarla
Falta aprobar
Ya aprobada
Ya la aprobé
Ya se aprobó
Se aprobará
Será aprobada
Sería aprobada
Aprobaría
Aprobaré
Aprobadas las dos
Aprobadas
No, aprobada no
No aprobada
Aprobada no
Desaprobada
Aprobada?
Aprobada ¿verdad
Aprobada 🤔
Aprobada 🙄
Aprobada 👎
Aprobada...
Aprobada jajaja
Aprobada, es broma
Aprobar nada
Aprobar o rechazar
Aprobar/Rechazar
APROBAR RECHAZAR
"Aprobada" dijo Rodrigo
Rodrigo dice: aprobada
Según Nancy, aprobada
La jefa: aprobada
El comité aprueba la solicitud
Comunicación Interna aprueba, falta la Dirección
Casi aprobada
Mejor aprobada
No sé si aprobar
Aprobada CI-2021-0043
Aprobar CI-2021-0042 y CI-2021-0043
Aprobada la de Deportes
Aprobada la solicitud de la Facultad de Derecho
Aprobado el presupuesto, seguimos con lo demás
Aprobada la revisión del formato
Autorizo a Nancy a decidir
Autorizo que Nancy decida
Autorizado el pago
APROBAR|PREGUNTAR ¿quién es el responsable?
APROBAR|RECHAZAR duplicada
APROBAR|DESHACER
Respuesta: aprobada
Por mí aprobada, pero falta Rodrigo
De parte de la directora: aprobada
Recomiendo aprobar
Mi voto es aprobar, pero decidan ustedes
VoBo
Adelante
Sí procede
Listo
Confirmado de recibido
А probada
АPROBAR
A̶P̶R̶O̶B̶A̶R̶
~~APROBAR~~
\u202eRABORPA\u202c
Rechazar mañana
Rechazar si no contestan
Rechazar: si no contestan hoy
Rechazar o no, ustedes dicen
Rechazar esta lista sería un error
Rechazar la solicitud no es opción
Rechazar no es buena idea
Rechazar no me corresponde
Rechazada por Rodrigo
Rechazada por el comité
Rechazada la vez pasada
Rechazada ayer, ¿por qué vuelve?
Rechazamos una igual el año pasado
Rechazo total a la violencia
El rechazo procede
No rechazar
Nunca rechazo
Rechazar, creo
Rechazar, pero no todavía
Rechazar, mejor no
Rechazar. Perdón, me equivoqué.
RECHAZAR: duplicada||Olviden lo anterior
RECHAZAR: duplicada. Mejor no, espérenme.
RECHAZAR: duplicada||APROBAR
RECHAZAR duplicada o APROBAR si cambian el nombre
RECHAZAR la de Deportes y APROBAR esta
RECHAZAR CI-2021-0043: duplicada
Rechazar la 0043, la de la hemeroteca, por repetida
RECHAZAR a menos que manden el oficio
Rechazar: a menos que manden hoy el oficio
Rechazar?
Nancy, rechazar por duplicada
Nancy, favor de rechazar
¿Rechazar por duplicada?
Rechazar en caso de que no manden el visto bueno
Rechazar hasta que llegue el oficio
Rechazar cuando se venza el plazo
La rechazaría por duplicada
Asignar a Nancy
Asignar mañana a nancy@upaep.mx
No asignar a nancy@upaep.mx
¿Asignar a nancy@upaep.mx?
Asignar a nancy@upaep.mx o a vale@upaep.mx
Hecho
Hecho, ya avisé a nancy@upaep.mx
Hecho: becarios@upaep.mx no existe
HECHO becarios@upaep.mx pero falta activarla
Preguntar a Rodrigo si ya la vio
Pregunta Nancy si ya
Deshacer este nudo es difícil
¿Deshacer?
No deshacer
Rechazar la lista, o al menos eso haría yo
Rechazar, diría yo
Rechazar la solicitud sería lo prudente
Rechazar sin más me parece grosero
Rechazar por rechazar no tiene caso
Rechazar por correo no es lo mismo que por oficio
Rechazar el formato es lo que pide Rodrigo
Rechazar la solicitud fue decisión de Rodrigo
Rechazar? la solicitud está completa
Rechazada, dice Rodrigo
Rechazada, según me contaron
Rechazada, o eso entendí
Rechazada en la junta de ayer
Rechazada en junta
Rechazada por mi jefa, yo no opino
Rechazada por unanimidad en el comité, falta el acta
Rechazada desde hace un mes
Rechazada antes, ahora no sé
Rechazada la anterior, esta no
Rechazada la otra; esta la veo mañana
Se rechaza o se aprueba, díganme
Se rechaza cuando no cumplen
Se rechaza solo si no cumplen
Se rechaza todo lo que no traiga firma
Se rechaza normalmente
Se rechaza siempre que no hay firma
Rechazo, pero con dudas
Rechazo cualquier responsabilidad
Rechazo esa idea
Rechazo lo que dice Nancy
Rechazamos muchas de estas
Rechazamos todas las de ese tipo
Rechazamos esa el año pasado por lo mismo
Rechazar esta y aprobar la otra
Rechazar todas
Rechazar ambas
Rechazar CI-2021-0042 y CI-2021-0043
RECHAZAR la 0043
RECHAZAR, no. APROBAR.
RECHAZAR no, mejor preguntar
RECHAZAR no es lo que queremos
RECHAZAR NO
RECHAZAR: no
Rechazar no
RECHAZAR: es broma
Favor de rechazar el cargo del banco
Rechazar la llamada
RECHAZAR jaja
RECHAZAR (es broma)
RECHAZAR||Es broma
RECHAZAR||Prueba
RECHAZAR||no hagan caso
RECHAZAR: duplicada||Perdón, era para otra
RECHAZAR: duplicada|No, esperen
RECHAZAR: duplicada... aunque pensándolo bien no
RECHAZAR: duplicada, ¿no?
Rechazar por duplicidad||ay no, esperen, eso era para otra, ignoren 🙈
RECHAZAR: duplicada. ¿O no?
No procede
No se autoriza
Favor de rechazar?
CORREGIR nombre: becarios|APROBAR?
RECHAZAR: duplicada, creo
RECHAZAR duplicada, creo
RECHAZAR duplicada si Rodrigo confirma
RECHAZAR: duplicada, si Rodrigo confirma
RECHAZAR: duplicada (pendiente de confirmar)
RECHAZAR: duplicada. Confirmen primero con Rodrigo antes de mandar.
RECHAZAR: duplicada. Pero no lo manden todavía.
RECHAZAR: falta firma, si la mandan hoy se aprueba
RECHAZAR es muy duro, mejor preguntarles
Para rechazar hay que escribir RECHAZAR y el motivo
Escriban RECHAZAR
Contesten APROBAR
Escribe APROBAR y listo
Pon APROBAR
Hay que poner APROBAR
Le pongo APROBAR
Iba a aprobar pero no
Iba a poner APROBAR
APROBAR, iba a poner
Listo para aprobar
Lista, aprobar
Lista para aprobar
Por mi parte lista para aprobar
La puedo aprobar
La apruebo yo o la apruebas tú
La apruebo cuando regrese
La apruebo mañana
La apruebo con gusto si bajan la frecuencia
La apruebo con una condición
La apruebo con la condición de que bajen
La apruebo, nada más que bajen la frecuencia
La apruebo, solo corrijan el nombre
La apruebo, corrijan el nombre
La apruebo. Corrijan el nombre.
Aprobada, que corrijan el nombre
Aprobada, favor de corregir el nombre
Aprobada. Favor de cambiar el nombre de la lista antes.
Aprobada, háganle los cambios que dijo Nancy
Aprobado. Revisar con Nancy.
Aprobado, lo confirmo en la tarde
Aprobado según el acta
Aprobado según Rodrigo
Aprobado de palabra
Aprobado verbalmente por la directora
Aprobado en junta
Aprobado en la junta de hoy
Aprobado el 3 de mayo
Aprobado desde el lunes
Aprobado, aparentemente
Aprobado, supuestamente
Aprobado, al parecer
Aprobado, entiendo
Aprobado, me dicen
Aprobado (Rodrigo)
Aprobado: Rodrigo
Aprobado Rodrigo
Estado: aprobada
Estado: aprobado por Nancy
Estatus: rechazada
Nota: aprobada
Decía "aprobar"
Gracias por aprobar
Gracias por aprobarla
Gracias, ¿la aprobaron?
Gracias. Aprobada la tuya también?
Muchas gracias por su autorización
Autorizado?
Autorización pendiente
Autorizar es cosa de la directora
Autorizar sin leer no puedo
Autorizo con reservas
Autorizo la mitad
Autorizo 200 destinatarios
Autorizo hasta 200 destinatarios
Autorizo un solo envío
Autorizo un mes
Autorizo por un mes
Autorizada por un semestre
Autorizada a prueba
Autorizada temporalmente
Approved with changes
Approved by Rodrigo
Approved?
To be approved
Not yet approved
Approved, but wait
I would approve
I approve of the idea
Rejected last year
Reject if they do not answer
Reject or approve?
Asignada a nancy@upaep.mx desde ayer
Ya se asignó a nancy@upaep.mx
Asignar a quien corresponda (nancy@upaep.mx sabe)
Se asigna normalmente a nancy@upaep.mx
Asignar a nancy@upaep.mx si está libre
Asignar a nancy@upaep.mx?
Hecho está, becarios@upaep.mx
Dicho y hecho, becarios@upaep.mx
De hecho becarios@upaep.mx no existe
Hecho a medias: becarios@upaep.mx
Hecha la prueba con becarios@upaep.mx
Hecho el cambio en becarios@upaep.mx
Hecho, la lista becarios@upaep.mx sigue sin dueño
Ya casi hecho becarios@upaep.mx
Pregunta para Nancy: ¿la ves tú?
Pregunta rápida: ¿quién lleva esto?
Pregunto porque no sé
Preguntar antes a Nancy
Preguntar a la directora si procede
Preguntar no cuesta nada
Preguntar es gratis
Deshacer o no deshacer
Deshacer esto va a ser complicado
Deshacer la lista de deportes
No la apruebes todavía
Apruébala si Elvira manda la firma
Nancy, apruébala tú
Nancy apruébala
¿La apruebas?
Aceptada por la directora
Acepto tus disculpas
Acepto que se revise mañana
Acepto la propuesta de juntarnos el martes
Se acepta la crítica
Se aceptan comentarios
Pásasela a alguien más
Se la pasé a karla.rivas@upaep.mx ayer
Pasar por karla.rivas@upaep.mx los papeles
Paso a verlos mañana, karla.rivas@upaep.mx viene conmigo
Pasen a Karla a la junta karla.rivas@upaep.mx
Encargar los volantes a karla.rivas@upaep.mx
Encargar a karla.rivas@upaep.mx los volantes
¡Qué coraje! Rechazada la otra vez
¡No puede ser! No rechazar
¡Ya lo dijo el rector! Rechazada por duplicada
Rechazada, la rechazo o no
Aprobada, la apruebo si firman
Aprobada, aprobada no
La otra la aprobé. Esta deshacer no
No quiero deshacer nada
Cómo le hago para deshacer
Antes de deshacer avísenme
Se puede deshacer?
Deshacer la otra, no esta
Contesten APROBAR
Respondan RECHAZAR
Contesta: aprobado
Hay que aprobarla
Aprobarla sería lo mejor
Autorizarla depende de la Dirección
Que la apruebe Karla
Que la autorice la directora
Aprobarla o no, esa es la pregunta
La aceptamos cuando firmen
Aceptada con condiciones
Aceptada la invitación, gracias
Declino la invitación
Declino opinar
Declinar no me toca
Desestimar lo que dije
Desechar el correo anterior
Se desecha la idea de crear otra
Rechácenla ustedes si quieren
Rechácenla, ¿no?
Avalar esto no me toca
Avalada por el consejo
Lo avalo en parte
Asignar a quien corresponda, karla.rivas@upaep.mx sabe
Asignar a Karla, karla.rivas@upaep.mx, si puede
Asignar a Karla, que está de vacaciones: karla.rivas@upaep.mx?
Asignar a karla.rivas@upaep.mx hasta que regrese Nancy
Asignar a karla.rivas@upaep.mx, aunque no creo que pueda
Asignarla a karla.rivas@upaep.mx no serviría
Asignasela a Karla cuando regrese karla.rivas@upaep.mx
Ya se creó? avisos-biblioteca@upaep.mx
Aún no se ha creado avisos-biblioteca@upaep.mx
La lista avisos-biblioteca@upaep.mx se creará el lunes
La lista ya existe, es avisos-biblioteca@upaep.mx, por eso la rechazaría
Falta crear avisos-biblioteca@upaep.mx
Crear avisos-biblioteca@upaep.mx
La creada fue otra, avisos-biblioteca@upaep.mx no
Lista para crear avisos-biblioteca@upaep.mx
Listo, ya le escribí a elvira@upaep.mx
Ya quedó de mandarlo elvira@upaep.mx
Ya está en copia elvira@upaep.mx
APROBAR||Prueba
APROBAR||Esperar
APROBAR||Nunca
Aprobada está pendiente
Aprobada en orden de prioridad
Aprobada y rechazada
Aprobada para revisión
Aprobada porque sí, ¿no?
La apruebo con cariño pero no
APROBAR|Disculpen lo anterior
Aprobada. Perdón la anterior
Se autoriza.||Me da duda la frecuencia
APROBAR|Me da pendiente
Aprobada. Estaba en contra
Se autoriza.||Estaba en contra de la frecuencia
APROBAR|Ando con dudas
Aprobada. Quedo atenta a sus aclaraciones
Se autoriza.||Éxito con 300 destinatarios
APROBAR|Éxito con la quincenal y no la semanal
Aprobada. Saludos. La frecuencia quincenal
Se autoriza.||Saludos: que sea mensual
APROBAR|Nos vemos para verlo
Aprobada. Me da gusto aprobarla condicionada
Se autoriza.||Me da gusto, falta el oficio
APROBAR|Perdón por la prisa, corrijan el nombre
Aprobada. Andaba en que la quería rechazar
Se autoriza.||Saludos, Rodrigo la rechaza
APROBAR|Les mando un saludo y el cambio
Aprobada. Les mando un saludo y los cambios
Se autoriza.||Un saludo y rechazada
APROBAR|Felicidades, la próxima la rechazo
Aprobada. Gracias, ando en duda
Se autoriza.||Suerte con la corrección
APROBAR|Que les sirva cuando la corrijan
Aprobada. Que les sirva una sola vez
Se autoriza.||quedo al pendiente de la firma del director
APROBAR|quedo en espera del oficio
Aprobada. quedo atenta a que cambien el nombre
Se autoriza.||siempre y cuando bajen la frecuencia
APROBAR|pero que sea mensual
Aprobada. Saludos, aunque primero háblenlo con Rodrigo
Se autoriza.||Gracias, falta el visto bueno
APROBAR|Quedo atenta a los cambios
Aprobada. Saludos, pero no la manden aún
Se autoriza.||Me avisan cuando corrijan el nombre
APROBAR|Quedo pendiente del dato
Aprobada. Espero la corrección
Se autoriza.||Antes corrijan el nombre, gracias
APROBAR|Mejor esperen, saludos
Aprobada. Que la revise Nancy, saludos
Se autoriza.||Nos vemos el lunes para decidirlo
APROBAR|Que lo firme el rector
Aprobada. Que se llame avisos-dch
Se autoriza.||Saludos y que sea quincenal
APROBAR|Gracias, nada más que sean 300
Aprobada. ¿Ya tienen la lista?
Se autoriza.||Gracias, ¿y la frecuencia?
APROBAR|Que no se mande más de una vez
Aprobada. Ojalá no saturen
Se autoriza.||Gracias, pero no
APROBAR|Era para la otra, saludos
Aprobada. Me equivoqué, saludos
Se autoriza.||Quedamos en que iba a ser mensual
APROBAR|Quedamos de verlo el lunes
Aprobada. Quedo con la duda
Se autoriza.||Seguimos sin el oficio
APROBAR|Estoy en contra de la frecuencia
Aprobada. Estamos esperando el oficio
Se autoriza.||Sigo sin ver la justificación
APROBAR|Estoy viendo lo del nombre
Aprobada. Saludos a todos menos a los de la lista
Se autoriza.||Que les quede claro que es solo una vez
APROBAR|Que sea la última
Aprobada. Que les avisen que es solo por este año
Se autoriza.||Que tengan listo el oficio
APROBAR|Que estén al pendiente de los rebotes
Aprobada. Gracias, luego les digo
Se autoriza.||Un saludo, la reviso mañana
APROBAR|Saludos, va condicionada
Aprobada. Felicidades, aunque falta el oficio
Se autoriza.||Perdón, era rechazar
APROBAR|Disculpen, me confundí de solicitud
Aprobada. Saludos, la otra rechazada
Se autoriza.||Mucho éxito, y corrijan la ortografía
APROBAR|Cualquier cosa la detenemos
Aprobada. Cualquier cambio me avisan
Se autoriza.||Éxito, pero con 300 destinatarios
APROBAR|Nos vemos y la vemos
Yo creo que sí se podría aprobar, ustedes qué dicen.
Si la doctora manda el oficio, apruébenla.
La aprobaría con gusto si bajaran a 300.
Rodrigo ya la aprobó, ¿no?
Aprobar o rechazar, esa es la cuestión jaja. La veo mañana.
Todavía no la apruebo, falta el dato de la vigencia.
No la rechacen todavía, déjenme hablar con ellos.
Aprobada la del mes pasado, esta no sé.
Que decida Nancy si se aprueba o se rechaza.
Me inclino por rechazar pero quiero oír a Valeria.
Autorizada siempre y cuando firme el decano.
En principio aprobada, falta que la lea la abogada.
Casi aprobada, nada más corrijan la fecha.
Aprobada? no recuerdo haberla visto
El área dice que ya está aprobada por rectoría.
Según yo ya la había rechazado la semana pasada.
Aprueben las que quieran, yo voy de salida.
Hasta que no traigan el visto bueno no se aprueba nada.
Podemos aprobarla el lunes.
La rechazaría, pero es el área del rector...
Aprobada es una palabra muy grande para esto.
Estaría bien rechazarla antes de que se haga costumbre.
No estoy en contra de aprobarla.
Si nadie se opone la damos por aprobada el viernes.
Les aviso cuando la apruebe.
ok, la reviso
jajaja apruébenla ustedes que a mí me da pena
Aprobada a medias: la frecuencia no me convence.
Aprobada, pero con la mitad de envíos.
Aprobada solo para este semestre.
Aprobada para docentes; alumnos no.
Apruebo. Bueno no, espérenme tantito.
Rechazada. Perdón, me equivoqué de correo.
Rechazar, creo que sí.
¿Y si la rechazamos?
Aprobar esto sería un precedente delicado.
No procede todavía
Que conste que yo no la aprobé.
Aprobada condicionada a que manden el padrón.
Mi jefe dijo que la apruebe pero quiero leerla primero.
¿Apruebo o espero?
Por mí que la aprueben, pero no me toca a mí.
Aprobada. Nomás que sea mensual.
Aprobada. Quítenle a los externos.
Aprobada. Primero que entreguen el oficio.
Se autoriza a partir de enero, antes no.
Se aprueba con reservas.
Sí pero no.
Mañana le digo a Nancy que la rechace.
Ya pregunté si la aprueban y no me contestan.
Quedó creada? la avisos-x@upaep.mx no me aparece
Casi lista avisos-y@upaep.mx, falta cargar correos
Mañana creo avisos-z@upaep.mx
No pude crear avisos-w@upaep.mx, marca error
Aprobada por Valeria según veo en el sistema.
Lo de Nutrición aprobado, lo de la biblioteca lo dejo para después.
Autoricé una parecida hace un año y fue un desastre.
Apruébenla si quieren, yo me deslindo.
Denegar me parece excesivo, pero aprobar también.
Primero, rechazar es feo
Para aprobar, que manden el oficio
Antes de rechazarla, denegar la otra por duplicada
Pregunto mañana y les aviso
Mejor no rechazar
Aprobada, la revisaremos
Aprobada. Revisen bien los datos
Aprobada y rechazada la otra
Autorizada. Que la usen solo para avisos
APROBADA.||QUE FIRME PRIMERO EL DECANO
Queda aprobada.||LA DIRECTORA OPINO LO CONTRARIO Y ELLA TIENE MAYOR RANGO.
Queda aprobada.||QUEDA EN VEREMOS.
Queda aprobada.||El aviso de privacidad que mandaron está vencido y debe sustituirse.
Queda aprobada.||Antes necesito ver el aviso de privacidad.
Queda aprobada.||Sigo sin ver el aviso de privacidad, y sin eso no hay nada.
Aprobada.||Lic. Rosa Paz|Queda Pendiente El Oficio
Aprobada, gracias por quitar a los docentes
Queda aprobada. La última palabra la tiene Rectoría.
Rechazada... o no sé
RECHAZAR: duplicada. O no, espérenme.
Aprobada. Ojalá bajen la frecuencia.
Aprobada, a ver cómo les va.
Aprobada si y solo si quitan externos
Autorizada. El nombre no me convence.
Aprobada, nos vemos cuando firmen.
Autorizada en lo general.
Aprobada. Luego vemos lo de los docentes.
Aprobada la primera parte.
Apruebo con una observación.
Aprobada. Me queda la duda de los externos.
Aprobada. Esperen a que la doctora confirme.
Se autoriza. Deben bajar a quincenal.
Se autoriza. Nos deben el oficio.
Aprobada para pruebas.
Aprobada, con tope de 200.
Bien planteada, aunque yo no la aprobaría.
Muy bien redactada. La apruebo mañana.
Excelente propuesta. Rechazada la anterior, esta la veo luego.
La leí completa. No sé si autorizarla.
Ya la revisé con el equipo. Mañana la autorizamos.
Qué bonita iniciativa. ¿La aprobamos?
Felicidades. Falta que la autorice el decano.
Gracias por el aviso, ya la aprobó Nancy.
Ya quedó aprobada por Rodrigo, ¿verdad?
Se aprobó en la junta pasada algo parecido.
Aprobar, pero ya.
Aprobada pero no la creen.
Aprobada. No la creen todavía.
Aprobada. El lunes les digo desde cuándo.
Aprobada. Cámbienla a mensual.
Aprobada. Con copia a mí de cada envío.
Aprobada por esta única ocasión.
Aprobada. Que no pase de cien.
Aprobada. Vigilen que no abusen.
Rechazar sería lo más fácil.
RECHAZAR o mejor preguntar
Rechazada si no contestan hoy.
Rechazada la de ayer, esta no.
No rechacen nada sin avisarme.
Rechácenla ustedes si quieren.
Que la rechace Valeria.
Rechazo los tamales pero esta lista ni la he visto jaja
Estoy por rechazarla.
Casi la rechazo, pero déjenme preguntar.
El rechazo me parece duro.
Hecho un lío con esta solicitud
Lista? cuál lista
Ya está pedida a sistemas, avisos-q@upaep.mx todavía no
avisos-r@upaep.mx existe desde antes, no la creé yo
Deshacer es de sabios jaja, pero no.
¿Se puede deshacer?
Si me equivoco la deshago después.
APROBADA|PENDIENTE FIRMA
Aprobada.||Atte.|Sin Docentes
Aprobada, gracias. Y suban a 300.
Aprobada. Gracias por quitarle los externos cuando puedan.
Queda aprobada y pendiente de oficio.
Aprobada, digo, la otra.
Muy completa, aprobada la de derecho.
"""
