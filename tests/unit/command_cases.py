"""Commands as staff may write them, by another hand than the corpora; "|" is a line end."""

from __future__ import annotations

APPROVED = """
Se recomienda su aprobación.||APROBAR
Favor de aprobar
Favor de aprobar. Gracias.
Revisé el formato y el padrón; la maestra explicó bien su razón.||APROBAR
Por instrucciones del Dr. Barragán, se aprueba.||Gracias
El doctor me pide responder lo siguiente:||APROBAR
Doy mi visto bueno para la creación de esta lista.||Saludos
Se autoriza la lista. Quedo atenta a la dirección que le asignen.
Aprovada, grasias
APROBAR||No duden en llamarme para lo que se ofrezca.
APROBAR. Ya lo platiqué con ellos y me quedó claro.
Revisado. 9 de 9. Aprobar.
¡Me encanta! Aprobada 🌸
Aprobada. La vi con el café en la mano y está redonda.
Sí, aprobada. Perdón que conteste hasta hoy, andaba en el congreso.
revisé con calma cada renglón y no le encuentro defecto alguno así que queda aprobada
Habiendo dado lectura a la solicitud, esta Jefatura la aprueba.
Apruébese, y que sea para bien de los lectores morosos.
ok aprobada, que les vaya bonito con su lista
Ya lo platicamos con la directora. Aprobada
Se aprueba. Está bien ordenada y la vigencia es razonable.
Aprobada. La leí completa y no le veo inconveniente.
Vista con la calma que merece, y no encontrando reparo alguno, se aprueba.
Con gusto la apruebo, cumple con todo. Bonito lunes.
Autorizada, avísenle a la maestra.
Aprobada en todos sus términos y para los efectos conducentes.
Se aprueba conforme a los lineamientos vigentes
Sin comentarios, aprobada
Sin comentarios adicionales: aprobada
Perdón la hora. Aprobada
En atención a la solicitud que se somete a mi consideración, se autoriza.
Una vez analizada la justificación presentada, esta Dirección aprueba la solicitud.
Se aprueba. La solicitud cuenta con mi visto bueno.
Leí con detenimiento la solicitud y la apruebo.||Su afectísimo,
la apruebo, perdón x la demora
se aprueba esta solicitud gracias que tengan bonita tarde
APROBAR||Thanks y happy Friday!
Se aprueba en sus términos.||Protesto lo necesario.
Satisfechos los requisitos de los lineamientos, se autoriza la solicitud.
APROBAR. sin tiempo para más, slds
Habiendo verificado que la solicitud reúne los requisitos vigentes, esta Dirección la aprueba.
Estoy de acuerdo, se aprueba
Revisé la solicitud y la apruebo.
La revisé con calma y la autorizo.
Queda autorizada por esta Dirección, procédase conforme a lo habitual.
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
Aprobada la petición
Aprobada la presente
Ya la chequé, todo ok. Aprobada!
Aprobada!! qué bonita iniciativa la de la biblio, les va a servir mucho a los chavos 😊
Revisé punto por punto los lineamientos y no encontré incumplimiento. Se aprueba.
Sin problema, autorizada, ya lo había platicado con la doctora y coincidimos.
Buenas noches, disculpen la hora. La leí con detenimiento y me parece razonable; queda aprobada.
Ya lo pensé bien. Aprobada.
APROBAR||(Lo consulté con Fernanda por teléfono.)
Una vez platicado con Rectoría, se autoriza.
Después de platicarlo con el Dr. Salas, autorizada.
Yes, approved. Sorry for the delay, I was at a conference.
Ándale pues, aprobada.
Adelante, la apruebo. Ya quedamos en eso con Rosita.
Listo, ya tengo el dato. Autorizada.
Solicitud revisada y aprobada.
LGTM, approved 👍
Jimena, dale, autorizada. Abrazo.
Doy mi autorización. Que se siga el trámite.
Aprobado y turnado para lo conducente.
Se concede.
Es una buena propuesta y está bien planteada, por lo tanto la autorizo.
ok aprobado gracias bendiciones
Esta Dirección no tiene inconveniente en autorizarla.
Se aprueba su solicitud
Se autoriza dicha lista
Queda aprobada, saludos cordiales
Queda autorizada la lista. Gracias
Se autoriza el alta de la lista
Se aprueba el restablecimiento de la lista
Apruebo el restablecimiento
Aprobado por Comunicación Interna
Aprobado por mí
Por mí, aprobada
Por mi lado aprobada
Por parte de esta dirección se aprueba
Por este medio se aprueba la solicitud
Por este conducto autorizo la solicitud
Por la presente se autoriza
Buen día. Por mi parte se autoriza. Gracias.
Hola a todos, aprobada. Saludos
Estimados todos: se aprueba.
Estimado equipo, aprobada la solicitud
Buenas, aprobado
Qué tal, buen día. Aprobada.
Hola buenos dias, aprobado gracias
buen dia aprobada saludos
Aprobada. Slds.
Aprobado. Saludos cordiales, Beatriz Solórzano
Aprobada.- Gracias
APROBADA!!!
***APROBAR***
- APROBAR
APROBAR -
> APROBADO
[APROBAR]
Aprobado; gracias
Aprobado / gracias
Aprobada :)
Aprobado y gracias
Aprobado, muchísimas gracias por todo
Aprobada. Gracias por la información.
Aprobada. Gracias por su paciencia y apoyo.
Aprobada. Gracias por revisarla.
Aprobada, excelente propuesta.
Aprobada. Muy buena iniciativa.
Aprobada. Éxito con la lista.
Aprobada. ¡Éxito!
Aprobada. Bonita tarde.
Aprobada. Quedo a sus órdenes.
Aprobada. Quedo atenta.
Aprobada. Cualquier cosa me avisan.
Aprobada. Estoy a sus órdenes para cualquier duda.
Aprobada. Sin comentarios adicionales.
Aprobada sin comentarios
Aprobado en todos sus términos
Aprobado tal cual
Aprobada como viene
Aprobada en los términos solicitados
Aprobada, cumple con todo
Aprobada, cumple los lineamientos.
Aprobada, está completa
Aprobada, todo en orden.
Aprobada, viene completa y bien justificada
Aprobada porque cumple con los lineamientos
Aprobada ya que cumple con todos los requisitos
Revisé la solicitud y cumple con los lineamientos, se aprueba.
Revisada y aprobada
Revisado y aprobado, gracias
Leída y aprobada
Visto y aprobado
Enterada y aprobada
Ok, autorizado
Va, aprobada
Va aprobada
Sale, aprobada
Listo, autorizada, saludos
Perfecto, se aprueba
De acuerdo, aprobada
De acuerdo, se autoriza. Gracias.
Correcto, aprobada.
Con todo gusto, aprobada
Claro, aprobada
Adelante, aprobada
Adelante, se autoriza
Muy bien, aprobada
Muy bien. Aprobada.
Está bien, aprobada
Yo apruebo
Nosotros aprobamos
Confirmo: aprobada
Sí, aprobado por favor
Sí, autorizo
Si autorizo
si, autorizado
SI APRUEBO
SE APRUEBA
SE AUTORIZA LA SOLICITUD
AUTORIZADO POR ESTA DIRECCION
APROBADA POR MI PARTE
aprobado x mi
aprobado xfa
APROBAR. Enviado desde mi iPhone
Decisión: aprobada
Mi respuesta: aprobada
Solicitud aprobada. Un saludo.
Una vez revisada la solicitud, se autoriza.
Una vez revisada la información contenida en el formato de referencia, se autoriza.
Tiene mi visto bueno, gracias.
Ya me confirmaron. Aprobada.
APROBAR||Quedo atenta a cualquier duda.
Se aprueba, todo en orden.||Mesa de Servicios|"Servir es enseñar"
Apruébala por favor.
Autorícese.
Autorícenla, gracias.
Apruébese y comuníquese al área.
Adelante, queda autorizada.
Está autorizada, procedan por favor
Aprobado de mi lado, gracias por la espera
Lo apruebo, gracias
Por supuesto, aprobada
Perfecto, aprobada. Quedo al pendiente.
aprobadaaa
OK aprobada, saludos desde el aeropuerto
Sin problema, aprobada
Aprobada. Que Dios los bendiga
aprobada, lindo finde
Aprobada con mucho gusto.
Estimados, buenos días: leída con detenimiento, se autoriza. Reciban un cordial saludo.
Ya la leí, me parece bien. Aprobada.
La solicitud está bien justificada, por lo que la apruebo.
Todo ok, apruebo
Yes, approved. Thanks!
Approved, looks good.
APROBAR|gracias, quedo al pendiente
Aprobada. Saludos a todos por allá
Se autoriza.||Saludos, Nancy
APROBAR|Gracias y bonito día
Aprobada. Quedo atenta, saludos
Se autoriza.||Saludos y excelente semana para todos
APROBAR|Gracias por todo, quedo atenta a sus comentarios
Aprobada. Quedamos al pendiente por aquí
Se autoriza.||Gracias por su paciencia, andamos con mucho trabajo
APROBAR|Que les sirva mucho
Aprobada. Éxito con el proyecto
Se autoriza.||Mucho éxito en este ciclo
APROBAR|Felicidades al área por el orden
Aprobada. Buen fin, nos vemos el lunes
Se autoriza.||Nos vemos en la junta del jueves
APROBAR|Les mando un saludo
Aprobada. Les mando un abrazo
Se autoriza.||Salúdenme a la maestra Prado
APROBAR|Saludos desde la sierra
Aprobada. Perdón por la demora, andaba en junta
Se autoriza.||Disculpen la tardanza, estuve de viaje
APROBAR|Ando en el celular, perdón por lo breve
Aprobada. Cualquier cosa me marcan
Se autoriza.||Cualquier duda aquí ando
APROBAR|Gracias Rodrigo, buen trabajo
Aprobada. Gracias, Rodrigo, por la revisión tan completa
Se autoriza.||Quedo al pendiente de cualquier cosa
APROBAR|Gracias por avisar con tiempo.
Aprobada. Buen día a todas y todos
Se autoriza.||Saludos cordiales desde Dirección General
APROBAR|Gracias a todos por su apoyo en este tema
Aprobada. Feliz inicio de semestre
"""

