"""What areas write in these tests."""

PROSE = """Buenas tardes:

La Biblioteca Central solicita la creación de una lista de distribución para difundir las nuevas
adquisiciones y los cursos de formación de usuarios. Se dirigiría a estudiantes y profesores
(aproximadamente 1,850 personas) y se usaría una vez al mes.

Saludos,
Ana
"""

REST = """Va lo que falta:

Responsable del envío: Elvira Santoyo Quiroz
Cargo: Jefa de Servicios al Público
Correo institucional: elvira.santoyo@upaep.mx
Extensión: 7415
Nombre de la lista: novedades-biblioteca
Vigencia: del 16 de agosto de 2027 al 15 de agosto de 2028
Justificación: el Correo del Día publica un solo renglón por aviso y no permite adjuntar el boletín
Visto bueno: Octavio Larrañaga Pineda
"""

FULL = """Buenas tardes, envío el formato:

Tipo de solicitud: Creación
Área solicitante: Biblioteca Central
Responsable del envío: Elvira Santoyo Quiroz
Cargo: Jefa de Servicios al Público
Correo institucional: elvira.santoyo@upaep.mx
Extensión: 7415
Nombre de la lista: novedades-biblioteca
Objetivo de la lista: difundir las nuevas adquisiciones y los cursos
Destinatarios: alumnos y docentes
Número aproximado de destinatarios: 1,850
Frecuencia de envío: mensual
Vigencia: del 16 de agosto de 2027 al 15 de agosto de 2028
Justificación: el Correo del Día publica un solo renglón por aviso
Visto bueno: Octavio Larrañaga Pineda
"""
