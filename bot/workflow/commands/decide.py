"""Orders that decide on a request, and the one that takes a decision back."""

from __future__ import annotations

from dataclasses import replace

from bot.lists.register import ListEntry, ListState, entry_of, is_list_of
from bot.workflow.case import Case, Move, Ruling, State
from bot.workflow.commands.answers import event, refused
from bot.workflow.commands.registry import DECIDERS, Act, order
from bot.workflow.context import Decision
from bot.workflow.followers import with_everybody, with_followers
from bot.workflow.notification import Letter
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
from bot.workflow.organization import Role
from nlp.types import Intent


@order(
    "approve",
    "APROBAR",
    ("approve", "approved", "cuenta con mi aprobacion", "cuenta con mi autorizacion",
     "tiene mi aprobacion", "tiene mi autorizacion", "doy mi aprobacion", "doy mi autorizacion",
     "otorgo mi aprobacion", "otorgo mi autorizacion", "i approve"),
    DECIDERS,
    verbs=("aprobar/aprueb", "autorizar"),
    decides=True,
)  # fmt: skip
def approve(act: Act) -> Decision:
    """Recomienda la solicitud (en revisión) o la acepta (en aprobación)."""
    stages = act.situation.house.stages
    if act.case.state is State.REVIEW and "approval" in stages:
        return _recommend(act)
    case = _ruled(act, Move.APPROVED)
    house = act.situation.house
    to_area = with_followers(house, case, accepted(house, case))
    letters = (*to_area, *responsibility(house, case), *notices(house, case))
    return _done(act, case, "aprobó la solicitud", f"Aprobó la solicitud {case.folio}.", letters)


@order(
    "reject",
    "RECHAZAR",
    ("reject", "rejected", "i reject"),
    DECIDERS,
    verbs=("rechazar", "denegar/denieg"),
    argument="text",
    decides=True,
    needs_text=True,
)  # fmt: skip
def reject(act: Act) -> Decision:
    """Rechaza la solicitud; escriba después el motivo, que se envía al área tal cual."""
    if not act.argument:
        return _reason_wanted(act)
    case = _ruled(act, Move.REJECTED, act.argument)
    title = f"Rechazó la solicitud {case.folio}."
    what = f"rechazó la solicitud: {act.argument}"
    house = act.situation.house
    return _done(act, case, what, title, with_followers(house, case, rejected(house, case)))


