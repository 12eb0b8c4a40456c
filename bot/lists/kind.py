"""The first kind of request: a list for mass mailing."""

from functools import partial
from types import MappingProxyType

from bot.lists import findings, orphans, records
from bot.lists.changes import COMMANDS, change_list
from bot.lists.guidelines import Guidelines, checks_for_area
from bot.lists.misuse import INVITAR, complaint_told
from bot.lists.notifications import days_of_case, renewals, responsibility, weekly
from bot.lists.provisioning import HECHO
from bot.lists.request import (
    NOUN,
    as_told,
    has_new_owner,
    is_about,
    warning,
    words,
    writer_as_responsible,
)
from bot.workflow.kinds import STAGES, RequestKind, Stage, Topic
from nlp.types import Form, Intent
from replies.phrases import say

GUIDELINES = Guidelines()
TOPICS = (
    Topic(
        Intent.CREATE_LIST,
        say("topic.create_list"),
        ("creación", "crear", "lista nueva", "alta", "nueva"),
        by_form=True,
        implies=MappingProxyType({"request_type": "creation"}),
        button=say("button.create_list"),
    ),
    Topic(
        Intent.REINSTATE_LIST,
        say("topic.reinstate_list"),
        ("restablecimiento", "restablecer", "reactivar", "reactivación", "recuperar"),
        by_form=True,
        implies=MappingProxyType({"request_type": "reinstatement"}),
        button=say("button.reinstate_list"),
    ),
    Topic(
        Intent.CHANGE_LIST,
        say("topic.change_list"),
        ("cambio", "cambiar", "modificación", "baja", "cambio de lista"),
        opens=change_list,
        asks=frozenset({"list_name"}),  # the rest is known from the register
    ),
    Topic(
        Intent.ONE_OFF_SEND,
        say("topic.one_off_send"),
        ("envío único", "envío", "aviso", "un solo aviso"),
    ),
    Topic(
        Intent.REPORT_MISUSE,
        say("topic.report_misuse"),
        ("reporte", "queja", "mal uso", "abuso"),
        told=complaint_told,
    ),
)
CANCEL_WORDS = ("ya no necesitamos la lista", "ya no necesito la lista")


def list_kind(
    form: Form,
    stages: tuple[Stage, ...] = STAGES,
    guidelines: Guidelines = GUIDELINES,
    orphan_days: int = 30,
) -> RequestKind:
    """Requests for a list, with the form, stages and guidelines of the configuration; after
    `orphan_days` without anybody who answers for one its withdrawal is proposed."""
    return RequestKind(
        name=records.KIND,
        noun=NOUN,
        form=form,
        topics=TOPICS,
        words=words,
        stages=stages,
        of_one=frozenset({"request_type", "list_name", "recipients"}),
        backer=orphans.sponsor_of,
        proposes=writer_as_responsible,
        has_new_owner=has_new_owner,
        around=findings.load,
        shows=partial(findings.shown, guidelines=guidelines),
        checks=partial(checks_for_area, guidelines=guidelines),
        records=records.load,
        save=records.save,
        keeps_address=records.keeps_address,
        as_told=as_told,
        warning=warning,
        accepted=responsibility,
        calendar=days_of_case,
        scheduled=renewals,
        weekly=weekly,
        left_behind=orphans.left_behind,
        owner_gone=orphans.owner_gone,
        own_steps=partial(orphans.own_steps, orphan_days=orphan_days),
        take_step=orphans.take_step,
        read_on=orphans.read_on,
        taken_back=orphans.taken_back,
        commands=COMMANDS,
        staff_commands=(HECHO, INVITAR),
        cancel_words=CANCEL_WORDS,
        is_about=is_about,
    )
