"""Looks at every mail with axe-core in Chromium, light and dark: `make accessibility`.

usage: python -m bench.accessibility AXE_JS

AXE_JS is axe.min.js of the package axe-core. Prints each serious or critical violation of WCAG that
a mail of tests/snapshots has; exit 1 where there is one.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MAILS = Path(__file__).parents[1] / "tests" / "snapshots"
WIDTH, HEIGHT = 760, 1200  # pixels
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--virtual-time-budget=120000", "--dump-dom",
]  # fmt: skip
MODES = {"light": [], "dark": ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]}
PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>axe</title><body><script>
const axe = %s, mails = %s;
(async () => {
  const found = [];
  for (const [name, mail] of Object.entries(mails)) {
    const frame = document.createElement("iframe");
    frame.width = %d; frame.height = %d;
    document.body.appendChild(frame);
    await new Promise(loaded => { frame.onload = loaded; frame.srcdoc = mail; });
    const script = frame.contentDocument.createElement("script");
    script.textContent = axe;
    frame.contentDocument.head.appendChild(script);
    const result = await frame.contentWindow.axe.run(frame.contentDocument);
    for (const {id, impact, nodes} of result.violations)
      if (["serious", "critical"].includes(impact)) found.push(`${name}: ${id}: ${nodes[0].html}`);
    frame.remove();
  }
  document.body.textContent = "FOUND" + JSON.stringify(found) + "END";
})();
</script>"""


def violations(axe: str, options: list[str]) -> list[str]:
    """What is wrong in any mail, a line each. Raises ValueError where Chromium does not tell."""
    mails = {path.name: path.read_text("utf-8") for path in sorted(MAILS.rglob("*.html"))}
    browser = shutil.which("chromium") or "google-chrome"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "all.html")
        page.write_text(PAGE % (_literal(axe), _literal(mails), WIDTH, HEIGHT), "utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *QUIET, *options, profile, page.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=300).stdout
    told = re.search(r"FOUND(\[.*\])END", html.unescape(shown), re.DOTALL)
    if not told:
        raise ValueError("Chromium told nothing")
    found: list[str] = json.loads(told[1])
    return found


def _literal(value: object) -> str:
    return json.dumps(value).replace("</", "<\\/")


if __name__ == "__main__":
    wrong = [
        f"{mode}: {line}"
        for mode, options in MODES.items()
        for line in violations(Path(sys.argv[1]).read_text("utf-8"), options)
    ]
    print(*wrong, f"{len(wrong)} serious", sep="\n")
    sys.exit(bool(wrong))
