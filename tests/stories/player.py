"""Plays a story by mail in and mail out, and judges what is true after each turn."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from bot.config.form import shipped_form, to_form
from bot.config.load import load
from bot.config.organization import organization_of
from bot.store import Store
from bot.workflow.notifications.present import rows
from tests.rig.office import APPROVER, MAILBOX, PROVISIONER, REVIEWER, REVIEWER_2, Office
from tests.rig.smtp_sink import Received
from tests.stories.clients import Body, Typed, body
from tests.stories.story import STAFF, STOCK, Story, listed, matches, put_in, same

REVIEWER_3, APPROVER_2 = "jimena.rueda@upaep.mx", "octavio.lemus@upaep.mx"
DESK = dict(
    zip(STAFF, (REVIEWER, REVIEWER_2, REVIEWER_3, APPROVER, APPROVER_2, PROVISIONER), strict=True)
)
LABELS = {field.name: field.label for field in to_form(shipped_form()).fields}
NAMES = {label: name for name, label in LABELS.items()}


class CannotPlayError(Exception):
    """The mail that a turn answers never came."""


@dataclass
class Judged:
    """How many expectations of a story were met, and which were not."""

    met: dict[str, int] = field(default_factory=lambda: {"must": 0, "should": 0})
    asked: dict[str, int] = field(default_factory=lambda: {"must": 0, "should": 0})
    wrong: list[str] = field(default_factory=list)

    def note(self, grade: str, what: str, met: bool) -> None:
        self.asked[grade] += 1
        self.met[grade] += met
        if not met:
            self.wrong.append(f"{grade}: {what}")


@dataclass(frozen=True)
class Shown:
    """Where a case stands, and its form by the names of the fields."""

    state: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """An office that stories share, its clock, and how many mails were put into its inbox."""

    office: Office
    now: Callable[[], dt.datetime]
    store: Store
    delivered: int = 0

    def receive(self, mail: EmailMessage) -> None:
        self.office.receive(mail)
        self.delivered += 1

    def settle(self, seconds: float = 60) -> None:
        """Waits until the bot has read everything and sent what is due."""
        until = time.monotonic() + seconds
        while not self._is_quiet():
            if time.monotonic() > until:
                raise AssertionError(f"the bot does not come to rest\n{self.office.log()[-3000:]}")
            time.sleep(0.05)

    def shown(self, folio: str) -> Shown:
        """A case as `cases show` tells it."""
        case = self.store.records.case(folio)
        if case is None:
            return Shown()
        kind = organization_of(load(self.office.config)).kind(case)
        values = {row.name: row.value for row in rows(kind.form, case) if row.value}
        return Shown(str(case.state), values)

    def _is_quiet(self) -> bool:
        with closing(sqlite3.connect(self.office.folder / "bot.db")) as database:
            (read,) = database.execute(
                "select count(*) from message where status != 'received'"
            ).fetchone()
            if read < self.delivered:
                return False
            rows = database.execute(
                "select not_before from outbox where status = 'waiting'"
            ).fetchall()
        due = self.now().astimezone(dt.UTC).replace(tzinfo=None)
        return not any(dt.datetime.fromisoformat(str(at)) <= due for (at,) in rows)


@dataclass
class Player:
    """One story under way on a stage that other stories share."""

    stage: Stage
    story: Story
    judged: Judged = field(default_factory=Judged)
    form: dict[str, str] = field(default_factory=dict)  # as it stood before the turn
    since: int = 0  # mails that had come before the turn

    @property
    def office(self) -> Office:
        return self.stage.office

    def play(self) -> Iterator[None]:
        """The whole story; stops where the bot has to come to rest before it goes on."""
        try:
            yield from self._begin()
        except CannotPlayError as error:
            for number, turn in enumerate(self.story.turns, 1):
                self._fail(number, turn, f"the beginning: {error}")
            return
        for number, turn in enumerate(self.story.turns, 1):
            said = put_in(turn, self.stage.now().date(), self.folio)
            self.since, self.form = len(self.office.sink.mails), self._shown()
            try:
                self._take(said)
            except CannotPlayError as error:
                self._fail(number, said, str(error))
                continue
            yield
            self._judge(number, said)
            yield from self._rescue(said)

    # --- the beginning ------------------------------------------------------------------------

    def _begin(self) -> Iterator[None]:
        story = self.story
        if not story.given:
            return
        values = {**STOCK, **story.form}
        rows = {n: v for n, v in values.items() if n not in story.lacking}
        text = "Solicitamos la creación de una lista de distribución.\n\n" + "\n".join(
            f"{LABELS[name]}: {put_in(value, self.stage.now().date(), '')}"
            for name, value in rows.items()
        )
        copies = {"Cc": story.people[story.cc]} if story.cc else {}
        self._deliver("area", Body(text), "Solicitud de lista", copies)
        yield
        for who, template, command in _WAYS[story.given]:
            yield from self._staff(who, template, command.format(**values))

    def _staff(self, who: str, template: str, command: str) -> Iterator[None]:
        answered = self._latest(who, template)
        self._deliver(who, body("gmail", answered, command, Typed()), f"Re: {answered.subject}",
                      _thread(answered))  # fmt: skip
        yield

    # --- a turn -------------------------------------------------------------------------------

    def _take(self, turn: Mapping[str, Any]) -> None:
        who, answers = turn["who"], turn.get("answers", "none")
        answered = None if answers == "none" else self._answered(who, answers)
        said = str(turn.get("say", "")).rstrip("\n")
        if "button" in turn:
            said = f"{turn['button']} {said}".rstrip()
        typed = Typed(**{k: _labelled(v) for k, v in (turn.get("typed") or {}).items()})
        client = turn.get("client", "gmail")
        made = body("none" if "button" in turn else client, answered, said, typed)
        subject = turn.get("subject") or (f"Re: {answered.subject}" if answered else "Lista")
        headers = _thread(answered) if answered else {}
        if turn.get("cc"):
            headers["Cc"] = ", ".join(self.story.people.get(c, c) for c in listed(turn["cc"]))
        self._deliver(who, made, subject, headers, tuple(_files(turn, answered)))

    def _answered(self, who: str, answers: str) -> Received:
        owner, _, template = answers.rpartition("/")
        first = template.startswith("first ")
        return self._latest(owner or who, template.removeprefix("first "), first=first)

    def _latest(self, who: str, template: str, *, first: bool = False) -> Received:
        address = self._address(who)
        found = [
            m for m in self._ours()
            if address in m.recipients and template in ("any", m.template)
        ]  # fmt: skip
        if not found:
            raise CannotPlayError(f"no {template} came to {who}")
        return found[0] if first else found[-1]

    def _deliver(
        self,
        who: str,
        made: Body,
        subject: str,
        headers: Mapping[str, str],
        files: tuple[tuple[str, str, bytes], ...] = (),
    ) -> None:
        sender = self.story.people.get(who) or DESK[who]
        mail = EmailMessage(policy=SMTP)
        usual = {
            "From": sender,
            "To": f"Comunicación Interna <{MAILBOX}>",
            "Subject": subject,
            "Date": format_datetime(self.stage.now()),
            "Message-ID": make_msgid(domain="upaep.mx"),
        }
        for name, value in {**usual, **headers}.items():
            mail[name] = value
        mail.set_content(made.text, cte="quoted-printable")
        if made.html:
            mail.add_alternative(made.html, subtype="html", cte="quoted-printable")
        for name, kind, data in files:
            main, _, sub = kind.partition("/")
            mail.add_attachment(data, main, sub, filename=name)
        self.stage.receive(mail)

    def _rescue(self, turn: Mapping[str, Any]) -> Iterator[None]:
        command, wanted = turn.get("rescue"), (turn.get("should") or {}).get("state")
        wanted = wanted or (turn.get("must") or {}).get("state")
        if command and wanted and self._state() not in listed(wanted):
            who = turn["who"]
            yield from self._staff(who, _NOTICE.get(who, "review"), str(command))

    # --- what is true -------------------------------------------------------------------------

    @property
    def folio(self) -> str:
        """The story's case: that of the first mail that the area got."""
        return next((m.case for m in self._mine() if m.case), "")

    def _judge(self, number: int, turn: Mapping[str, Any]) -> None:
        for grade in ("must", "should"):
            for key, expected in (turn.get(grade) or {}).items():
                for what, met in self._checks(key, expected):
                    self.judged.note(grade, f"{self.story.id} turn {number} {what}", met)

    def _fail(self, number: int, turn: Mapping[str, Any], why: str) -> None:
        for grade in ("must", "should"):
            for key in turn.get(grade) or {}:
                self.judged.note(grade, f"{self.story.id} turn {number} {key}: {why}", False)

    def _checks(self, key: str, expected: Any) -> Iterator[tuple[str, bool]]:
        """What an expectation asks, one by one, and whether it is so."""
        shown = self._shown()
        match key:
            case "state":
                yield f"state {expected} is {self._state()}", self._state() in listed(expected)
            case "cases":
                folios = {m.case for m in self._mine() if m.case}
                yield f"cases {expected} are {len(folios)}", len(folios) == expected
            case "values":
                for name, value in expected.items():
                    is_so = same(shown.get(name, ""), str(value))
                    yield f"{name} {value!r} is {shown.get(name)!r}", is_so
            case "right":
                for name, value in expected.items():
                    found = shown.get(name, "")
                    yield (
                        f"{name} {value!r} or none is {found!r}",
                        not found or same(found, str(value)),
                    )
            case "lacks":
                for name in expected:
                    yield f"lacks {name}", not shown.get(name)
            case "same":
                but = set(expected) if isinstance(expected, list) else set()
                changed = {n for n in shown.keys() | self.form.keys()
                           if shown.get(n) != self.form.get(n)} - but  # fmt: skip
                yield f"same, but changed: {sorted(changed)}", not changed
            case _:
                yield from self._mails(key, expected)

    def _mails(self, key: str, expected: Any) -> Iterator[tuple[str, bool]]:
        match key:
            case "gets" | "not":
                for who, templates in expected.items():
                    got = [m.template for m in self._new(who)]
                    wanted = listed(templates)
                    there = bool(got) if "any" in wanted else bool(set(wanted) & set(got))
                    yield f"{key} {who} {templates} got {got}", there is (key == "gets")
            case "only":
                people = [p for p in (*self.story.people, *STAFF) if p not in expected]
                got = [p for p in people if self._new(p)]
                yield f"only {expected}, also {got}", not got
            case "says" | "unsaid":
                for who, patterns in expected.items():
                    texts = [f"{m.subject}\n{m.text}" for m in self._new(who)]
                    for pattern in listed(patterns):
                        met = matches(texts, pattern) is (key == "says")
                        yield f"{key} {who} {pattern!r}", met
            case "answered":
                read = [f"{m.subject}\n{m.text}" for m in self._new("area")]
                passed = [m.text for r in ("reviewer", "reviewer2") for m in self._new(r)]
                area = matches(read, expected["area"])
                people = bool(read) and matches(passed, expected["reviewer"])
                yield f"answered {expected}", area or people
            case _:
                raise ValueError(f"{self.story.id}: no expectation is called {key}")

    def _new(self, who: str) -> list[Received]:
        address = self._address(who)
        return [m for m in self._ours(self.since) if address in m.recipients]

    def _ours(self, since: int = 0) -> list[Received]:
        """The mails of the story's cases, and those to its people."""
        mine = {self.story.address(p) for p in self.story.people}
        folios = {m.case for m in self.office.sink.mails if m.case and mine & set(m.recipients)}
        return [
            m for m in self.office.sink.mails[since:]
            if m.case in folios or mine & set(m.recipients) or any(a in m.text for a in mine)
        ]  # fmt: skip

    def _mine(self) -> list[Received]:
        mine = {self.story.address(p) for p in self.story.people}
        return [m for m in self.office.sink.mails if mine & set(m.recipients)]

    def _address(self, who: str) -> str:
        return self.story.address(who) if who in self.story.people else DESK[who]

    def _state(self) -> str:
        return self.stage.shown(self.folio).state

    def _shown(self) -> dict[str, str]:
        return dict(self.stage.shown(self.folio).form)


