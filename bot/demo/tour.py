"""The tour: areas write, the bot answers, staff decide, and some try what they should not.

What happens stands in story.yaml; here it is played over SMTP, and every answer is waited for.
"""

import datetime as dt
import smtplib
import time
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parseaddr
from importlib.resources import files
from typing import Any

import yaml

from bot.demo.cast import Cast, Player
from bot.demo.mails import reply, sample, with_form
from bot.demo.servers import HOST, Mail, MailWorld
from bot.observability.terminal import say
from nlp.types import FieldKind, Form, FormField

MOST_FORMS = 4  # that somebody fills in before they give up


def story() -> dict[str, Any]:
    """The story as written down."""
    text = files("bot.demo").joinpath("story.yaml").read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return told


class Tour:
    """Plays everybody's part. One act is about one case at most."""

    def __init__(
        self,
        world: MailWorld,
        cast: Cast,
        form: Form,
        stages: tuple[str, ...],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._world, self._cast, self._form, self._stages = world, cast, form, stages
        self._clock = clock
        self._story = story()
        self._seen: set[bytes] = set()  # mails of the bot that the story has told of
        self._last: dict[tuple[str, str], Mail] = {}  # by template and part, to be answered
        self._folio = ""

    def play(self) -> None:
        """The whole story. Raises TimeoutError where an answer does not come."""
        for act in self._story["acts"]:
            self._folio = ""
            say("\n", (act["tell"], "bold"))
            for step in act["steps"]:
                if step.get("stage", self._stages[0]) in self._stages:
                    self._play(step)

    def _play(self, step: Mapping[str, Any]) -> None:
        cast, now = self._cast, self._clock()
        match step:
            case {"send": name}:
                self._send(sample(name, cast, now, self._folio))
            case {"gets": template, "who": part, "tell": tell}:
                self._gets(template, part, tell)
            case {"answer": template, "by": part, "say": text}:
                answered = self._last[template, part]
                self._send(reply(answered, cast[part], cast.localised(text), now))
            case {"fill": part}:
                self._fill(part)
            case {"word": part, "subject": subject, "say": text, "form": values}:
                rows = {self._form[n].label: cast.localised(v) for n, v in values.items()
                        if n in self._form}  # fmt: skip
                self._send(with_form(cast[part], cast.mailbox.email, subject, text, rows, now))

    def _gets(self, template: str, part: str, tell: str) -> None:
        started = time.monotonic()
        mail = self._next(cast_email := self._cast[part].email, template)
        self._take(mail, template, part)
        seconds = time.monotonic() - started
        say(("  ✓", "green"), f" {cast_email} {tell} ({seconds:.1f} s)")

    def _take(self, mail: Mail, template: str, part: str) -> None:
        self._seen.add(mail.raw)
        self._last[template, part] = mail
        self._folio = self._folio or str(mail.message.get("X-Bot-Case", ""))

    def _next(self, email: str, *templates: str) -> Mail:
        """The next mail of the bot to somebody, about the act's case if it has one."""

        def wanted(mail: Mail) -> bool:
            folio = str(mail.message.get("X-Bot-Case", ""))
            return (
                mail.template in templates
                and email in mail.recipients
                and mail.raw not in self._seen
                and (not self._folio or folio in ("", self._folio))
            )

        return self._world.wait_for(wanted)

    def _fill(self, part: str) -> None:
        """Answers the form until nothing is missing; the answer to that is told by another step."""
        player = self._cast[part]
        for _ in range(MOST_FORMS):
            asked = self._last.pop(("form", part), None) or self._next(
                player.email, "form", "received"
            )
            if asked.template == "received":
                return
            self._take(asked, "form", part)
            lines = "\n".join(f"{f.label}: {self._answer(f)}" for f in self._missing(asked))
            del self._last["form", part]
            self._send(reply(asked, player, f"{self._story['filling']}\n\n{lines}", self._clock()))
        raise TimeoutError(f"{player.email} was asked for the form {MOST_FORMS} times")

    def _missing(self, mail: Mail) -> list[FormField]:
        """The fields that a form asks for: their labels stand on lines without an answer."""
        body = mail.message.get_body(("plain",))
        lines = {line.strip() for line in str(body.get_content() if body else "").splitlines()}
        return [f for f in self._form.fields if f"{f.label}:" in lines]

    def _answer(self, field: FormField) -> str:
        """What the story answers to a field, or what anybody would to one of its kind."""
        values, others = self._story["values"], self._story["of_any_other_field"]
        if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
            known = str(values.get(field.name, ""))
            wordings = [wording[0] for wording in field.choices.values()]
            return known if known else wordings[0]
        return self._cast.localised(str(values.get(field.name) or others[field.kind]))

    def _send(self, mail: EmailMessage | bytes) -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        head = message_from_bytes(raw)
        envelope = str(head.get("Return-Path", head["From"]))
        with smtplib.SMTP(HOST, self._world.smtp_port) as smtp:
            smtp.sendmail(parseaddr(envelope)[1], [parseaddr(str(head["To"]))[1]], raw)


def everybody(cast: Cast) -> list[Player]:
    """Whose view the page at the end shows, in order."""
    return [cast.mailbox, *cast.players.values()]
