"""Every reply: its files, its samples, what a hostile value does to it, and how it looks.

The snapshots under tests/snapshots/replies are what people get: read their diff as one reads
code. `UPDATE_SNAPSHOTS=1 pytest tests/unit/test_replies.py` writes them anew.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import pytest
import yaml
from jinja2 import UndefinedError

import replies
from replies import filters, rendering
from replies.rendering import Rendered, render

HERE = Path(replies.__file__).parent
SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "replies"
NAMES = sorted({p.parent.name for p in HERE.glob("*/*.j2")})
CONTRACT = {
    "accepted", "approval", "command_result", "digest", "form", "guidance", "list_ready",
    "progress", "provisioning", "question", "received", "rejected", "reminder", "review",
}  # fmt: skip
"""Names of templates that others go by: none of them changes."""
SAMPLES = sorted(HERE.glob("*/sample*.yaml"))
Values: TypeAlias = dict[str, object]


def values_of(path: Path) -> Values:
    loaded: Values = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def rendered(path: Path) -> Rendered:
    return render(path.parent.name, values_of(path))


def seen(markup: str) -> str:
    """What the eye sees of an HTML body, and where its links lead, on one line."""
    body = markup.partition("<body")[2]
    links = " ".join(re.findall(r'href="([^"]*)"', body))
    return squeezed(html.unescape(re.sub(r"<[^>]+>", " ", body) + " " + unquote(links)))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def strings(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The way to every string in a value."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from strings(part, (*path, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from strings(part, (*path, at))


def at(value: object, path: tuple[object, ...]) -> str:
    for key in path:
        value = value[key]  # type: ignore[index]
    return str(value)


def replaced(value: Any, path: tuple[object, ...], by: Callable[[str], str]) -> Any:
    """The value with the string at `path` changed."""
    if not path:
        return by(str(value))
    key, *rest = path
    copy = value.copy()
    copy[key] = replaced(copy[key], tuple(rest), by)
    return copy


def everywhere(values: Values, by: Callable[[str], str]) -> Values:
    """The values with every string changed that a stranger's mail may reach."""
    for path in list(strings(values)):
        if not is_ours(path):
            values = replaced(values, path, by)
    return values


OURS = frozenset((
    "folio", "mailbox_name", "mailbox_address", "guidelines_url", "privacy_url", "reason_link",
    "reply_to", "intent", "commands",
    "verb", "kind", "thing", "institution", "units", "channels",
    "reply_addresses", "more",
))  # fmt: skip
"""Values that only the configuration and the bot itself write; so are labels and hints."""


def is_ours(way: tuple[object, ...]) -> bool:
    ours = way[0] in OURS or "commands" in way
    return ours or way[-1] in ("label", "hint", "folio", "task", "blocks")


def is_unlike(way: tuple[object, ...]) -> bool:
    """What text and HTML tell in ways of their own: addresses, links, the bars of a plot."""
    of_digest = way[0] == "cases" and "commands" in way
    names = ("reply_to", "reply_addresses", "argument", "undo_until", "intent", "kind", "thing")
    return way[0] in names or of_digest or way[-1] == "blocks"


per_sample = pytest.mark.parametrize(
    "path", SAMPLES, ids=[f"{p.parent.name}-{p.stem}" for p in SAMPLES]
)


def test_every_reply_has_its_files() -> None:
    assert set(NAMES) >= CONTRACT
    for name in NAMES:
        files = {p.name for p in (HERE / name).iterdir()}
        assert files >= {"subject.txt.j2", "body.txt.j2", "body.html.j2", "sample.yaml"}


@per_sample
def test_a_sample_looks_as_it_did(path: Path) -> None:
    shown = rendered(path)
    subject_and_text = f"Subject: {shown.subject}\n\n{shown.text}"
    for suffix, now in ((".txt", subject_and_text), (".html", shown.html)):
        snapshot = SNAPSHOTS / f"{path.parent.name}-{path.stem}{suffix}"
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            snapshot.parent.mkdir(parents=True, exist_ok=True)
            snapshot.write_text(now, encoding="utf-8")
        assert snapshot.read_text(encoding="utf-8") == now, "UPDATE_SNAPSHOTS=1 if it is meant"


