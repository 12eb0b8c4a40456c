"""The guard in front of the outbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.organization import Caps
from bot.workflow.screening import SendCounts, may_send
from tests import builders

CAPS = Caps(same_reply_per_day=1, replies_per_hour=3, replies_per_day_total=50)
ORGANIZATION = replace(builders.ORGANIZATION, staff=(), domains=("upaep.mx",), caps=CAPS)
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


@pytest.mark.parametrize(
    "counts",
    [SendCounts(same_today=1), SendCounts(last_hour=3), SendCounts(total_today=50)],
)
def test_caps_hold_what_is_automatic(counts: SendCounts) -> None:
    assert may_send(notification(), counts, ORGANIZATION)
    assert may_send(notification(automatic=False), counts, ORGANIZATION) == ""


def test_caps_are_those_of_the_organization() -> None:
    loose = replace(ORGANIZATION, caps=Caps(2, 10, 100))
    assert may_send(notification(), SendCounts(1, 9, 99), loose) == ""