def play_all(stage: Stage, told: Iterable[Story]) -> list[Judged]:
    """Plays stories side by side: what the bot has to do for all is waited for once."""
    players = [Player(stage, story) for story in told]
    under_way = [player.play() for player in players]
    while under_way:
        under_way = [one for one in under_way if next(one, _OVER) is not _OVER]
        stage.settle()
    return [player.judged for player in players]


_OVER = object()
_NOTICE = {"area": "any", "approver": "approval", "approver2": "approval", "provisioner": "any"}
"""The template that somebody's rescue answers; a reviewer's is the review."""


_WAYS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "incomplete": (),
    "review": (),
    "rejected": (("reviewer", "review", "RECHAZAR Ya existe una lista parecida."),),
    "approval": (("reviewer", "review", "APROBAR"),),
    "provisioning": (("reviewer", "review", "APROBAR"), ("approver", "approval", "APROBAR")),
    "closed": (
        ("reviewer", "review", "APROBAR"),
        ("approver", "approval", "APROBAR"),
        ("provisioner", "provisioning", "HECHO {list_name}@upaep.mx"),
    ),
}
"""Who commands what until a case stands where a story begins."""


def _thread(answered: Received) -> dict[str, str]:
    mail = answered.message
    references = f"{mail.get('References', '')} {mail['Message-ID']}".strip()
    return {
        "To": str(mail.get("Reply-To", mail["From"])),
        "In-Reply-To": str(mail["Message-ID"]),
        "References": references,
    }


def _labelled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        LABELS[name]: value if isinstance(value, list) else str(value)
        for name, value in values.items()
    }


def _files(turn: Mapping[str, Any], answered: Received | None) -> Iterator[tuple[str, str, bytes]]:
    if turn.get("attach"):
        yield f"{turn['attach']}.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(4000)
    if turn.get("docx") and answered is not None:
        for part in answered.message.iter_attachments():
            name = part.get_filename() or ""
            if name.endswith(".docx"):
                yield name, part.get_content_type(), _filled(part.get_content(), turn["docx"])


def _filled(data: bytes, values: Mapping[str, Any]) -> bytes:
    """The bot's own Word form with values written into its cells."""
    import io

    import docx

    document = docx.Document(io.BytesIO(data))
    by_label = _labelled(values)
    for row in document.tables[0].rows:
        label = row.cells[0].text.split("\n")[0].strip().rstrip(":*").strip()
        if label in by_label:
            row.cells[1].text = by_label[label]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
