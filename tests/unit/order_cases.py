"""Mails of staff by another hand than the corpora: what must be no order, and what must be one."""

from __future__ import annotations

# No decision may be taken on any of these; "|" stands for a line end.
NO_DECISION = """
Aprobada, pero que no manden más de uno al mes
Aprobada aunque no me gusta el nombre
Aprobar. Solo falta que firme el director
Aprobado.|Falta la firma
APROBAR||Espera
APROBAR||perdón, mejor esperen
APROBAR|No
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
Favor de aprobar
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
"""

APPROVED = """
Aprobada
APROBAR por favor, gracias
Se aprueba la presente solicitud.
Se aprueba la solicitud CI-2021-0042.
Por mi parte, aprobada. Gracias por el seguimiento.
De mi parte aprobada, saludos
Con gusto se autoriza la lista.
Buenos días, se autoriza. Saludos cordiales.
Estimada Nancy:||Aprobada la solicitud.||Saludos
Autorizada la creación de la lista de la Biblioteca Central.
Esta dirección aprueba la solicitud.
La solicitud queda aprobada.
Esta solicitud queda autorizada, gracias.
Está aprobada.
Doy por aprobada la solicitud
Sí, se aprueba.
Claro que sí, aprobada
Okay, aprobado. Saludos!
¡Aprobado! Buen inicio de semana.
✅ Aprobada
Muy buenas tardes, aprobado. Quedo al pendiente.
Revisada la documentación, se aprueba.
Ya la revisé, todo bien. Aprobada.
Cumple con los lineamientos. Se aprueba.
Viene completa. APROBAR
Aprobada, gracias equipo
Aprobada. Que tengan buen fin de semana.
Aprobada. Pueden proceder con el alta.
Apruebo esta solicitud
Yo la apruebo
Aprobada por esta coordinación
Aprobado sin cambios
Autorizo, gracias
Autorizada. Atte. Lic. Beatriz Solórzano
Folio CI-2021-0042: aprobado
APROBAR [CI-2021-0042]
Approved. Thank you.
Looks good, approved
Cuenta con mi autorización.
Apruébese
Autorícese
aprovada
Aprobar.||Gracias y saludos|Nancy
Aprobada.||Nancy Olvera|Coordinadora de Comunicación Interna|Ext. 7102
Aprobada tal como la piden
No tengo inconveniente, aprobada
Perdón por la tardanza, aprobada
Hola Vale, aprobada, gracias
A\u200bPRO\u00adBAR
ＡＰＲＯＢＡＲ
APROBAR|NOTA: ya avisé al área
"""

# Text => name of the order => argument.
GIVEN = """
Rechazada por falta de visto bueno => reject => por falta de visto bueno
Se rechaza la solicitud ya que no cumple el punto 4 => reject => ya que no cumple el punto 4
Se rechaza la solicitud. No cumple el punto 4. => reject => No cumple el punto 4.
La rechazo porque ya existe una lista igual => reject => porque ya existe una lista igual
RECHAZAR Falta el visto bueno => reject => Falta el visto bueno
RECHAZAR|Falta el visto bueno del director => reject => Falta el visto bueno del director
Rechazar, falta el visto bueno, saludos => reject => falta el visto bueno
Buenos días, se rechaza: no trae firma. Saludos, Nancy => reject => no trae firma.
Rechazada||Motivo: no trae firma||Saludos,|Nancy => reject => no trae firma
No cumple, se rechaza por eso => reject => por eso
Rejected: duplicate => reject => duplicate
RECHAZAR. Deben usar el Correo del Día. => reject => Deben usar el Correo del Día.
RECHAZAR no indica si los alumnos aceptaron => reject => no indica si los alumnos aceptaron
Rechazar: mañana vence el plazo y nada => reject => mañana vence el plazo y nada
Rechasada: duplicada => reject => duplicada
RECHAZAR: es la misma del CI-2020-0007 => reject => es la misma del CI-2020-0007
RECHAZAR||Lucía => reject =>
Asignar a Nancy Olvera nancy.olvera@upaep.mx => assign => nancy.olvera@upaep.mx
Asignar la solicitud a Nancy.Olvera@upaep.mx => assign => nancy.olvera@upaep.mx
asignar nancy.o@upaep.mx<mailto:nancy.o@upaep.mx> => assign => nancy.o@upaep.mx
HECHO: la lista quedó con la dirección becarios@upaep.mx => done => becarios@upaep.mx
Hecho. becarios@upaep.mx => done => becarios@upaep.mx
Hecho, quedó como becarios@upaep.mx. Saludos => done => becarios@upaep.mx
PREGUNTAR cuántos son => ask => cuántos son
Pregunta: ¿quién firma? => ask => ¿quién firma?
Preguntar al área quién firma => ask => al área quién firma
NOTA: ya hablé con ellos => note => ya hablé con ellos
Nota: no aprobar todavía => note => no aprobar todavía
Estado de la solicitud => status =>
Estatus por favor, gracias => status =>
LISTA => list =>
AYUDA!!! => help =>
Deshacer, gracias => undo =>
Deshacer por favor, fue un error => undo =>
DESHACER me equivoqué => undo =>
"""
