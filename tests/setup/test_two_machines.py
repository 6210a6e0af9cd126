"""One installation on two machines: PostgreSQL and Redis between them, keys and pictures in folders that both see,
set up by `dagvandebuurt setup` alone. What an organiser does at one is on the pages of the other."""

import io
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from copy import copy
from http.cookiejar import CookieJar
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import pyotp
import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from dagvandebuurt.core import clock
from dagvandebuurt.settings import known_settings
from tests.programme.pages import form_on
from tests.served import ROOT, Served, free_port
from tests.servers import running_redis

pytestmark = pytest.mark.slow
NAME = "Buurtdag Rivierenwijk"
DESK = "/organisatie/programma"


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


class Answer:
    """What a machine said, as `form_on` reads it."""

    def __init__(self, answer):
        self.path, self.status_code, content = urlsplit(answer.url).path, answer.status, answer.read()
        self.kind = answer.headers.get_content_type()
        self.text = content.decode() if self.kind.startswith("text/") else ""

    def alone(self, mark):
        """Return the page with nothing but the first form whose address ends so, or that has this attribute."""
        for form in re.findall(r"<form.*?</form>", self.text, re.S):
            tag = re.match(r"<form[^>]*>", form)[0]
            if "action=" not in tag:  # it goes to the page itself
                form = form.replace("<form", f'<form action="{self.path}"', 1)
                tag = re.match(r"<form[^>]*>", form)[0]
            if f'{mark}"' in tag or f" {mark} " in tag:
                other = copy(self)
                other.text = form
                return other
        raise AssertionError(f"no form {mark} on {self.path}: {re.findall('action=[^ >]+', self.text)}")

    def get_data(self, as_text):
        return self.text


class Person:
    """A browser that reads at one machine or another, with the same cookies."""

    def __init__(self, machine):
        self.machine = machine
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar, _Stays())

    def get(self, path, at=None):
        return self._ask(f"{at or self.machine}{path}")

    def press(self, path, mark, **typed):
        """Fill in the form of a page and press its button."""
        return self.send(self.get(path), mark, **typed)

    def send(self, page, mark, **typed):
        action, fields = form_on(page.alone(mark), "action")
        for name, value in typed.items():
            fields.setlist(name, [value])
        if any(isinstance(value, FileStorage) for value in fields.values()):
            boundary, body = encode_multipart(fields)
            kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        else:
            body, kind = urlencode(list(fields.items(multi=True))).encode(), {}
        answer = self._ask(f"{self.machine}{action}", body, kind)
        is_asked = mark == "/openen" and "zeker" not in typed
        assert answer.status_code in ((422,) if is_asked else (200, 303)), re.sub(
            r"<[^>]+>|\s+", " ", answer.text
        )[-3000:]
        return answer

    def _ask(self, address, body=None, headers=None):
        try:
            return Answer(self._opener.open(urllib.request.Request(address, body, headers or {}), timeout=60))
        except urllib.error.HTTPError as refused:
            return Answer(refused)


def picture():
    file = io.BytesIO()
    Image.new("RGB", (640, 640), (160, 58, 44)).save(file, "PNG")
    return FileStorage(io.BytesIO(file.getvalue()), "beeld.png", content_type="image/png")


def until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def installed(postgres_url, tmp_path_factory):
    """Two machines, and what was said to the first administrator."""
    from tests.houses import empty_database

    folder = tmp_path_factory.mktemp("twee machines")
    plain = {name: value for name, value in os.environ.items() if name not in known_settings()}
    plain |= {"PYTHONPATH": str(ROOT), "DVB_ENV": str(folder / "dag.env")}
    with ExitStack() as stack:
        url = stack.enter_context(empty_database(postgres_url))
        redis = stack.enter_context(running_redis())
        ports = [free_port(), free_port()]
        here, there = (f"http://127.0.0.1:{port}" for port in ports)
        setup = ["setup", "--no-input", "--browser", "--env-file", plain["DVB_ENV"], "--public-url", here,
                 "--database-url", url.replace("+psycopg", ""), "--data-folder", str(folder / "een")]  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "dagvandebuurt.cli", *setup],
            env={**plain, "DVB_ENV": ""}, cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        for name, port in zip(("een", "twee"), ports, strict=True):
            own = folder / name
            own.mkdir(exist_ok=True)
            if not (own / "keys").exists():
                (own / "keys").symlink_to(folder / "een/keys")  # as a mount
            served = Served(
                own, f"http://127.0.0.1:{port}",
                {
                    **plain, "PORT": str(port), "DATA_FOLDER": str(own), "REDIS_URL": redis.url,
                    "FILES_URL": f"file://{folder}/beelden",
                },
                [sys.executable, "-m", "dagvandebuurt.serve"],
            )  # fmt: skip
            served.start()
            stack.callback(served.end)
        code = re.search(r"^\w{4}-\w{4}-\w{4}$", done.stdout, re.M)[0]
        yield SimpleNamespace(here=here, there=there, code=code, folder=folder)


