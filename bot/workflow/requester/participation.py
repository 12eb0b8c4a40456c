"""A message from somebody of a case: it may complete, correct, answer, cancel, or just thank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import FINAL, Case, Move, State
from bot.workflow.context import Decision, Situation
from bot.workflow.followers import with_followers
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import decided, display_name, form, received, status
from bot.workflow.notifications.notices import STAGES, notices, remark
from bot.workflow.notifications.present import enumeration, labels
from bot.workflow.notifications.updates import noted, withdrawn
from bot.workflow.organization import Person, Role
from bot.workflow.requester.commands import ACCEPT, CANCEL, RESUME, asks_how_it_goes
from bot.workflow.requester.common import event, problems, thread_with, to_people
from bot.workflow.steps import completed
from nlp.types import Found, Intent

_SUSPICIOUS = frozenset(
    ("approve", "reject", "undo", "done", "confirm", "assign", "reopen", "merge", "delegate")
)
"""Orders that nobody but staff would give; other words an area may well begin with."""
_PAUSED = frozenset({State.EXPIRED, State.WITHDRAWN})
QUOTED = 500  # characters of an area's words in a notice


def go_on(situation: Situation, case: Case) -> Decision:
    """What a message from somebody of the case leads to."""
    incoming = situation.incoming
    thread = thread_with(case.thread, incoming)
    case = replace(case, thread=thread, updated_at=situation.now)
    done = _wish(situation, case)
    if done is not None:
        return done
    if is_suspicious(situation):
        return to_people(situation, "parece una orden, pero no la escribe el personal", case)
    news = _news(situation, case)
    if case.state in _PAUSED and (news or _files(situation)):
        return _resumed(situation, case, news)
    if not news and _asks_how_it_goes(situation, case):
        letter = status(situation.house, incoming, (case,))
        # It may answer a question of staff all the same: they read it, and it stays open.
        told = _to_asker(situation, case, "pregunta cómo va") if case.asked_by else ()
        return Decision("asks how it goes", case, letters=(letter, *told))
    if case.state in FINAL or case.state is State.PROVISIONING:
        if case.asked_by:
            return _answered(situation, case)
        return to_people(situation, "escribe sobre una solicitud ya resuelta", case)
    return _with_files(situation, case, _in_progress(situation, case, news))


def _asks_how_it_goes(situation: Situation, case: Case) -> bool:
    """Whether a message is surely that; a short answer to a question of staff resembles it."""
    if asks_how_it_goes(situation.incoming.text):
        return True
    understood = situation.understanding
    sure = understood.confidence >= situation.house.threshold
    return understood.intent is Intent.CASE_STATUS and sure and not case.asked_by


def is_suspicious(situation: Situation) -> bool:
    """Whether a message reads as an order that only staff may give."""
    orders = situation.reading.orders
    return bool(orders) and orders[0].name in _SUSPICIOUS


def wished(situation: Situation, *names: str) -> bool:
    """Whether the message says clearly one of these, and nothing else (`core.wishes`)."""
    orders = situation.wish.orders
    return len(orders) == 1 and orders[0].name in names


def _in_progress(situation: Situation, case: Case, news: Mapping[str, Found]) -> Decision:
    if news:
        return _filled_in(situation, case, news)
    if case.asked_by:
        return _answered(situation, case)
    if case.state is State.INCOMPLETE and problems(situation.incoming):
        return _ask(situation, case)
    files = _files(situation)
    if files:
        return to_people(situation, f"agregó {enumeration(list(files))} a su solicitud", case)
    return to_people(situation, "escribió en el hilo de su solicitud", case)


def _news(situation: Situation, case: Case) -> Mapping[str, Found]:
    """The values that the message adds to the form or changes in it."""
    return {
        name: value
        for name, value in situation.understanding.fields.items()
        if name in situation.house.form
        and (name not in case.form or case.form[name].value != value.value)
    }


def _files(situation: Situation) -> tuple[str, ...]:
    return tuple(a.name or "un archivo" for a in situation.incoming.attachments if not a.inline)


def _with_files(situation: Situation, case: Case, done: Decision) -> Decision:
    """What was attached is told in the history, and to the reviewers where nothing else does."""
    files = _files(situation)
    if not files:
        return done
    line = event(situation, case, "attached", f"adjuntó {enumeration(list(files))}")
    told = any(letter.template == "remark" for letter in done.letters)
    in_process = done.case is not None and done.case.state in STAGES
    extra: tuple[Letter, ...] = ()
    if in_process and not told:
        why = f"agregó {enumeration(list(files))} a su solicitud"
        extra = remark(situation.house, situation.incoming, why, done.case)
    return replace(done, events=(*done.events, line), letters=(*done.letters, *extra))


# --- what it says clearly ---------------------------------------------------------------------


def _wish(situation: Situation, case: Case) -> Decision | None:
    """CANCELAR, ACEPTO and the like, where the case can take it; None for anything else."""
    if wished(situation, CANCEL) and case.state not in FINAL:
        return _cancelled(situation, case)
    if wished(situation, ACCEPT) and case.state in (State.PROVISIONING, State.CLOSED):
        return _accepted(situation, case)
    if wished(situation, RESUME) and case.state in _PAUSED:
        return _resumed(situation, case, {})
    return None


def _cancelled(situation: Situation, case: Case) -> Decision:
    house = situation.house
    roles = {Role.REVIEWER}
    if case.state in STAGES:
        roles |= {STAGES[case.state][1]}
    if case.state is State.PROVISIONING:
        roles |= {Role.APPROVER}  # who accepted it hears that it is not needed
    case = replace(case.moved(Move.WITHDRAWN, situation.now), ruling=None, asked_by="")
    line = event(situation, case, "withdrawn", "canceló la solicitud")
    letters = (
        *with_followers(house, case, withdrawn(case)),
        *_to_staff(situation, case, "canceló su solicitud", roles),
    )
    return Decision("cancelled", case, events=(line,), letters=letters, cancels_held=True)


def _accepted(situation: Situation, case: Case) -> Decision:
    line = event(situation, case, "accepted_rules", "aceptó los lineamientos (ACEPTO)")
    sender = situation.incoming.sender
    letter = noted(
        case,
        "Registramos su aceptación",
        "Gracias. Quedó registrado que conoce y acepta los lineamientos de envíos masivos.",
        "No tiene que hacer nada más.",
    )
    letter = replace(letter, to=sender or case.requester)
    told = _to_staff(situation, case, "aceptó los lineamientos (ACEPTO)", {Role.REVIEWER})
    return Decision("accepted the rules", case, events=(line,), letters=(letter, *told))


def _resumed(situation: Situation, case: Case, news: Mapping[str, Found]) -> Decision:
    """A case that slept goes on where it was, with what the message brings."""
    case = replace(case.moved(Move.REOPENED, situation.now), ruling=None)
    line = event(situation, case, "reopened", "reanudó la solicitud con su respuesta")
    if news:
        step = _filled_in(situation, case, news)
    elif case.missing(situation.house.form):
        step = _ask(situation, case)
    else:
        step = _complete(situation, case)
    return _with_files(situation, case, replace(step, events=(line, *step.events)))


def _to_staff(situation: Situation, case: Case, what: str, roles: set[Role]) -> tuple[Letter, ...]:
    house, sender = situation.house, situation.incoming.sender
    by = Person(sender or case.requester, frozenset())
    people = [p for p in house.staff if p.roles & roles]
    return decided(house, case, by, what, people)


# --- what it brings ---------------------------------------------------------------------------


def _filled_in(situation: Situation, case: Case, news: Mapping[str, Found]) -> Decision:
    before, house = case, situation.house
    case = replace(
        case, form=MappingProxyType({**case.form, **news}), version=case.version + 1, asked_by=""
    )
    line = event(situation, case, "filled_in", f"llenó {labels(house.form, news)}")
    answer = f"El área contestó: {situation.incoming.text[:QUOTED]}" if before.asked_by else ""
    if case.missing(house.form):
        done = _ask(situation, case)
    elif case.state is State.INCOMPLETE:
        done = _complete(situation, case, answer)
    else:
        # An open decision on the old form is void: its notices no longer match the version.
        note = answer or f"{_who(situation, case)} corrigió su solicitud."
        letters = (
            *with_followers(house, case, received(house, case, corrected=True)),
            *notices(house, case, before, note),
        )
        done = Decision("corrected", case, letters=letters)
    done = done.plus(*_unless_told(situation, case, before.asked_by, done))
    return replace(done, events=(line, *done.events))


def _who(situation: Situation, case: Case) -> str:
    sender = situation.incoming.sender
    if sender is None or sender.email == case.requester.email:
        return "El área"
    return display_name(sender)


def _ask(situation: Situation, case: Case) -> Decision:
    """Asks for what is still missing: something came of it, or could not be read."""
    house = situation.house
    letter = form(house, case, problems(situation.incoming), first=False, news=True)
    why = f"missing: {', '.join(case.missing(house.form))}"
    return Decision(why, case, letters=(letter,))


def _complete(situation: Situation, case: Case, note: str = "") -> Decision:
    incoming = situation.incoming
    actor = incoming.sender.email if incoming.sender else "desconocido"
    return completed(situation.house, case, situation.now, actor, incoming.message_id, note=note)


def _answered(situation: Situation, case: Case) -> Decision:
    """The area's answer to a question of staff: back to who asked, with a fresh notice."""
    asker, case = case.asked_by, replace(case, asked_by="")
    text = situation.incoming.text[:QUOTED]
    line = event(situation, case, "answered", f"contestó: {text}")
    letters = notices(situation.house, case, note=f"El área contestó: {text}")
    done = Decision("answered a question", case, events=(line,), letters=letters)
    return done.plus(*_unless_told(situation, case, asker, done))


def _unless_told(
    situation: Situation, case: Case, asker: str, done: Decision
) -> tuple[Letter, ...]:
    """The area's words to who asked, where no notice of the decision brings them."""
    if not asker or any(x.to.email == asker and x.notice for x in done.letters):
        return ()
    return _to_asker(situation, replace(case, asked_by=asker), "contestó")


def _to_asker(situation: Situation, case: Case, why: str) -> tuple[Letter, ...]:
    """The message to who asked; to all reviewers where they are no longer of the staff."""
    person = situation.house.person(case.asked_by)
    return remark(situation.house, situation.incoming, why, case, [person] if person else None)
