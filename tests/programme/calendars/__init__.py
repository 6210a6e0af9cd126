"""Calendar client for tests: ical.js, in node."""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def followed(*files: bytes) -> list[dict]:
    """Return the calendar of a subscriber after each of `files`, by UID."""
    ran = subprocess.run(
        ["node", str(HERE / "subscriber.mjs")],
        input=json.dumps([each.decode() for each in files]),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
