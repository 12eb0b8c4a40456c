"""The two commands of the README, as a newcomer runs them."""

import contextlib
import html
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.workflow.case import State
from replies.phrases import say
from tests.rig.office import REPOSITORY
from tests.rig.system import wait_until

MOST_MAILS = {
    "Ana Prado": 5, "Octavio Larrañaga": 2, "Paulina Gálvez": 4, "Rolando Pacheco": 2,
    "Rodrigo Espino": 6, "Valeria Quiroz": 5, "Nancy Olvera": 3, "Noé Castellanos": 2,
}  # fmt: skip
"""Of the requests in the seven stories, to whoever has to do with them."""
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def test_the_demo_ends_by_itself_with_the_whole_conversation(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, cwd=REPOSITORY, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for state in (State.CLOSED, State.REJECTED, State.REVIEW, State.INCOMPLETE):
        assert say(f"table.state.{state}") in done.stdout
    assert "Traceback" not in done.stdout + done.stderr

    page = tmp_path / "out" / "conversacion.html"
    got = mails_by_person(page)
    for who, most in MOST_MAILS.items():
        assert 1 < len(got[who]) <= most, (who, got[who])
        folios = [subject.partition("] ")[0] for subject in set(got[who])]
        assert len(folios) == len(set(folios)), f"two threads of one request: {who} {got[who]}"
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "run .ci/install-system-packages"
    shown = subprocess.run(
        [browser, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    for person in ("Ana Prado", "Rodrigo Espino", "Nancy Olvera", "Noé Castellanos"):
        assert person in shown
    assert "su buzón será suspendido" in shown
    assert "<script>" not in shown  # what the phishing mail brought stays text


def mails_by_person(page: Path) -> dict[str, list[str]]:
    """The subjects of what came to each person about a request, as the page shows it."""
    _, *sections = page.read_text("utf-8").split("<section ")
    found = {}
    for section in sections:
        head, *mails = re.split(r"<details(?! class)", section)
        who = re.search("<h2>(.*?) \\(", head)
        subjects = (re.search("<b>(.*?)</b>", mail) for mail in mails)
        if who:
            found[html.unescape(who[1])] = [
                html.unescape(s[1]) for s in subjects if s and "]" in s[1]
            ]
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_leaves_no_process_behind_however_it_ends(
    tmp_path: Path, how: signal.Signals
) -> None:
    mark = f"kept-{tmp_path.name}"
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--keep", "--out", str(tmp_path / "out")],
        stdout=subprocess.DEVNULL, cwd=REPOSITORY, env={**os.environ, "MARK": mark},
    )  # fmt: skip
    wait_until(lambda: len(marked(mark)) > 1, "the bot is started", 60)
    demo.send_signal(how)
    demo.wait(60)
    wait_until(lambda: not marked(mark), "all that the demo started has ended", 30)


def marked(mark: str) -> list[Path]:
    """Processes whose environment bears a mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"MARK={mark}".encode() in (process / "environ").read_bytes():
                found.append(process)
    return found


def test_another_university_has_its_own_names_form_and_clocks(tmp_path: Path) -> None:
    config = REPOSITORY / "tests" / "data" / "another_university" / "config.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--config", config, "demo", "--out", str(tmp_path)],
        capture_output=True, text=True, cwd=REPOSITORY, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    page = html.unescape(html.unescape((tmp_path / "conversacion.html").read_text("utf-8")))
    for own in ("Universidad del Desierto", "Oficina de Difusión", "UD-2", "Centro de costos"):
        assert own in page
    for ours in ("UPAEP", "upaep", "Comunicación Interna", "Dirección General", "Plataforma T"):
        assert ours not in page


@pytest.mark.soak  # CI itself begins so; test_start.py sees what only developers have
def test_a_fresh_clone_installs_and_runs(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", REPOSITORY.as_uri(), clone], check=True)
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    made = subprocess.run(
        ["make", "install", f"PYTHON={sys.executable}"], cwd=clone, env=environment,
        capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    mail = REPOSITORY / "tests" / "mails" / "human"
    done = subprocess.run(
        [clone / ".venv/bin/python", "-m", "bot", "explain", "--json", *sorted(mail.glob("*.eml"))],
        cwd=clone, env=environment, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(list(mail.glob("*.eml")))
