"""The guard in front of the outbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.workflow.message import Address
from bot.workflow.notification import Notification, Purpose
from bot.workflow.organization import Caps
from bot.workflow.screening.outbox import (
    DAY,
    HOUR,
    Cause,
    Recent,
    SendCounts,
    held_back,
    held_from_staff,
    may_send,
)
from tests import builders

ORGANIZATION = replace(builders.ORGANIZATION, staff=(), domains=("upaep.mx",))
FREE = SendCounts()


def notification(to: str = "ana@upaep.mx", *, automatic: bool = True) -> Notification:
    return Notification("form", Address(to), automatic=automatic)


def test_an_area_is_answered() -> None:
    assert may_send(notification(), FREE, ORGANIZATION) == ""


@pytest.mark.parametrize(
    "to",
    ["comunicacion.interna@upaep.mx", "Comunicacion.Interna@UPAEP.mx",
     "comunicacion.interna+ci-2021-0042.key@upaep.mx"],
)  # fmt: skip
def test_never_to_itself(to: str) -> None:
    assert may_send(notification(to), FREE, ORGANIZATION)
    assert may_send(notification(to, automatic=False), FREE, ORGANIZATION)


@pytest.mark.parametrize(
    "to",
    ["mailer-daemon@x.mx", "MAILER-DAEMON@x.mx", "postmaster@x.mx", "noreply@x.mx",
     "no-reply@x.mx", "no_reply@x.mx", "avisos-noreply@x.mx", "noreply.caja@x.mx",
     "no-responder@x.mx", "donotreply@x.mx", "lista-request@x.mx", "lista-bounces@x.mx",
     "lista-owner@x.mx", "owner-lista@x.mx", "lista-unsubscribe@x.mx", "majordomo@x.mx",
     "bounces+1182-ana=upaep.mx@x.mx", "bounce@x.mx", "srs0=abc=de=x.mx=ana@y.mx",
     "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@x.mx", "", "sin-arroba", "@x.mx", "ana@"],
)  # fmt: skip
def test_never_to_machines(to: str) -> None:
    assert may_send(notification(to, automatic=False), FREE, ORGANIZATION)


@pytest.mark.parametrize(
    "to",
    ["ana@upaep.mx", "ana+listas@upaep.mx", "norma.reply@upaep.mx", "comunicacion@upaep.mx",
     "comunicacion.interna@upaep.edu.mx", "lista-becas@upaep.mx", "bouncer.lopez@upaep.mx",
     "requesta@upaep.mx", "owner@upaep.mx"],
)  # fmt: skip
def test_people_are_no_machines(to: str) -> None:
    assert may_send(notification(to), FREE, ORGANIZATION) == ""


LATELY = builders.NOW - dt.timedelta(minutes=20)


@pytest.mark.parametrize(
    ("recent", "until"),
    [
        (Recent(same=LATELY), LATELY + DAY),
        (Recent(charged=LATELY), LATELY + HOUR),
        (Recent(anybody=LATELY), LATELY + DAY),
        (Recent(charged=LATELY, anybody=LATELY), LATELY + DAY),
        (Recent(charged=builders.NOW + HOUR), builders.NOW + 2 * HOUR),  # others wait already
    ],
)
def test_caps_put_off_what_is_automatic(recent: Recent, until: dt.datetime) -> None:
    held = held_back(notification(), recent, ORGANIZATION, builders.NOW)
    assert held is not None
    assert (held.until, bool(held.why)) == (until, True)
    ordered = notification(automatic=False)
    assert held_back(ordered, recent, ORGANIZATION, builders.NOW) is None


def test_nothing_is_put_off_without_need() -> None:
    long_ago = builders.NOW - HOUR
    assert held_back(notification(), Recent(), ORGANIZATION, builders.NOW) is None
    assert held_back(notification(), Recent(charged=long_ago), ORGANIZATION, builders.NOW) is None
    repeatable = replace(notification(), repeatable=True)
    assert held_back(repeatable, Recent(same=LATELY), ORGANIZATION, builders.NOW) is None


def test_the_first_answer_of_a_case_is_owed_whatever_came_before() -> None:
    recent = Recent(first=True, same=LATELY, charged=LATELY, anybody=LATELY)
    assert held_back(notification(), recent, ORGANIZATION, builders.NOW) is None


def test_others_hold_up_nobody_who_is_known_and_asks_for_little() -> None:
    used_up = Recent(anybody=LATELY)
    assert held_back(notification(), used_up, ORGANIZATION, builders.NOW)
    assert held_back(notification(), used_up, ORGANIZATION, builders.NOW, proven=True) is None
    much = replace(used_up, charged=LATELY)
    assert held_back(notification(), much, ORGANIZATION, builders.NOW, proven=True)


def test_what_comes_in_somebodys_name_is_not_charged_to_them() -> None:
    assert Cause("ana@upaep.mx", proven=True).charged != Cause("ana@upaep.mx").charged


def test_notices_past_the_cap_come_in_later_hours() -> None:
    organization = replace(ORGANIZATION, caps=Caps(notices_per_sender=2))
    told = notification(automatic=False)
    hours = [held_from_staff(told, SendCounts(of_sender=n), organization, builders.NOW)
             for n in range(1, 6)]  # fmt: skip
    assert [held and (held.until - builders.NOW) / HOUR for held in hours] == [None, None, 1, 1, 2]
    summed_up = replace(told, purpose=Purpose.TRIAGE)
    assert held_from_staff(summed_up, SendCounts(of_sender=9), organization, builders.NOW) is None
