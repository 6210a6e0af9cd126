"""Pictures of the handbooks (`make handbook-pictures`): pages of the demo as they are now, in both languages.

Small WebP files in static/img/handbooks, which the handbooks and docs/moderating.md show.
"""

import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.pages import come_in_as
from tests.served import serve

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img" / "handbooks"
MOST_BYTES = 60_000
WIDEST = 960
ROOM = "/sessies/rommel-op-straat"
# Page, size of the window, and what of it: everything that is in view, or one part.
PICTURES = {
    "desk": (f"{ROOM}/regie", (1280, 800), ""),
    "phone": (f"{ROOM}/regie", (390, 720), ""),
    "keys": (f"{ROOM}/regie", (720, 800), "[data-keys]"),
    "host": (f"{ROOM}/gespreksleider", (1024, 768), ""),
    "podium": (f"{ROOM}/podium", (1280, 720), ""),
}


def take(browser: Browser, url: str, language: str) -> None:
    """Take every picture in this language."""
    context = browser.new_context(base_url=url, locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()
    page.goto("/inloggen")
    come_in_as(page, "Jolien Verkaik")
    page.wait_for_url(lambda address: "/inloggen" not in address)
    if language == "en":
        page.locator("button[name=taal][value=en]").first.evaluate("(button) => button.click()")
        page.locator("html[lang=en]").wait_for(state="attached")
    for name, (path, (width, height), part) in PICTURES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        page.locator("[data-script=ready]").wait_for(state="attached")
        page.evaluate("document.fonts.ready")
        keep(shot(page, part), FOLDER / f"{name}-{language}.webp")
    context.close()


def shot(page: Page, part: str) -> bytes:
    """Take what is in view, without the strip of the demo, or one part that unfolds."""
    page.evaluate("document.querySelector('[data-demo], .demo')?.remove()")
    if not part:
        return page.screenshot()
    page.locator(part).evaluate("(fold) => { fold.open = true; }")
    return page.locator(part).screenshot()


def keep(png: bytes, file: Path) -> None:
    """Keep a picture as WebP, as good as its size allows."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    for quality in (82, 72, 62, 50, 40):
        image.save(file, quality=quality, method=6)
        if file.stat().st_size <= MOST_BYTES:
            break
    print(f"{file.name}: {image.width}x{image.height}, {file.stat().st_size:,} bytes")


def main() -> None:
    chromium = os.environ.get("DVB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="dvb-handbooks-") as folder,
        serve(Path(folder) / "demo", demo=True) as demo,
        sync_playwright() as made,
    ):
        browser = made.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for language in ("nl", "en"):
            take(browser, demo.url, language)
        browser.close()


if __name__ == "__main__":
    main()
