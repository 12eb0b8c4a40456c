"""What is told of a message crosses from one process to another and stays what it was."""

from __future__ import annotations

import datetime as dt

from bot.mail.parsing import Limits, read
from bot.runtime.analysis import MessageAnalysis, ReaderAnswer, from_json, to_json
from nlp.turns.types import (
    CommandInProse,
    GivenValue,
    Question,
    QuestionTopic,
    RequesterCommand,
    Turn,
    Unclear,
)


def test_a_turn_stays_what_it_was() -> None:
    turn = Turn(
        answers=(
            GivenValue("start_date", dt.date(2026, 9, 1), "desde el 1 de septiembre"),
            GivenValue("audience", ("faculty", "students"), "docentes y alumnos"),
            GivenValue("phone_ext", None, "no tenemos extensión"),
        ),
        corrections=(GivenValue("recipients", 530, "son 530, no 350", old="350"),),
        unclear=(Unclear("7230", ("phone_ext", "recipients")),),
        questions=(Question(QuestionTopic.FIELD, "¿qué pongo?", "sponsor"),),
        commands=(CommandInProse(RequesterCommand.CANCEL, False, "ya no"),),
        agrees=False,
        missing=("sponsor",),
    )
    mail = read(b"From: a@upaep.mx\r\n\r\nHola\r\n", limits=Limits())
    answer = ReaderAnswer(MessageAnalysis(mail, turn=turn), 0.01)
    assert from_json(to_json(answer)) == answer
