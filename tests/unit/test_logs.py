"""Every line in one form, cleaned of what must not stand in a log."""

import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot.observability.logs import concerning, set_up

log = structlog.get_logger()
KEY = "k7qabcdefghijklmnop2"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Iterator["Line"]:
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    set_up(as_json=True)
    yield Line(capsys)
    structlog.configure(**before)
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


class Line:
    """The one line that was logged."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self) -> dict[str, object]:
        (line,) = self._capsys.readouterr().err.splitlines()
        told: dict[str, object] = json.loads(line)
        return told


def test_a_line_bears_what_it_is_about_and_nothing_empty(line: Line) -> None:
    with concerning(message=7, message_id="<a@b>", case=""):
        log.info("message.settled", status="done")
    told = line()
    assert told.pop("timestamp")
    assert told == {
        "event": "message.settled", "level": "info", "message": 7, "message_id": "<a@b>",
        "status": "done",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"<ci-2021-0042.{KEY}@upaep.mx>", "<ci-2021-0042.•••@upaep.mx>"),
        (f"to <comunicacion.interna+aviso.{KEY}@upaep.mx>", "to <comunicacion.interna+aviso.•••@"),
        (f"550 no such user: bot+ci-2021-0042.{KEY[:9]}", "no such user: bot+ci-2021-0042.•••"),
        (f"RCPT bot+CI-2021-0042.{KEY.upper()}%40upaep.mx", "CI-2021-0042.•••%40"),
        ("a\x1b[31m\r\nfaked line\x07", "a [31m faked line"),
    ],
)
def test_keys_and_control_characters_are_taken_out(line: Line, text: str, shown: str) -> None:
    log.info("smtp.refused", reason=text)
    assert shown in str(line()["reason"])


def test_a_value_is_bounded(line: Line) -> None:
    log.info("x", reason="<" + "a" * 100_000)
    assert len(str(line()["reason"])) == 500


def test_an_exception_is_told_by_kind_and_place_without_its_words(line: Line) -> None:
    try:
        try:
            int("Estimada Ricarda")
        except ValueError as error:
            raise KeyError("su solicitud") from error
    except KeyError:
        log.exception("message.failed")
    told = line()
    assert told["exception"] == "KeyError after ValueError"
    assert "tests/unit/test_logs.py:" in str(told["raised_in"])
    assert "Ricarda" not in json.dumps(told)
    assert "solicitud" not in json.dumps(told)


def test_libraries_are_heard_in_the_same_form(line: Line) -> None:
    with concerning(message=7):
        logging.getLogger("a.library").warning("object %s is not defined", 5)
    told = line()
    assert (told["event"], told["logger"]) == ("object 5 is not defined", "a.library")
    assert (told["level"], told["message"]) == ("warning", 7)
    logging.getLogger("imapclient").info("not worth a line")


def test_a_librarys_broken_call_stops_nobody(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    ours = [h for h in root.handlers if type(h).__module__.startswith("bot.")]
    monkeypatch.setattr(root, "handlers", ours)  # pytest's own would raise
    logging.getLogger("a.library").warning("%d objects", "Ricarda")
    assert line()["event"] == "%d objects"


def test_warnings_are_heard_in_the_same_form(line: Line) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("a cell is no date", UserWarning, stacklevel=1)
        logging.captureWarnings(False)
    told = line()
    assert told["logger"] == "py.warnings"
    assert "UserWarning: a cell is no date" in str(told["event"])


def test_it_may_be_set_up_again(line: Line) -> None:
    set_up(as_json=True)
    logging.getLogger("a.library").warning("once")
    assert line()["event"] == "once"
