"""The work order for whoever creates a list; HECHO, its answer; what the register is told."""

from dataclasses import dataclass, replace

from bot.lists.guidelines import Guidelines, fits_address
from bot.lists.notifications import list_ready
from bot.lists.records import KIND, lists_in
from bot.lists.register import ListEntry, ListState, entry_of, is_list_of
from bot.lists.request import REGISTER, is_removal
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case, State
from bot.workflow.commands.answers import refused
from bot.workflow.commands.decide import Completion, carried_out
from bot.workflow.commands.registry import HOLDER, CommandContext, CommandSpec, Offer
from bot.workflow.context import Need
from bot.workflow.notification import Notification
from bot.workflow.notifications.present import show
from bot.workflow.notifications.updates import noted
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.phrases import Phrases
from nlp.types import Form, Intent

# How people say that a list is there: "Ya quedó creada …".
_MADE = ("creada", "dada de alta", "habilitada", "activa", "hecha", "generada", "configurada",
         "activada")  # fmt: skip
_ALONE = ("ya quedo", "quedo", "ya esta")  # says it without a participle, too
QUEDO = tuple(
    f"{it}{begins} {made}".strip()
    for it in ("", "la lista ")
    for begins in ("ya quedo", "quedo", "ya esta", "esta", "fue", "ya fue")
    for made in (*_MADE, *(("", "lista") if begins in _ALONE else ()))
)
# The same of who made it ("la di de alta"), and of the list itself ("ya funciona").
_DID = ("di de alta", "dimos de alta", "cree", "creamos", "habilite", "habilitamos", "configure",
        "active", "acabo de crear", "acabo de dar de alta")  # fmt: skip
_WORKS = ("funciona", "esta funcionando", "esta en funcionamiento", "se puede usar",
          "pueden usarla", "esta lista para usarse", "esta operando")  # fmt: skip

HECHO_SAYS = "HECHO"
"""The command that answers a work order, written with its address."""


@dataclass(frozen=True, slots=True)
class WorkOrderLine:
    """A line of the work order, in words."""

    label: str
    value: str


def work_order(
    organization: Organization, guidelines: Guidelines, case: Case
) -> tuple[WorkOrderLine, ...]:
    """Address, owner, who may post, audience and until when; what is not known is left out."""
    wanted = entry_of(case, "")
    owner = ", ".join(part for part in (wanted.responsible, wanted.responsible_email) if part)
    form = organization.kind(case).form
    say: Phrases = organization.say
    lines = {
        say("lists.order_address"): _address(organization, guidelines, case, wanted.name),
        say("lists.order_owner"): owner,
    }
    if not is_removal(case):
        until = plain_date(wanted.end_date) if wanted.end_date else ""
        lines |= {
            say("lists.order_posters"): say("lists.order_only", email=wanted.responsible_email),
            say("lists.order_audience"): _audience(organization, form, wanted),
            say("lists.order_until"): until,
        }
    return tuple(WorkOrderLine(label, value) for label, value in lines.items() if value)


def _address(organization: Organization, guidelines: Guidelines, case: Case, name: str) -> str:
    """The address a list has, or the one its name asks for."""
    found = case.form.get("list_name")
    if found is not None and found.source == REGISTER and found.evidence:
        return found.evidence
    local, _, domain = name.lower().partition("@")
    if domain in organization.domains:
        return name.lower()
    if fits_address(local, guidelines):
        return f"{local}@{organization.mailbox.domain}"
    return organization.say("lists.order_fitting", name=name) if name else ""


def _audience(organization: Organization, form: Form, wanted: ListEntry) -> str:
    who = show(form["audience"], wanted.audience) if "audience" in form else ""
    count = wanted.recipients
    many = organization.say("lists.order_many", count=count) if count else ""
    return f"{who} ({many})" if who and many else who or many


def done(command: CommandContext) -> Outcome:
    """Avisa que está hecho; escriba después la dirección de la lista."""
    case, address = command.case, command.argument
    own = _list_of(command)
    refusal = _refusal(command, own)
    if refusal is not None:
        return refusal
    registered, what = _words(command, case, address)
    entries = _entered(command, address, own)
    return carried_out(command, Completion(registered, what, _ready(command, case), entries))


