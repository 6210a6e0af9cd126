"""The proxies of deploy/ for tests: their own files, with the ports and paths of a test in them."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"


def certificate(folder: Path) -> None:
    """Make a certificate for localhost that nobody signed."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


def nginx_binary() -> str:
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        raise RuntimeError("no nginx here: run `sh tools/test_needs.sh`")
    return found


def nginx_file(folder: Path, *, http: int, https: int, upstreams: list[int], rehearsal: int = 1) -> Path:
    """Write deploy/nginx.conf with the paths and ports of a test. Each change must find its place."""
    text = (DEPLOY / "nginx.conf").read_text()
    (folder / "etc").mkdir()
    (folder / "etc/down").symlink_to(DEPLOY / "down")
    changes = [
        ("user www-data;\n", "user root;\ndaemon off;\n"),  # whoever runs the test
        ("worker_processes auto", "worker_processes 1"),
        ("worker_rlimit_nofile 65536", "worker_rlimit_nofile 1024"),
        ("worker_connections 30000", "worker_connections 500"),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("/var/log/nginx/error.log", f"{folder}/error.log"),
        ("/etc/letsencrypt/live/dag.example.org/", f"{folder}/"),
        ("/etc/dagvandebuurt", f"{folder}/etc"),
        ("dag.example.org", "localhost"),
        ("    listen [::]:80 default_server;\n", ""),
        ("    listen [::]:443 ssl http2 default_server;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("server 127.0.0.1:5001 ", f"server 127.0.0.1:{rehearsal} "),
        ("listen 80 ", f"listen 127.0.0.1:{http} "),
        ("listen 443 ", f"listen 127.0.0.1:{https} "),
        (
            "server 127.0.0.1:5000 max_fails=0;",
            " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in upstreams),
        ),
        (
            "    server_tokens off;\n",
            "    server_tokens off;\n"
            + "".join(
                f"    {kind}_temp_path {folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            ),
        ),
    ]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


@contextmanager
def running(command: list, folder: Path, is_up, environ: dict | None = None) -> Iterator[subprocess.Popen]:
    """Run a proxy until the test is over."""
    with (folder / "proxy.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=environ)
    try:
        deadline = time.monotonic() + 60
        while not is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the proxy did not start:\n{(folder / 'proxy.log').read_text()}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
