"""The fields of a form that a message fills, each with where it was found and how sure that is."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from nlp.fields.candidates import candidates_in
from nlp.fields.facts import Candidate
from nlp.fields.labels import labels_of
from nlp.fields.mentions import Mention, mentions_in
from nlp.fields.passages import Passage, passage_of, passages_of
from nlp.fields.scorer import SCORES, Scorer, general, none_facts, of_kind
from nlp.fields.tagger import MODEL, Tagger, tokens_of
from nlp.fields.whole import whole
from nlp.fields.writer import sender_of, writer_is_responsible, writers
from nlp.intent.concepts import concept
from nlp.text.fold import fold, squeeze, words
from nlp.text.handover import HANDOVER, forwards
from nlp.text.handover import facts as handover_facts
from nlp.text.lines import Line
from nlp.text.links import only_words
from nlp.text.tokens import Token
from nlp.types import (
    Block,
    BlockKind,
    Extraction,
    FieldKind,
    FieldValue,
    Form,
    Intent,
    Message,
    Part,
)

SURE = 0.62  # a value less likely than this is left out: it is asked for again
MEMBER = 0.75  # of a set each member is judged alone, with nothing to compete with
UNTRAINED = 0.2  # the same of a field that only its kind tells of; people are shown it for a SÍ
SIGNED = 0.2  # of a signature to which the writer points as the responsible
QUOTED = 0.25  # of a list's name in quotes: little else is quoted
_NO_VERBS = frozenset({"primera", "generacion"})  # "la primera generación" creates nothing
SAYS_SO = 0.95  # that the writer is responsible, where she says it and nobody else is named
HANDED = 0.7  # a forwarded mail is the request
CORRECTS = 0.8  # what the text around a form says instead
A_REQUEST = Intent.CREATE_LIST  # the intent by which the models know any request
LABELLED = "form sure=1 marked=1 official=1"
COMPLETE = 0.96  # a set that prose tells lacks a member in 4 of 100
ANSWERED = 0.95  # behind a field's own label nothing is asked about again

# What a topic says the request is, and the concepts by which a verb says so.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    Intent.CREATE_LIST: ("creation", ("CREATE", "NEW")),
    Intent.REINSTATE_LIST: ("reinstatement", ("RESTORE",)),
}
_NEITHER = ("", ())
_REQUEST = re.compile(r"\b(?:solicit|restablec|reactiv|pid[oe]\b|pedimos|requier)\w*")


class FieldReader:
    """Reads the fields of messages; made once and shared (not between threads)."""

    def __init__(self, tagger: Tagger, scorer: Scorer) -> None:
        self.tagger, self.scorer = tagger, scorer

    @classmethod
    def load(cls, folder: Path = MODEL) -> Self:
        """The reader that was trained into a folder."""
        return cls(Tagger(folder), Scorer.load(folder / SCORES))

    def read(self, message: Message, form: Form, intent: str) -> dict[str, Extraction]:
        """The values that a message of an intent gives to the form's fields."""
        if not carried(intent, form):
            return {}
        message = only_words(message)
        handed = (
            not forwards(message) or self.scorer.likely(HANDOVER, handover_facts(message)) > HANDED
        )
        passages = [
            p for p in passages_of(message, labels_of(form), handed) if counts(p, message.things)
        ]
        found = list(every_candidate(message, passages, form, intent, self.tagger))
        values = self.settle(found, form, intent, message)
        answered = {item.field for _, item in found if item.of_form}
        for name, one in values.items():
            if isinstance(one.value, tuple) and name not in answered:
                values[name] = replace(one, sure=one.sure * COMPLETE)
        seen = message.photographed
        return {n: replace(v, sure=0.0) if v.source in seen else v for n, v in values.items()}

    def settle(
        self,
        found: Sequence[tuple[Passage, Candidate]],
        form: Form,
        intent: str,
        message: Message,
        least: float = SURE,
    ) -> dict[str, Extraction]:
        """The values of the candidates found that are likely right."""
        names = carried(intent, form)
        found = [f for f in found if f[1].field in names]
        writers = [c for _, c in found if c.field == Part.RESPONSIBLE]
        self._weigh(writers, form, intent, message)
        if not any(c.sure >= SURE and not writes(c) for c in writers):
            _believe_the_writer(found)
        if not any(writes(c) and c.sure >= SURE for c in writers):
            found = [f for f in found if not signed(f[1])]
        self._weigh([c for _, c in found if c.field != Part.RESPONSIBLE], form, intent, message)
        return choose(found, names, form, least, self.scorer.known)

    def read_lines(
        self, lines: Sequence[Line], form: Form, today: dt.date, least: float = SURE
    ) -> dict[str, Extraction]:
        """The values that lines by themselves give, as those of a request."""
        text = "\n".join(line.text for line in lines)
        message = Message("", (Block(BlockKind.NEW, text),), today)
        passage = passage_of("\n" + text, "text", labels_of(form))
        found = list(every_candidate(message, [passage], form, A_REQUEST, self.tagger))
        return self.settle(found, form, A_REQUEST, message, least)

    def _weigh(self, items: Sequence[Candidate], form: Form, intent: str, message: Message) -> None:
        """Tell of each candidate how likely it is right, beside those it competes with."""
        by_field: dict[str, list[Candidate]] = {}
        for item in items:
            by_field.setdefault(item.field, []).append(item)
        for field, mine in by_field.items():
            known = field in self.scorer.known
            name = field if known else of_kind(form[field].kind)
            for rivals in competing(mine):
                facts = [none_facts(rivals, mine, intent, message)]
                facts += [c.facts for c in rivals]
                if not known:
                    facts = [general(one) for one in facts]
                shares = self.scorer.shares(name, facts)[1:]
                keys = [fold(str(item.value)) for item in rivals]
                said: dict[str, float] = {}
                for item, key, share in zip(rivals, keys, shares, strict=True):
                    item.share, said[key] = share, said.get(key, 0.0) + share
                long = form[field].kind is FieldKind.LONG_TEXT
                for item, key in zip(rivals, keys, strict=True):
                    item.sure = (
                        sum(other.share for other in rivals if _overlap(item, other))
                        if long
                        else said[key]
                    )


