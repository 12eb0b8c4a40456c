"""Labelled mail as plain text: already read into blocks and documents.

    === create_list create-006-iphone-formato
    Fecha: 2021-06-21
    Asunto: Formato
    De: Ana Luz
    Respuesta: no
    Campos: {"request_type": "creation"}
    # new
    | Buenas noches, me pueden mandar el formato …
    # document formato.docx
    | …

Reading raw mail is the bot's work; `bench/read_corpus.py` writes this file through it.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

from nlp.training.corpus import FOLDER, OURS, Example
from nlp.training.field_score import from_json
from nlp.types import Block, BlockKind, Document, Intent, Message

PATH = FOLDER / "given.txt"


def read(path: Path = PATH) -> list[tuple[Example, Message]]:
    """Every mail of the given corpus with what it says and how it is labelled."""
    cases = path.read_text(encoding="utf-8").split("\n=== ")[1:]
    return [_case(case) for case in cases]


def write(cases: Iterable[tuple[str, Intent, str, Message]], path: Path = PATH) -> None:
    """Write (name, intent, fields as JSON, message) so that `read` gives them back."""
    head = "# Labelled mail as the bot reads it; written by bench/read_corpus.py.\n"
    text = "".join(
        f"\n=== {intent.value} {name}\nFecha: {m.date}\nAsunto: {m.subject}\n"
        f"De: {m.sender}\nRespuesta: {'sí' if m.is_reply else 'no'}\nCampos: {fields}\n"
        f"{''.join(_parts(m))}"
        for name, intent, fields, m in cases
    )
    path.write_text(head + text, encoding="utf-8")


def _parts(message: Message) -> Iterator[str]:
    for block in message.blocks:
        yield f"# {block.kind.value}\n{_lines(block.text)}"
    for document in message.documents:
        yield f"# document {document.name}\n{_lines(document.text)}"


def _lines(text: str) -> str:
    return "".join(f"| {line}".rstrip() + "\n" for line in text.split("\n"))


def _case(case: str) -> tuple[Example, Message]:
    title, *lines = case.split("\n")
    intent, _, name = title.partition(" ")
    head: dict[str, str] = {}
    parts: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("# "):
            parts.append((line[2:], []))
        elif line.startswith("|") and parts:
            parts[-1][1].append(line[2:])
        elif ": " in line and not parts:
            key, _, value = line.partition(": ")
            head[key] = value
    message = _message(head, [(kind, "\n".join(text)) for kind, text in parts])
    example = Example(
        intent=Intent(intent),
        date=message.date,
        subject=message.subject,
        text=message.new_text,
        fields=MappingProxyType(from_json(json.loads(head["Campos"]))),
        source=name,
    )
    return example, message


def _message(head: dict[str, str], parts: list[tuple[str, str]]) -> Message:
    blocks = [Block(BlockKind(k), t) for k, t in parts if not k.startswith("document ")]
    documents = [
        Document(k.removeprefix("document "), t) for k, t in parts if k.startswith("document ")
    ]
    return Message(
        subject=head.get("Asunto", ""),
        blocks=tuple(blocks),
        date=dt.date.fromisoformat(head["Fecha"]),
        documents=tuple(documents),
        is_reply=head.get("Respuesta") == "sí",
        sender=head.get("De", ""),
        ours=OURS,
    )
