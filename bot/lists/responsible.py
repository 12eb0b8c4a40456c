"""Whoever asks for a list mostly answers for it: what their From and signature say of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.workflow.case import Case
from bot.workflow.message import Address
from nlp.turns.me import longer_name
from nlp.turns.people import people_in
from nlp.turns.writer import writer_of
from nlp.types import FieldValue


def writer_as_responsible(case: Case, writer: Address, signature: str) -> Mapping[str, FieldValue]:
    """The fields of the responsible that are empty, as the writer's; none where the form names
    somebody, or the mail comes from an office."""
    if "responsible" in case.form or not people_in(writer.name):
        return MappingProxyType({})
    signed = writer_of(signature)
    values = {
        "responsible": longer_name(writer.name, signed.name or ""),
        "position": signed.position,
        "email": writer.email,
        "phone_ext": signed.phone_ext,
    }
    return MappingProxyType({n: v for n, v in values.items() if v and n not in case.form})