def _believe_the_writer(found: Sequence[tuple[Passage, Candidate]]) -> None:
    """Where nobody else is likely, who says "yo seré la responsable" is."""
    texts = {passage.text for passage, item in found if writes(item)}
    hers = {text for text in texts if writer_is_responsible(text)}
    said = [item for passage, item in found if writes(item) and passage.text in hers]
    if said:
        best = max(said, key=lambda one: one.share)
        best.sure = max(best.sure, SAYS_SO)


def _overlap(one: Candidate, other: Candidate) -> bool:
    """Whether two long texts share most of their words: they say the same."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= 0.7 * (max(one.end, other.end) - min(one.start, other.start))


def competing(items: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates of a field that exclude each other.

    What a form says stands by itself, beside nothing; the rest competes to fill the field or, where
    a form has filled it, to correct that. Of a set each member is judged by itself.
    """
    settled = settling(items)
    prose = [item for item in items if not item.of_form]
    groups: dict[FieldValue | None, list[Candidate]] = {}
    for item in prose:
        groups.setdefault(item.value if isinstance(item.value, tuple) else None, []).append(item)
    if settled is None:
        return list(groups.values())
    return [[settled], *([groups[None]] if None in groups else [])]


def writes(item: Candidate) -> bool:
    """Whether a candidate is the writer of the mail."""
    return "writer" in item.facts


def signed(item: Candidate) -> bool:
    """Whether a candidate stands in a signature; it counts only where the writer is responsible."""
    return "z=g" in item.facts


def quoted_name(item: Candidate) -> bool:
    """Whether a candidate is what the writer calls the list, in quotes."""
    return item.field == Part.NAME and "m=quoted" in item.facts


def settling(items: Sequence[Candidate]) -> Candidate | None:
    """The answer of a form that counts: the later one, a typed one before a quoted one, and one
    whose label is plain before one whose label is guessed."""
    answers = [item for item in reversed(items) if item.of_form]
    return max(answers, key=lambda one: ("form typed" in one.facts, _is_plain(one)), default=None)


def _is_plain(answer: Candidate) -> bool:
    """Whether the label of an answer is one that the form's is known by."""
    return any(fact.startswith("form sure=1") for fact in answer.facts)


