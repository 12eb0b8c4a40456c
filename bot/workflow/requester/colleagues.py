"""Mail in a shared mailbox that is none of the bot's business: people there write mail, too."""

from bot.workflow.case import bare
from bot.workflow.context import Context, Link
from nlp.types import BlockKind


def is_for_a_colleague(context: Context) -> bool:
    """Whether a message goes on with what a person of the office began, not the bot.

    It answers something that the bot did not send. What goes to a person of the office and not to
    the mailbox is theirs whatever it says; what goes to the mailbox, or only quotes the office, may
    ask for something, as answers to an announcement do: that is a request.
    """
    mail, organization = context.incoming, context.organization
    answers = bool(mail.in_reply_to or mail.references)
    is_ours = context.answers_us or context.token is not None or context.case is not None
    if not answers or is_ours or context.link is not Link.NONE:
        return False
    office = {person.address.email for person in organization.staff}
    if mail.sender is not None and mail.sender.email in office:
        return False
    addressed = {bare(address.email) for address in mail.to}
    if addressed & office and organization.mailbox.email not in addressed:
        return True
    if organization.topic(context.prediction.intent).is_request:
        return False
    quoted = [b.text.lower() for b in mail.blocks if b.kind is BlockKind.ATTRIBUTION]
    known = (*office, organization.mailbox.email)
    return bool(addressed & office) or any(email in text for text in quoted for email in known)
