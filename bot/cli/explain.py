"""`explain`: what the bot understands of raw messages. Writes nothing, sends nothing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.app import WORK_FAILED, app
from bot.cli.rows import print_json_line
from bot.config.load import load
from bot.config.organization import organization_of
from bot.mail.parsing.limits import limits_of
from bot.observability.terminal import complain, print_table
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.parser_process import ParserProcess
from bot.workflow.case import Case, State
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from bot.workflow.requester.opening import known
from nlp.turns.types import Turn
from nlp.types import FieldValue, plain_value


@app.command()
def explain(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Raw messages (.eml).")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    answering: Annotated[
        Path | None,
        typer.Option(
            metavar="SENT",
            exists=True,
            dir_okay=False,
            readable=True,
            help="A mail of ours (.eml) that the files answer: they are read as turns of its case.",
        ),
    ] = None,
) -> None:
    """What the bot understands of raw messages; writes nothing, sends nothing."""
    settings = load(context.obj)
    organization = organization_of(settings)
    unreadable: list[Path] = []
    now = dt.datetime.now(dt.UTC)
    sent = None if answering is None else answering.read_bytes()
    with ParserProcess(organization, limits_of(settings), settings.limits.parse_seconds) as reader:
        analyses = reader.analyse_all(
            InboundMessage(0, _bytes_of(file, unreadable), now, answered=sent) for file in files
        )
        for file, found in zip(files, analyses, strict=True):
            analysis, mail = found, found.mail
            by_machine = found.screened is not None and not found.screened.relayed
            if sent is not None and isinstance(mail, ParsedMessage) and not by_machine:
                again = InboundMessage(0, b"", now, answered=sent, mail=mail)
                analysis = replace(found, turn=reader.analyse(again).turn)
            answer = as_dict(str(file), analysis, organization)
            if analysis.turn is not None:
                answer |= as_turn(analysis.turn)
            else:
                answer |= failing(analysis, organization, now)
            if as_json:
                print_json_line(answer)
            else:
                print_table((), _rows(answer, analysis, organization), title=answer["file"])
    if unreadable:
        raise typer.Exit(WORK_FAILED)


def _bytes_of(file: Path, unreadable: list[Path]) -> bytes:
    """What is in a file; where it cannot be read that is told and noted."""
    try:
        return file.read_bytes()
    except OSError as error:
        complain(f"{file}: {error.strerror}")
        unreadable.append(file)
        return b""


def as_dict(file: str, analysis: MessageAnalysis, organization: Organization) -> dict[str, Any]:
    """What `explain --json` tells of a mail: other programs go by its keys."""
    mail, prediction = analysis.mail, analysis.prediction
    if not isinstance(mail, ParsedMessage):
        return {
            "file": file, "from": mail.sender or None, "subject": mail.subject, "attachments": [],
            "automatic": None, "why": None, "intent": None, "confidence": 0.0, "fields": {},
            "sure": {}, "missing": [],
            "command": None, "folio": None, "text": "", "problem": mail.reason,
        }  # fmt: skip
    command = analysis.staff_commands.commands[0] if analysis.staff_commands.commands else None
    return {
        "file": file,
        "from": mail.senders[0].email if mail.senders else None,
        "subject": mail.subject,
        "attachments": [a.name for a in mail.attachments],
        "automatic": analysis.screened.kind if analysis.screened else None,
        "why": analysis.screened.reason if analysis.screened else None,
        "intent": str(prediction.intent),
        "confidence": round(prediction.confidence, 4),
        "fields": {name: plain_value(found.value) for name, found in prediction.fields.items()},
        "sure": {name: round(found.sure, 2) for name, found in prediction.fields.items()},
        "missing": _missing(analysis, organization),
        "command": {"name": command.name, "argument": command.argument} if command else None,
        "folio": analysis.folio or None,
        "text": mail.text,
        **_taken_apart(mail),
    }


def _taken_apart(mail: ParsedMessage) -> dict[str, Any]:
    """The heads of what a message hands on, and the addresses that a report says do not exist;
    nothing where there are none."""
    heads = [
        {
            "from": head.sender.email if head.sender else None,
            "recipients": head.in_sight,
            "sent": head.sent_on.isoformat() if head.sent_on else head.sent or None,
            "subject": head.subject,
        }
        for head in mail.handed_on
    ]
    told = {"handed_on": heads, "gone": list(mail.gone_recipients)}
    return {name: value for name, value in told.items() if value}


def failing(
    analysis: MessageAnalysis, organization: Organization, now: dt.datetime
) -> dict[str, Any]:
    """The checks that a request opened from this message fails, as the area hears of them at once;
    nothing where there are none."""
    mail, prediction = analysis.mail, analysis.prediction
    topic = organization.topic(prediction.intent)
    if not isinstance(mail, ParsedMessage) or not mail.sender:
        return {}
    if analysis.screened or not topic.by_form:
        return {}
    sure = {n: v for n, v in prediction.fields.items() if v.sure >= organization.value_threshold}
    case = Case(
        folio="", state=State.INCOMPLETE, intent=prediction.intent, requester=mail.sender,
        people=(), subject=mail.subject, opened_at=now, updated_at=now,
        form=known(organization.kind_about(topic.intent).form, topic, sure),
    )  # fmt: skip
    checks = advice(organization, case, organization.day(mail.date or now))
    told = [{"check": one.name, "text": one.text, "mend": one.mend} for one in checks]
    return {"checks": told} if told else {}


def as_turn(turn: Turn) -> dict[str, Any]:
    """What a mail says as a turn of a conversation, instead of what it says by itself.

    `given` are the fields that it answers, `corrected` those that it changes; the others of
    `fields` it says again. A field of which it says that there is no such thing has no value.
    """
    said = {one.field: one for one in (*turn.answers, *turn.corrections, *turn.repeated)}
    return {
        "fields": {n: plain_value(one.value) for n, one in said.items() if one.value is not None},
        "sure": {name: round(one.sure, 2) for name, one in said.items()},
        "missing": list(turn.missing),
        "given": [one.field for one in turn.answers],
        "corrected": [one.field for one in turn.corrections],
        "unclear": [{"text": one.text, "fields": list(one.fields)} for one in turn.unclear],
        "questions": [
            {"topic": q.topic, "field": q.field or None, "text": q.text} for q in turn.questions
        ],
        "wishes": [{"wish": c.command, "clear": c.clear} for c in turn.commands],
        "thanks": turn.thanks,
        "agrees": turn.agrees,
        "rest": turn.rest,
    }


def _missing(analysis: MessageAnalysis, organization: Organization) -> list[str]:
    """What a case opened from this message would still ask for."""
    prediction = analysis.prediction
    topic = organization.topic(prediction.intent)
    if analysis.screened or not topic.by_form:
        return []
    known = {*prediction.fields, *topic.implies}
    form = organization.kind_about(topic.intent).form
    return [f.name for f in form.fields if f.required and f.name not in known]


def _rows(
    answer: dict[str, Any], analysis: MessageAnalysis, organization: Organization
) -> Iterator[tuple[str, str]]:
    for key in ("from", "subject", "automatic", "why", "intent", "confidence", "folio", "command"):
        if answer[key] not in (None, ""):
            yield key, str(answer[key])
    if "problem" in answer:
        yield "problem", answer["problem"]
    fields = {field.name: field for kind in organization.kinds for field in kind.form.fields}
    for name, value, where in _values(answer, analysis):
        yield fields[name].label, f"{show(fields[name], value)}  ({where})"
    for key in ("given", "corrected"):
        if answer.get(key):
            yield key, ", ".join(answer[key])
    if answer["missing"]:
        yield "missing", ", ".join(answer["missing"])
    for check in answer.get("checks", ()):
        yield f"✗ {check['check']}", f"{check['text']} {check['mend']}"
    for head in answer.get("handed_on", ()):
        said = f"{head['from']}, {head['sent']}, {head['recipients']} in sight: {head['subject']}"
        yield "handed_on", said
    if "gone" in answer:
        yield "gone", ", ".join(answer["gone"])
    yield "text", answer["text"][:1000]


def _values(
    answer: dict[str, Any], analysis: MessageAnalysis
) -> Iterator[tuple[str, FieldValue, str]]:
    """The values of the answer as typed, each with where it was found."""
    if "given" in answer and analysis.turn is not None:
        turn = analysis.turn
        for one in (*turn.answers, *turn.corrections, *turn.repeated):
            if one.value is not None:
                yield one.field, one.value, f"{one.source}: {one.evidence}"
        return
    for name, found in analysis.prediction.fields.items():
        yield name, found.value, f"{found.source}: {found.evidence}"
