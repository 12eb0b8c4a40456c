"""Time is shared fairly: whatever one sender's mail costs, the others are answered at once."""

from __future__ import annotations

import time

import pytest

from tests.e2e.requests import FULL, PROSE
from tests.hostile.mails import with_file
from tests.hostile.test_bombs import slow_pdf
from tests.rig.office import Office, compose
from tests.rig.system import wait_until
from tests.unit.attachment_files import docx, p

SECONDS = 15  # beside other tests; alone it is 5: test_fair_soak. Unshared it would be minutes
MARKS = docx(p("a" + "\u0301\u0327" * 50_000))  # 1.5 kB that took seconds to put in order
AUTHOR = b"Ana Torres Vela <ana.torres@upaep.mx>"
KINDS = [with_file("formato.pdf", slow_pdf()), with_file("formato.docx", MARKS)]


def hostile(number: int, sender: str) -> bytes:
    """A mail of its own that takes seconds to read, from a sender of the test's choice."""
    return KINDS[number % len(KINDS)].replace(AUTHOR, sender.encode(), 1) + b"\n" * number


@pytest.mark.parametrize("sender", ["uno@upaep.mx", "n{}@evil.example"])
def test_a_hundred_hostile_mails_keep_nobody_waiting(closed: Office, sender: str) -> None:
    """Of one insider, or of an outsider with as many addresses as they like."""
    first, then = ([f"area{n}@upaep.mx" for n in some] for some in (range(10), range(10, 20)))
    for number in range(100):
        closed.account.deliver(hostile(number, sender.format(number)))
    for area in first:
        closed.account.deliver(compose(area, f"Lista de {area}", PROSE).as_bytes())
    closed.start()
    began = time.monotonic()
    for area in first:
        closed.mail("form", area, seconds=began + SECONDS - time.monotonic())
    for area in then:
        closed.write(area, f"Formato de {area}", FULL)
        closed.mail("received", area, seconds=SECONDS)


def test_who_sends_what_takes_long_is_answered_too_and_in_order(closed: Office) -> None:
    area = "lenta@upaep.mx"
    slow = compose(area, "Formato", FULL)
    slow.add_attachment(slow_pdf(), maintype="application", subtype="pdf", filename="formato.pdf")
    closed.receive(slow)
    closed.write(area, "Otra lista", PROSE)
    assert closed.bot("once").returncode == 0
    assert closed.mail("received", area).case < closed.mail("form", area).case


@pytest.mark.soak
def test_a_turn_that_takes_long_to_read_keeps_nobody_waiting(closed: Office) -> None:
    """What a mail says of its case is read once its case is known; not while others wait for it."""
    area, said = "lenta@upaep.mx", "Perdón, la extensión es 7999, y la frecuencia será semanal. "
    closed.start()
    closed.write(area, "Formato", FULL)
    closed.reply(closed.mail("received", area), said * 3_500, area)
    wait_until(lambda: "reader.died" in closed.log(), "it is put off", 60)
    began, waited = time.monotonic(), []
    while len([m for m in closed.sink.mails if area in m.recipients]) < 2:
        other, asked = f"area{len(waited)}@upaep.mx", time.monotonic()
        closed.write(other, "Formato", FULL)
        closed.mail("received", other, seconds=60)
        waited.append(time.monotonic() - asked)
    assert max(waited) < 0.4 * (time.monotonic() - began)
