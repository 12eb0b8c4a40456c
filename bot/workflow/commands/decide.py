"""Commands that decide on a request, and the one that takes a decision back."""

from __future__ import annotations

from dataclasses import replace

from bot.lists.register import ListEntry, ListState, entry_of, is_list_of
from bot.lists.request import is_removal
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.commands.answers import event, refused
from bot.workflow.commands.registry import DECIDERS, HOLDER, CommandContext, command
from bot.workflow.followers import with_everybody, with_followers
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import (
    accepted,
    command_result,
    decided,
    display_name,
    list_ready,
    rejected,
    undo_words,
)
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.updates import noted, responsibility
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Role
from nlp.types import Intent


@command(
    "approve",
    "APROBAR",
    ("approve", "approved", "cuenta con mi aprobacion", "cuenta con mi autorizacion",
     "tiene mi aprobacion", "tiene mi autorizacion", "doy mi aprobacion", "doy mi autorizacion",
     "otorgo mi aprobacion", "otorgo mi autorizacion", "i approve"),
    DECIDERS,
    verbs=("aprobar/aprueb", "autorizar"),
    decides=True,
)  # fmt: skip
def approve(command: CommandContext) -> Outcome:
    """Recomienda la solicitud (en revisión) o la acepta (en aprobación)."""
    organization = command.context.organization
    decides_later = organization.kind(command.case).stage(State.APPROVAL) is not None
    if command.case.state is State.REVIEW and decides_later:
        return _recommend(command)
    case = _ruled(command, Move.APPROVED)
    to_requester = with_followers(organization, case, accepted(organization, case))
    notifications = (*to_requester, *responsibility(organization, case))
    return _done(
        command, case, "aprobó la solicitud", f"Aprobó la solicitud {case.folio}.", notifications
    )


@command(
    "reject",
    "RECHAZAR",
    ("reject", "rejected", "i reject"),
    DECIDERS,
    verbs=("rechazar", "denegar/denieg"),
    argument="text",
    decides=True,
    needs_text=True,
)  # fmt: skip
def reject(command: CommandContext) -> Outcome:
    """Rechaza la solicitud; escriba después el motivo, que se envía al área tal cual."""
    if not command.argument:
        return _reason_wanted(command)
    case = _ruled(command, Move.REJECTED, command.argument)
    title = f"Rechazó la solicitud {case.folio}."
    what = f"rechazó la solicitud: {command.argument}"
    organization = command.context.organization
    return _done(
        command, case, what, title, with_followers(organization, case, rejected(organization, case))
    )


@command(
    "undo",
    "DESHACER",
    ("deshacer", "deshaz", "deshago", "deshagan", "undo"),
    {
        State.APPROVAL: frozenset({Role.REVIEWER, Role.APPROVER}),
        State.PROVISIONING: frozenset({Role.REVIEWER, Role.APPROVER}),
        State.REJECTED: frozenset({Role.REVIEWER, Role.APPROVER}),
    },
    remark=True,
    button=False,
)
def undo(command: CommandContext) -> Outcome:
    """Detiene su última decisión mientras no haya salido."""
    decision, now, organization = (
        command.case.decision,
        command.context.now,
        command.context.organization,
    )
    if decision is None or decision.by != command.person.address.email:
        return refused(command, "No hay una decisión suya que se pueda deshacer.")
    if now >= decision.goes_out_at:
        return refused(command, "Esa decisión ya salió y no se puede deshacer.")
    back = Move.TO_REVIEW if decision.before is State.REVIEW else Move.TO_APPROVAL
    case = replace(command.case.moved(back, now), decision=None)
    fresh = notices(
        organization, case, note=f"{display_name(command.person.address)} deshizo su decisión."
    )
    noticed = {notice.person.address.email for notice in fresh}
    deciders = (*organization.with_role(Role.REVIEWER), *organization.with_role(Role.APPROVER))
    others = [p for p in deciders if p.address.email not in noticed]
    notifications = (
        command_result(
            command.person,
            command.context.incoming,
            f"Deshizo su decisión sobre {case.folio}.",
            ("El área no recibió nada. La solicitud espera de nuevo una decisión.",),
            case=case,
        ),
        *decided(organization, case, command.person, "deshizo su decisión", others),
    )
    line = event(command, "undone", "deshizo su decisión", case)
    return Outcome(
        line.text, case, events=(line,), notifications=notifications, notices=fresh,
        cancels_held=True,
    )  # fmt: skip


@command(
    "done",
    "HECHO",
    ("hecho", "hecha", "lista creada", "done"),
    {State.PROVISIONING: HOLDER},
    argument="address",
    needs_text=True,
)
def done(command: CommandContext) -> Outcome:
    """Avisa que está hecho; escriba después la dirección de la lista."""
    organization = command.context.organization
    if not command.argument:
        return refused(command, "Falta la dirección de la lista: escriba HECHO y la dirección.")
    if command.argument.rpartition("@")[2] not in organization.domains:
        return refused(command, f"{command.argument} no es una dirección de la universidad.")
    own = _list_of(command)
    if own is not None and is_removal(command.case) and own.key != command.argument.strip().lower():
        why = f"La lista que se da de baja es {own.address or own.name}, no {command.argument}."
        return refused(command, why, "No registramos nada. Escriba HECHO y su dirección.")
    taken = _list_with(command)
    if taken is not None:
        whose = f" por la solicitud {taken.folio}" if taken.folio else ""
        return refused(
            command,
            f"{command.argument} ya es la dirección de la lista {taken.name}, autorizada{whose}.",
            "No registramos nada. Escriba HECHO y la dirección de la lista nueva.",
        )
    case = command.case.moved(Move.PROVISIONED, command.context.now)
    registered, told = _done_words(case, command.argument)
    notifications = (
        *with_everybody(organization, case, _ready(command, case)),
        command_result(
            command.person,
            command.context.incoming,
            registered,
            ("El área ya fue avisada. No hay nada más que hacer.",),
            case=case,
        ),
        *decided(organization, case, command.person, told, organization.with_role(Role.REVIEWER)),
    )
    line = event(command, "provisioned", told, case)
    return Outcome(
        line.text,
        case,
        events=(line,),
        notifications=notifications,
        consumes=command.token,
        lists=_entered(case, command.argument, own),
    )


