"""Batches: mail by fresh authors in one text file, as the scorer and the training read it."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from nlp.training import batches

BATCH = """\
# author: q
# round: 7

@@ requests/rushed-01
From: Begoña Luz <bego.luz@upaep.mx>
Subject: lista año 2022
Date: 2022-03-12
Auto-Submitted: no

pido lista

Bego
@@ expected
{"intent": "create_list", "fields": {"recipients": 450}, "note": "x"}
@@ replies/rushed-r01
From: Elvira Santoyo <elvira.santoyo@upaep.mx>
Subject: RE: formato
Date: 2021-08-17
Answering: form-1

Cargo: jefa

{{QUOTE}}
@@ expected
{"fields": {"position": "jefa"}}
@@ staff/rushed-s01
From: Nancy Olvera <nancy@upaep.mx>
Subject: Re: aviso
Date: 2021-08-17
Content-Type: text/html

<p>aprobar</p>
{{QUOTE}}
@@ expected
{"command": "approve", "argument": null}
"""


@pytest.fixture
def mails(tmp_path: Path) -> list[batches.BatchMail]:
    path = tmp_path / "q-7.txt"
    path.write_text(BATCH, encoding="utf-8")
    return list(batches.read(path))


def test_what_a_batch_holds(mails: list[batches.BatchMail]) -> None:
    assert [(m.author, m.round, m.section, m.name) for m in mails] == [
        ("q", 7, "requests", "rushed-01"),
        ("q", 7, "replies", "rushed-r01"),
        ("q", 7, "staff", "rushed-s01"),
    ]
    assert mails[0].expected["fields"] == {"recipients": 450}
    assert mails[0].body == "pido lista\n\nBego\n"


def test_the_mails_as_they_arrive(mails: list[batches.BatchMail], tmp_path: Path) -> None:
    batches.write_folder(mails, tmp_path / "out")
    out = tmp_path / "out"

    def sent(name: str) -> EmailMessage:
        return message_from_bytes((out / name).read_bytes(), policy=policy.default)

    request = sent("requests/rushed-01.eml")
    reply, staff = sent("replies/rushed-r01.eml"), sent("staff/rushed-s01.eml")
    assert request["From"] == "Begoña Luz <bego.luz@upaep.mx>"
    assert request["Subject"] == "lista año 2022"
    assert request["Auto-Submitted"] == "no"
    assert request["Date"].datetime.isoformat() == "2022-03-12T10:00:00-06:00"
    assert reply["In-Reply-To"] == sent("replies/answered/form-1.eml")["Message-ID"]
    assert "\n> Cargo:\n" in reply.get_content().replace("\r\n", "\n")
    assert "escribió:" in reply.get_content()
    assert "Answering" not in reply
    assert '<blockquote class="gmail_quote">' in staff.get_content()
    expected = json.loads((out / "replies/rushed-r01.json").read_text(encoding="utf-8"))
    assert expected["answering"] == "answered/form-1.eml"


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q-7.txt"
    path.write_text("@@ staff/a-1\nSubject: x\n\nx\n@@ expected\n{no}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"q-7\.txt: staff/a-1"):
        list(batches.read(path))


def test_a_mail_of_ours_is_kept_once_by_its_name(tmp_path: Path) -> None:
    sent = b"Subject: Su solicitud\n\nHola, Ana:\n\nExtension: \n"
    batches.keep_answered("form-x", sent, tmp_path)
    batches.keep_answered("form-x", sent, tmp_path)
    kept = (tmp_path / "form-x.txt").read_text(encoding="utf-8")
    assert kept == "Subject: Su solicitud\n\nHola, Ana:\n\nExtension: \n"
    with pytest.raises(ValueError, match="form-x has two texts"):
        batches.keep_answered("form-x", sent.replace(b"Extension", b"Cargo"), tmp_path)
