"""What goes into understanding a message and what comes out: plain frozen values."""

import copyreg
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias


class Intent(StrEnum):
    """What the sender wants, ordered by the work it asks for (the first wins where two stand)."""

    CREATE_LIST = "create_list"
    REINSTATE_LIST = "reinstate_list"
    CHANGE_LIST = "change_list"
    ONE_OFF_SEND = "one_off_send"
    REPORT_MISUSE = "report_misuse"
    CASE_STATUS = "case_status"
    QUESTION = "question"
    OTHER = "other"


class FieldKind(StrEnum):
    """How the value of a form field is read and what type it has."""

    TEXT = "text"  # str, as written
    LONG_TEXT = "long_text"  # str, as written, may span lines
    NAME = "name"  # str, a person's name without titles
    CHOICE = "choice"  # str, one key of the field's choices
    CHOICES = "choices"  # tuple[str, ...], sorted keys of the field's choices
    INTEGER = "integer"  # int
    DIGITS = "digits"  # str of digits
    EMAIL = "email"  # str, lower case
    DATE = "date"  # datetime.date


class Part(StrEnum):
    """What a field is for in any request. Prose is read, and the models are trained, by these.

    A form says which of its fields plays which part; the others are known by their kind.
    """

    KIND_OF_REQUEST = "request_type"
    AREA = "area"  # who asks: a faculty, an office
    RESPONSIBLE = "responsible"  # the person who answers for it
    POSITION = "position"
    EMAIL = "email"
    EXTENSION = "phone_ext"
    NAME = "list_name"  # what it is to be called
    PURPOSE = "purpose"
    FOR_WHOM = "audience"
    HOW_MANY = "recipients"
    HOW_OFTEN = "frequency"
    START = "start_date"
    END = "end_date"
    REASON = "justification"
    BACKER = "sponsor"  # the person who backs it


FieldValue: TypeAlias = str | int | tuple[str, ...] | dt.date


def plain_value(value: FieldValue) -> str | int | list[str]:
    """A value as JSON has it; a date as text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def value_to_json(value: FieldValue) -> Any:
    """A value of a form, such that its type can be told."""
    return {"date": value.isoformat()} if isinstance(value, dt.date) else plain_value(value)


def value_from_json(data: Any) -> FieldValue:
    """The value that `value_to_json` wrote. Raises ValueError where it is none."""
    match data:
        case {"date": str(text)}:
            return dt.date.fromisoformat(text)
        case list():
            return tuple(map(str, data))
        case str() | int():
            return data
    raise ValueError("a form value of an unknown kind")


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# Forms cross from one process to another, and Python cannot pickle these by itself.
copyreg.pickle(MappingProxyType, lambda view: (_read_only, (dict(view),)))


@dataclass(frozen=True, slots=True)
class FormField:
    """One line of the justification form.

    `label` is what people are asked; `aliases` are other labels they type for it; `choices`
    maps each key of a CHOICE(S) field to the wordings that mean it, the first being the one shown.
    `help` says in a sentence what belongs there, `example` shows it.
    Of a field that is not `essential` people may say that there is no such thing.
    `period` marks the two DATE fields that one label ("Vigencia") may fill: "start" or "end".
    `part` is what the field is for, where it is something that any request may ask for.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    essential: bool = True
    hint: str = ""
    help: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    period: str = ""
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the justification form, in order."""

    fields: tuple[FormField, ...]
    _by_name: Mapping[str, FormField] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {f.name: f for f in self.fields})

    def __getitem__(self, name: str) -> FormField:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def of_kind(self, kind: FieldKind) -> list[FormField]:
        """The fields of a kind, in order."""
        return [field for field in self.fields if field.kind is kind]

    def played(self, part: Part) -> str:
        """Name of the field that plays a part; empty where none does."""
        return next((field.name for field in self.fields if field.part is part), "")


class BlockKind(StrEnum):
    """Who wrote a run of lines, as far as the layout tells."""

    NEW = "new"  # typed by the sender in this message
    SIGNATURE = "signature"  # the sender's name, position and telephone
    INSERTED = "inserted"  # put there by programs and servers: banners, footers, legal notices
    SUPPOSED = "supposed"  # the same as far as the classifier can tell; no rule knows it
    QUOTE = "quote"  # an earlier message, quoted; quote marks removed
    FORWARD = "forward"  # an earlier message, handed on
    ATTRIBUTION = "attribution"  # "El lun, … escribió:", header block of a quote or forward


ADDED = (BlockKind.INSERTED, BlockKind.SUPPOSED)
"""What nobody typed, whether a rule or the classifier says so."""
WRITTEN = (BlockKind.NEW, BlockKind.SIGNATURE, *ADDED)
"""What stands in a message beside what it quotes or hands on."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of consecutive lines of one kind; `text` has no quote marks."""

    kind: BlockKind
    text: str


def new_text(blocks: Iterable[Block]) -> str:
    """What the sender typed, without quotes and signature."""
    return "\n".join(b.text for b in blocks if b.kind is BlockKind.NEW).strip()


