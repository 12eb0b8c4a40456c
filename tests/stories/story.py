"""Stories as data: people, turns, and what must and should be true after each turn."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

STOCK: Mapping[str, str] = {
    "request_type": "Creación",
    "area": "Facultad de Contaduría",
    "responsible": "Teresa Cuapio Lara",
    "position": "Coordinadora Académica",
    "email": "teresa.cuapio@upaep.mx",
    "phone_ext": "7340",
    "list_name": "avisos-grupo",
    "purpose": "avisar de cambios de aula y de fechas de entrega",
    "audience": "alumnos",
    "recipients": "350",
    "frequency": "semanal",
    "start_date": "1 de febrero de $Y",
    "end_date": "30 de noviembre de $Y",
    "justification": "el Correo del Día sale una vez y los cambios de aula son de última hora",
    "sponsor": "Dr. Norberto Silva Luna",
}
"""What the request asks for, but for what a story says otherwise."""
STAFF = ("reviewer", "reviewer2", "reviewer3", "approver", "approver2", "provisioner")


@dataclass(frozen=True)
class Story:
    """A story; its values have the years and folios still to be put in."""

    id: str
    people: Mapping[str, str]  # names of the story to mailbox addresses with names
    turns: tuple[Mapping[str, Any], ...]
    given: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    cc: str = ""
    undo: int = 0

    def address(self, who: str) -> str:
        return parseaddr(self.people[who])[1]


def stories(folder: Path) -> list[Story]:
    """The stories of a folder, in the order of their files."""
    return [story(yaml.safe_load(p.read_text("utf-8"))) for p in sorted(folder.glob("*.yaml"))]


def story(data: Mapping[str, Any]) -> Story:
    """A story as its file describes it."""
    return Story(
        id=str(data["id"]),
        people=dict(data.get("people") or {}),
        turns=tuple(data["turns"]),
        given=data.get("given") or "",
        form={k: str(v) for k, v in (data.get("form") or {}).items()},
        lacking=tuple(data.get("lacking") or ()),
        cc=data.get("cc") or "",
        undo=int(data.get("undo") or 0),
    )


def put_in(value: Any, today: dt.date, folio: str) -> Any:
    """A part of a story with years and folio in the place of their signs."""
    if isinstance(value, str):
        year = today.year + 1
        signs = {"$FOLIO": folio, "$yy": f"{year % 100:02}", "$zz": f"{(year + 1) % 100:02}",
                 "$Y": str(year), "$Z": str(year + 1)}  # fmt: skip
        for sign, text in signs.items():
            value = value.replace(sign, text)
        return value
    if isinstance(value, Mapping):
        return {key: put_in(item, today, folio) for key, item in value.items()}
    if isinstance(value, list):
        return [put_in(item, today, folio) for item in value]
    return value


def listed(value: Any) -> list[Any]:
    """One or several, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def plain(text: str) -> str:
    """Text without capitals, accents and line breaks, as patterns see it."""
    table = str.maketrans("áéíóúüñ", "aeiouun")
    return " ".join(text.lower().translate(table).split())


_TITLES = re.compile(
    r"\b(?:dra?|mtr[oa]|lic|ing|arq|c\.?p|psic|maestr[oa]|doctora?|prof(?:ra?)?)\b\.?"
)
_MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7,
    "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
}  # fmt: skip


def same(shown: str, wanted: str) -> bool:
    """Whether a value is the wanted one; titles, commas and the notation of dates don't matter."""
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return re.search(wanted[1:-1], plain(shown)) is not None
    return _bare(shown) == _bare(wanted)


def _bare(text: str) -> str:
    said = plain(text)
    long = re.fullmatch(r"(\d{1,2}) de (\w+) de (\d{4})", said)
    if long and long[2] in _MONTHS:
        return f"{long[3]}-{_MONTHS[long[2]]:02}-{int(long[1]):02}"
    said = re.sub(r"(?<=\d),(?=\d{3})", "", _TITLES.sub(" ", said))
    return " ".join(re.sub(r"[.,;]", " ", said).split())


def matches(texts: Iterable[str], pattern: str) -> bool:
    """Whether one of the texts reads so."""
    wanted = (
        re.compile(plain(pattern)) if not pattern.startswith("/") else re.compile(pattern[1:-1])
    )
    return any(wanted.search(plain(text)) for text in texts)
