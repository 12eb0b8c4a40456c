"""The notices that ask somebody to act, each with a capability of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.workflow.absence import away_line
from bot.workflow.case import Case, State
from bot.workflow.commands.grants import case_grant, offered_with_words, triage_grant
from bot.workflow.commands.registry import CommandSpec, lines, offered
from bot.workflow.context import TRIAGE
from bot.workflow.followers import MOST, in_copy
from bot.workflow.kinds import GIVEN_REASONS, PREFILLED
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notification import Notification, Purpose, StageNotice
from bot.workflow.notifications.days import day_promised
from bot.workflow.notifications.mails import CommandHint, held, staff_name, summary, to_staff
from bot.workflow.notifications.present import inquiry_lines
from bot.workflow.organization import Organization
from bot.workflow.staff import Person, Role

_OF_COMMANDS = frozenset({PREFILLED, GIVEN_REASONS})  # what the commands show, not the notice
EXCERPT = 1500  # characters of somebody's mail shown to staff


def notices(
    organization: Organization, case: Case, before: Case | None = None, note: str = ""
) -> tuple[StageNotice, ...]:
    """One notice for everybody who may act at the case's stage; none where nobody must.

    `before` marks what changed since the last one; `note` is a line of news on top. Whoever asked
    for it gets none: nobody decides on a request of their own.
    """
    people = organization.who_may_act(case)
    return tuple(StageNotice(case, person, before, note) for person in people)


def notification_of(
    organization: Organization, notice: StageNotice, shown: Mapping[str, object]
) -> Notification:
    """A notice as a mail; `shown` is what the case's kind shows beside the form.

    Raises LookupError where nobody is to act on the case.
    """
    case, person = notice.case, notice.person
    stage = organization.stage(case)
    if stage is None:
        raise LookupError(f"nobody is asked to act on a case that is {case.state}")
    news = (notice.note, *_news(organization, case, person))
    values = summary(organization, case, notice.before) | {
        "note": "\n".join(line for line in news if line),
        "commands": written(offered(organization, person, case, shown=shown), shown),
        "inquiries": inquiry_lines(organization, case),
        "recommended_by": staff_name(organization, case.decision.by) if case.decision else "",
        **{name: value for name, value in shown.items() if name not in _OF_COMMANDS},
    }
    notification = replace(
        to_staff(stage.template, person.address, values, case),
        token=case_grant(organization, person, case),
        calendar=day_promised(organization, case),
    )
    return held(notification, case) if case.state is State.PROVISIONING else notification


def written(
    commands: tuple[CommandHint, ...], shown: Mapping[str, object]
) -> tuple[CommandHint, ...]:
    """The commands, with what is written with them already."""
    prefilled = shown.get(PREFILLED)
    if not isinstance(prefilled, Mapping):
        return commands
    return tuple(replace(one, argument=prefilled.get(one.text, "")) for one in commands)


def _news(organization: Organization, case: Case, person: Person) -> tuple[str, ...]:
    """What else this person should know: what is asked for, which colleagues are away."""
    asks_for = organization.kind(case).words(case).asks_for
    stage = organization.stage(case)
    colleagues = organization.with_role(stage.role) if stage else ()
    away = (away_line(organization, p.address.email) for p in colleagues if p is not person)
    copies = ", ".join(p.email for p in in_copy(organization, case)[:MOST])
    return (
        organization.kind(case).warning(organization.say, case),
        organization.say("notice.asks_for", asked=asks_for) if asks_for else "",
        organization.say("notice.in_copy", people=copies) if copies else "",
        *dict.fromkeys(away),
    )


@dataclass(frozen=True, slots=True)
class TriageReply:
    """The reply that shows somebody's words: what it tells besides them, and what it `offers`
    before the commands that are offered with any."""

    template: str = TRIAGE
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    offers: tuple[CommandSpec, ...] = ()


_USUAL = TriageReply()


def triage(
    organization: Organization,
    incoming: ParsedMessage,
    why: str,
    case: Case | None = None,
    to: Iterable[Person] | None = None,
    reply: TriageReply = _USUAL,
) -> tuple[Notification, ...]:
    """A message that a person should see, to every reviewer (or `to`): somebody's words and why.

    Each carries a key to answer it, bound to the case, or to the message where there is none.
    Where a header says that somebody else wrote it, who would be answered, that is told.
    """
    sender, writer = incoming.sender, incoming.writer
    if sender and writer and writer.email != sender.email:
        why = organization.say("triage.says_who_wrote", why=why, writer=writer.email)
    files = tuple(a.name for a in incoming.attachments if not a.inline)
    reviewers = organization.with_role(Role.REVIEWER)
    others = [p for p in reviewers if sender is None or p.address.email != sender.email]
    people = (others or reviewers) if to is None else to
    words = _words(organization, why, sender, incoming.subject, incoming.text, files)
    return _triage_to(organization, people, case, words, reply)


def unheard(
    organization: Organization, case: Case, text: str, why: str
) -> tuple[Notification, ...]:
    """What somebody wrote who never said what they want: to every reviewer."""
    words = _words(organization, why, case.requester, case.subject, text)
    return _triage_to(organization, organization.with_role(Role.REVIEWER), case, words)


def _words(
    organization: Organization,
    why: str,
    sender: Address | None,
    subject: str,
    text: str,
    files: tuple[str, ...] = (),
) -> dict[str, object]:
    return {
        "why": why,
        "sender": sender.email if sender else organization.say("notice.unknown_sender"),
        "sender_name": sender.name if sender else "",
        "mail_subject": subject,
        "text": text[:EXCERPT],
        "cut": len(text) > EXCERPT,
        "attachments": files,
    }


def _triage_to(
    organization: Organization,
    people: Iterable[Person],
    case: Case | None,
    words: dict[str, object],
    reply: TriageReply = _USUAL,
) -> tuple[Notification, ...]:
    told = []
    for person in people:
        rows = (*reply.offers, *offered_with_words(organization, person, case))
        values = {**words, **reply.values, "commands": lines(rows)}
        mail = to_staff(reply.template, person.address, values, case, Purpose.TRIAGE)
        told.append(replace(mail, token=triage_grant(person, case, rows)))
    return tuple(told)
