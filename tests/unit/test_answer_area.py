"""What a message from an area leads to."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.lists.kind import list_kind
from bot.workflow.authority import SenderPolicy
from bot.workflow.case import State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.kinds import APPROVAL, PROVISIONING
from bot.workflow.message import Address, Attachment
from nlp.types import Command, Intent, ParsedCommands, Prediction
from tests.builders import (
    ANA,
    APPROVER,
    FORM,
    NOW,
    ORGANIZATION,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    found,
    full_form,
    mail,
    notifications_of,
    sent,
    turn,
)

OUTSIDER = Address("ventas@empresa.example", "Ventas")
COLLEAGUE = Address("luis.mora@upaep.mx", "Luis Mora")


def understood(
    intent: Intent = Intent.CREATE_LIST, confidence: float = 0.99, **fields: object
) -> Prediction:
    values = {name: found(value) for name, value in fields.items()}  # type: ignore[arg-type]
    return Prediction(intent, confidence, MappingProxyType(values))


def to_reviewers(template: str) -> set[tuple[str, str]]:
    return {(template, p.address.email) for p in (REVIEWER, REVIEWER_2)}


def test_a_request_in_prose_is_asked_for_exactly_what_is_missing() -> None:
    known = {name: f.value for name, f in full_form("phone_ext", "sponsor").items()}
    done = decide(context(mail(), prediction=understood(**known)))
    assert done.opens
    assert done.case is not None
    assert done.case.state is State.INCOMPLETE
    notification = notifications_of(done)[0]
    assert set(sent(done)) == {("form", ANA.email)}
    assert [r.name for r in notification.values["missing"]] == ["phone_ext", "sponsor"]  # type: ignore[attr-defined]
    assert notification.with_form
    assert notification.in_reply_to == "<m1@upaep.mx>"


def test_what_the_request_plainly_is_is_not_asked_again() -> None:
    done = decide(context(mail(), prediction=understood(Intent.REINSTATE_LIST)))
    assert done.case is not None
    assert done.case.form["request_type"].value == "reinstatement"


def test_a_complete_request_goes_to_review_and_the_area_hears_by_when() -> None:
    form = full_form()
    done = decide(context(mail(), prediction=Prediction(Intent.CREATE_LIST, 0.99, form)))
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert done.case.due_on == dt.date(2021, 8, 23)
    assert set(sent(done)) == {("received", ANA.email)} | to_reviewers("review")
    assert [e.what for e in done.events] == ["opened", "complete"]


def test_without_a_review_stage_it_goes_to_the_approver() -> None:
    organization = replace(ORGANIZATION, kinds=(list_kind(FORM, (APPROVAL, PROVISIONING)),))
    prediction = Prediction(Intent.CREATE_LIST, 0.99, full_form())
    done = decide(context(mail(), prediction=prediction, organization=organization))
    assert done.case is not None
    assert done.case.state is State.APPROVAL
    assert ("approval", APPROVER.address.email) in sent(done)


@pytest.mark.parametrize("link", [Link.THREAD, Link.FOLIO])
@pytest.mark.parametrize("sender", [ANA, COLLEAGUE])
def test_a_reply_completes_the_form(link: Link, sender: Address) -> None:
    about = case(State.INCOMPLETE, form=full_form("phone_ext"), people=(ANA, COLLEAGUE))
    reply = mail(sender=sender, message_id="<m2@upaep.mx>")
    done = decide(context(reply, case=about, link=link, turn=turn({"phone_ext": "7415"})))
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert done.case.version == 2
    assert ("received", ANA.email) in sent(done)
    assert notifications_of(done)[0].in_reply_to == "<m2@upaep.mx>"


def test_half_an_answer_is_asked_for_the_rest() -> None:
    about = case(State.INCOMPLETE, form=full_form("phone_ext", "sponsor"))
    done = decide(context(mail(), case=about, link=Link.THREAD, turn=turn({"phone_ext": "1"})))
    assert [r.name for r in notifications_of(done)[0].values["missing"]] == ["sponsor"]  # type: ignore[attr-defined]


def test_a_correction_under_review_brings_fresh_notices_with_the_change_marked() -> None:
    done = decide(
        context(mail(), case=case(), link=Link.THREAD, turn=turn({}, {"recipients": 900}))
    )
    assert set(sent(done)) == {("received", ANA.email)} | to_reviewers("review")
    notice = next(x for x in notifications_of(done) if x.template == "review")
    row = next(r for r in notice.values["rows"] if r.name == "recipients")  # type: ignore[attr-defined]
    assert (row.before, row.value) == ("1,850", "900")
    assert notice.token is not None
    assert notice.token.version == 2


@pytest.mark.parametrize("link", [Link.THREAD, Link.FOLIO])
@pytest.mark.parametrize("sender", [COLLEAGUE, OUTSIDER])
def test_nobody_else_joins_a_case(link: Link, sender: Address) -> None:
    done = decide(
        context(mail(sender=sender), case=case(), link=link, prediction=understood(recipients=5))
    )
    assert done.case is not None
    assert done.case.form == case().form
    is_told = sender is COLLEAGUE or link is Link.THREAD  # nobody outside by a number alone
    told = {("noted", sender.email)} if is_told else set()
    assert set(sent(done)) == to_reviewers("remark") | told


@pytest.mark.parametrize("about", [None, case()])
def test_a_command_by_somebody_who_is_not_staff_is_none(about: object) -> None:
    made = context(
        mail("APROBAR"),
        case=about,
        link=Link.THREAD if about else Link.NONE,
        staff_commands=ParsedCommands((Command("approve"),)),
    )
    done = decide(made)
    told = {("noted", ANA.email)} if about else set()
    assert set(sent(done)) == to_reviewers("remark") | told
    assert done.case is None or done.case.state is State.REVIEW


def test_strangers_and_doubtful_mail_reach_reviewers_only() -> None:
    stranger = decide(context(mail(sender=OUTSIDER), prediction=understood()))
    answer = mail(in_reply_to=("<x@upaep.mx>",))
    doubtful = decide(context(answer, prediction=understood(confidence=0.4)))
    nobody = decide(context(mail(senders=())))
    two = decide(context(mail(senders=(ANA, OUTSIDER))))
    for done in (stranger, doubtful, nobody, two):
        assert set(sent(done)) == to_reviewers("remark")
        assert done.case is None


@pytest.mark.parametrize(
    "intent", [Intent.CHANGE_LIST, Intent.ONE_OFF_SEND, Intent.QUESTION, Intent.REPORT_MISUSE]
)
def test_what_is_no_request_is_guided_and_copied_to_reviewers(intent: Intent) -> None:
    done = decide(context(mail(), prediction=understood(intent)))
    assert set(sent(done)) == {("guidance", ANA.email)} | to_reviewers("remark")


def test_who_asks_how_it_goes_hears_of_their_own_cases() -> None:
    done = decide(context(mail(), prediction=understood(Intent.CASE_STATUS), cases=(case(),)))
    assert set(sent(done)) == {("status", ANA.email)}


def test_the_answer_to_a_question_goes_back_to_staff() -> None:
    about = case(asked_by=REVIEWER.address.email)
    done = decide(
        context(mail("Cuatro al mes."), case=about, link=Link.THREAD, prediction=understood())
    )
    assert set(sent(done)) == to_reviewers("review") | {("noted", ANA.email)}
    notice = next(x for x in notifications_of(done) if x.template == "review")
    assert "Cuatro al mes." in str(notice.values["note"])
    assert done.case is not None
    assert done.case.asked_by == ""


def test_an_attachment_that_cannot_be_read_is_told() -> None:
    scan = Attachment("formato.doc", "application/msword", 9, problem="No se pudo leer.")
    done = decide(context(mail(attachments=(scan,)), prediction=understood(area="Biblioteca")))
    assert notifications_of(done)[0].values["problems"] == ("No se pudo leer.",)


def test_with_a_pinned_server_a_forged_requester_opens_nothing() -> None:
    organization = replace(ORGANIZATION, sender_policy=SenderPolicy("mx1.upaep.mx"))
    done = decide(context(mail(), prediction=understood(), organization=organization))
    assert set(sent(done)) == to_reviewers("remark")


def test_the_form_knows_its_fields() -> None:
    assert full_form().keys() == {f.name for f in FORM.fields}
    assert NOW.tzinfo is not None