def every_candidate(
    message: Message,
    passages: Sequence[Passage],
    form: Form,
    intent: str,
    tagger: Tagger,
) -> Iterator[tuple[Passage, Candidate]]:
    """The candidates of all passages, with the facts that the whole message adds."""
    found: list[tuple[Passage, Candidate]] = []
    for passage in passages:
        tokens = tokens_of(passage)
        mentions = mentions_in(passage.text, form, message.date)
        tags = tagger.tag(passage, tokens, mentions)
        mentions += _told_by_verbs(tokens, form, intent)
        items = candidates_in(passage, tags, mentions, form, message.date, tagger.names)
        kind, _ = _KINDS.get(intent, _NEITHER)
        items = [c for c in items if c.field != Part.KIND_OF_REQUEST or c.value == kind]
        sender = sender_of(message, passage)
        if passage.source == "text":
            signs = writers(sender, passage, tokens, tagger.names)
            items += [item for item in signs if item.field in form]
        source = "fwd" if passage.body.forwarded else "own" if passage.source == "text" else "doc"
        for item in items:
            item.facts += [f"i={intent}", "src=" + source, *_sender_facts(item, form, sender)]
        _add_addresses(items, form)
        found += [(passage, item) for item in items]
    labelled: dict[str, set[str]] = {}
    for _, item in found:
        if item.of_form:
            labelled.setdefault(item.field, set()).add(str(item.value))
    for _, item in found:
        values = labelled.get(item.field, ())
        if values and not item.of_form:
            item.facts.append("labelled " + ("so" if str(item.value) in values else "otherwise"))
    yield from found


def _told_by_verbs(tokens: Sequence[Token], form: Form, intent: str) -> list[Mention]:
    """The kind of request, where a verb of any wording tells it: "que reviva", "den de alta"."""
    kind, concepts = _KINDS.get(intent, _NEITHER)
    if Part.KIND_OF_REQUEST not in form or not kind:
        return []
    return [
        Mention("concept", token.start, token.end, kind, Part.KIND_OF_REQUEST)
        for token in tokens
        if concept(token.folded) in concepts and token.folded not in _NO_VERBS
    ]


def _sender_facts(item: Candidate, form: Form, sender: str) -> list[str]:
    """Whether a name or an address is that of who sent it."""
    if form[item.field].kind not in (FieldKind.NAME, FieldKind.EMAIL) or not sender:
        return []
    shared = {*words(sender)} & {*words(str(item.value).partition("@")[0])}
    return [f"sender={min(len(shared), 2)}"]


def _add_addresses(items: Sequence[Candidate], form: Form) -> None:
    """Tell of names and addresses that are made of the same words."""
    names = [c for c in items if form[c.field].kind is FieldKind.NAME]
    mails = [c for c in items if form[c.field].kind is FieldKind.EMAIL]
    for name in names:
        for mail in mails:
            parts = {*words(str(mail.value).partition("@")[0])}
            if len(parts & {*words(str(name.value))}) > 1:
                name.facts.append("mailed")
                mail.facts.append("named")


def counts(passage: Passage, things: Iterable[str]) -> bool:
    """Whether a passage is read: an attachment only where it is a form or asks for one of these."""
    if passage.source == "text":
        return True
    if sum(bool(a.text.strip()) for a in passage.reading.answers) >= 3:
        return True
    text = fold(passage.text)
    return any(thing in text for thing in things) and _REQUEST.search(text) is not None


def choose(
    found: Sequence[tuple[Passage, Candidate]],
    names: frozenset[str],
    form: Form,
    least: float,
    trained: frozenset[str],
) -> dict[str, Extraction]:
    """The likeliest value of each field, where it is sure enough; of a set every likely key."""
    best: dict[str, tuple[Passage, Candidate]] = {}
    keys: dict[str, dict[str, float]] = {}
    answers: dict[str, list[Candidate]] = {}
    for _, item in found:
        if item.of_form:
            answers.setdefault(item.field, []).append(item)
    of_form = {name: settling(mine) for name, mine in answers.items()}
    for passage, item in found:
        settled = of_form.get(item.field)
        if settled is not None:
            believed = item is settled or (not item.of_form and item.sure >= CORRECTS)
        else:
            sure = least if item.field in trained else min(least, UNTRAINED)
            member = sure - SURE + MEMBER if isinstance(item.value, tuple) else sure
            enough = min(SIGNED if signed(item) else QUOTED if quoted_name(item) else 1, member)
            believed = not item.of_form and item.sure >= enough
        if item.field not in names or not believed or _answers_otherwise(passage, item, form):
            continue
        rank = (item is not settled, item.sure, item.share)
        before = best.get(item.field)
        if before is None or rank > (before[1] is not settled, before[1].sure, before[1].share):
            best[item.field] = (passage, item)
        if isinstance(item.value, tuple) and (settled is None or item is settled):
            for key in item.value:
                mine = keys.setdefault(item.field, {})
                mine[key] = max(mine.get(key, 0.0), item.sure)
    for name in said_of_others(best):
        best.pop(name, None)
    return {
        name: Extraction(
            tuple(sorted(keys[name])) if name in keys else _own(passage, item, best, form),
            passage.source,
            passage.sentence(item.start, item.end) or squeeze(passage.text[:300]),
            round(_sure(item, keys.get(name, {}).values(), of_form.get(name)), 4),
        )
        for name, (passage, item) in best.items()
    }


