"""Stand-ins for video providers, on this machine.

Each speaks the protocol of the real one and refuses what the real one would refuse. They share no code with
the app.
"""

import base64
import hashlib
import hmac
import json
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

FILES = Path(__file__).with_name("stage_files")
JITSI_SECRET = "a-secret-that-only-the-stand-in-and-we-know"
BBB_SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def say(self, body, kind="text/html; charset=utf-8", status=200):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def page(self, text):
        self.say(f"<!doctype html><html lang=nl><title>{escape(text)}</title><p>{escape(text)}")


# --- video and meetings on other hosts: one server with a name for each ---


class Elsewhere(_Answers):
    """YouTube, Vimeo, PeerTube, a stream and a Jitsi, told apart by host name."""

    def do_GET(self):
        host = self.headers["Host"].partition(":")[0]
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        self.server.asked.append((host, self.path, dict(self.headers)))
        answer = {
            "www.youtube-nocookie.com": self.youtube,
            "player.vimeo.com": self.vimeo,
            "peertube.buurt.example": self.peertube,
            "stroom.buurt.example": self.stream,
            "meet.buurt.example": self.jitsi,
        }.get(host)
        text = answer(url.path, query) if answer else None
        if text is None:
            self.say("niet gevonden", status=404)
        elif text:
            self.page(text)

    def youtube(self, path, query):
        found = re.fullmatch(r"/embed/([A-Za-z0-9_-]{11})", path)
        if found and "Referer" not in self.headers:
            return "Fout 153: de speler is niet goed ingesteld"  # as the real one answers since 2025
        return found and f"YouTube speelt {found[1]}"

    def vimeo(self, path, query):
        found = re.fullmatch(r"/video/(\d+)", path)
        return f"Vimeo speelt {found[1]}" if found and query.get("dnt") == "1" else None

    def peertube(self, path, query):
        found = re.fullmatch(r"/videos/embed/([A-Za-z0-9]{22})", path)
        return found and f"PeerTube speelt {found[1]}"

    def stream(self, path, query):
        file = FILES / path.rpartition("/")[2]
        if not file.is_file():
            return None
        kind = "application/vnd.apple.mpegurl" if file.suffix == ".m3u8" else "video/mp2t"
        self.say(file.read_bytes(), kind)
        return ""

    def jitsi(self, path, query):
        if path == "/":
            return "Jitsi"
        claims = read_token(query.get("jwt", ""))
        if (
            claims is None
            or claims["room"] != path.strip("/").lower()
            or claims["sub"] != "meet.buurt.example"
        ):
            return "Jitsi: geen toegang"
        user = claims["context"]["user"]
        return f"Jitsi: {user['name']} is {'owner' if user['affiliation'] == 'owner' else 'member'}"


def read_token(token):
    """The claims of a valid token, by RFC 7515 and 7519; None for any other."""
    try:
        head, body, signature = token.split(".")
        ours = hmac.digest(JITSI_SECRET.encode(), f"{head}.{body}".encode(), "sha256")
        if json.loads(_b64(head))["alg"] != "HS256" or not hmac.compare_digest(ours, _b64(signature)):
            return None
        claims = json.loads(_b64(body))
    except (ValueError, KeyError):
        return None
    if (
        not claims["nbf"] <= time.time() < claims["exp"]
        or claims["iss"] != "buurt"
        or claims["aud"] != "buurt"
    ):
        return None
    return claims


def _b64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# --- BigBlueButton ---


class Bbb(_Answers):
    """API of BigBlueButton: a call without the right checksum is refused, as the real one does."""

    def do_GET(self):
        url = urlsplit(self.path)
        call = url.path.rpartition("/")[2]
        query, _, checksum = url.query.rpartition("&checksum=")
        self.server.asked.append(call)
        if self.server.is_away:
            return self.say("kapot", status=502)
        if checksum != hashlib.sha256(f"{call}{query}{BBB_SECRET}".encode()).hexdigest():
            return self.xml("FAILED", messageKey="checksumError")
        return getattr(self, call)(dict(parse_qsl(query)))

    def xml(self, returncode, **fields):
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
        self.say(f"<response><returncode>{returncode}</returncode>{inner}</response>", "text/xml")

    def create(self, fields):
        there = self.server.meetings.setdefault(fields["meetingID"], fields | {"in": 0})
        if there["moderatorPW"] != fields["moderatorPW"] or there["name"] != fields["name"]:
            return self.xml("FAILED", messageKey="idNotUnique")
        return self.xml("SUCCESS", meetingID=fields["meetingID"])

    def isMeetingRunning(self, fields):
        there = self.server.meetings.get(fields["meetingID"])
        return self.xml("SUCCESS", running="true" if there and there["in"] else "false")

    def join(self, fields):
        there = self.server.meetings.get(fields["meetingID"])
        if there is None:
            return self.xml("FAILED", messageKey="invalidMeetingIdentifier")
        passwords = {"MODERATOR": there["moderatorPW"], "VIEWER": there["attendeePW"]}
        if passwords.get(fields["role"]) != fields["password"]:
            return self.xml("FAILED", messageKey="invalidPassword")
        there["in"] += 1
        return self.page(f"BigBlueButton: {fields['fullName']} is {fields['role']} in {there['name']}")

    def end(self, fields):
        there = self.server.meetings.get(fields["meetingID"])
        if there is None:
            return self.xml("FAILED", messageKey="notFound")
        if there["moderatorPW"] != fields["password"]:
            return self.xml("FAILED", messageKey="invalidPassword")
        del self.server.meetings[fields["meetingID"]]
        return self.xml("SUCCESS", messageKey="sentEndMeetingRequest")