@order(
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
def undo(act: Act) -> Decision:
    """Detiene su última decisión mientras no haya salido."""
    ruling, now, house = act.case.ruling, act.situation.now, act.situation.house
    if ruling is None or ruling.by != act.person.address.email:
        return refused(act, "No hay una decisión suya que se pueda deshacer.")
    if now >= ruling.goes_out_at:
        return refused(act, "Esa decisión ya salió y no se puede deshacer.")
    back = Move.TO_REVIEW if ruling.before is State.REVIEW else Move.TO_APPROVAL
    case = replace(act.case.moved(back, now), ruling=None)
    fresh = notices(house, case, note=f"{display_name(act.person.address)} deshizo su decisión.")
    noticed = {letter.to.email for letter in fresh}
    deciders = (*house.with_role(Role.REVIEWER), *house.with_role(Role.APPROVER))
    others = [p for p in deciders if p.address.email not in noticed]
    letters = (
        command_result(
            act.person,
            act.situation.incoming,
            f"Deshizo su decisión sobre {case.folio}.",
            ("El área no recibió nada. La solicitud espera de nuevo una decisión.",),
            case=case,
        ),
        *decided(house, case, act.person, "deshizo su decisión", others),
        *fresh,
    )
    line = event(act, "undone", "deshizo su decisión", case)
    return Decision(line.text, case, events=(line,), letters=letters, cancels_held=True)


@order(
    "done",
    "HECHO",
    ("hecho", "hecha", "lista creada", "done"),
    {State.PROVISIONING: frozenset({Role.PROVISIONER})},
    argument="address",
    needs_text=True,
)
def done(act: Act) -> Decision:
    """Avisa que está hecho; escriba después la dirección de la lista."""
    house = act.situation.house
    if not act.argument:
        return refused(act, "Falta la dirección de la lista: escriba HECHO y la dirección.")
    if act.argument.rpartition("@")[2] not in house.domains:
        return refused(act, f"{act.argument} no es una dirección de la universidad.")
    own = _list_of(act)
    if own is not None and act.case.removal and own.key != act.argument.strip().lower():
        why = f"La lista que se da de baja es {own.address or own.name}, no {act.argument}."
        return refused(act, why, "No registramos nada. Escriba HECHO y su dirección.")
    taken = _list_with(act)
    if taken is not None:
        whose = f" por la solicitud {taken.folio}" if taken.folio else ""
        return refused(
            act,
            f"{act.argument} ya es la dirección de la lista {taken.name}, autorizada{whose}.",
            "No registramos nada. Escriba HECHO y la dirección de la lista nueva.",
        )
    case = act.case.moved(Move.PROVISIONED, act.situation.now)
    registered, told = _done_words(case, act.argument)
    letters = (
        *with_everybody(house, case, _ready(act, case)),
        command_result(
            act.person,
            act.situation.incoming,
            registered,
            ("El área ya fue avisada. No hay nada más que hacer.",),
            case=case,
        ),
        *decided(house, case, act.person, told, house.with_role(Role.REVIEWER)),
    )
    line = event(act, "provisioned", told, case)
    return Decision(
        line.text,
        case,
        events=(line,),
        letters=letters,
        spends=act.key,
        lists=_entered(case, act.argument, own),
    )


def _done_words(case: Case, address: str) -> tuple[str, str]:
    """What was registered, and what the provisioner did, in words."""
    if case.removal:
        return f"Registramos la baja de la lista {address}.", f"dio de baja la lista {address}"
    if case.intent is Intent.CHANGE_LIST:
        return f"Registramos el cambio en la lista {address}.", f"cambió la lista {address}"
    return f"Registramos la lista {address}.", f"creó la lista {address}"


def _list_of(act: Act) -> ListEntry | None:
    """The list in use that a change is about, as the register has it."""
    if act.case.intent is not Intent.CHANGE_LIST:
        return None
    mine = [e for e in act.situation.lists if is_list_of(act.case, e)]
    return next((e for e in mine if e.state is not ListState.WITHDRAWN), None)


def _list_with(act: Act) -> ListEntry | None:
    """Another list, in use, that has the address already; a change is of the list it is about."""
    wanted, case = act.argument.strip().lower(), act.case
    return next(
        (
            entry
            for entry in act.situation.lists
            if entry.key == wanted
            and entry.state is ListState.ACTIVE
            and not is_list_of(case, entry)
        ),
        None,
    )


def _ready(act: Act, case: Case) -> Letter:
    """Word to the area: its list exists, or what it asked of it is done."""
    if case.intent is not Intent.CHANGE_LIST:
        return list_ready(act.situation.house, case, act.argument)
    if case.removal:
        return noted(case, "Su lista quedó dada de baja", f"{act.argument} ya no está en uso.")
    return noted(
        case, "Su cambio está hecho", f"La lista {act.argument} quedó como se aprobó.",
        "Si algo no es correcto, responda a este correo.",
    )  # fmt: skip


def _entered(case: Case, address: str, own: ListEntry | None) -> tuple[ListEntry, ...]:
    """What the register is told; a list that changed its address is no longer at the old one."""
    entry = entry_of(case, address)
    if case.removal:
        return (replace(entry, state=ListState.WITHDRAWN),)
    if own is not None and own.key != entry.key:
        return (replace(own, state=ListState.WITHDRAWN, note=f"ahora es {entry.address}"), entry)
    return (entry,)


def _recommend(act: Act) -> Decision:
    house, now = act.situation.house, act.situation.now
    ruling = Ruling(
        Move.TO_APPROVAL, act.person.address.email, now, now + house.undo, act.case.state,
        notice=act.key[0] if act.key else "",
    )  # fmt: skip
    case = replace(act.case.moved(Move.TO_APPROVAL, now), ruling=ruling)
    title = f"Recomendó la solicitud {case.folio}; pasa a la Dirección General."
    return _done(act, case, "recomendó la solicitud", title, notices(house, case))


def _ruled(act: Act, move: Move, reason: str = "") -> Case:
    now, key = act.situation.now, act.key
    ruling = Ruling(
        move=move,
        by=act.person.address.email,
        at=now,
        goes_out_at=now + act.situation.house.undo,
        before=act.case.state,
        reason=reason,
        notice=key[0] if key else "",
    )
    return replace(act.case.moved(move, now), ruling=ruling)


def _done(act: Act, case: Case, what: str, title: str, letters: tuple[Letter, ...]) -> Decision:
    """What every decision has in common: the answer, word to the others, the event, the key."""
    house, person = act.situation.house, act.person
    until = undo_words(case)
    lines = ("Sale en este momento.",)
    if until:
        lines = (f"Puede deshacerla hasta {until}: responda DESHACER a este mensaje.",)
    answer = command_result(person, act.situation.incoming, title, lines, case=case, key=True)
    others = [*house.with_role(Role.REVIEWER), *house.with_role(Role.APPROVER)]
    told = {letter.to.email for letter in letters}
    others = [p for p in others if p.address.email not in told]
    return Decision(
        f"{person.address.email} {what}",
        case,
        events=(event(act, str(case.ruling.move) if case.ruling else "ruled", what, case),),
        letters=(*letters, answer, *decided(house, case, person, what, others)),
        spends=act.key,
    )


def _reason_wanted(act: Act) -> Decision:
    letter = command_result(
        act.person,
        act.situation.incoming,
        f"Para rechazar {act.case.folio} hace falta el motivo.",
        ("Responda RECHAZAR y el motivo en la misma línea; el área lo recibirá tal cual.",),
        done=False,
        case=act.case,
        key=True,
    )
    return Decision("rejection without a reason", act.case, letters=(letter,))
