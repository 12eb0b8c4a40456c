"""Outgoing mail: due, claimed by one, sent at least once, its key gone afterwards."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from bot.store import Store
from bot.store.redaction import hidden, shown
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.organization import Caps
from bot.workflow.screening.outbox import Recent
from tests.rig.samples import LEASE, MINUTE, NOW, a_notification, open_case

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

KEY = "k7qabcdefghijklmnop2"


def queue(store: Store, *notifications: OutboxMessage, now: dt.datetime = NOW) -> list[int]:
    known = len(store.outbox.list())
    with store.work() as work:
        for notification in notifications:
            work.outbox.queue(notification, now)
    return [entry.id for entry in store.outbox.list()[known:]]


def test_what_is_due_is_claimed_by_one_and_sent(store: Store) -> None:
    (number,) = queue(store, a_notification(1))
    (due,) = store.outbox.due("a", NOW, 10, LEASE)
    assert (due.id, due.attempts, due.raw) == (number, 1, a_notification(1).raw)
    assert due.recipients == ("ana@upaep.mx", "copia@upaep.mx")
    assert store.outbox.due("b", NOW, 10, LEASE) == ()
    assert store.outbox.next_due(NOW) == NOW + LEASE
    store.outbox.sent(number, NOW)
    assert store.outbox.next_due(NOW) is None
    (entry,) = store.outbox.list()
    assert (entry.status, entry.sent_at) == ("sent", NOW)


def test_a_held_mail_waits_for_its_time(store: Store) -> None:
    queue(store, a_notification(1, not_before=NOW + 10 * MINUTE), a_notification(2))
    assert [d.id for d in store.outbox.due("a", NOW, 10, LEASE)] == [2]
    store.outbox.sent(2, NOW)
    assert store.outbox.next_due(NOW) == NOW + 10 * MINUTE
    assert len(store.outbox.due("a", NOW + 10 * MINUTE, 10, LEASE)) == 1


def test_a_worker_that_died_frees_its_mail(store: Store) -> None:
    queue(store, a_notification(1), a_notification(2))
    store.outbox.due("host:1", NOW, 1, LEASE)
    store.outbox.due("host:2", NOW, 1, LEASE)
    assert store.release_dead(lambda worker: worker == "host:2") == 1
    (due,) = store.outbox.due("c", NOW, 9, LEASE)
    assert (due.id, due.attempts) == (1, 2)
    assert [d.id for d in store.outbox.due("c", NOW + LEASE, 9, LEASE)] == [1, 2]


def test_a_failure_is_tried_again_later_or_when_a_person_says_so(store: Store) -> None:
    queue(store, a_notification(1), a_notification(2))
    store.outbox.due("a", NOW, 10, LEASE)
    store.outbox.deferred(1, NOW, "451 más tarde", NOW + MINUTE)
    store.outbox.failed(2, NOW, "550 no existe")
    assert store.outbox.next_due(NOW) == NOW + MINUTE
    (failed,) = store.outbox.list(OutboxStatus.FAILED)
    assert failed.last_error == "2021-08-10 09:30 550 no existe"
    assert store.outbox.retry(NOW, 1) == 0
    assert store.outbox.retry(NOW) == 1
    assert [d.attempts for d in store.outbox.due("a", NOW + MINUTE, 10, LEASE)] == [1, 2]


def test_what_was_not_tried_is_handed_back_unblamed(store: Store) -> None:
    with store.work() as work:
        for number in 1, 2, 3:
            work.outbox.queue(a_notification(number), NOW)
    first, *others = store.outbox.due("a", NOW, 10, LEASE)
    store.outbox.claims.hand_back([m.id for m in others], "a", next_try_at=NOW + MINUTE)
    store.outbox.claims.hand_back([first.id], "b")  # not theirs
    assert store.outbox.due("b", NOW, 10, LEASE) == ()
    again = store.outbox.due("b", NOW + MINUTE, 10, LEASE)
    assert [(m.id, m.attempts) for m in again] == [(m.id, 1) for m in others]


def test_an_undone_decision_takes_its_mail_back(store: Store) -> None:
    folio = open_case(store)
    later = NOW + 10 * MINUTE
    queue(
        store,
        a_notification(1, folio, not_before=later, key=KEY),
        a_notification(2, folio, not_before=later),
        a_notification(3, folio),
        a_notification(4, not_before=later),
    )
    store.outbox.due("a", later, 2, LEASE)  # oldest first: 3, then 1
    with store.work() as work:
        assert work.outbox.cancel_held(folio, NOW) == 1
        assert work.outbox.cancel_held(folio, NOW) == 0
    assert [e.status for e in store.outbox.list(folio=folio)] == ["waiting", "cancelled", "waiting"]
    with store.work() as work:
        assert work.outbox.cancel_held(folio, later) == 0  # its time has come: too late


def test_after_delivery_only_the_hash_of_a_key_is_left(store: Store) -> None:
    folio = open_case(store)
    notification = a_notification(1, folio, key=KEY)
    (number,) = queue(store, notification)
    (due,) = store.outbox.due("a", NOW, 1, LEASE)
    assert KEY.encode() in due.raw
    store.outbox.sent(number, NOW)
    with store._reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM outbox, thread, event, case_")
        assert KEY not in repr(rows.all())
    raw = store.outbox.raw(number)
    assert raw is not None
    assert KEY.encode() not in raw
    assert b"Hola llave.oculta." in raw
    with store.work() as work:  # an answer still finds its case
        found = work.cases.by_thread([notification.message_id])
        assert found is not None


def test_a_key_is_hidden_where_the_mail_encoding_broke_it() -> None:
    mail = EmailMessage(policy=SMTP)
    link = f"mailto:bot+ci-2021-0001.{KEY}@upaep.mx?body=APROBAR"
    text = "\n".join(f"{'á' * n} {link} <a href='{link}'>" for n in range(30))
    mail.set_content(text, cte="quoted-printable")
    raw = mail.as_bytes()
    without, secret = hidden(raw, [KEY, "other" + KEY[5:]])
    assert KEY.encode() not in without.replace(b"=\r\n", b"")
    assert [len(line) for line in without.split(b"\r\n")] == list(map(len, raw.split(b"\r\n")))
    assert shown(without, secret) == raw


def test_the_last_mails_of_a_case_to_a_person_are_found(store: Store) -> None:
    here, there = open_case(store), open_case(store, 2)
    mine = [a_notification(n, here) for n in range(1, 8)]
    queue(
        store,
        *mine,
        a_notification(8, here, to="otra@upaep.mx"),
        a_notification(9, there),
        a_notification(10),
        replace(a_notification(11, here), status=OutboxStatus.OBSERVED),
    )
    with store.work() as work:
        assert work.outbox.last_to("ana@upaep.mx", (here,)) == tuple(m.raw for m in mine[2:])
        assert work.outbox.last_to("extrano@upaep.mx", (here, there)) == ()
        assert work.outbox.last_to("ana@upaep.mx", ()) == (a_notification(10).raw,)
        work.outbox.queue(a_notification(12, there, key=KEY), NOW)
        *_, last = work.outbox.last_to("ana@upaep.mx", (here, there))
    assert b"Hola" in last
    assert KEY.encode() not in last


def test_caps_go_by_whose_mail_led_to_it(store: Store) -> None:
    folio = open_case(store)
    caps = Caps(same_reply_per_day=1, replies_per_hour=2, replies_per_day_total=4)
    first = replace(a_notification(1, folio), charged="ana")
    with store.work() as work:
        assert work.outbox.recent(first, caps, NOW) == Recent(first=True)
    queue(store, first, now=NOW - 2 * MINUTE)
    queue(
        store,
        replace(a_notification(2, template="received"), charged="ana"),
        replace(a_notification(3, template="received"), charged="forger"),
        replace(a_notification(4, folio, not_before=NOW + MINUTE), charged="ana"),
        replace(a_notification(5, folio, not_before=NOW + MINUTE), charged="ana", held_back=True),
        replace(a_notification(6), charged="ana", automatic=False),
    )
    later = NOW + MINUTE
    with store.work() as work:
        work.outbox.cancel_held(folio, NOW)  # the fourth: what a cap holds back is owed
        assert work.outbox.recent(first, caps, NOW) == Recent(False, later, NOW, first.not_before)
        assert work.outbox.recent(replace(first, charged="eva"), caps, NOW) == Recent(
            False, None, None, first.not_before
        )
        assert work.outbox.recent(first, caps, NOW + dt.timedelta(days=2)) == Recent(False)
        work.outbox.supersede(first, NOW)
    fates = {m.message_id: (m.status, m.held_back) for m in store.outbox.list()}
    assert [status for status, _ in fates.values()].count(OutboxStatus.CANCELLED) == 2


def test_tallies_of_hours_ago_are_gone(store: Store) -> None:
    with store.work() as work:
        assert [work.outbox.count_in_hour(what, NOW) for what in "aab"] == [1, 2, 1]
    later = NOW + dt.timedelta(hours=3)
    with store.work() as work:
        assert work.outbox.count_in_hour("a", later) == 1
    with store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tally").scalar() == 1


def test_outbox_senders_share_without_sending_twice(store: Store) -> None:
    queue(store, *(a_notification(n) for n in range(60)))
    delivered: list[int] = []

    def deliver(worker: str) -> None:
        while due := store.outbox.due(worker, NOW, 5, LEASE):
            delivered.extend(d.id for d in due)
            for mail in due:
                store.outbox.sent(mail.id, NOW)

    threads = [threading.Thread(target=deliver, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(delivered) == len(set(delivered)) == 60


@pytest.mark.parametrize("status", ["waiting", "sent"])
def test_listing_by_status(store: Store, status: str) -> None:
    queue(store, a_notification(1), a_notification(2))
    store.outbox.sent(2, NOW)
    assert [e.status for e in store.outbox.list(OutboxStatus(status))] == [status]