def test_what_is_done_at_one_machine_is_on_the_pages_of_the_other(installed):
    anna, visitor = Person(installed.here), Person(installed.there)

    def shows(words, path, who=visitor):
        return until(lambda: words in who.get(path, at=installed.there).text)

    hours = {"day": clock.today().isoformat(), "starts": "00:00", "ends": "23:59"}
    anna.press(
        "/begin", "/begin", code=installed.code, name="Anna", email="a@buurt.example", title="Dag", **hours
    )
    page = anna.get("/mijn/beveiliging")
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text).group().replace(" ", "")
    anna.send(page, "/mijn/beveiliging", code=pyotp.TOTP(secret).now())
    assert visitor.get("/").status_code == 200  # the other machine has read an empty day, and keeps it

    # The day itself: name, programme, opening.
    anna.press("/organisatie/uiterlijk", "/organisatie/uiterlijk", name=NAME)
    edition = re.search(rf"{DESK}/dag/([0-9a-f-]{{36}})", anna.get(DESK).text)[1]
    anna.press(f"{DESK}/dag/{edition}", "data-edit", intro="Kom kijken.", contact_email="dag@buurt.example")
    anna.press(f"{DESK}/ronden/nieuw", "data-edit", label="De dag", code="d", **hours)
    anna.press(f"{DESK}/sessies/nieuw", "data-edit", title="Samen groen", new_speaker="Sara Okafor")
    anna.press(f"{DESK}/publiceren", "publiceren", note="Dit is het.")
    asked = anna.press(f"{DESK}/edities/{edition}", "/openen")
    anna.send(asked, "/openen", zeker="ja")
    assert shows("Samen groen", "/programma")
    assert shows(NAME, "/programma")
    session = re.search(r'href="(/sessies/[\w-]+)"', visitor.get("/programma").text)[1]
    speaker = re.search(r'href="(/sprekers/[\w-]+)"', visitor.get("/sprekers").text)[1]

    # What the last round added.
    anna.press(
        "/organisatie/partners", "/organisatie/partners", name="Wijkfonds", alt="Brug", picture=picture()
    )
    assert shows('alt="Brug"', "/")
    logo = re.search(r'src="(/beeld/\w+\.webp)"\s+alt="Brug"', visitor.get("/").text)[1]
    assert visitor.get(logo).kind == "image/webp"
    anna.press(f"{speaker}/foto", "/foto", alt="Lachend", agrees="y", picture=picture())
    assert shows('alt="Lachend"', "/sprekers")
    anna.press(f"{speaker}/foto", "/foto/weg")
    assert until(lambda: 'alt="Lachend"' not in visitor.get("/sprekers").text)
    own = {"session_kind/own_1/nl": "Wandeling", "session_kind/own_1/toon": "ja"}
    anna.press("/organisatie/woorden", "/organisatie/woorden", **own)
    assert shows("Wandeling", f"{DESK}/sessies/nieuw", anna)
    said = {"text": "De opening begint later.", "where": "everybody", "lasts": "30"}
    anna.press("/organisatie/omroep", "/organisatie/omroep", **said)
    assert shows("De opening begint later.", f"{session}/live")
    anna.press("/organisatie/omroep", "/weg")
    assert until(lambda: "De opening begint later." not in visitor.get(f"{session}/live").text)
    anna.press("/mijn/lijst", "/vink/organiser-divide")
    assert shows("Door Anna", "/mijn/lijst", anna)
    anna.press(f"{session}/draaiboek", "/draaiboek", kind="pause", minutes="10")
    assert shows("Samen 10 minuten.", f"{session}/draaiboek", anna)
    assert anna.get(f"{session}/regie", at=installed.there).status_code == 403
    anna.press(f"/organisatie{session}", "/inval")
    assert until(lambda: anna.get(f"{session}/regie", at=installed.there).status_code == 200)
    anna.press(f"{session}/gespreksleider", "/begin")
    assert shows("Pauze", f"{session}/podium")

    # And the next edition.
    anna.press(f"{DESK}/edities", "edities", title="Volgend jaar", day="2090-05-13")
    assert shows("Volgend jaar", f"{DESK}/edities", anna)
    assert "Samen groen" in visitor.get("/programma").text
