"""Cases as JSON and back. Unknown keys are skipped, so that older code reads what newer wrote.

By hand, for pydantic does not take what is there: docs/decisions/cases-as-json.md.
"""

import datetime as dt
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.store.errors import StoreError
from bot.workflow.case import Case, Decision, Inquiry, Move, Reply, State
from bot.workflow.message import Address
from nlp.types import Extraction, value_from_json, value_to_json

# ASCII only: NUL and lone surrogates travel as escapes, which every database takes.
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def case_to_json(case: Case) -> str:
    """The whole case."""
    return _encode(
        {
            "folio": case.folio,
            "state": str(case.state),
            "intent": str(case.intent),
            "requester": _address(case.requester),
            "people": [_address(p) for p in case.people],
            "subject": case.subject,
            "opened_at": _time(case.opened_at),
            "updated_at": _time(case.updated_at),
            "form": {name: _found(found) for name, found in case.form.items()},
            "order": list(case.form),  # keys are sorted for a stable text
            "version": case.version,
            "due_on": case.due_on.isoformat() if case.due_on else None,
            "thread": list(case.thread),
            "assignee": case.assignee,
            "ruling": _decision(case.decision) if case.decision else None,
            "asked_by": case.asked_by,
            "merged_into": case.merged_into,
            "details": dict(case.details),
            "owners": list(case.owners),
            "writers": list(case.writers),
            "entered": {state: _time(at) for state, at in case.entered.items()},
            "promised": case.promised.isoformat() if case.promised else None,
            "inquiries": [_inquiry(one) for one in case.inquiries],
        }
    )


def case_from_json(text: str) -> Case:
    """The case that `case_to_json` wrote. Raises StoreError where it is none."""
    try:
        return _case(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"a case cannot be read: {type(error).__name__} {error}") from error


def strings_to_json(value: Mapping[str, str] | tuple[str, ...]) -> str:
    return _encode(value if isinstance(value, tuple) else dict(value))


def _case(data: Mapping[str, Any]) -> Case:
    form, due, decision = data.get("form", {}), data.get("due_on"), data.get("ruling")
    promised = data.get("promised")
    in_order = [name for name in data.get("order", ()) if name in form]
    return Case(
        folio=data["folio"],
        state=State(data["state"]),
        intent=data["intent"],
        requester=_to_address(data["requester"]),
        people=tuple(_to_address(p) for p in data["people"]),
        subject=data["subject"],
        opened_at=_to_time(data["opened_at"]),
        updated_at=_to_time(data["updated_at"]),
        form=MappingProxyType({n: _to_found(form[n]) for n in dict.fromkeys((*in_order, *form))}),
        version=data.get("version", 1),
        due_on=dt.date.fromisoformat(due) if due else None,
        thread=tuple(data.get("thread", ())),
        assignee=data.get("assignee", ""),
        decision=_to_decision(decision) if decision else None,
        asked_by=data.get("asked_by", ""),
        merged_into=data.get("merged_into", ""),
        details=MappingProxyType(dict(data.get("details") or _old_details(data))),
        owners=tuple(data.get("owners", ())),
        writers=tuple(data.get("writers", ())),
        entered=MappingProxyType({s: _to_time(at) for s, at in data.get("entered", {}).items()}),
        promised=dt.date.fromisoformat(promised) if promised else None,
        inquiries=tuple(_to_inquiry(one) for one in data.get("inquiries", ())),
    )


def _old_details(data: Mapping[str, Any]) -> Mapping[str, str | bool]:
    """Two details that stood beside all the rest before there was a place for them."""
    return {name: data[name] for name in ("change", "removal") if data.get(name)}


def _address(address: Address) -> dict[str, str]:
    return {"email": address.email, "name": address.name}


def _to_address(data: Mapping[str, str]) -> Address:
    return Address(data["email"], data.get("name", ""))


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _to_time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _found(found: Extraction) -> dict[str, Any]:
    return {
        "value": value_to_json(found.value),
        "source": found.source,
        "evidence": found.evidence,
    }


def _to_found(data: Mapping[str, Any]) -> Extraction:
    value = value_from_json(data["value"])
    return Extraction(value, data.get("source", ""), data.get("evidence", ""))


def _decision(decision: Decision) -> dict[str, str]:
    return {
        "move": str(decision.move),
        "by": decision.by,
        "at": _time(decision.at),
        "goes_out_at": _time(decision.goes_out_at),
        "before": str(decision.before),
        "reason": decision.reason,
        "notice": decision.token,
        "reason_key": decision.reason_key,
    }


def _to_decision(data: Mapping[str, str]) -> Decision:
    return Decision(
        move=Move(data["move"]),
        by=data["by"],
        at=_to_time(data["at"]),
        goes_out_at=_to_time(data["goes_out_at"]),
        before=State(data["before"]),
        reason=data.get("reason", ""),
        token=data.get("notice", ""),
        reason_key=data.get("reason_key", ""),
    )


def _inquiry(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "topic": inquiry.topic,
        "to": _address(inquiry.to),
        "about": inquiry.about,
        "asked_at": _time(inquiry.asked_at),
        "reply": inquiry.reply,
        "words": inquiry.words,
        "version": inquiry.version,
    }


def _to_inquiry(data: Mapping[str, Any]) -> Inquiry:
    return Inquiry(
        topic=data["topic"],
        to=_to_address(data["to"]),
        about=data["about"],
        asked_at=_to_time(data["asked_at"]),
        reply=Reply(data["reply"]) if data["reply"] else None,
        words=data["words"],
        version=data["version"],
    )
