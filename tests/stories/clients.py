"""How mail programs quote what they answer, and what people type into the quote."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.rig.smtp_sink import Received

WHO = "Comunicación Interna UPAEP"
ADDRESS = "comunicacion.interna@upaep.mx"


@dataclass(frozen=True)
class Typed:
    """What is typed into the quoted form, by the labels of its rows."""

    row: Mapping[str, str] = field(default_factory=dict)  # behind the label
    below: Mapping[str, str] = field(default_factory=dict)  # quoted as the label is
    between: Mapping[str, str] = field(default_factory=dict)  # between the quoted lines
    over: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the old value deleted
    strike: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the old value struck out


@dataclass(frozen=True)
class Line:
    """A line of a quote; `own` where the writer put it between the quoted ones."""

    text: str
    own: bool = False
    struck: str = ""  # in front of what is behind the label


@dataclass(frozen=True)
class Body:
    """A reply as plain text, and as HTML where the program writes it."""

    text: str
    html: str = ""


def body(client: str, answered: Received | None, said: str, typed: Typed) -> Body:
    """The body of a reply as a program writes it."""
    if answered is None or client == "none":
        return Body(said)
    lines = quoted(answered.text, typed)
    return _PROGRAMS[client](said, lines, answered.subject)


def quoted(text: str, typed: Typed) -> list[Line]:
    """The lines of the answered mail with what is typed into them."""
    found: list[Line] = []
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if not colon:
            found.append(Line(line))
        elif label in typed.row:
            found.append(Line(f"{label}: {typed.row[label]}"))
        elif label in typed.below:
            found += [Line(line), Line(typed.below[label])]
        elif label in typed.between:
            found += [Line(line), Line(typed.between[label], own=True)]
        elif label in typed.over:
            old, new = typed.over[label]
            found.append(Line(f"{label}:{value.replace(str(old), str(new))}"))
        elif label in typed.strike:
            old, new = typed.strike[label]
            found.append(Line(f"{label}: {new}", struck=str(old)))
        else:
            found.append(Line(line))
    return found


def _plain(line: Line) -> str:
    if not line.struck:
        return line.text
    label, _, value = line.text.partition(": ")
    return f"{label}: {line.struck} {value}"


def _marked(lines: Sequence[Line]) -> str:
    return "\n".join(_plain(x) if x.own else f"> {_plain(x)}".rstrip() for x in lines)


def _rich(lines: Sequence[Line]) -> str:
    return "".join(f"<div>{_rich_line(line) or '<br>'}</div>" for line in lines)


def _rich_line(line: Line) -> str:
    if not line.struck:
        return html.escape(line.text)
    label, _, value = line.text.partition(": ")
    return f"{html.escape(label)}: <s>{html.escape(line.struck)}</s> {html.escape(value)}"


def _typed_html(said: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in said.splitlines())


def _gmail(said: str, lines: Sequence[Line], subject: str) -> Body:
    attribution = f"El lun, 17 ago 2026 a las 9:00, {WHO} (<{ADDRESS}>) escribió:"
    rich = (
        f'<div dir="ltr">{_typed_html(said)}</div><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(attribution)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{_rich(lines)}</blockquote>'
        "</div>"
    )
    return Body(f"{said}\n\n{attribution}\n\n{_marked(lines)}\n", rich)


def _headers(subject: str) -> list[str]:
    return [
        f"De: {WHO} <{ADDRESS}>",
        "Enviado el: lunes, 17 de agosto de 2026 09:00 a. m.",
        "Para: quien responde",
        f"Asunto: {subject}",
    ]


def _outlook(said: str, lines: Sequence[Line], subject: str) -> Body:
    head = _headers(subject)
    plain = "\n".join([said, "", *head, "", *map(_plain, lines)])
    rich = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>'
        f'<div class="WordSection1">{_typed_html(said)}'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{"<br>".join(html.escape(h) for h in head)}</p></div>'
        f"{_rich(lines)}</div></body></html>"
    )
    return Body(plain, rich)


def _outlook_mobile(said: str, lines: Sequence[Line], subject: str) -> Body:
    head = [
        f"De: {WHO} <{ADDRESS}>",
        "Enviado: lunes, agosto 17, 2026 9:00 AM",
        "Para: quien responde",
        f"Asunto: {subject}",
    ]
    rule = "________________________________"
    sign = "Obtener Outlook para iOS<https://aka.ms/o0ukef>"
    return Body("\n".join([said, "", sign, rule, *head, "", *map(_plain, lines)]))


def _iphone(said: str, lines: Sequence[Line], subject: str) -> Body:
    attribution = f"> El 17 ago 2026, a la(s) 9:00 a. m., {WHO} <{ADDRESS}> escribió:"
    return Body(f"{said}\n\nEnviado desde mi iPhone\n\n{attribution}\n> \n{_marked(lines)}\n")


def _thunderbird(said: str, lines: Sequence[Line], subject: str) -> Body:
    attribution = f"El 17/08/26 a las 09:00, {WHO} escribió:"
    return Body(f"{attribution}\n{_marked(lines)}\n\n{said}\n")


_PROGRAMS = {
    "gmail": _gmail,
    "outlook": _outlook,
    "outlook-mobile": _outlook_mobile,
    "iphone": _iphone,
    "thunderbird": _thunderbird,
}
