"""Benchmark of registrations with their mail (`make bench-registrations`): how many a second, on each
database, while two hundred others read.

Loopback only; each measurement takes ten seconds. A registration is the form as it is sent: validated, a
person, a place, answers, a link and the mail written, committed. A reader opens a page every ten seconds.
"""

import http.client
import itertools
import re
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration.models import Registration
from tests.served import serve
from tests.servers import postgres_server
from tests.visitors import house_of, live_session

SECONDS, SENDERS, READERS, READ_EVERY = 10, 24, 200, 10.0


def ask(
    url: str, source: str, method: str, path: str, cookie: str = "", body: str = ""
) -> tuple[int, str, str]:
    """Send one request from an IP address of its own, because limits count networks; return status, text,
    cookie."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        str(parts.hostname), parts.port, timeout=30, source_address=(source, 0)
    )
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, (answer.getheader("Set-Cookie") or "").split(";")[0]


def measure(database: str) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), DATABASE_URL=database, MAIL_PER_HOUR="100000") as served,
    ):
        app = house_of(Path(folder), served.environ)
        live_session(app)
        with app.app_context(), transaction():
            now = datetime.now(UTC)
            db.session.execute(
                update(Edition).values(
                    registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=1),
                    starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=2, hours=4),
                )
            )  # fmt: skip
        numbers, took, read, stop = itertools.count(), [], [], threading.Event()

        def send(sender: int) -> None:
            source = f"127.0.1.{sender + 1}"
            _, page, cookie = ask(served.url, source, "GET", "/aanmelden")
            token = re.search(r'csrf_token" value="([^"]+)', page)[1]
            while not stop.is_set():
                number = next(numbers)
                body = urlencode(
                    {
                        "csrf_token": token, "name": f"Buur {number}", "email": f"buur{number}@buurt.example",
                        "participant_role": "resident", "domain": "", "neighbourhood": "Sterrenhof",
                        "house_rules": "y", "privacy": "y",
                    }
                )  # fmt: skip
                began = time.monotonic()
                where = f"127.0.{2 + number // 200 % 200}.{1 + number % 200}"
                status, _, _ = ask(served.url, where, "POST", "/aanmelden", cookie, body)
                if status == 303:
                    took.append(time.monotonic() - began)

        def look(reader: int) -> None:
            stop.wait(READ_EVERY * reader / READERS)
            while not stop.is_set():
                began = time.monotonic()
                ask(served.url, f"127.0.250.{reader % 250 + 1}", "GET", "/programma")
                read.append(time.monotonic() - began)
                stop.wait(READ_EVERY)

        threads = [threading.Thread(target=send, args=(n,)) for n in range(SENDERS)]
        threads += [threading.Thread(target=look, args=(n,)) for n in range(READERS)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        lasted = time.monotonic() - began
        done = len(took)
        stop.set()
        for thread in threads:
            thread.join()
        with app.app_context():
            kept = db.session.scalar(select(func.count()).select_from(Registration))
            mails = db.session.scalar(select(func.count()).select_from(Mail))
            db.session.remove()
            db.engine.dispose()
        return {
            "a second": done / lasted, "p50 ms": median(took) * 1000, "p95 ms": quantiles(took, n=20)[-1] * 1000,
            "acknowledged": len(took), "kept": kept or 0, "mails": mails or 0,
            "reading p95 ms": quantiles(read, n=20)[-1] * 1000,
        }  # fmt: skip


def main() -> None:
    print("SQLite", {name: round(value, 1) for name, value in measure("").items()})
    with postgres_server(durable=True) as url:
        print("PostgreSQL", {name: round(value, 1) for name, value in measure(url).items()})


if __name__ == "__main__":
    main()