@contextmanager
def bbb() -> Iterator[ThreadingHTTPServer]:
    """A BigBlueButton server. `url` is what BBB_URL would be."""
    with _served(Bbb) as server:
        server.meetings, server.is_away = {}, False
        server.url = f"http://127.0.0.1:{server.server_port}/bigbluebutton"
        yield server


@contextmanager
def elsewhere(folder: Path) -> Iterator[ThreadingHTTPServer]:
    """The other hosts, over TLS. `rules` sends a browser that asks for one of them here."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=buurt.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _served(Elsewhere, context) as server:
        here = f"127.0.0.1:{server.server_port}"
        names = ("www.youtube-nocookie.com", "player.vimeo.com", "*.buurt.example")
        server.rules = ", ".join(
            ["MAP weg.buurt.example 127.0.0.1:9", *(f"MAP {name} {here}" for name in names)]
        )
        yield server


# --- SMS gateways ---


class SmsGateway(_Answers):
    """Spryng (`/v1/messages`, bearer key) and MessageBird (`/messages`, access key), told apart by address.

    `messages` holds what was taken. `fault` is a status to answer with, `hangs` (takes it and never answers),
    `breaks` (takes it and closes the line) or `drops` (closes the line and takes nothing).
    """

    def do_POST(self):
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(content)
        is_spryng = self.path == "/v1/messages"
        if self.headers["Authorization"] != ("Bearer geheim" if is_spryng else "AccessKey geheim"):
            return self.json({"message": "Unauthenticated."}, 401)
        if isinstance(self.server.fault, int):
            return self.json({"message": "no"}, self.server.fault)
        wrong = self._wrong(content, is_spryng)
        if wrong:
            return self.json({"message": wrong}, 422)
        if self.server.fault != "drops":
            self.server.messages.append(content)
        if self.server.fault == "hangs":
            self.server.ends.wait(30)
        if self.server.fault in ("hangs", "breaks", "drops"):
            self.close_connection = True
            return None
        return self.json({"data": {"id": "1"}} if is_spryng else {"id": "1"}, 200 if is_spryng else 201)

    def _wrong(self, content, is_spryng):
        needed = {"originator", "recipients", "body", "reference"} | (
            {"route", "encoding"} if is_spryng else {"reportUrl"}
        )
        if needed - set(content):
            return f"missing: {needed - set(content)}"
        if not all(re.fullmatch(r"[1-9][0-9]{7,14}", each) for each in content["recipients"]):
            return "recipients"
        return (
            ""
            if len(content["originator"].lstrip("+"))
            <= (15 if content["originator"].lstrip("+").isdigit() else 11)
            else "originator"
        )

    def do_GET(self):
        url = urlsplit(self.path)
        reference = dict(parse_qsl(url.query)).get("reference")
        self.server.asked.append(self.path)
        if self.headers["Authorization"] != "Bearer geheim" or url.path != "/v1/messages":
            return self.json({"message": "no"}, 404)
        found = [
            {"reference": each["reference"]}
            for each in self.server.messages
            if each["reference"] == reference
        ]
        return self.json({"data": found})

    def json(self, content, status=200):
        self.say(json.dumps(content), "application/json", status)


@contextmanager
def sms_gateway(path="/v1") -> Iterator[ThreadingHTTPServer]:
    """An SMS gateway. `url` is what SMS_URL would be."""
    with _served(SmsGateway) as server:
        server.messages, server.fault, server.ends = [], None, threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}{path}"
        try:
            yield server
        finally:
            server.ends.set()


@contextmanager
def _served(answers, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    server.daemon_threads = True
    server.asked = []
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
