"""The one question of the core: what is to be done with a message; and whether it came before."""

import datetime as dt
from dataclasses import replace

from bot.workflow.authority import is_authenticated
from bot.workflow.commands.carry_out import carry_out, is_for_staff
from bot.workflow.commands.exposed_tokens import (
    is_by_another,
    used_by_another,
    without_exposed_token,
)
from bot.workflow.commands.several import carry_out_rows
from bot.workflow.context import ROWS, Context
from bot.workflow.inquiries import answered, consulting, is_inquiry
from bot.workflow.machines import pass_over
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import alarm, command_result
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.requester.requests import answer_requester, told_to_colleague
from bot.workflow.staff import Leave
from nlp.text.fold import letters
from nlp.text.links import without_links
from nlp.text.subjects import same_subject


def decide(context: Context) -> Outcome:
    """What a message leads to: a machine's passed over, a staff command carried out or refused, or
    an area answered. What came of commands is told in the end, when all of it is known."""
    done, person = _decided(context), context.staff
    if person is None:
        return done
    mail, organization = context.incoming, context.organization
    told = (command_result(organization, person, mail, result) for result in done.results)
    return replace(done.plus(*told), results=())


def _decided(context: Context) -> Outcome:
    if context.screened is not None:
        return pass_over(context, context.screened)
    if context.token is not None and context.token.stage == ROWS:
        done = carry_out_rows(context, _decided)
        return done.then(Outcome("", done.case, leaves=_back(context)))
    person = context.staff
    heard = answered(context) if is_inquiry(context.token) else None
    if heard is not None:
        done = heard
    elif person is not None and is_for_staff(context):
        done = without_exposed_token(context, person, carry_out(context, person))
    elif is_by_another(context):
        done = used_by_another(context).plus(*told_to_colleague(context))
    else:
        done = answer_requester(context)
    if person is not None and context.batch is not None:  # its keys are seen, whatever it says
        done = without_exposed_token(replace(context, token=context.batch), person, done)
    done = _followed_up(context, done.then(Outcome("", done.case, leaves=_back(context))))
    several = tuple(_followed_up(context, x) if x.opens else x for x in done.several)
    return replace(done, several=several)


def _followed_up(context: Context, done: Outcome) -> Outcome:
    """What the case as it is left asks for whatever led to it."""
    done = _remembering_owners(context, done)
    asks = consulting(context.organization, done.case, context.now) if done.case else None
    done = done.then(asks) if asks else done
    return done.plus(*_nobody_left(context, done))


def _back(context: Context) -> tuple[Leave, ...]:
    """An absence ends with the next mail of who was away; a delegation goes on to its day."""
    person, organization = context.staff, context.organization
    if person is None or not is_authenticated(context.incoming, organization.sender_policy):
        return ()
    email, yesterday = person.address.email, context.now.date() - dt.timedelta(days=1)
    return tuple(
        replace(leave, last=yesterday)
        for leave in organization.leaves
        if leave.person == email and leave.delegate is None
    )


def _remembering_owners(context: Context, done: Outcome) -> Outcome:
    """The case does not forget who asked for it before its form was corrected; they get no notice.

    Whoever could put a request into other hands would decide on their own.
    """
    case, before, organization = done.case, context.case, context.organization
    if case is None or case == before:
        return done
    cases = [c for c in (before, case) if c is not None and c.folio == case.folio]
    case = replace(case, owners=tuple(sorted(organization.owners_of(*cases))))
    asked = tuple(n for n in done.notices if not organization.is_own_request(case, n.person))
    return replace(done, case=case, notices=asked)


def _nobody_left(context: Context, done: Outcome) -> tuple[Notification, ...]:
    """An alarm where a case comes to a stage of which everybody is excluded.

    Nobody decides on a request of their own; whoever names the only approver as its responsible
    must not stop it without a word.
    """
    before, case, organization = context.case, done.case, context.organization
    if case is None or organization.stage(case) is None:
        return ()
    if (before and before.state is case.state) or organization.who_may_act(case):
        return ()
    title = context.say("inbound.nobody_left", folio=case.folio)
    return alarm(organization, title, (context.say("inbound.name_somebody"),))


def is_copy(mail: ParsedMessage, earlier: ParsedMessage, organization: Organization) -> bool:
    """Whether `mail` says again what `earlier` said: re-encoded, tagged or with a footer.

    Other words under the same Message-ID are another mail. Nobody keeps a mail out by sending
    ahead what only looks like it: what nobody vouched for is no original of what somebody does.
    """
    if not mail.message_id or mail.message_id != earlier.message_id:
        return False
    names = {one.email for one in (earlier.writer, earlier.sender) if one}  # or that of a group
    if mail.writer is None or mail.writer.email not in names:
        return False
    policy = organization.sender_policy
    if is_authenticated(mail, policy) and not is_authenticated(earlier, policy):
        return False
    same = mail.subject == earlier.subject or same_subject(mail.subject, earlier.subject)
    return same and _said(mail) == _said(earlier)


def _said(mail: ParsedMessage) -> tuple[str, frozenset[tuple[str, int, str]]]:
    """What was typed, but for links, which gateways rewrite, and the files that came with it."""
    files = frozenset((a.name, a.size, a.text) for a in mail.attachments if not a.inline)
    return letters(without_links(mail.text)), files