@dataclass(frozen=True, slots=True)
class Document:
    """The readable text of an attachment; table cells are parted by tabs, rows by newlines.

    What was read of it where it is `photographed` is never sure.
    """

    name: str
    text: str
    photographed: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """All that understanding needs to know of a message.

    `sender` is the name of who writes, as the header gives it. `answered` is the text of the mail
    it answers, where that is known: what is quoted from it unchanged is nobody's answer. `ours` is
    how a quoted mail of ours can be told: by the account of its sender, or the unit's name.
    `things` are what can be asked for, each in a word; by default what the corpora ask for.
    """

    subject: str
    blocks: tuple[Block, ...]
    date: dt.date
    documents: tuple[Document, ...] = ()
    is_reply: bool = False
    answered: str = ""
    sender: str = ""
    ours: tuple[str, ...] = ()
    things: tuple[str, ...] = ("lista",)

    @property
    def photographed(self) -> frozenset[str]:
        """The names of the documents that are photos."""
        return frozenset(d.name for d in self.documents if d.photographed)

    @property
    def new_text(self) -> str:
        return new_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Extraction:
    """A value and where it comes from.

    `source` is "text" or an attachment's name; `evidence` the sentence, line or table row; `sure`
    how likely the value is right (0 to 1, calibrated); 0 where it is to be asked about anyhow.
    """

    value: FieldValue
    source: str
    evidence: str
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class FurtherRequest:
    """A request beside the first of a mail: its words, and what they say of it. `like_ours`
    tells that all else is to be as in what the mail goes on with."""

    words: str
    fields: Mapping[str, Extraction]
    like_ours: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a message asks for; `confidence` is a calibrated probability of the intent (0 to 1).

    `intent` is an Intent, or what another recogniser than the trained one calls it. Where several
    things are asked for, `fields` are of the first and `further` the others.
    """

    intent: str
    confidence: float
    fields: Mapping[str, Extraction]
    further: tuple[FurtherRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandGrammar:
    """How people write one staff command.

    `words` are its forms at the head of a line ("nota", "approve"), folded (lower case, no
    accents); `verbs` are infinitives whose forms are made from them ("autorizar"), with the stem
    of the present where it differs ("aprobar/aprueb"). `argument` says what follows: "none",
    "text", "address", or "any": a text that may begin with a name. `decides` marks commands that
    change a case's fate: two of them in one mail are none; one that `prepares` may stand before.
    `aside` commands change nothing that matters and may stand beside a decision. `everyday` says
    that the words are ordinary nouns too ("lista", "estado"): then nothing but courtesy may
    follow. After one that `allows_comment` a comment is welcome and not looked at. `things` are
    what it may be said of, each in a word ("lista"); `<thing>` stands for them among its words.
    """

    name: str
    words: tuple[str, ...]
    argument: str = "none"
    decides: bool = False
    verbs: tuple[str, ...] = ()
    aside: bool = False
    everyday: bool = False
    allows_comment: bool = False
    prepares: bool = False
    things: tuple[str, ...] = ()

    @property
    def takes_text(self) -> bool:
        """Whether words of the writer's own follow."""
        return self.argument in ("text", "any")


@dataclass(frozen=True, slots=True)
class Command:
    """One clear command, as read; `argument` is the text after it, or None."""

    name: str
    argument: str | None = None


class Doubt(StrEnum):
    """Why a text gives no clear command; what its writer hears of it is a sentence of the
    catalogue."""

    EMPTY = "empty"
    UNCLEAR = "unclear"
    QUESTION = "question"
    TWO = "two"  # decisions
    NUMBERS = "numbers"  # which rows are meant
    TWICE = "twice"  # the same row
    FOLIO = "folio"  # it speaks of another case
    TWO_CASES = "two_cases"  # it carries the keys of two
    DISAGREE = "disagree"  # its text and its HTML
    TAMPERED = "tampered"  # struck out, or with characters that look like others
    LONG = "long"
    MORE = "more"  # behind the command
    ADDRESS = "address"  # there is none, or more than one
    CONDITION = "condition"
    HESITATION = "hesitation"
    LATER = "later"
    WITHDRAWN = "withdrawn"
    NEGATION = "negation"
    PAST = "past"
    OTHERS = "others"  # decided it, or are to


@dataclass(frozen=True, slots=True)
class ParsedCommands:
    """The commands a mail gives, and, where something keeps it from giving any, why."""

    commands: tuple[Command, ...] = ()
    why: Doubt | None = None


NO_COMMANDS = ParsedCommands()


@dataclass(frozen=True, slots=True)
class NumberedCommand:
    """A command for one row of a mail; `folio` is what it says the row is about, where it does."""

    number: int
    command: Command
    folio: str = ""


@dataclass(frozen=True, slots=True)
class NumberedCommands:
    """What a mail says of numbered rows; nothing where it names none, or, with `why`, is
    unclear."""

    commands: tuple[NumberedCommand, ...] = ()
    why: Doubt | None = None


NOT_NUMBERED = NumberedCommands()