def _done_words(case: Case, address: str) -> tuple[str, str]:
    """What was registered, and what the provisioner did, in words."""
    if is_removal(case):
        return f"Registramos la baja de la lista {address}.", f"dio de baja la lista {address}"
    if case.intent == Intent.CHANGE_LIST:
        return f"Registramos el cambio en la lista {address}.", f"cambió la lista {address}"
    return f"Registramos la lista {address}.", f"creó la lista {address}"


def _list_of(command: CommandContext) -> ListEntry | None:
    """The list in use that a change is about, as the register has it."""
    if command.case.intent != Intent.CHANGE_LIST:
        return None
    mine = [e for e in command.context.lists if is_list_of(command.case, e)]
    return next((e for e in mine if e.state is not ListState.WITHDRAWN), None)


def _list_with(command: CommandContext) -> ListEntry | None:
    """Another list, in use, that has the address already; a change is of the list it is about."""
    wanted, case = command.argument.strip().lower(), command.case
    return next(
        (
            entry
            for entry in command.context.lists
            if entry.key == wanted
            and entry.state is ListState.ACTIVE
            and not is_list_of(case, entry)
        ),
        None,
    )


def _ready(command: CommandContext, case: Case) -> Notification:
    """Word to the area: its list exists, or what it asked of it is done."""
    if case.intent != Intent.CHANGE_LIST:
        return list_ready(command.context.organization, case, command.argument)
    if is_removal(case):
        return noted(case, "Su lista quedó dada de baja", f"{command.argument} ya no está en uso.")
    return noted(
        case, "Su cambio está hecho", f"La lista {command.argument} quedó como se aprobó.",
        "Si algo no es correcto, responda a este correo.",
    )  # fmt: skip


def _entered(case: Case, address: str, own: ListEntry | None) -> tuple[ListEntry, ...]:
    """What the register is told; a list that changed its address is no longer at the old one."""
    entry = entry_of(case, address)
    if is_removal(case):
        return (replace(entry, state=ListState.WITHDRAWN),)
    if own is not None and own.key != entry.key:
        return (replace(own, state=ListState.WITHDRAWN, note=f"ahora es {entry.address}"), entry)
    return (entry,)


def _recommend(command: CommandContext) -> Outcome:
    organization, now = command.context.organization, command.context.now
    decision = Decision(
        Move.TO_APPROVAL, command.person.address.email, now, now + organization.undo,
        command.case.state, token=command.token[0] if command.token else "",
    )  # fmt: skip
    case = replace(command.case.moved(Move.TO_APPROVAL, now), decision=decision)
    title = f"Recomendó la solicitud {case.folio}; pasa a la Dirección General."
    return _done(command, case, "recomendó la solicitud", title, ())


def _ruled(command: CommandContext, move: Move, reason: str = "") -> Case:
    now, key = command.context.now, command.token
    decision = Decision(
        move=move,
        by=command.person.address.email,
        at=now,
        goes_out_at=now + command.context.organization.undo,
        before=command.case.state,
        reason=reason,
        token=key[0] if key else "",
    )
    return replace(command.case.moved(move, now), decision=decision)


def _done(
    command: CommandContext,
    case: Case,
    what: str,
    title: str,
    notifications: tuple[Notification, ...],
) -> Outcome:
    """What every decision has in common: the answer, who is next, word to the others, the event."""
    organization, person = command.context.organization, command.person
    until = undo_words(case)
    lines = ("Sale en este momento.",)
    if until:
        lines = (f"Puede deshacerla hasta {until}: responda DESHACER a este mensaje.",)
    answer = command_result(
        person, command.context.incoming, title, lines, case=case, with_token=True
    )
    others = [*organization.with_role(Role.REVIEWER), *organization.with_role(Role.APPROVER)]
    asked = notices(organization, case)
    told = {notification.to.email for notification in notifications}
    told |= {notice.person.address.email for notice in asked}
    others = [p for p in others if p.address.email not in told]
    return Outcome(
        f"{person.address.email} {what}",
        case,
        events=(event(command, str(case.decision.move) if case.decision else "ruled", what, case),),
        notifications=(*notifications, answer, *decided(organization, case, person, what, others)),
        notices=asked,
        consumes=command.token,
    )


def _reason_wanted(command: CommandContext) -> Outcome:
    notification = command_result(
        command.person,
        command.context.incoming,
        f"Para rechazar {command.case.folio} hace falta el motivo.",
        ("Responda RECHAZAR y el motivo en la misma línea; el área lo recibirá tal cual.",),
        done=False,
        case=command.case,
        with_token=True,
    )
    return Outcome("rejection without a reason", command.case, notifications=(notification,))