# Text => name of the command => argument.
GIVEN = """
No quiero decidir así.|PREGUNTAR ¿los papás lo pidieron? => ask => ¿los papás lo pidieron?
preguntarles a qué se refieren con comunidad => ask => a qué se refieren con comunidad
Asignar a luz.rea@upaep.mx porque yo prefiero no decidir. => assign => luz.rea@upaep.mx
HECHO: becas@upaep.mx||Moderada, escribe el responsable. => done => becas@upaep.mx
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
Se desecha, toda vez que no acredita quién. => reject => toda vez que no acredita quién.
Lo siento mucho, no se aprueba: van por otro medio. => reject => van por otro medio.
Pues no, rechazada: tres diarios es demasiado. => reject => tres diarios es demasiado.
Oigan, antes que nada pregunten si están de acuerdo. => ask => si están de acuerdo.
nop, rechazada. eso va en el Correo del Día => reject => eso va en el Correo del Día
Con pena la rechazo, porque es un solo día. => reject => porque es un solo día.
No la acepto: van por otro medio. => reject => van por otro medio.
Rechazar por favor, ya hay una casi igual. => reject => ya hay una casi igual.
Antes de resolver, favor de preguntar al área por qué dos. => ask => por qué dos.
Antes de decidir, pregunten al área: ¿por qué otra? => ask => ¿por qué otra?
Para seguir necesito que le pregunten al área de qué año son. => ask => de qué año son.
Consúltenle al área si puede terminar en junio. => ask => si puede terminar en junio.
Que nos digan en qué horario van a enviar. => ask => en qué horario van a enviar.
Como nota interna: pidieron algo casi igual. => note => pidieron algo casi igual.
Para el expediente: se vio en el comité. => note => se vio en el comité.
Asígnenla a i.paz@upaep.mx por favor, yo salgo mañana. => assign => i.paz@upaep.mx
Hola, esta por favor asígnenla a i.paz@upaep.mx => assign => i.paz@upaep.mx
Deshagan lo que mandé por favor. => undo =>
RECHAZAR: es la misma del CI-2020-0007 => reject => es la misma del CI-2020-0007
RECHAZAR||Lucía => reject =>
Asignar a Nancy Olvera nancy.olvera@upaep.mx => assign => nancy.olvera@upaep.mx
Asignar la solicitud a Nancy.Olvera@upaep.mx => assign => nancy.olvera@upaep.mx
asignar nancy.o@upaep.mx<mailto:nancy.o@upaep.mx> => assign => nancy.o@upaep.mx
HECHO: la lista quedó con la dirección becarios@upaep.mx => done => becarios@upaep.mx
La lista está dada de alta y funcionando: becarios@upaep.mx => done => becarios@upaep.mx
Hecho. becarios@upaep.mx => done => becarios@upaep.mx
Hecho, quedó como becarios@upaep.mx. Saludos => done => becarios@upaep.mx
PREGUNTAR cuántos son => ask => cuántos son
Pregunta: ¿quién firma? => ask => ¿quién firma?
Preguntar al área quién firma => ask => quién firma
NOTA: ya hablé con ellos => note => ya hablé con ellos
Nota: no aprobar todavía => note => no aprobar todavía
Estado de la solicitud => status =>
Estatus por favor, gracias => status =>
LISTA => list =>
AYUDA!!! => help =>
Deshacer, gracias => undo =>
Deshacer por favor, fue un error => undo =>
DESHACER me equivoqué => undo =>
RECHAZAR: aún no tienen visto bueno => reject => aún no tienen visto bueno
RECHAZAR no se aprobó el presupuesto => reject => no se aprobó el presupuesto
RECHAZAR ya existe, no se puede duplicar => reject => ya existe, no se puede duplicar
RECHAZAR no cumple. ¿Por qué no usan el Correo? => reject => no cumple. ¿Por qué no usan el Correo?
RECHAZAR quizá convenga el Correo del Día => reject => quizá convenga el Correo del Día
RECHAZAR||Luz:||1. Esperar.|2. Pedirla otra vez. => reject => Luz:||1. Esperar.|2. Pedirla otra vez.
Favor de rechazar. Es la misma lista. => reject => Es la misma lista.
No procede: es la misma lista. => reject => es la misma lista.
Rechásala, ya tienen otra igual => reject => ya tienen otra igual
LISTO: Becarios@upaep.mx||Saludos => done => becarios@upaep.mx
Listo (becarios@upaep.mx). => done => becarios@upaep.mx
ya quedó creada becarios@upaep.mx.||Mesa de Servicios|soporte@upaep.mx => done => becarios@upaep.mx
Pregúntenles si son los mismos alumnos => ask => si son los mismos alumnos
pregunta cada cuánto cambia => ask => cada cuánto cambia
Recházala, ya hay muchas listas => reject => ya hay muchas listas
Recházenla por favor, no trae firma => reject => no trae firma
Favor de rechazarla, no cumple con el punto 3 => reject => no cumple con el punto 3
RECHAZAR - no es institucional => reject => no es institucional
Reject: no signature => reject => no signature
Rejected because the list already exists => reject => because the list already exists
Rechazar por favor, motivo: ya existe boletin-biblioteca => reject => ya existe boletin-biblioteca
NO PROCEDE. La lista ya existe. => reject => La lista ya existe.
Decisión: rechazar. Razón: no cumple el punto 2 => reject => no cumple el punto 2
La rechazo, no cumple => reject => no cumple
Rechazada, que usen el Correo del Día => reject => que usen el Correo del Día
Pregúntales cuántos correos mandarían al mes => ask => cuántos correos mandarían al mes
Pregunten al área si ya tienen el visto bueno => ask => si ya tienen el visto bueno
Pregunta para el área: ¿quién va a mandar? => ask => ¿quién va a mandar?
PREGUNTAR: quién es el responsable => ask => quién es el responsable
Favor de preguntar quién autoriza => ask => quién autoriza
Pregunta: de dónde sale el padrón => ask => de dónde sale el padrón
Asígnasela a karla.rivas@upaep.mx => assign => karla.rivas@upaep.mx
asignar karla.rivas@upaep.mx ella lleva biblioteca => assign => karla.rivas@upaep.mx
asígnale esta a karla.rivas@upaep.mx => assign => karla.rivas@upaep.mx
Assign to karla.rivas@upaep.mx please => assign => karla.rivas@upaep.mx
ASIGNAR: Karla Rivas <karla.rivas@upaep.mx> => assign => karla.rivas@upaep.mx
Hecho, avisos-biblioteca@upaep.mx => done => avisos-biblioteca@upaep.mx
Done, avisos-biblioteca@upaep.mx => done => avisos-biblioteca@upaep.mx
Deshacer por favor => undo =>
Me equivoqué, deshacer => undo =>
Perdón!! deshacer, era otra => undo =>
deshacer lo anterior => undo =>
Deshacer, le di a la que no era => undo =>
Undo please => undo =>
Ay perdón, me equivoqué de solicitud. DESHACER => undo =>
DESHACER por favor, piqué mal => undo =>
Nota: Elvira me llamó => note => Elvira me llamó
Nota interna: ojo con el número => note => ojo con el número
NOTA pendiente hablar con Rectoría => note => pendiente hablar con Rectoría
Nota para nosotros: esta área siempre manda tarde => note => esta área siempre manda tarde
NOTA.- ya se avisó a sistemas => note => ya se avisó a sistemas
Nota al expediente: viene sin sello => note => viene sin sello
Pídanles que adjunten el oficio del vicerrector. => ask => que adjunten el oficio del vicerrector.
Favor de pedirles el número exacto de socios. => ask => el número exacto de socios.
Solicítele a la responsable el padrón del grupo => ask => el padrón del grupo
Buenas noches, perdón la hora. Preguntar: ¿es para todos? => ask => ¿es para todos?
Favor de agregar una nota interna: está en Recepción. => note => está en Recepción.
Añadan una nota por favor: ayer rebotó y hoy ya funciona => note => ayer rebotó y hoy ya funciona
Solicito asignar el presente folio a karla.rivas@upaep.mx. => assign => karla.rivas@upaep.mx
Les informo que la lista solicitada quedó creada con la dirección a@upaep.mx => done => a@upaep.mx
Hecho, gracias por esperar: avisos-biblioteca@upaep.mx => done => avisos-biblioteca@upaep.mx
Favor de deshacer lo último que mandé. => undo =>
Nota: dominio externo, revisar SPF => note => dominio externo, revisar SPF
Preguntarles cuál es su extensión => ask => cuál es su extensión
Contestarle que es gratis => answer => que es gratis
Pídanle a la responsable el padrón => ask => el padrón
Pedir el oficio firmado por la dirección => ask => el oficio firmado por la dirección
Favor de pedir al área el número exacto de destinatarios => ask => el número exacto de destinatarios
Solicitar al área la justificación completa => ask => la justificación completa
Pregúnteseles si existe convenio vigente. => ask => si existe convenio vigente.
Por acuerdo de esta Dirección, se rechaza: carece de sustento. => reject => carece de sustento.
HECHO. Se habilitó la dirección avisos-b@upaep.mx. => done => avisos-b@upaep.mx
hecho, qdó como avisos-b@upaep.mx, slds => done => avisos-b@upaep.mx
Asignar a la profesora Karla Rivas,|karla.rivas@upaep.mx => assign => karla.rivas@upaep.mx
"""
