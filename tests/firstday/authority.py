"""A certificate authority of this test: an ACME server (RFC 8555) that certbot talks to, and a root of its own.

It looks up the challenge over port 80 as a real one does. It believes every signature of a request: whether
certbot signs well is not what is tested here.
"""

import base64
import hashlib
import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4


def _openssl(*words: str | Path, **more: Any) -> bytes:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, **more).stdout


class Authority:
    """A root key and certificate in `folder`, and what it signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key, self.root = folder / "root.key", folder / "root.pem"
        _openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3",
            "-keyout", self.key, "-out", self.root, "-subj", "/CN=Root of a test",
        )  # fmt: skip

    def sign(self, request: Path, names: list[str]) -> str:
        """Return the certificate for a signing request (PEM), with the root behind it."""
        extensions = self.folder / f"{uuid4()}.ext"
        extensions.write_text(f"subjectAltName={','.join(f'DNS:{name}' for name in names)}\n")
        made = _openssl(
            "x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self.key, "-days", "2",
            "-set_serial", str(uuid4().int), "-extfile", extensions,
        )  # fmt: skip
        return made.decode() + self.root.read_text()

    def issue(self, name: str) -> tuple[Path, Path]:
        """Make a key and a certificate for a server of this test."""
        key, request, chain = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        _openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out", request, "-subj", f"/CN={name}",
        )  # fmt: skip
        chain.write_text(self.sign(request, [name]))
        return key, chain

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root's public key, as Chromium is told to trust it."""
        public = _openssl("x509", "-in", self.root, "-noout", "-pubkey")
        plain = _openssl("pkey", "-pubin", "-outform", "DER", input=public)
        return base64.b64encode(hashlib.sha256(plain).digest()).decode()


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _thumbprint(key: dict[str, str]) -> str:
    """RFC 7638: the hash of the members that make the key, in order."""
    needed = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}[key["kty"]]
    plain = json.dumps({name: key[name] for name in needed}, separators=(",", ":"), sort_keys=True)
    return _unpadded(hashlib.sha256(plain.encode()).digest())


class _Acme:
    """What the server knows: accounts by address, orders by number."""

    def __init__(self, authority: Authority, base: str, reach: str) -> None:
        self.authority, self.base, self.reach = authority, base, reach
        self.accounts: dict[str, dict[str, str]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.issued = 0

    def directory(self) -> dict[str, str]:
        return {
            name: f"{self.base}/{path}"
            for name, path in (("newNonce", "nonce"), ("newAccount", "account"), ("newOrder", "order"),
                               ("revokeCert", "revoke"), ("keyChange", "key"))
        }  # fmt: skip

    def order(self, names: list[str]) -> tuple[str, dict[str, Any]]:
        number = uuid4().hex
        self.orders[number] = {
            "names": names, "token": _unpadded(uuid4().bytes + uuid4().bytes), "is_valid": False, "chain": "",
        }  # fmt: skip
        return number, self.shown(number)

    def shown(self, number: str) -> dict[str, Any]:
        order = self.orders[number]
        status = "valid" if order["chain"] else "ready" if order["is_valid"] else "pending"
        found = {
            "status": status,
            "identifiers": [{"type": "dns", "value": name} for name in order["names"]],
            "authorizations": [f"{self.base}/authorization/{number}"],
            "finalize": f"{self.base}/finalize/{number}",
        }
        return found | ({"certificate": f"{self.base}/certificate/{number}"} if order["chain"] else {})

    def authorization(self, number: str) -> dict[str, Any]:
        order = self.orders[number]
        status = "valid" if order["is_valid"] else "pending"
        return {
            "status": status,
            "identifier": {"type": "dns", "value": order["names"][0]},
            "challenges": [self.challenge(number)],
        }

    def challenge(self, number: str) -> dict[str, Any]:
        order = self.orders[number]
        status = "valid" if order["is_valid"] else "pending"
        return {
            "type": "http-01", "status": status, "token": order["token"],
            "url": f"{self.base}/challenge/{number}",
        }  # fmt: skip

    def look(self, number: str, key: dict[str, str]) -> None:
        """Fetch the answer from the server that asks, over plain HTTP (RFC 8555, 8.3)."""
        order = self.orders[number]
        asked = urllib.request.Request(
            f"http://{self.reach}/.well-known/acme-challenge/{order['token']}",
            headers={"Host": order["names"][0]},
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            said = answer.read().decode().strip()
        order["is_valid"] = said == f"{order['token']}.{_thumbprint(key)}"

    def finalize(self, number: str, request: bytes) -> None:
        order = self.orders[number]
        path = self.authority.folder / f"{number}.csr"
        path.write_bytes(_openssl("req", "-inform", "DER", input=request))
        order["chain"] = self.authority.sign(path, order["names"])
        self.issued += 1


class _Handler(BaseHTTPRequestHandler):
    acme: _Acme
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Replay-Nonce", _unpadded(uuid4().bytes))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self) -> None:
        self._answer("")

    def do_GET(self) -> None:
        self._answer(self.acme.directory() if self.path == "/directory" else "")

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        head = json.loads(_padded(sent["protected"]))
        payload = json.loads(_padded(sent["payload"])) if sent["payload"] else {}
        acme = self.acme
        what, _, number = self.path.strip("/").partition("/")
        if what == "account":
            address = f"{acme.base}/account/{_thumbprint(head['jwk'])}"
            acme.accounts[address] = head["jwk"]
            self._answer({"status": "valid"}, 201, Location=address)
        elif what == "order" and not number:
            number, shown = acme.order([each["value"] for each in payload["identifiers"]])
            self._answer(shown, 201, Location=f"{acme.base}/order/{number}")
        elif what == "order":
            self._answer(acme.shown(number))
        elif what == "authorization":
            self._answer(acme.authorization(number))
        elif what == "challenge":
            acme.look(number, acme.accounts[head["kid"]])
            self._answer(acme.challenge(number), Link=f'<{acme.base}/authorization/{number}>;rel="up"')
        elif what == "finalize" and acme.orders[number]["is_valid"]:
            acme.finalize(number, _padded(payload["csr"]))
            self._answer(acme.shown(number), Location=f"{acme.base}/order/{number}")
        elif what == "certificate":
            self._answer(acme.orders[number]["chain"], kind="application/pem-certificate-chain")
        else:
            problem = {"type": "urn:ietf:params:acme:error:malformed", "detail": f"not here: {self.path}"}
            self._answer(problem, 400, kind="application/problem+json")


@contextmanager
def acme_server(authority: Authority, host: str, reach: str) -> Iterator[_Acme]:
    """Serve ACME at `host`; challenges are looked up at the address `reach`."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer((host, 0), handler)
    acme = _Acme(authority, f"http://{host}:{server.server_port}", reach)
    handler.acme = acme  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield acme
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
