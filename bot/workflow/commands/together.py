"""What several commands of one mail lead to, told in one mail to each person."""

from dataclasses import replace

from bot.workflow.notification import Notification, Purpose, StageNotice
from bot.workflow.notifications.mails import CommandResult
from bot.workflow.outcome import Outcome

_JOINED = (Purpose.CORRECTION, Purpose.CONFIRMATION)


def together(done: Outcome) -> Outcome:
    """The outcome with one answer to who commanded, or one CONFIRMAR for all of it, one mail about
    corrections to each of the area, and no notice of a stage that a later command has left."""
    return replace(
        done,
        notifications=_joined(done.notifications),
        notices=_latest(done),
        results=_one_result(done.results),
    )


def _joined(told: tuple[Notification, ...]) -> tuple[Notification, ...]:
    """The notifications, those of a purpose to one person as one, where the last of them stood."""
    same: dict[tuple[str, str], list[Notification]] = {}
    for one in told:
        if one.purpose in _JOINED:
            same.setdefault((one.purpose, one.to.email), []).append(one)
    ends = {id(group[-1]): group for group in same.values()}
    gone = {id(one) for group in same.values() for one in group[:-1]}
    return tuple(
        _one(ends[id(x)]) if id(x) in ends else x for x in told if id(x) not in gone
    )  # fmt: skip


def _one(group: list[Notification]) -> Notification:
    last = group[-1]
    if last.purpose is Purpose.CORRECTION:
        changes = tuple(c for x in group for c in _tuple(x.values["changes"]))
        return replace(last, values={**last.values, "changes": changes})
    says = "\n".join(str(x.values["command"]) for x in group)
    keys = [x.token for x in group if x.token is not None]
    waiting = tuple(command for key in keys for command in key.waiting)
    return replace(
        last, values={**last.values, "command": says}, token=replace(keys[0], waiting=waiting)
    )


def _one_result(results: tuple[CommandResult, ...]) -> tuple[CommandResult, ...]:
    """What was done as one result, where the last of it stood, and what was not."""
    done = [one for one in results if one.done]
    if not done:
        return results
    *before, last = done
    whole = replace(last, lines=(*(one.title for one in before), *last.lines))
    return tuple(whole if x is last else x for x in results if x is last or not x.done)


def _tuple(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple) else ()


def _latest(done: Outcome) -> tuple[StageNotice, ...]:
    """The last notice of each person, with all that changed since the first."""
    found: dict[tuple[str, str], StageNotice] = {}
    for notice in done.notices:
        key = (notice.case.folio, notice.person.address.email)
        before = found.get(key)
        if before is not None and before.case.state is notice.case.state:
            notes = dict.fromkeys(note for note in (before.note, notice.note) if note)
            notice = replace(notice, before=before.before or notice.before, note="\n".join(notes))
        found[key] = notice
    case = done.case
    return tuple(
        n for n in found.values()
        if case is None or n.case.folio != case.folio or n.case.state is case.state
    )  # fmt: skip
