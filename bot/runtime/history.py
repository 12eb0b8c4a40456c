"""Old mail as history: which threads were requests, who asked, and what became of them.

Pure. Nothing is sent about such a case, and nobody is waited for in it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.runtime.analysis import MessageAnalysis
from bot.workflow.authority import is_disowned
from bot.workflow.case import Case, Decision, Event, Move, State
from bot.workflow.commands.decide import approve, reject
from bot.workflow.commands.registry import spec
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.organization import Organization
from bot.workflow.requester.common import people_of
from bot.workflow.requester.participation import MOST_PEOPLE
from nlp.text.fold import fold
from nlp.types import Extraction, Intent

SURE = 0.6  # below this chance a mail that asks for something opens nothing
# A mail says it of the request, folded: "su solicitud no fue aprobada", "se autoriza la lista".
_VERDICT = re.compile(
    r"\b(no )?(?:le )?(?:fue|ha sido|ha quedado|queda|quedo|esta|se encuentra|se) "
    r"(aprob|autoriz|acept|rechaz|deneg|nieg)"
)
_YES = ("aprob", "autoriz", "acept")
_MOVES = {approve: Move.APPROVED, reject: Move.REJECTED}
_ENDS = {Move.APPROVED: State.CLOSED, Move.REJECTED: State.REJECTED}


@dataclass(frozen=True, slots=True)
class PastMail:
    """A mail of an archive, as far as history needs it; `left_out` says why it counts for nothing.

    `decides` is what it decides, if a member of the office wrote it; `people` its writer and whom
    they put in copy, of the university.
    """

    place: str
    message_id: str = ""
    refers_to: tuple[str, ...] = ()
    at: dt.datetime | None = None
    sender: Address | None = None
    subject: str = ""
    intent: str = Intent.OTHER
    confidence: float = 0.0
    fields: Mapping[str, Extraction] = field(default_factory=lambda: MappingProxyType({}))
    people: tuple[Address, ...] = ()
    ours: bool = False
    decides: Move | None = None
    reason: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class PastCase:
    """A thread that was a request: the case as it is to be opened, and its first mail.

    `decided` is the mail that accepts or rejects it.
    """

    case: Case
    opening: PastMail
    decided: PastMail | None


def past_mail(place: str, analysis: MessageAnalysis, organization: Organization) -> PastMail:
    """What history needs of an analysed mail."""
    mail = analysis.mail
    if not isinstance(mail, ParsedMessage):
        return PastMail(place, left_out=mail.reason)
    disowned = is_disowned(mail, organization.sender_policy)  # anybody can write a decision
    ours = mail.sender is not None and _is_ours(mail.sender, organization) and not disowned
    decides, reason = _verdict(analysis, mail.text, organization) if ours else (None, "")
    return PastMail(
        place=place,
        message_id=mail.message_id,
        refers_to=(*mail.references, *mail.in_reply_to),
        at=mail.date,
        sender=mail.sender,
        subject=mail.subject,
        intent=analysis.prediction.intent,
        confidence=analysis.prediction.confidence,
        fields=analysis.prediction.fields,
        people=people_of(organization, mail),
        ours=ours,
        decides=decides,
        reason=reason,
        left_out="" if ours and mail.date else _left_out(mail, analysis, organization, disowned),
    )


def _is_ours(sender: Address, organization: Organization) -> bool:
    return sender.email == organization.mailbox.email or bool(organization.person(sender.email))


def _verdict(
    analysis: MessageAnalysis, text: str, organization: Organization
) -> tuple[Move | None, str]:
    """What somebody of the office decided, and with what words: a command, or a plain sentence."""
    for command in analysis.staff_commands.commands:
        move = _MOVES.get(spec(organization, command.name).command)
        if move is not None:
            return move, command.argument or ""
    said = _VERDICT.search(fold(text[:2000]))
    if said is None:
        return None, ""
    accepted = said[2] in _YES and not said[1]
    return (Move.APPROVED, "") if accepted else (Move.REJECTED, text[:2000].strip())


def _left_out(
    mail: ParsedMessage, analysis: MessageAnalysis, organization: Organization, disowned: bool
) -> str:
    if disowned:
        return organization.say("import.disowned")
    if analysis.screened is not None:
        return analysis.screened.reason
    if mail.sender is None:
        return organization.say("import.nobody")
    return "" if mail.date else organization.say("import.undated")


def threads(mails: Iterable[PastMail]) -> tuple[tuple[PastMail, ...], ...]:
    """The mails that go together by what they answer, each thread in the order of its dates.

    A mail that lies in an archive twice counts once; what is left out stands for no other.
    """
    once: dict[str, PastMail] = {}
    for mail in mails:
        key = mail.message_id or mail.place
        if key not in once or once[key].left_out:
            once[key] = mail
    roots: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := roots.get(name, name)) != name:
            roots[name] = name = roots.get(above, above)
        return name

    for key, mail in once.items():
        for other in mail.refers_to:
            roots[root(other)] = root(key)
    together: dict[str, list[PastMail]] = {}
    for key, mail in once.items():
        together.setdefault(root(key), []).append(mail)
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = [tuple(sorted(them, key=lambda m: m.at or never)) for them in together.values()]
    return tuple(sorted(ordered, key=lambda them: them[0].at or never))


def past_case(
    thread: Sequence[PastMail], organization: Organization, now: dt.datetime
) -> PastCase | str:
    """The case that a thread was, its folio still to be given; or why it was none, in words."""
    known = [m for m in thread if not m.left_out and m.at and m.at <= now]
    people = [mail for mail in known if not mail.ours]
    if not people:
        reasons = [mail.left_out for mail in thread if mail.left_out]
        return reasons[0] if reasons else organization.say("import.nobody_asks")
    opening = next((mail for mail in people if _asks(mail, organization)), None)
    if opening is None or opening.at is None or opening.sender is None:
        title = organization.topic(people[0].intent).title
        return organization.say("import.no_request", title=title)
    after = known[known.index(opening) :]
    decided = next((mail for mail in after if mail.decides), None)
    of_case = {
        one.email: one for mail in after if _by_who_asked(mail, opening) for one in mail.people
    }
    told = [
        mail for mail in after[: after.index(decided) if decided else None]
        if mail is opening or (mail.sender and mail.sender.email in of_case)
    ]  # fmt: skip
    decision = _decision(decided) if decided else None
    case = Case(
        folio="",
        state=_ENDS[decision.move] if decision else State.EXPIRED,
        intent=opening.intent,
        requester=opening.sender,
        people=tuple(of_case.values())[:MOST_PEOPLE],
        subject=opening.subject,
        opened_at=opening.at,
        updated_at=max(mail.at for mail in known if mail.at),
        form=_form(opening, told, organization),
        thread=tuple(mail.message_id for mail in thread if mail.message_id),
        decision=decision,
    )
    return PastCase(case, opening, decided)


def _by_who_asked(mail: PastMail, opening: PastMail) -> bool:
    """Whether who opened the thread wrote it: only they say who else may."""
    return bool(mail.sender and opening.sender and mail.sender.email == opening.sender.email)


def _asks(mail: PastMail, organization: Organization) -> bool:
    return organization.topic(mail.intent).by_form and mail.confidence >= SURE


def _form(
    opening: PastMail, told: Sequence[PastMail], organization: Organization
) -> Mapping[str, Extraction]:
    """What was known when it was decided: of each field what people said of it first."""
    topic = organization.topic(opening.intent)
    form = organization.kind_about(opening.intent).form
    known = {name: Extraction(value, "intent", "") for name, value in topic.implies.items()}
    for mail in told:
        known = {**mail.fields, **known} if not mail.ours else known
    return MappingProxyType({name: value for name, value in known.items() if name in form})


def _decision(mail: PastMail) -> Decision | None:
    if mail.decides is None or mail.at is None or mail.sender is None:
        return None
    reason = mail.reason if mail.decides is Move.REJECTED else ""
    return Decision(mail.decides, mail.sender.email, mail.at, mail.at, State.APPROVAL, reason)


def history_of(
    past: PastCase, organization: Organization, now: dt.datetime
) -> tuple[tuple[Event, dt.datetime], ...]:
    """The lines of its history, each with its own time; the last one says that it was taken in."""
    case = past.case
    asked = organization.say("history.asks", title=organization.topic(case.intent).title)
    opened = Event("opened", case.requester.email, asked, 1, past.opening.message_id)
    lines = [(opened, case.opened_at)]
    if case.decision and past.decided:
        move, reason = case.decision.move, case.decision.reason
        words = organization.say("history.approved")
        if move is Move.REJECTED:
            words = organization.say("history.rejected", argument=reason)
        ruled = Event(str(move), case.decision.by, words, 1, past.decided.message_id)
        lines.append((ruled, case.decision.at))
    taken_in = (
        organization.say("history.imported")
        if case.decision
        else organization.say("history.imported_undecided")
    )
    return (*lines, (Event("imported", "bot", taken_in, 1), now))
