"""From a message to its intent: the form decides where one is filled in, else the wording."""

import re
from collections.abc import Mapping

from spacy.language import Language

from nlp.intent.component import HAND_OVER, make_doc
from nlp.intent.evidence import Evidence, weigh
from nlp.types import Form, Intent, Message

Odds = dict[Intent, float]

# A form sent along is the request, unless the text clearly asks for another thing about it.
_BESIDE_A_FORM = 0.6
_BACKGROUND = (Intent.CASE_STATUS, Intent.REPORT_MISUSE, Intent.CHANGE_LIST)
# What is handed over without a word that says what it is: more likely a request than not.
_UNREAD = {Intent.CREATE_LIST: 0.4, Intent.OTHER: 0.3, Intent.REINSTATE_LIST: 0.2}
_WORD = re.compile(r"[^\W\d_]{2}")
_HARDLY = 0.01  # a chance that something was handed over that decides nothing
_WORDLESS = 0.9  # the confidence that a mail without a word asks for nothing
_LONGEST = 6000  # characters of a text that are read; a request comes before that


def decide(pipeline: Language, message: Message, form: Form) -> tuple[Intent, float]:
    """The intent of a message and the probability that it is right."""
    evidence = weigh(message, form)
    if not _WORD.search(message.subject + evidence.text + evidence.handed) and not evidence.form:
        return Intent.OTHER, _WORDLESS
    odds = probabilities(pipeline, message.subject, evidence)
    best = max(odds, key=lambda intent: odds[intent])
    return best, odds[best]


def probabilities(pipeline: Language, subject: str, evidence: Evidence) -> Odds:
    """A probability for each intent."""
    own = _read(pipeline, subject, evidence.text, evidence.facts)
    handed = own.pop(HAND_OVER)
    if not evidence.text.strip():  # what was typed says nothing: what is below, or the subject
        own, handed = {}, 1.0
    odds = {intent: own.get(intent.value, 0.0) for intent in Intent}
    if evidence.form is not None:
        return _with_form(odds, evidence.form)
    if handed > 0.0:
        rest = dict(_UNREAD)
        if handed > _HARDLY and (evidence.handed.strip() or subject.strip()):
            # Where nothing is handed over, the subject may say it all.
            text = evidence.handed.strip() or subject
            read = _read(pipeline, subject, text, ("always",))
            left = 1.0 - read.pop(HAND_OVER)
            rest = {i: read[i.value] + (1 - left) * _UNREAD.get(i, 0.0) for i in Intent}
        for intent in Intent:
            odds[intent] += handed * rest.get(intent, 0.0)
    return odds


def _read(pipeline: Language, subject: str, text: str, facts: tuple[str, ...]) -> dict[str, float]:
    cats: Mapping[str, float] = pipeline(make_doc(pipeline, subject, text[:_LONGEST], facts)).cats
    return dict(cats)


def _with_form(odds: Odds, stated: Intent) -> Odds:
    """A filled form takes the odds of all that would go well with sending it."""
    kept = {i: odds[i] for i in _BACKGROUND if odds[i] > _BESIDE_A_FORM}
    result = {intent: kept.get(intent, 0.0) for intent in Intent}
    result[stated] = 1.0 - sum(kept.values())
    if not kept:
        doubt = 0.3 * sum(odds[i] for i in _BACKGROUND)
        result[stated] = 1.0 - doubt
    return result