def _answers_otherwise(passage: Passage, item: Candidate, form: Form) -> bool:
    """Whether words stand alone behind the label of a question that is none of the form's."""
    label, colon, between = passage.text[: item.start].rpartition("\n")[2].rpartition(":")
    return bool(colon) and not between.strip() and labels_of(form).asks_otherwise(label)


def _sure(item: Candidate, of_keys: Iterable[float], answer: Candidate | None) -> float:
    """How likely the value is right; `answer` is what the form says."""
    sure = min(of_keys, default=item.sure)
    if answer and LABELLED in answer.facts and fold(str(answer.value)) == fold(str(item.value)):
        return max(sure, ANSWERED)
    return sure


_LEADS = frozenset({"de", "del", "en", "el", "la"})


def _own(
    passage: Passage, item: Candidate, best: Mapping[str, tuple[Passage, Candidate]], form: Form
) -> FieldValue:
    """A value without what it says of a choice that the form asks for apart, label and all:
    «Biblioteca Central del campus Tehuacán» is an area, and a campus. A text is told whole."""
    if not isinstance(item.value, str):
        return item.value
    if form[item.field].kind is FieldKind.LONG_TEXT:
        return item.value if item.of_form else whole(item.value, passage.text[item.end :])
    for place, other in best.values():
        choice = form[other.field]
        behind = place is passage and item.start < other.start and other.end == item.end
        if not behind or choice.kind is not FieldKind.CHOICE:
            continue
        labels = {word for label in (choice.label, *choice.aliases) for word in fold(label).split()}
        words = passage.text[item.start : other.start].split()
        kept = [fold(word.strip(" ,(:")) for word in words]
        while kept and kept[-1] in labels | _LEADS | {""}:
            kept.pop()
        if labels & {fold(word.strip(" ,(:")) for word in words[len(kept) :]} and kept:
            return " ".join(words[: len(kept)]).rstrip(" ,(")
    return item.value


def said_of_others(best: Mapping[str, tuple[Passage, Candidate]]) -> list[str]:
    """The fields that take from prose what another takes more surely: it was said once."""
    claims: dict[tuple[int, str], list[Candidate]] = {}
    for passage, item in best.values():
        claims.setdefault((id(passage), str(item.value)), []).append(item)
    return [
        item.field
        for items in claims.values()
        for item in items
        if not item.of_form
        and any(
            o.start < item.end and item.start < o.end and (o.of_form or o.sure > item.sure)
            for o in items
        )
    ]


# What a change or a single mailing never fills: its reason is not that of a list, the day of an
# event is no validity.
_NOT_STATED: dict[str, frozenset[str] | None] = {
    Intent.CHANGE_LIST: frozenset({Part.KIND_OF_REQUEST, Part.PURPOSE, Part.REASON}),
    Intent.ONE_OFF_SEND: frozenset(
        {Part.KIND_OF_REQUEST, Part.REASON, Part.HOW_OFTEN, Part.START, Part.END, Part.NAME}
    ),
    Intent.CASE_STATUS: None,
    Intent.QUESTION: None,
    Intent.REPORT_MISUSE: None,
    Intent.OTHER: None,
}


def carried(intent: str, form: Form) -> frozenset[str]:
    """The fields that a message of this intent may fill."""
    if intent == Intent.CASE_STATUS:
        return frozenset({Part.AREA, Part.NAME})
    left_out = _NOT_STATED.get(intent, frozenset())
    return frozenset() if left_out is None else frozenset(f.name for f in form.fields) - left_out
