"""What people read stands in replies/, not in code; code has the words that people type or machines
write, and only where this says so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from nlp.text.fold import fold

ROOT = Path(__file__).parents[2]
BOT = ROOT / "bot"
# A sentence in Spanish has one of these.
SPANISH = re.compile(
    r"[áéíóúñ¿¡]|\b(?:el|la|los|las|una|del|por|para|que|con|sus?|esta|este|hay|ya|fue|al)\b",
    re.IGNORECASE,
)
LETTERS = re.compile(r"\w{3}")
VOCABULARY = {
    "mail/parsing": "how mail programs and people lay out mail",
    "mail/documents/symbols.py": "what forms say where nothing was chosen yet",
    "mail/documents/docx.py": "names of XML elements",
    "workflow/screening/wording.py": "how machines word their mail",
    "workflow/inquiries.py": "how people agree or disagree",
    "workflow/reasons.py": "what stands before a reason",
    "workflow/commands": "words of commands",
    "workflow/requester/commands.py": "words of commands",
    "workflow/requester/conversation.py": "how people say yes",
    "workflow/requester/requests.py": "how people go on",
    "workflow/kinds.py": "what staff call a topic in CLASIFICAR",
    "lists/kind.py": "what staff call a topic in CLASIFICAR",
    "lists/provisioning.py": "words of a command",
    "lists/changes.py": "words of commands",
    "lists/request.py": "how people speak of lists; the source of a value as the database has it",
    "lists/lookalikes.py": "words that say little of a list",
    "lists/csv_import.py": "headers of tables of lists",
    "runtime/history.py": "how the office told of a decision in old mail",
    "config/settings.py": "shipped values of the configuration",
    "config/starter.py": "an example of a name",
    "cli/init.py": "examples and shipped values",
    "demo/mails.py": "how a mail program quotes",
}
"""Where Spanish stands, and what it is; a folder or a file."""
WITHIN = (
    "mail/parsing",
    "mail/documents/docx.py",
    "demo/mails.py",
    "config/starter.py",
    "cli/init.py",
)
"""Where it stands in functions, too; elsewhere only in constants and in the rows of tables."""


def spanish(room: Path = BOT) -> Iterator[tuple[str, int, bool, str]]:
    """File and line of each Spanish text in the code, and whether a function says it."""
    for path in sorted(room.rglob("*.py")):
        file, tree = path.relative_to(room).as_posix(), ast.parse(path.read_text("utf-8"))
        if file.startswith("store/migrations"):
            continue
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        bodies = (
            s for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for s in node.body
        )
        said = {id(node) for statement in bodies for node in ast.walk(statement)}
        texts = (
            node for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in docstrings
        )  # fmt: skip
        for node in texts:
            if SPANISH.search(node.value) and LETTERS.search(node.value):
                yield file, node.lineno, id(node) in said, node.value


def test_what_people_read_is_not_in_the_code() -> None:
    def is_in(file: str, places: tuple[str, ...]) -> bool:
        return any(file == place or file.startswith(f"{place}/") for place in places)

    found = [
        f"bot/{file}:{line}: {text!r}" for file, line, in_function, text in spanish()
        if not is_in(file, WITHIN if in_function else tuple(VOCABULARY))
    ]  # fmt: skip
    assert found == []


def test_every_exception_is_one() -> None:
    files = {file for file, *_ in spanish()}
    idle = [
        place
        for place in VOCABULARY
        if not any(f"{file}/".startswith(f"{place}/") for file in files)
    ]
    assert idle == []


PATTERN = re.compile(r"[\\\[\](){}|^$?*+]")


def test_understanding_says_nothing_and_names_nobody() -> None:
    """What it has is compared with folded text, or a pattern: capitals and accents are neither."""
    found = [
        f"nlp/{file}:{line}: {text!r}"
        for file, line, _, text in spanish(ROOT / "nlp")
        if text != fold(text) and not PATTERN.search(text)
        if not file.startswith("training/") and file != "commands/forms.py"  # how verbs are bent
    ]
    assert found == []
