"""Reads forms that were printed and photographed askew, by software; needs the extra `ocr`.

    python -m bench.photographed_forms [--count N] [--keep FOLDER] [--wrong]

Forms of four layouts, filled in at random (seeded), are drawn as a page, then turned, seen in
perspective, half in shadow, blurred, noisy, packed as JPEG, PNG or a PDF without text; some lie on
their side or upside down. Each comes as the only file of a mail. Told: of the values that stand in
the forms how many are offered to the writer, how many of these are right, how many are written
without asking (none may be), and the seconds of computing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import random
import textwrap
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.config.load import Settings
from bot.config.organization import organization_of
from bot.mail.parsing.limits import Limits
from bot.runtime.analyzer import Analyzer
from nlp.text.fold import plain
from nlp.types import FieldValue

SEED = 13
PAGE = (1240, 1754)  # A4 at 150 dpi
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
AREAS = (
    "Biblioteca Central", "Facultad de Enfermería", "Dirección de Deportes", "Centro de Idiomas",
    "Coordinación de Becas", "Facultad de Diseño Gráfico", "Pastoral Universitaria",
)  # fmt: skip
NAMES = ("Elvira", "Óscar", "María José", "Iñaki", "Gabriela", "Tomás", "Lucía", "Raúl")
SURNAMES = ("Santoyo", "Larrañaga", "Muñoz", "Pineda", "Quiroz", "Cevallos", "Ibáñez", "Tlapa")
POSTS = ("Jefa de Servicios", "Coordinador Académico", "Secretaria Técnica", "Director de Área")
LISTS = ("novedades", "avisos", "becarios", "torneos", "cursos", "egresados")
PURPOSES = (
    "difundir los horarios y las novedades del acervo",
    "avisar de convocatorias y fechas límite",
    "invitar a torneos y actividades deportivas",
)
REASONS = (
    "el Correo del Día publica un solo renglón por aviso",
    "los avisos cambian cada semana y deben llegar el mismo día",
)
AUDIENCES = {
    "alumnos": ("students",), "docentes": ("faculty",),
    "alumnos y docentes": ("faculty", "students"),
    "personal administrativo": ("staff",), "egresados": ("alumni",),
}  # fmt: skip
OFTEN = {"mensual": "monthly", "semanal": "weekly", "quincenal": "biweekly"}
FONTS = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "STIXGeneral.ttf")
Row = tuple[str, str]


def filled(chance: random.Random) -> tuple[list[Row], dict[str, FieldValue]]:
    """The rows of a form, and the values that stand in it."""
    first, last = chance.choice(NAMES), chance.sample(SURNAMES, 2)
    backer = f"{chance.choice(NAMES)} {' '.join(chance.sample(SURNAMES, 2))}"
    area, often = chance.choice(AREAS), chance.choice(list(OFTEN))
    audience, count = chance.choice(list(AUDIENCES)), chance.randrange(40, 4000)
    start = dt.date(2027, chance.randrange(1, 13), chance.randrange(1, 29))
    end = start.replace(year=2028)
    email = f"{plain(first).split()[0]}.{plain(last[0])}@upaep.mx"
    name = f"{chance.choice(LISTS)}-{plain(area).split()[-1]}"
    values: dict[str, FieldValue] = {
        "request_type": "creation", "area": area, "responsible": f"{first} {' '.join(last)}",
        "position": chance.choice(POSTS), "email": email,
        "phone_ext": str(chance.randrange(7000, 7999)),
        "list_name": name, "purpose": chance.choice(PURPOSES), "audience": AUDIENCES[audience],
        "recipients": count, "frequency": OFTEN[often], "start_date": start, "end_date": end,
        "justification": chance.choice(REASONS), "sponsor": backer,
    }  # fmt: skip
    shown = {
        "Tipo de solicitud": "Creación", "Área solicitante": area,
        "Responsable del envío": values["responsible"], "Cargo": values["position"],
        "Correo institucional": email, "Extensión": values["phone_ext"], "Nombre de la lista": name,
        "Objetivo de la lista": values["purpose"], "Destinatarios": audience,
        "Número aproximado de destinatarios": f"{count:,}", "Frecuencia de envío": often,
        "Fecha de inicio": _day(start), "Fecha de término": _day(end),
        "Justificación": values["justification"], "Visto bueno": backer,
    }  # fmt: skip
    return [(label, str(value)) for label, value in shown.items()], values


def _day(date: dt.date) -> str:
    return f"{date.day} de {MONTHS[date.month - 1]} de {date.year}"


def page(rows: list[Row], chance: random.Random) -> Image.Image:
    """The form on paper, in one of four layouts."""
    from matplotlib import get_data_path

    paper = Image.new("L", PAGE, 250)
    draw = ImageDraw.Draw(paper)
    file = Path(get_data_path(), "fonts/ttf", chance.choice(FONTS))
    font = ImageFont.truetype(str(file), chance.choice((22, 24, 26)))
    layout, step = chance.choice(("lines", "table", "ruled", "above")), 92
    draw.text((100, 70), "Formato de justificación de listas", 30, font)
    for number, (label, value) in enumerate(rows):
        y = 160 + number * step
        if layout == "lines":
            draw.text((100, y), textwrap.fill(f"{label}: {value}", 64), 30, font)
        elif layout == "above":
            draw.text((100, y), f"{label}:", 30, font)
            draw.text((100, y + 38), value, 30, font)
        else:
            draw.text((100, y), label, 30, font)
            draw.text((600, y - 14), textwrap.fill(value, 36), 30, font)
            if layout == "ruled":
                for box in ((85, y - 28, 585, y + 64), (585, y - 28, 1200, y + 64)):
                    draw.rectangle(box, outline=90, width=2)
    return paper


def photographed(paper: Image.Image, chance: random.Random) -> Image.Image:
    """The page as a telephone sees it on a desk."""
    width, height = paper.size
    desk = Image.new("L", (width + 240, height + 240), 105)
    desk.paste(paper, (120, 120))
    desk = desk.rotate(chance.uniform(-5, 5), Image.Resampling.BICUBIC, fillcolor=105)
    width, height = desk.size
    away = [chance.uniform(0, 0.05) for _ in range(4)]
    corners = (
        -away[0] * width, -away[0] * height, -away[1] * width, height * (1 + away[1]),
        width * (1 + away[2]), height * (1 + away[2] / 2), width * (1 + away[3]), -away[3] * height,
    )  # fmt: skip
    seen = desk.transform(desk.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    pixels = np.asarray(seen, dtype=np.float32)
    shade = np.linspace(chance.uniform(0.55, 0.9), 1, width, dtype=np.float32)
    noise = np.random.default_rng(chance.randrange(2**32))
    pixels = pixels * (shade if chance.random() < 0.5 else shade[::-1])
    pixels += noise.normal(0, chance.uniform(2, 9), pixels.shape)
    seen = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert("RGB")
    seen = seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 1.3)))
    return seen.rotate(chance.choice((0,) * 7 + (90, 180, 270)), expand=True)


def packed(photo: Image.Image, chance: random.Random) -> tuple[bytes, str, str]:
    """The photo as a file, with its type."""
    kind = chance.choice(("JPEG", "JPEG", "JPEG", "PNG", "PDF"))
    data = saved(photo, kind, chance.randrange(45, 90))
    return data, "application" if kind == "PDF" else "image", kind.lower()


def saved(photo: Image.Image, kind: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    photo.save(buffer, kind, quality=quality)
    return buffer.getvalue()


def mail(data: bytes, main: str, sub: str, number: int) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ana Prado <ana.prado@upaep.mx>", "Solicitud de lista"
    message.set_content("Buenos días:\n\nEnvío el formato para que nos creen la lista.\n\nSaludos")
    message.add_attachment(data, main, sub, filename=f"formato-{number:02}.{sub}")
    return message.as_bytes()


def same(one: FieldValue, other: FieldValue) -> bool:
    """Whether a person would call them the same: accents, capitals and blanks aside."""
    if isinstance(one, str) and isinstance(other, str):
        return plain(one).replace(" ", "") == plain(other).replace(" ", "")
    return one == other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--keep", type=Path, help="a folder for the photos")
    parser.add_argument(
        "--wrong", action="store_true", help="show what is read wrong or not at all"
    )
    told = parser.parse_args()
    analyzer = Analyzer(organization_of(Settings()), Limits(photo_seconds=60))
    chance, count = random.Random(SEED), Counter[str]()
    slowest = whole = 0.0
    for number in range(told.count):
        rows, values = filled(chance)
        data, main_type, sub = packed(photographed(page(rows, chance), chance), chance)
        if told.keep:
            told.keep.mkdir(parents=True, exist_ok=True)
            (told.keep / f"{number:02}.{sub}").write_bytes(data)
        began = time.process_time()
        found = analyzer.analyse(mail(data, main_type, sub, number), dt.datetime.now(dt.UTC))
        took = time.process_time() - began
        slowest, whole = max(slowest, took), whole + took
        fields = found.prediction.fields
        read = {name: one for name, one in fields.items() if one.source != "intent"}
        right = {n for n, v in values.items() if n in read and same(read[n].value, v)}
        count["values"] += len(values)
        count["offered"] += len(read)
        count["right"] += len(right)
        count["unasked"] += sum(one.sure > 0 and one.source != "text" for one in read.values())
        if told.wrong and len(right) < len(values):
            missed = {n: getattr(read.get(n), "value", None) for n in values if n not in right}
            print(number, sub, missed, flush=True)
    wrong = count["offered"] - count["right"]
    print(f"{count['values']} values in {told.count} forms: {count['offered']} offered, ", end="")
    print(f"{count['right']} right, {wrong} wrong, {count['unasked']} written without asking")
    print(f"{whole / told.count:.1f} s of computing a form, at most {slowest:.1f}")


if __name__ == "__main__":
    main()
