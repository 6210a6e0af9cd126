"""Lighthouse over the six main pages, as on a slow phone: `make lighthouse` writes docs/lighthouse.md.

It serves the demo by itself, without the crowd, and measures each page anew in a browser of its own. Figures of
a busy machine are lower: run it alone.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.served import serve

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tools" / "lighthouse"
DOCUMENT = ROOT / "docs" / "lighthouse.md"
PAGES = {
    "front page": "/",
    "programme": "/programma",
    "session": "/sessies/rommel-op-straat",
    "lesson": "/lessen/simpel-schrijven-is-macht-delen",
    "questions and answers": "/agenda",
    "registration": "/aanmelden",
}
WHAT = {
    "performance": "speed",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "search engines",
}
FLOOR = 95


def chromium() -> str:
    """Return the path of the browser that the tests use too."""
    found = os.environ.get("DVB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("No Chromium here. Run: sh tools/test_needs.sh")
    return found


def measure(url: str) -> dict[str, int]:
    """Return the four scores of a page, and print what costs points."""
    made = subprocess.run(
        [
            HERE / "node_modules" / ".bin" / "lighthouse", url, "--quiet", "--output=json",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--only-categories={','.join(WHAT)}",
        ],
        env={**os.environ, "CHROME_PATH": chromium()}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if made.returncode:
        raise SystemExit(f"Lighthouse failed at {url}:\n{made.stderr[-3000:]}")
    report = json.loads(made.stdout)
    for each in report["audits"].values():
        if each["score"] is not None and each["score"] < 0.9 and each["scoreDisplayMode"] != "informative":
            print(f"  {each['id']}: {each['score']} {each.get('displayValue', '')}", file=sys.stderr)
    return {code: round(100 * report["categories"][code]["score"]) for code in WHAT}


def settled(url: str) -> dict[str, int]:
    """Return the scores of a page; one below the floor is measured twice more, and the middle counts."""
    found = [measure(url)]
    if min(found[0].values()) < FLOOR:
        found += [measure(url), measure(url)]
    return {code: sorted(each[code] for each in found)[len(found) // 2] for code in WHAT}


def table(scores: dict[str, dict[str, int]], version: str) -> str:
    """Return the document."""
    lines = [
        "# Lighthouse",
        "",
        f"Lighthouse {version}, its standard phone: a processor slowed down four times, a connection of 1.6 Mbit/s",
        "with 150 ms to the server. The demo is served by this machine, over HTTP, with an empty cache.",
        f"Written by `make lighthouse`; {FLOOR} is the floor. A page below it is measured twice more, and the",
        "middle counts.",
        "",
        f"| page | {' | '.join(WHAT.values())} |",
        f"|---|{'---|' * len(WHAT)}",
        *(
            f"| {name} (`{PAGES[name]}`) | {' | '.join(str(found[code]) for code in WHAT)} |"
            for name, found in scores.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure all pages and write the document. Returns 1 where a score is below the floor."""
    version = json.loads((HERE / "package.json").read_text())["devDependencies"]["lighthouse"]
    scores = {}
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), demo=True) as house:
        for name, path in PAGES.items():
            scores[name] = settled(house.url + path)
            print(f"{name}: {scores[name]}", flush=True)
    DOCUMENT.write_text(table(scores, version))
    return int(any(score < FLOOR for found in scores.values() for score in found.values()))


if __name__ == "__main__":
    sys.exit(main())
