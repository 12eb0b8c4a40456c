"""Orders that decide on a request, and the one that takes a decision back."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Case, Event, Move, Ruling, State
from bot.core.house import Role
from bot.core.letter import Letter
from bot.core.letters import (
    accepted,
    command_result,
    decided,
    display_name,
    list_ready,
    rejected,
    undo_words,
)
from bot.core.notices import STAGES, notices
from bot.core.orders.registry import DECIDERS, Act, order
from bot.core.register import entry_of
from bot.core.situation import Decision


@order(
    "approve",
    "APROBAR",
    ("aprobar", "apruebo", "aprobada", "aprobado", "aprobamos", "aprueba", "se aprueba",
     "autorizar", "autorizo", "autorizada", "autorizado", "se autoriza", "autorizamos",
     "approve", "approved"),
    DECIDERS,
    decides=True,
)  # fmt: skip
def approve(act: Act) -> Decision:
    """Recomienda la solicitud (en revisión) o la acepta (en aprobación)."""
    stages = act.situation.house.stages
    if act.case.state is State.REVIEW and "approval" in stages:
        return _recommend(act)
    case = _ruled(act, Move.APPROVED)
    letters = (accepted(act.situation.house, case), *notices(act.situation.house, case))
    return _done(act, case, "aprobó la solicitud", f"Aprobó la solicitud {case.folio}.", letters)


@order(
    "reject",
    "RECHAZAR",
    ("rechazar", "rechazo", "rechazada", "rechazado", "rechazamos", "rechaza", "se rechaza",
     "denegar", "denegada", "denegado", "se deniega", "no procede", "reject", "rejected"),
    DECIDERS,
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
    return _done(act, case, what, title, (rejected(act.situation.house, case),))


@order(
    "undo",
    "DESHACER",
    ("deshacer", "deshaz", "deshagan", "undo"),
    {
        State.APPROVAL: frozenset({Role.REVIEWER, Role.APPROVER}),
        State.PROVISIONING: frozenset({Role.REVIEWER, Role.APPROVER}),
        State.REJECTED: frozenset({Role.REVIEWER, Role.APPROVER}),
    },
    button=False,
)
def undo(act: Act) -> Decision:
    """Detiene su última decisión mientras no haya salido."""
    ruling, now, house = act.case.ruling, act.situation.now, act.situation.house
    if ruling is None or ruling.by != act.person.address.email:
        return _refused(act, "No hay una decisión suya que se pueda deshacer.")
    if now >= ruling.goes_out_at:
        return _refused(act, "Esa decisión ya salió y no se puede deshacer.")
    back = Move.TO_REVIEW if ruling.before is State.REVIEW else Move.TO_APPROVAL
    case = replace(act.case.moved(back, now), ruling=None)
    others = [p for role in {STAGES[s][1] for s in STAGES} for p in house.with_role(role)]
    letters = (
        command_result(
            act.person,
            act.situation.incoming,
            f"Deshizo su decisión sobre {case.folio}.",
            ("El área no recibió nada. La solicitud espera de nuevo una decisión.",),
            case=case,
        ),
        *decided(house, case, act.person, "deshizo su decisión", others),
        *notices(house, case, note=f"{display_name(act.person.address)} deshizo su decisión."),
    )
    event = _event(act, case, "undone", "deshizo su decisión")
    return Decision(event.text, case, events=(event,), letters=letters, cancels_held=True)


@order(
    "done",
    "HECHO",
    ("hecho", "hecha", "lista creada", "done"),
    {State.PROVISIONING: frozenset({Role.PROVISIONER})},
    argument="address",
    needs_text=True,
)
def done(act: Act) -> Decision:
    """Avisa que la lista existe; escriba después su dirección."""
    house = act.situation.house
    if not act.argument:
        return _refused(act, "Falta la dirección de la lista: escriba HECHO y la dirección.")
    if act.argument.rpartition("@")[2] not in house.domains:
        return _refused(act, f"{act.argument} no es una dirección de la universidad.")
    case = act.case.moved(Move.PROVISIONED, act.situation.now)
    letters = (
        list_ready(house, case, act.argument),
        command_result(
            act.person,
            act.situation.incoming,
            f"Registramos la lista {act.argument}.",
            ("El área ya fue avisada. No hay nada más que hacer.",),
            case=case,
        ),
        *decided(
            house, case, act.person, f"creó la lista {act.argument}",
            [*house.with_role(Role.REVIEWER)],
        ),
    )  # fmt: skip
    event = _event(act, case, "provisioned", f"creó la lista {act.argument}")
    return Decision(
        event.text,
        case,
        events=(event,),
        letters=letters,
        spends=_key(act),
        lists=(entry_of(case, act.argument),),
    )


def _recommend(act: Act) -> Decision:
    house, now = act.situation.house, act.situation.now
    ruling = Ruling(
        Move.TO_APPROVAL, act.person.address.email, now, now + house.undo, act.case.state,
        notice=_key(act)[0] if _key(act) else "",
    )  # fmt: skip
    case = replace(act.case.moved(Move.TO_APPROVAL, now), ruling=ruling)
    title = f"Recomendó la solicitud {case.folio}; pasa a la Dirección General."
    return _done(act, case, "recomendó la solicitud", title, notices(house, case))


def _ruled(act: Act, move: Move, reason: str = "") -> Case:
    now, key = act.situation.now, _key(act)
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
        events=(_event(act, case, str(case.ruling.move) if case.ruling else "ruled", what),),
        letters=(*letters, answer, *decided(house, case, person, what, others)),
        spends=_key(act),
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


def _refused(act: Act, why: str) -> Decision:
    letter = command_result(act.person, act.situation.incoming, why, done=False, case=act.case)
    return Decision(why, act.case, letters=(letter,))


def _event(act: Act, case: Case, what: str, text: str) -> Event:
    return Event(
        what, act.person.address.email, text, case.version, act.situation.incoming.message_id
    )


def _key(act: Act) -> tuple[str, ...]:
    notice = act.situation.notice
    return (notice.key_hash,) if notice else ()
