"""How a request for a list is spoken of, what it keeps beside the form, who may answer for it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.lists.register import ListEntry
from bot.workflow.case import Case
from bot.workflow.kinds import CaseWords, Noun
from bot.workflow.message import Address
from bot.workflow.phrases import Phrases
from nlp.text.fold import fold
from nlp.turns.me import longer_name
from nlp.turns.people import people_in
from nlp.turns.writer import writer_of
from nlp.types import Extraction, FieldValue, Form, Intent
from replies.phrases import say

REGISTER = "el registro"
"""The source of a form's values that were taken from the register of lists."""
ASKED_FOR, REMOVAL = "change", "removal"
"""Keys of `Case.details`: what is asked of an existing list, in the area's words; whether it is to
be withdrawn."""
ORPHAN = "orphan"
"""Key of `Case.details`: the address of who answered for a list, where there is none such any more;
the case asks who does now."""
CALLED = "called"
"""Key of `Case.details`: what somebody calls a list who does not answer for it; the register keeps
the rest of it from them."""
NOUN = Noun.of("list")
_ALIKE = ("area", "responsible", "purpose", "audience", "recipients", "frequency", "start_date",
          "end_date")  # fmt: skip
"""What the register calls as the form does."""
_ABOUT = re.compile(
    r"\b(?:(?:una|la|mi|nuestra|esta) (?:nueva )?lista|lista (?:de|para|nueva)|destinatarios"
    r"|lineamientos|mailing list|distribution list)\b"
)


def is_about(text: str) -> bool:
    """Whether a text, folded, speaks of lists."""
    return bool(_ABOUT.search(text))


def asked_for(case: Case) -> str:
    """What is asked of an existing list, in the area's words."""
    return str(case.details.get(ASKED_FOR, ""))


def as_told(case: Case) -> Case:
    """A case as its requester may read it: of others' list, what they wrote of it themselves."""
    called = case.details.get(CALLED)
    if not called:
        return case
    form = {name: found for name, found in case.form.items() if found.source != REGISTER}
    if "list_name" in case.form and "list_name" not in form:
        form["list_name"] = replace(case.form["list_name"], value=str(called), evidence="")
    return replace(case, form=MappingProxyType(form))


def warning(say: Phrases, case: Case) -> str:
    """That who asks for a change is not who answers for the list."""
    return say("lists.not_the_responsible") if case.details.get(CALLED) else ""


def has_new_owner(case: Case) -> bool:
    """Whether somebody is to answer for a list who did not before: they are asked to accept."""
    if is_removal(case):
        return False
    answers = (case.form.get("responsible"), case.form.get("email"))
    changed = any(found is not None and found.source != REGISTER for found in answers)
    return case.intent != Intent.CHANGE_LIST or changed


def is_removal(case: Case) -> bool:
    """Whether a list is to be withdrawn; not where that was proposed and somebody answers for it
    after all."""
    return bool(case.details.get(REMOVAL)) and not (ORPHAN in case.details and is_answered(case))


def is_answered(case: Case) -> bool:
    """Whether somebody said who answers for a list that nobody answered for."""
    return "responsible" in case.form or "email" in case.form


def words(case: Case) -> CaseWords:
    """What is to be done to which list, for which area."""
    is_change = case.intent == Intent.CHANGE_LIST
    doing = "removal" if is_removal(case) else case.intent
    return CaseWords(
        verb=say(f"lists.verb.{doing}"),
        name=case.text("list_name"),
        area=case.text("area"),
        asks_for=asked_for(case),
        doing=say("lists.doing.change" if is_change else "lists.doing.made"),
        done=say("lists.done.change" if is_change else "lists.done.made"),
    )


def known_of(form: Form, entry: ListEntry) -> Mapping[str, Extraction]:
    """A list of the register as values of the form."""
    values: dict[str, FieldValue | None] = {
        "email": entry.responsible_email,
        "list_name": entry.name or entry.address.partition("@")[0],
        **{name: getattr(entry, name) for name in _ALIKE},
    }
    known = {n: Extraction(v, REGISTER, "") for n, v in values.items() if v and n in form}
    if "list_name" in known:
        known["list_name"] = replace(known["list_name"], evidence=entry.address)
    return MappingProxyType(known)


def writer_as_responsible(case: Case, writer: Address, signature: str) -> Mapping[str, FieldValue]:
    """The fields of the responsible that are empty, as the writer's; none where the form names
    somebody else, or the mail comes from an office."""
    named = case.form.get("responsible")
    own = named is None or {*fold(str(named.value)).split()} <= {*fold(writer.name).split()}
    if not own or not people_in(writer.name):
        return MappingProxyType({})
    signed = writer_of(signature)
    values = {
        "responsible": longer_name(writer.name, signed.name or ""),
        "position": signed.position,
        "email": writer.email,
        "phone_ext": signed.phone_ext,
    }
    return MappingProxyType({n: v for n, v in values.items() if v and n not in case.form})
