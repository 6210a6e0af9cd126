"""Page checks: accessibility, valid markup, no horizontal overflow."""

import json
import subprocess
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
_axe = Axe()


def come_in_as(page, name):
    """Press the button of somebody of the demo on its login page: a large one, or one under *Alle rollen*."""
    door = page.get_by_role("button", name=name)
    page.get_by_role("heading", name="Dit is een demo").wait_for()
    if not door.count():
        page.get_by_text("Alle rollen").click()
    door.click()


def violations(page) -> list[str]:
    """Return what axe finds in the loaded page, a line each: rule, and the first place."""
    page.wait_for_load_state("load")
    found = _axe.run(page)
    return [f"{page.url}: {v['id']} at {v['nodes'][0]['target']}" for v in found.response["violations"]]


def doubled_fields(page) -> list[str]:
    """Return forms with two operation ids or two CSRF tokens, of which only one would count."""
    return page.evaluate(
        """() => [...document.forms].flatMap((form) => {
          const fields = [...form.querySelectorAll("input[name=op], input[name=csrf_token]")];
          const names = fields.map((field) => field.name);
          return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${form.action}: ${name}`);
        })"""
    )


def sticks_out(page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def wrong_markup(files: list[Path]) -> list[str]:
    """Return the errors of the HTML checker (vnu) in these files. One call: starting it is slow."""
    jar = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    asked = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--exit-zero-always", "--errors-only", *files],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    messages = json.loads(asked.stderr)["messages"]
    return [
        f"{Path(m['url']).name}:{m.get('lastLine')}: {m['message']}" for m in messages if m["type"] == "error"
    ]