HECHO = CommandSpec(
    done,
    "done",
    HECHO_SAYS,
    (
        "hecho",
        "listo <address>",
        "done",
        *_MADE,
        *(f"lista {made}" for made in _MADE),
        *QUEDO,
        *(f"{ya}se {did}" for ya in ("", "ya ") for did in ("creo", "dio de alta", "habilito")),
        *(f"{ya}la {did}" for ya in ("", "ya ") for did in _DID),
        *(f"{la}ya {works}" for la in ("", "la lista ") for works in _WORKS),
    ),
    {State.PROVISIONING: HOLDER},
    argument="address",
    argument_hint="dirección",
    likely=("listo", "lista", *QUEDO),
    offers=frozenset({Offer.NOTICE, Offer.DIGEST}),
    staff_only=True,
    needs=frozenset({Need.RECORDS}),
    kind=KIND,
)


def _refusal(command: CommandContext, own: ListEntry | None) -> Outcome | None:
    organization, address = command.organization, command.argument
    if not address:
        return refused(command, command.say("lists.address_missing"))
    if address.rpartition("@")[2] not in organization.domains:
        return refused(command, command.say("lists.address_elsewhere", address=address))
    if own is not None and is_removal(command.case) and own.key != address.strip().lower():
        why = command.say("lists.address_of_another", name=own.address or own.name, address=address)
        return refused(command, why, command.say("lists.registered_nothing"))
    taken = _list_with(command)
    if taken is None:
        return None
    whose = command.say("lists.for_request", folio=taken.folio) if taken.folio else ""
    return refused(
        command,
        command.say("lists.address_taken", address=address, name=taken.name, whose=whose),
        command.say("lists.registered_nothing_new"),
    )


def _words(command: CommandContext, case: Case, address: str) -> tuple[str, str]:
    """What was registered, and what the provisioner did."""
    made = "changed" if case.intent == Intent.CHANGE_LIST else "created"
    what = "removed" if is_removal(case) else made
    registered = command.say(f"lists.registered.{what}", address=address)
    return registered, command.say(f"history.list_{what}", address=address)


def _list_of(command: CommandContext) -> ListEntry | None:
    """The list in use that a change is about, as the register has it."""
    if command.case.intent != Intent.CHANGE_LIST:
        return None
    mine = [e for e in lists_in(command.context) if is_list_of(command.case, e)]
    return next((e for e in mine if e.state is not ListState.WITHDRAWN), None)


def _list_with(command: CommandContext) -> ListEntry | None:
    """Another list, in use, that has the address already; a change is of the list it is about."""
    wanted, case = command.argument.strip().lower(), command.case
    active = (e for e in lists_in(command.context) if e.state is ListState.ACTIVE)
    return next((e for e in active if e.key == wanted and not is_list_of(case, e)), None)


def _ready(command: CommandContext, case: Case) -> Notification:
    """Word to the area: its list exists, or what it asked of it is done."""
    if case.intent != Intent.CHANGE_LIST:
        return list_ready(command.organization, case, command.argument)
    if is_removal(case):
        return noted(
            case,
            command.say("lists.removed_title"),
            command.say("lists.removed", argument=command.argument),
        )
    return noted(
        case,
        command.say("lists.changed_title"),
        command.say("lists.changed", argument=command.argument),
        command.say("lists.not_right"),
    )


def _entered(command: CommandContext, address: str, own: ListEntry | None) -> tuple[ListEntry, ...]:
    """What the register is told; a list that changed its address is no longer at the old one."""
    case, entry = command.case, entry_of(command.case, address)
    if is_removal(case):
        return (replace(entry, state=ListState.WITHDRAWN),)
    if own is not None and own.key != entry.key:
        note = command.say("lists.moved_to", address=entry.address)
        return (replace(own, state=ListState.WITHDRAWN, note=note), entry)
    return (entry,)
