"""Commands that decide on a request, and the one that takes a decision back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.workflow.calendar import clock_time, long_date
from bot.workflow.case import TAKEN_BACK, Case, Decision, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.registry import DECIDERS, NOWHERE, CommandContext, Offer, command
from bot.workflow.consents import waited_for
from bot.workflow.followers import with_everybody, with_followers
from bot.workflow.kinds import GIVEN_REASONS
from bot.workflow.news import as_news
from bot.workflow.notification import Notification
from bot.workflow.notifications.days import day_settled
from bot.workflow.notifications.mails import (
    ReadyArgument,
    accepted,
    display_name,
    held,
    rejected,
    undo_words,
)
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import enumeration
from bot.workflow.notifications.updates import on_its_way
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.reasons import NO_REASON, GivenReason, given_reason
from bot.workflow.staff import Role
from nlp.commands.harmless import kept_words


@command(
    "approve",
    "APROBAR",
    ("approve", "approved", "cuenta con mi aprobacion", "cuenta con mi autorizacion",
     "tiene mi aprobacion", "tiene mi autorizacion", "doy mi aprobacion", "doy mi autorizacion",
     "otorgo mi aprobacion", "otorgo mi autorizacion", "i approve", "tiene mi visto bueno",
     "cuenta con mi visto bueno", "doy mi visto bueno", "otorgo mi visto bueno",
     "se le da el visto bueno", "se otorga el visto bueno", "doy el visto bueno",
     "le doy el visto bueno", "otorgo el visto bueno", "visto bueno otorgado",
     "visto bueno de mi parte", "visto bueno por mi parte", "tiene mi firma", "va con mi firma",
     *(f"cuenta con el visto bueno de esta {who}" for who in ("direccion", "coordinacion",
                                                            "jefatura", "oficina", "area")),
     *(f"adelante con {what}" for what in ("el tramite", "el proceso", "la solicitud",
                                           "la creacion", "la <thing>", "el <thing>"))),
    DECIDERS,
    verbs=("aprobar/aprueb", "autorizar", "aceptar", "avalar", "conceder"),
    likely=("adelante", "va", "vale", "sale", "ok", "okay", "si", "procede", "proceder",
            "procedan", "de acuerdo", "vobo", "visto bueno", "esta bien", "sin inconveniente",
            "por mi", "listo"),
    decides=True,
    offers=frozenset({Offer.NOTICE, Offer.DIGEST}),
    staff_only=True,
)  # fmt: skip
def approve(command: CommandContext) -> Outcome:
    """Recomienda la solicitud (en revisión) o la acepta (en aprobación)."""
    organization = command.organization
    decides_later = organization.kind(command.case).stage(State.APPROVAL) is not None
    if command.case.state is State.REVIEW and decides_later:
        return _recommend(command)
    if waiting := waited_for(organization, command.case, command.now.date()):
        who = enumeration([one.who for one in waiting])
        wait = command.say("inquiry.wait", who=who, folio=command.case.folio)
        return refused(command, wait, command.say("inquiry.wait_how"))
    case = _ruled(command, Move.APPROVED)
    to_requester = with_followers(organization, case, accepted(organization, case))
    notifications = (*to_requester, *organization.kind(case).accepted(organization, case))
    title = command.say("decide.approved", folio=case.folio)
    return _done(command, case, command.say("history.approved"), title, notifications)


def _ready_reasons(
    organization: Organization, shown: Mapping[str, object]
) -> tuple[ReadyArgument, ...]:
    """The catalogue by number, and what was written to somebody who asked for the same."""
    ready = [
        ReadyArgument(str(number), reason.name, reason.name)
        for number, reason in enumerate(organization.reasons, 1)
    ]
    used = shown.get(GIVEN_REASONS, ())
    if isinstance(used, tuple):
        ready += [
            ReadyArgument("", text, text, organization.say("decide.used_in", folio=folio))
            for text, folio in used
        ]
    return tuple(ready)


@command(
    "reject",
    "RECHAZAR",
    ("reject", "rejected", "i reject", "se desecha", "desechada", "no procede", "no ha lugar",
     "no es procedente", "improcedente",
     *(f"no {said}" for root, stem in (("aprob", "aprueb"), ("autoriz", "autoriz"),
                                         ("acept", "acept"))
       for said in (f"se {stem}a", f"{root}ada", f"{root}ado", f"{stem}o", f"la {stem}o",
                    f"la {root}amos", *(f"{can} {root}arla" for can in
                                        ("es posible", "se puede", "podemos", "puedo"))))),
    DECIDERS,
    verbs=("rechazar", "denegar/denieg", "declinar", "desestimar", "negar/nieg"),
    likely=("negativo", "no procede", "no autorizado", "no autorizada", "no aprobado",
            "no aprobada"),
    argument="text",
    argument_hint="motivo",
    decides=True,
    offers=frozenset({Offer.NOTICE, Offer.DIGEST}),
    staff_only=True,
    ready=_ready_reasons,
)  # fmt: skip
def reject(command: CommandContext) -> Outcome:
    """Rechaza la solicitud; escriba después el motivo, que se envía al área tal cual."""
    if not command.argument:
        return _reason_wanted(command)
    organization = command.organization
    try:
        reason = given_reason(organization.reasons, command.argument)
    except LookupError:
        return _no_such_reason(command)
    case = _ruled(command, Move.REJECTED, reason)
    title = command.say("decide.rejected", folio=case.folio)
    what = command.say("history.rejected", argument=reason.short)
    area = with_followers(organization, case, rejected(organization, case))
    short = command.say("decide.whole_reason", short=reason.short) if reason.key else ""
    return _done(command, case, what, title, area, short)


@command(
    "undo",
    "DESHACER",
    ("deshacer", "deshaz", "deshazlo", "deshazla", "deshago", "deshagan", "deshaganla", "undo",
     *(f"{undo} {please}{what}" for please in ("", "por favor ")
       for undo in ("deshacer", "deshaz", "deshagan", "anulen", "cancelen", "reviertan", "revertir")
       for what in ("mi decision", "mi aprobacion", "mi autorizacion", "mi rechazo",
                    "la aprobacion", "el rechazo", "lo de hace rato",
                    *(f"{what} {sent}" for what in ("lo que", "lo ultimo que")
                      for sent in ("mande", "envie", "hice", "escribi")),
                    *(f"lo que acabo de {send}" for send in ("mandar", "enviar", "hacer"))))),
    dict.fromkeys((State.APPROVAL, State.PROVISIONING, State.REJECTED),
                  frozenset({Role.REVIEWER, Role.APPROVER})),
    allows_comment=True,
    offers=NOWHERE,
    staff_only=True,
    takes_back=True,
)  # fmt: skip
def undo(command: CommandContext) -> Outcome:
    """Detiene su última decisión mientras no haya salido."""
    decision, now, organization = command.case.decision, command.now, command.organization
    if decision is None or decision.by != command.person.address.email:
        return refused(command, command.say("decide.nothing_to_undo"))
    if now >= decision.goes_out_at:
        at = command.say("decide.at", time=clock_time(organization.local(decision.goes_out_at)))
        left = command.say(f"decide.too_late.{command.case.state}")
        return refused(command, command.say("decide.gone_out", at=at), left)
    back = Move.TO_REVIEW if decision.before is State.REVIEW else Move.TO_APPROVAL
    case = replace(command.case.moved(back, now), decision=None)
    who = display_name(command.person.address)
    fresh = notices(organization, case, note=command.say("decide.undone_by", display_name=who))
    title, next_ = command.say("decide.undone", folio=case.folio), command.say("decide.undone_next")
    line = event(command, TAKEN_BACK, command.say("history.undone"), case)
    line = as_news(line, _others(organization, case))
    return Outcome(
        line.text, case, events=(line,), results=(told(command, title, next_, case=case),),
        notices=fresh, cancels_held=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Completion:
    """What is said and kept once a request was carried out.

    `registered` answers who did it, `what` tells it to the others and in the history, `ready` is
    word to the requester. `records` are what the kind of request keeps of it.
    """

    registered: str
    what: str
    ready: Notification
    records: tuple[object, ...] = ()


def carried_out(command: CommandContext, completion: Completion) -> Outcome:
    """A request is done: its case is closed, everybody concerned hears of it."""
    organization = command.organization
    case = command.case.moved(Move.PROVISIONED, command.now)
    also, what = kept_words(command.context.incoming.text), completion.what
    told_lines = [command.say("decide.done")]
    if also:
        told_lines.append(command.say("decide.done_kept", text=also))
        what = command.say("decide.also_wrote", what=what, text=also)
    settled = day_settled(organization, case, command.person)
    answer = told(command, completion.registered, *told_lines, case=case, calendar=settled)
    notifications = with_everybody(organization, case, completion.ready)
    line = event(command, "provisioned", what, case)
    line = as_news(line, (Role.REVIEWER, Role.PROVISIONER))
    return Outcome(
        line.text, case, events=(line,), notifications=notifications, results=(answer,),
        records=completion.records,
    )  # fmt: skip


def _recommend(command: CommandContext) -> Outcome:
    case = _ruled(command, Move.TO_APPROVAL)
    title = command.say("decide.recommended", folio=case.folio)
    area = _to_next_stage(command, case) if command.organization.tell_stages else ()
    return _done(command, case, command.say("history.recommended"), title, area)


def _to_next_stage(command: CommandContext, case: Case) -> tuple[Notification, ...]:
    """Word to the area, once it can no longer be undone, of who has its request now."""
    lines = [command.say("stage.moved")]
    if case.answer_by:
        lines.append(command.say("stage.answer_by", day=long_date(case.answer_by)))
    area = held(on_its_way(case, command.say("stage.title"), *lines), case)
    return with_followers(command.organization, case, area)


def _ruled(command: CommandContext, move: Move, reason: GivenReason = NO_REASON) -> Case:
    now, key = command.now, command.token
    decision = Decision(
        move=move,
        by=command.person.address.email,
        at=now,
        goes_out_at=now + command.organization.undo,
        before=command.case.state,
        reason=reason.text,
        token=key[0] if key else "",
        reason_key=reason.key,
    )
    return replace(command.case.moved(move, now), decision=decision)


def _done(
    command: CommandContext,
    case: Case,
    what: str,
    title: str,
    notifications: tuple[Notification, ...],
    more: str = "",
) -> Outcome:
    """What every decision has in common: the answer, who is next, the event."""
    organization, person = command.organization, command.person
    until = undo_words(organization, case)
    lines = (more, "" if until else command.say("decide.leaves_now"))
    answer = told(
        command, title, *filter(None, lines), case=case, with_token=True, undo_until=until,
        calendar=day_settled(organization, case, person),
    )  # fmt: skip
    done = event(command, str(case.decision.move) if case.decision else "ruled", what, case)
    return Outcome(
        f"{person.address.email} {what}",
        case,
        events=(as_news(done, _others(organization, case)),),
        notifications=notifications,
        results=(answer,),
        notices=notices(organization, case),
    )


def _others(organization: Organization, case: Case) -> frozenset[Role]:
    """Who decides on requests and has no notice of this one as it stands now."""
    stage = organization.stage(case)
    return frozenset({Role.REVIEWER, Role.APPROVER}) - ({stage.role} if stage else set())


def _no_such_reason(command: CommandContext) -> Outcome:
    names = (one.name for one in command.organization.reasons)
    known = "; ".join(f"{number}. {name}" for number, name in enumerate(names, 1))
    said = command.argument.strip()[:20]
    return refused(
        command,
        command.say("decide.no_such_reason", said=said),
        command.say("decide.known_reasons", known=known),
    )


def _reason_wanted(command: CommandContext) -> Outcome:
    title = command.say("decide.reason_wanted", folio=command.case.folio)
    return refused(command, title, command.say("decide.how_to_reject"))