def test_no_snapshot_is_left_over() -> None:
    wanted = {f"{p.parent.name}-{p.stem}{s}" for p in SAMPLES for s in (".txt", ".html")}
    assert {p.name for p in SNAPSHOTS.iterdir()} == wanted


@per_sample
def test_subject_is_one_line_with_the_folio_first(path: Path) -> None:
    values, shown = values_of(path), rendered(path)
    assert shown.subject
    assert shown.subject == squeezed(shown.subject)
    if values["folio"]:
        assert shown.subject.startswith(f"[{values['folio']}] ")


@per_sample
def test_html_is_fit_for_mail(path: Path) -> None:
    markup = rendered(path).html
    assert '<html lang="es-MX"' in markup
    assert '<meta name="color-scheme" content="light dark">' in markup
    assert not re.search(r"<(?:script|img|iframe|form|link|object|svg)\b|url\(|@import", markup)
    assert len(markup) < 90_000  # Gmail cuts a mail at 102 kB
    assert re.search(r'<div class="preheader"[^>]*>\s*\S', markup)
    body = markup.partition("<body")[2]
    unstyled = re.findall(r'class="[^"]*"(?! style=)', body)
    assert not unstyled
    for tag in ("table", "tr", "td", "th", "div", "p", "ul", "li", "a", "b", "span", "h1", "h2"):
        assert len(re.findall(rf"<{tag}\b", markup)) == len(re.findall(rf"</{tag}>", markup)), tag


@per_sample
def test_text_and_html_state_the_same(path: Path) -> None:
    values, shown = values_of(path), rendered(path)
    text = squeezed(re.sub(r"(?m)^[>!] ?", "", shown.text)).casefold()
    eye = re.sub(r"mailto:\S+", "", seen(shown.html)).casefold()
    for way in strings(values):
        value = squeezed(at(values, way))
        if way[-1] == "evidence":
            value = f"«{value}»"
        if len(value) > 3 and not is_unlike(way):
            assert (value.casefold() in text) == (value.casefold() in eye), way


@per_sample
@pytest.mark.parametrize(
    "poison",
    [
        '<script>alert(1)</script><img src=x onerror="x">',
        "{{ 7*191 }}{% for a in range(9) %}boom{% endfor %}{# gone #}",
        "\" onclick=\"x\" 'a'='b",
        "uno\nAPROBAR\r\nBcc: otro@example.com\u2028DESHACER\x0bHECHO",
        "\u202egnp.exe\u2066\u200b\x00\x1b[31m",
        "5" * 5000,
        "</td></tr></table></style><!--",
    ],
    ids=["html", "jinja", "attributes", "lines", "unseen", "long", "closing"],
)
def test_hostile_values_are_only_values(path: Path, poison: str) -> None:
    name, values = path.parent.name, values_of(path)
    plain = render(name, values)
    shown = render(name, everywhere(values, lambda value: f"{value}{poison}"))
    whole = shown.subject + shown.text + shown.html
    assert shown.subject == squeezed(shown.subject)
    assert "1337" not in whole
    assert "boomboom" not in whole
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069\u200b]", whole)
    for tag in ("script", "img", "table", "td", "style", "a", "!--"):
        # An empty value that is filled shows a line more: tags may come, but only our own.
        assert shown.html.count(f"<{tag}") >= plain.html.count(f"<{tag}") or tag == "!--"
    assert not re.search(r"<(?:script|img)|<[^>]*\son\w+=", shown.html)
    assert shown.html.count("<!--") == plain.html.count("<!--")
    assert shown.html.count("</style>") == 1
    assert shown.html.count("<table") == shown.html.count("</table>")
    for line in shown.text.splitlines():
        assert line not in ("APROBAR", "DESHACER", "HECHO", "Bcc: otro@example.com")


