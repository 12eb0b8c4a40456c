"""Who takes part in the demo. All of them are invented."""

from __future__ import annotations

MAILBOX = "comunicacion.interna@upaep.mx"

ANA = "ana.prado@upaep.mx"
MEDICINE = "octavio.larranaga@upaep.mx"
HUMAN_RESOURCES = "paulina.galvez@upaep.mx"
SPORTS = "rolando.pacheco@upaep.mx"

REVIEWER = "rodrigo.espino@upaep.mx"
REVIEWER_2 = "valeria.quiroz@upaep.mx"
APPROVER = "nancy.olvera@upaep.mx"
PROVISIONER = "noe.castellanos@upaep.mx"
ADMIN = "guardia.sistemas@upaep.mx"

NAMES = {
    MAILBOX: "Comunicación Interna UPAEP",
    ANA: "Ana Prado (Biblioteca Central)",
    MEDICINE: "Octavio Larrañaga (Facultad de Medicina)",
    HUMAN_RESOURCES: "Paulina Gálvez (Recursos Humanos)",
    SPORTS: "Rolando Pacheco (Deportes)",
    REVIEWER: "Rodrigo Espino (revisor)",
    REVIEWER_2: "Valeria Quiroz (revisora)",
    APPROVER: "Nancy Olvera (Dirección General)",
    PROVISIONER: "Noé Castellanos (Plataforma Tecnológica)",
    ADMIN: "Guardia de sistemas (administración)",
}

STAFF = [
    {"name": "Rodrigo Espino", "email": REVIEWER, "roles": ["reviewer"]},
    {"name": "Valeria Quiroz", "email": REVIEWER_2, "roles": ["reviewer"]},
    {"name": "Nancy Olvera", "email": APPROVER, "roles": ["approver"]},
    {"name": "Noé Castellanos", "email": PROVISIONER, "roles": ["provisioner"]},
    {"name": "Guardia de sistemas", "email": ADMIN, "roles": ["admin"]},
]
