"""Commands for the numbered rows of a mail: what is read, and what it does to each case."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from bot.workflow.authority import SenderPolicy
from bot.workflow.case import Case, State
from bot.workflow.commands.grants import case_grant, rows_grant
from bot.workflow.commands.several import RowResult, said_of_rows
from bot.workflow.context import ROWS, Context, Link, NumberedRow, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.notifications.mails import CommandHint
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.types import NOT_NUMBERED, NumberedCommands
from tests.builders import ANA, NOW, ORGANIZATION, REVIEWER, REVIEWER_2, case, context, mail

FOLIOS = {number: f"CI-2021-{number:04d}" for number in range(1, 7)}
BATCH = "b" * 64


def read(text: str) -> NumberedCommands:
    return said_of_rows(ORGANIZATION, mail(text, REVIEWER.address))


def meant(text: str) -> list[tuple[int, str, str]]:
    return [(c.number, c.command.name, c.command.argument or "") for c in read(text).commands]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("APROBAR 1, 3", [(1, "approve", ""), (3, "approve", "")]),
        ("APROBAR 1,3", [(1, "approve", ""), (3, "approve", "")]),
        ("Aprobar 1 y 3.", [(1, "approve", ""), (3, "approve", "")]),
        ("APROBAR 1-3", [(n, "approve", "") for n in (1, 2, 3)]),
        ("APROBAR del 1 al 3\n\nGracias\nRodrigo", [(n, "approve", "") for n in (1, 2, 3)]),
        ("Apruebo la 1 y la 3", [(1, "approve", ""), (3, "approve", "")]),
        ("APROBAR #1, #3", [(1, "approve", ""), (3, "approve", "")]),
        ("1 y 3 aprobadas", [(1, "approve", ""), (3, "approve", "")]),
        ("Apruebo 1, rechazo 2: igual", [(1, "approve", ""), (2, "reject", "igual")]),
        ("APROBAR 1; y RECHAZAR 2 duplicada", [(1, "approve", ""), (2, "reject", "duplicada")]),
        ("1: aprobar\n2: rechazar duplicada\n3:", [(1, "approve", ""), (2, "reject", "duplicada")]),
        ("RECHAZAR 2, 3: iguales; únanlas", [(n, "reject", "iguales; únanlas") for n in (2, 3)]),
        ("RECHAZAR 2 y 3 iguales", [(2, "reject", "iguales"), (3, "reject", "iguales")]),
        ("PREGUNTAR 4 a las 3 áreas ¿cuántos?", [(4, "ask", "a las 3 áreas ¿cuántos?")]),
        (
            "RECHAZAR 2 por:\n1. No procede el horario\n2. No se autoriza eso",
            [(2, "reject", "por:\n1. No procede el horario\n2. No se autoriza eso")],
        ),
        (
            "APROBAR 1, 3; RECHAZAR 2 duplicada; PREGUNTAR 4 ¿cuántos son?",
            [(1, "approve", ""), (3, "approve", ""), (2, "reject", "duplicada"),
             (4, "ask", "¿cuántos son?")],
        ),
        ("DESHACER 1", [(1, "undo", "")]),
    ],
)  # fmt: skip
def test_rows_are_read(text: str, says: list[tuple[int, str, str]]) -> None:
    assert meant(text) == says


@pytest.mark.parametrize(
    "text",
    [
        "APROBAR 1 3",
        "RECHAZAR 2 3 listas ya existen",
        "RECHAZAR 2, 3 listas ya existen",
        "RECHAZAR 2 - 3 listas ya existen",
        "RECHAZAR 2, la 3 ya existe",
        "APROBAR 2.5",
        "APROBAR 1/2",
        "APROBAR 3-1",
        "APROBAR 1; APROBAR 1",
        "APROBAR 1; RECHAZAR 1 duplicada",
        "APROBAR 1\nRECHAZAR",
        "RECHAZAR 1 duplicada\nAPROBAR",
        "RECHAZAR 2 duplicada, APROBAR 1",
        "APROBAR 1 si el área confirma",
        "APROBAR 1, 2 días después",
        "APROBAR 1 no",
        "RECHAZAR 2 falta; aprobar 3 sería mejor",
        "2: rechazar por:\n1. no procede",
    ],
)
def test_where_a_number_could_mean_something_else_nothing_is_read(text: str) -> None:
    said = read(text)
    assert not said.commands
    assert said.why


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("APROBAR 1 CI-2021-0002", ""),
        ("APROBAR 1 (CI-2021-0002)", ""),
        ("Apruebo la 1, CI-2021-0002", ""),
        ("CI-2021-0002\nAPROBAR 1", ""),
        ("1 CI-2021-0002: aprobar", ""),
        ("RECHAZAR 1 (CI-2021-0002): duplicada", "duplicada"),
        ("RECHAZAR 1 CI-2021-0002, igual a CI-2021-0003", "igual a CI-2021-0003"),
    ],
)
def test_a_folio_beside_a_number_is_the_rows(text: str, argument: str) -> None:
    (said,) = read(text).commands
    assert (said.number, said.folio, said.command.argument or "") == (1, FOLIOS[2], argument)
    assert not moved(decide(reply(text, rows_of(REVIEWER, waiting()))))
    right = text.replace(FOLIOS[2], FOLIOS[1])
    assert set(moved(decide(reply(right, rows_of(REVIEWER, waiting()))))) == {FOLIOS[1]}


@pytest.mark.parametrize(
    "text", ["APROBAR 1, 2 CI-2021-0001", "APROBAR 1 CI-2021-0001 CI-2021-0002",
             "APROBAR 1 CI-2021-0001, 3 CI-2021-0003", "1, 2 CI-2021-0001: aprobar"],
)  # fmt: skip
def test_a_folio_that_could_be_of_several_rows_is_none(text: str) -> None:
    assert not read(text).commands


@pytest.mark.parametrize("text", ["APROBAR", "LISTA", "APROBAR todas", "NO APROBAR 1", "Gracias."])
def test_a_mail_may_name_no_row(text: str) -> None:
    assert read(text) == NumberedCommands()


def test_both_versions_of_a_mail_must_name_the_same_rows() -> None:
    said = said_of_rows(ORGANIZATION, mail("APROBAR 1", visible_text="APROBAR 2"))
    assert not said.commands


# --- what it does -----------------------------------------------------------------------------


def rows_of(person: Person, cases: dict[int, Case]) -> dict[int, NumberedRow]:
    """The rows of a digest of a person, with a live key for each case as it is given."""
    return {
        number: NumberedRow(
            ReplyToken(
                f"{number:064d}", one.folio, person.address.email, one.state, one.version,
                case_grant(ORGANIZATION, person, one).commands, NOW,
            ),
            one,
        )
        for number, one in cases.items()
    }  # fmt: skip


def waiting(**changes: object) -> dict[int, Case]:
    return {number: case(folio=folio, **changes) for number, folio in FOLIOS.items()}


def reply(
    text: str,
    rows: dict[int, NumberedRow],
    sender: Address = REVIEWER.address,
    **more: object,
) -> Context:
    given = rows_grant(REVIEWER)
    token = ReplyToken(
        BATCH, "", given.person, ROWS, 0, given.commands, NOW,
        rows={number: row.token.token_hash for number, row in rows.items()},
    )  # fmt: skip
    incoming = mail(text, sender)
    numbered = said_of_rows(ORGANIZATION, incoming)
    if numbered == NOT_NUMBERED:
        made = context(incoming, batch=token, rows=rows)
    else:
        made = context(incoming, link=Link.TOKEN, token=token, rows=rows, numbered=numbered)
    return replace(made, **more)  # type: ignore[arg-type]


def moved(done: Outcome) -> dict[str, State]:
    return {o.case.folio: o.case.state for o in done.several if o.case is not None and o.events}


def table(done: Outcome) -> tuple[RowResult, ...]:
    (mail_,) = (n for n in done.notifications if n.template == "rows_done")
    rows = mail_.values["rows"]
    assert isinstance(rows, tuple)
    return rows


def test_each_row_is_decided_with_its_own_key() -> None:
    said = "APROBAR 1, 3; RECHAZAR 2 duplicada; PREGUNTAR 4 ¿cuántos son?"
    done = decide(reply(said, rows_of(REVIEWER, waiting())))
    assert moved(done) == {
        FOLIOS[1]: State.APPROVAL, FOLIOS[3]: State.APPROVAL,
        FOLIOS[2]: State.REJECTED, FOLIOS[4]: State.REVIEW,
    }  # fmt: skip
    spent = {key for one in done.several for key in one.consumes}
    assert spent == {f"{number:064d}" for number in (1, 2, 3, 4)}
    assert BATCH not in done.consumes  # what it does not name can still be decided
    assert [(row.number, row.folio, row.done) for row in table(done)] == [
        (n, FOLIOS[n], True) for n in (1, 2, 3, 4)
    ]


def test_what_was_done_can_be_undone_by_its_number() -> None:
    done = decide(reply("RECHAZAR 2 y 3 duplicadas", rows_of(REVIEWER, waiting())))
    (mail_,) = (n for n in done.notifications if n.template == "rows_done")
    assert mail_.token == rows_grant(REVIEWER)
    assert {one.number: one.folio for one in mail_.case_tokens} == {2: FOLIOS[2], 3: FOLIOS[3]}
    after = {int(o.case.folio[-1]): o.case for o in done.several if o.case is not None}
    undone = decide(reply("DESHACER 3", rows_of(REVIEWER, after)))
    assert moved(undone) == {FOLIOS[3]: State.REVIEW}
    assert [one.cancels_held for one in undone.several] == [True]


def test_free_words_about_rows_are_offered_as_the_commands_for_them() -> None:
    said = "La 1 va. La 2 no, porque no dicen de qué serían los avisos. A la 4 pregúntenle qué son."
    rows = rows_of(REVIEWER, waiting())
    done = decide(reply(said, rows))
    assert not done.several
    (mail_,) = done.notifications
    near = mail_.values["likely"]
    assert isinstance(near, CommandHint)
    offered = f"{near.text}{near.argument}"
    assert offered.splitlines() == [
        "APROBAR 1", "RECHAZAR 2: porque no dicen de qué serían los avisos",
        "PREGUNTAR 4: qué son",
    ]  # fmt: skip
    assert [one.number for one in mail_.case_tokens] == list(rows)
    assert mail_.token == rows_grant(REVIEWER)
    assert moved(decide(reply(offered, rows))) == {
        FOLIOS[1]: State.APPROVAL, FOLIOS[2]: State.REJECTED, FOLIOS[4]: State.REVIEW,
    }  # fmt: skip


@pytest.mark.parametrize(
    "flaw",
    [
        {"consumed_at": NOW},
        {"void": True},
        {"version": 2},
        {"stage": State.APPROVAL},
        {"person": REVIEWER_2.address.email},
        {"folio": "CI-2021-0099"},
        {"commands": frozenset({"ask"})},
        {"created_at": NOW - ORGANIZATION.token_life - dt.timedelta(seconds=1)},
    ],
    ids=lambda flaw: next(iter(flaw)),
)
def test_a_row_whose_key_does_not_serve_is_refused_alone(flaw: dict[str, object]) -> None:
    rows = rows_of(REVIEWER, waiting())
    rows[2] = replace(rows[2], token=replace(rows[2].token, **flaw))  # type: ignore[arg-type]
    done = decide(reply("APROBAR 1-3", rows))
    states = {o.case.folio: o.case.state for o in done.several if o.case is not None}
    assert states == {
        FOLIOS[1]: State.APPROVAL, FOLIOS[2]: State.REVIEW, FOLIOS[3]: State.APPROVAL
    }  # fmt: skip
    assert [row.done for row in table(done)] == [True, False, True]
    assert all(row.title for row in table(done))


def test_a_case_that_moved_since_is_told_with_why() -> None:
    rows = rows_of(REVIEWER, waiting())
    rows[1] = replace(rows[1], case=replace(rows[1].case, state=State.REJECTED))
    first, second = table(decide(reply("APROBAR 1, 2", rows)))
    assert not first.done
    assert "no se puede en este momento" in first.title
    assert second.done


def test_a_number_that_is_none_and_a_folio_of_another_row_do_nothing() -> None:
    rows = rows_of(REVIEWER, waiting())
    done = decide(reply(f"1 {FOLIOS[2]}: APROBAR\n2 {FOLIOS[2]}: APROBAR\n9: APROBAR", rows))
    assert moved(done) == {FOLIOS[2]: State.APPROVAL}
    assert [(row.number, row.done) for row in table(done)] == [(1, False), (2, True), (9, False)]


@pytest.mark.parametrize(
    "sender", [ANA, REVIEWER_2.address, Address("x@evil.example")], ids=lambda a: a.email
)
def test_the_rows_of_a_digest_serve_nobody_else(sender: Address) -> None:
    done = decide(reply("APROBAR 1, 2", rows_of(REVIEWER, waiting()), sender))
    assert not done.several
    assert REVIEWER.address in {n.to for n in done.notifications}  # who it is, is told


def test_who_is_not_vouched_for_decides_nothing() -> None:
    pinned = replace(ORGANIZATION, sender_policy=SenderPolicy("mx.google.com"))
    done = decide(reply("APROBAR 1", rows_of(REVIEWER, waiting()), organization=pinned))
    assert not done.several
    assert not done.consumes


def test_unclear_replies_change_nothing_and_say_why() -> None:
    done = decide(reply("RECHAZAR 2, 3 listas ya existen", rows_of(REVIEWER, waiting())))
    assert not done.several
    (told,) = done.notifications
    assert "números" in str(told.values["lines"])


def test_answered_to_all_every_key_of_the_digest_is_dead() -> None:
    context_ = reply("APROBAR 1", rows_of(REVIEWER, waiting()))
    done = decide(replace(context_, incoming=replace(context_.incoming, cc=(ANA,))))
    assert set(done.revokes) == {BATCH, *(f"{number:064d}" for number in FOLIOS)}


# --- a thousand replies -----------------------------------------------------------------------

VERBS = {
    "approve": ("APROBAR", "Aprobar", "Apruebo"),
    "reject": ("RECHAZAR", "Rechazo"),
    "ask": ("PREGUNTAR",),
}
TEXTS = (
    "duplicada", "ya existe otra; pidan compartirla", "3 listas ya existen", "",
    "no procede: 2 de 5 datos", "por:\n1. el horario\n2. la frecuencia",
    "1, 2 y 4 son iguales", "¿cuántos son, 3 o 4?",
)  # fmt: skip
AFTER = {"approve": State.APPROVAL, "reject": State.REJECTED, "ask": State.REVIEW}


def generated(chance: random.Random) -> tuple[str, dict[int, tuple[str, str]], bool]:
    """A reply as people write them, what it says of each row, and whether it is as it should be:
    lists with commas, a colon before each text."""
    numbers = chance.sample(range(1, 7), chance.randint(1, 5))
    means: dict[int, tuple[str, str]] = {}
    pieces, neat = [], True
    while numbers:
        some = sorted(numbers[: chance.randint(1, 3)])
        numbers = numbers[len(some) :]
        name = chance.choice(list(VERBS))
        text = "" if name == "approve" else chance.choice(TEXTS)
        means |= dict.fromkeys(some, (name, text))
        between, mark = chance.choice((", ", ",", " y ", " ")), chance.choice((": ", " ", ", "))
        fits = text != "" and mark == ": " and not (name == "reject" and "?" in text)
        neat = neat and between != " " and (name == "approve" or fits)
        listed = between.join(map(str, some))
        pieces.append(f"{chance.choice(VERBS[name])} {listed}{mark if text else ''}{text}")
    joined = chance.choice(("; ", "\n", ";")).join(pieces)
    opening, closing = chance.choice(("", "Buenos días:\n\n")), chance.choice(("", "\n\nGracias"))
    return f"{opening}{joined}{closing}", means, neat


def test_of_a_thousand_replies_none_decides_on_a_wrong_case() -> None:
    chance = random.Random(17)
    served = 0
    for _ in range(1_000):
        text, means, neat = generated(chance)
        rows = rows_of(REVIEWER, waiting())
        stale = chance.sample(sorted(rows), chance.randint(0, 2))
        for number in stale:
            rows[number] = replace(rows[number], token=replace(rows[number].token, void=True))
        done = decide(reply(text, rows))
        acted = set()
        for outcome in done.several:
            one = outcome.case
            assert one is not None
            number = next(n for n, folio in FOLIOS.items() if folio == one.folio)
            name, said = means[number]
            if all(event.what == "refused" for event in outcome.events):
                assert one == rows[number].case, text
                continue
            assert number not in stale, text
            assert one.state is AFTER[name], text
            if name == "reject" and one.decision is not None:
                assert said.partition("\n")[0] in one.decision.reason, text
            acted.add(number)
        assert not neat or acted == means.keys() - set(stale), text
        served += len(acted)
    assert served > 700  # half of them are written so that a number could be something else