@per_sample
def test_each_string_alone_may_be_hostile(path: Path) -> None:
    name, values = path.parent.name, values_of(path)
    poison = '<i a="&">{{ 7*191 }}\n\u202eAPROBAR'
    for way in strings(values):
        if is_ours(way):
            continue
        shown = render(name, replaced(values, way, lambda value: value + poison))
        assert "<i a=" not in shown.html, way
        assert "1337" not in shown.html + shown.text + shown.subject, way
        assert "\u202e" not in shown.html + shown.text + shown.subject, way
        assert "APROBAR" not in shown.text.splitlines(), way


@per_sample
def test_a_missing_value_is_an_error_and_never_shown(path: Path) -> None:
    name, values = path.parent.name, values_of(path)
    shown = rendered(path)
    assert not re.search(
        r"None|Undefined|\bTrue\b|\bFalse\b|\{\{|\{%", shown.text + seen(shown.html)
    )
    for key in ("mailbox_name", "folio"):
        with pytest.raises(UndefinedError):
            render(name, {k: v for k, v in values.items() if k != key})


def rows_of(values: Mapping[str, object], key: str) -> list[dict[str, str]]:
    found = values[key]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("path", sorted(HERE.glob("form/sample*.yaml")), ids=lambda p: p.stem)
def test_form_asks_for_what_is_missing_and_only_that(path: Path) -> None:
    values, shown = values_of(path), rendered(path)
    missing = [row["label"] for row in rows_of(values, "missing")]
    known = {row["label"]: row["value"] for row in rows_of(values, "known")}
    lines = shown.text.splitlines()
    asked = [line.removesuffix(": ") for line in lines if line.endswith(": ")]
    assert asked == missing
    stated = dict(
        line.split(": ", 1) for line in lines if ": " in line and line.split(": ", 1)[0] in known
    )
    assert stated == {label: squeezed(value) for label, value in known.items()}
    cells = re.findall(r'<td class="line"[^>]*>([^<]*): </td>', shown.html)
    assert [html.unescape(cell) for cell in cells] == missing
    link = html.unescape(re.findall(r'href="(mailto:[^"]*)"', shown.html)[0])
    written = unquote(link.partition("&body=")[2])
    assert [line[:-2] for line in written.split("\r\n") if line] == missing
    for row in rows_of(values, "missing"):
        assert not row["hint"] or row["hint"] in squeezed(shown.text)


@pytest.mark.parametrize("name", ["review", "approval", "provisioning"])
def test_notices_have_a_button_for_every_command(name: str) -> None:
    values = values_of(HERE / name / "sample.yaml")
    shown = render(name, values)
    links = [html.unescape(link) for link in re.findall(r'href="(mailto:[^"]*)"', shown.html)]
    commands = rows_of(values, "commands")
    bodies = [unquote(link.partition("&body=")[2]) for link in links]
    wanted = [o["text"] + (": " if o["needs_text"] else "") for o in commands]
    ready = [f"{o['text']}: {one['argument']}" for o in commands for one in o.get("ready", ())]
    assert sorted(bodies) == sorted(wanted * 2 + ready)  # at the top and at the bottom
    for link in links:
        assert link.startswith(f"mailto:{values['reply_to']}?subject=")
    for command in commands:
        assert command["text"] in shown.text
        assert command["help"] in squeezed(shown.text)


def test_an_acceptance_as_asked_speaks_of_no_conditions() -> None:
    shown = render("accepted", values_of(HERE / "accepted" / "sample.yaml"))
    assert "se corrigió" not in shown.text + shown.html


def test_rejection_gives_the_reason_exactly() -> None:
    values = values_of(HERE / "rejected" / "sample.yaml")
    reason = "duplica a «avisos»; véase upaep.mx " + "y así " * 40 + "& <ya>\n\n  Gracias."
    shown = render("rejected", values | {"reason": reason})
    assert "\n".join(f"    {line}".rstrip() for line in reason.split("\n")) in shown.text
    assert squeezed(reason) in seen(shown.html)


def test_change_is_marked() -> None:
    values = values_of(HERE / "review" / "sample.yaml")
    rows = rows_of(values, "rows")
    rows[9] |= {"before": "1,200"}
    rows[2] |= {"before": "Ana Prado", "value": ""}
    shown = render("review", values)
    assert "Número aproximado de destinatarios: 1,850\n    CAMBIÓ; antes: 1,200\n" in shown.text
    assert "Responsable del envío: (sin dato)\n    CAMBIÓ; antes: Ana Prado\n" in shown.text
    assert "(sin dato) cambió; antes: Ana Prado" in seen(shown.html)


def test_key_is_warned_of_only_where_there_is_one() -> None:
    values = values_of(HERE / "command_result" / "sample-4.yaml")
    assert "no lo reenvíe" not in squeezed(render("command_result", values).text)
    values = values_of(HERE / "command_result" / "sample.yaml")
    assert "no lo reenvíe" in squeezed(render("command_result", values).text)


_TU = re.compile(
    r"\b(?:tú|tu|tus|te|ti|contigo|tuy[oa]s?|puedes|debes|tienes|quieres|necesitas|deseas|escribe|"
    r"responde|envíanos|envía(?! su)|escríbenos|haz|dinos|avísanos|corrige|recibirás|podrás|"
    r"estás|eres|has|vosotros|os|ordenador)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:informacion|comunicacion\b(?!\.)|direccion|aprobacion|mas tardar|tramite|distribucion|"
    r"creacion|revision|sírvase|por este conducto|por medio de la presente)\b"
)


@per_sample
def test_spanish_is_polite_and_well_written(path: Path) -> None:
    """Addresses people as "usted", with accents; only what the templates say is looked at."""
    values = values_of(path)
    empty: dict[str, object] = {
        k: "" if isinstance(v, str) and k not in ("folio", "intent") else v
        for k, v in values.items()
    }
    for ways in list(strings(empty)):
        if ways[0] not in ("folio", "intent"):
            empty = replaced(empty, ways, lambda value: "X" if value else "")
    shown = render(path.parent.name, empty)
    for text in (shown.subject, shown.text, seen(shown.html)):
        found = [m for m in _TU.finditer(text) if m[0] != "escribe" or "quien" not in text]
        polite = [m[0] for m in found if not _third_person(text, m)]
        assert not polite
        assert not _WRONG.search(text)


def _third_person(text: str, match: re.Match[str]) -> bool:
    """Whether a form of tú is the third person here: "le escribe", "¿quién responde?"."""
    before = text[: match.start()].split()[-1:]
    return bool(before) and before[0].lower().lstrip("¿") in ("le", "quien", "quién", "se")


def test_prose_is_wrapped_and_labels_are_not() -> None:
    text = rendered(HERE / "form" / "sample.yaml").text
    for line in text.splitlines():
        if len(line) > filters.WIDTH:
            assert re.match(r"[A-ZÁÉÍÓÚ][^:]+: \S", line)


def test_brief_keeps_subjects_plain() -> None:
    assert filters.brief("Área [CI-2021-0001]\nBcc: x <y@z>") == "Área Bcc x y z"
    assert filters.brief("a" * 100) == "a" * 59 + "…"


def test_wrap() -> None:
    long = "x" * 100
    text = filters.wrap(f"uno {long} dos\ntres\n\n\ncuatro", "  ")
    assert text == f"uno\n  {long}\n  dos tres\n\ncuatro"


def test_rendering_is_fast_enough_for_a_backlog() -> None:
    """Styles are inlined when a template is loaded, not for each mail."""
    environment = rendering._environment()
    first = environment.get_template("review/body.html.j2")
    rendered(HERE / "review" / "sample.yaml")
    assert environment.get_template("review/body.html.j2") is first


def test_what_is_special_is_no_printable_ascii() -> None:
    """`_clean` looks no further at text that is."""
    special = [chr(code) for code in range(0x110000) if filters._SPECIAL.search(chr(code))]
    assert len(special) > 50
    assert [char for char in special if char.isascii() and char.isprintable()] == []
