"""Benchmark of a large programme: read, preview, draft, publish, and its calendar and schedule files.

python -m bench.imports [--sessions 1400] [--url postgresql+psycopg://…]
"""

import argparse
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from config import settings
from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.exchange import importing, jobs
from dagvandebuurt.programme.models import Edition, ImportStatus, ProgrammeImport
from dagvandebuurt.programme.queries import current_edition
from tests.factories import START, Factory
from tests.programme.histories import as_file, event, versions

KEY = "a-key-that-only-this-bench-uses-0123456789"


@contextmanager
def timed(what: str):
    """Measure wall and CPU time: on a busy machine only the second is reliable."""
    began, worked = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - began, time.process_time() - worked
    print(f"{what:<48} {wall:7.2f} s {cpu:7.2f} s of processor", flush=True)


def bring_in(app, person, content, *, publish=True):
    """Upload and confirm, as the pages do it; return how many things changed."""
    with app.app_context():
        with transaction():
            actor = Identity.of(db.session.get_one(Person, person.id))
            upload = importing.receive(
                actor, current_edition(), filename="groot.json", content=content, now=START
            )
            import_id = upload.id
        jobs.work_on(app, import_id)
        with transaction():
            actor = Identity.of(db.session.get_one(Person, person.id))
            upload = db.session.get_one(ProgrammeImport, import_id, populate_existing=True)
            choices = {"call_off": True, "publish": publish, "note": "Nieuw programma"}
            importing.confirm(actor, upload, choices=choices, now=START)
        jobs.work_on(app, import_id)
        upload = db.session.get_one(ProgrammeImport, import_id, populate_existing=True)
        assert upload.state is ImportStatus.DONE, (upload.state, upload.summary)
        return upload.summary["count"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1400)
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = {"SECRET_KEY": KEY, "DATA_FOLDER": folder} | (
            {"DATABASE_URL": asked.url} if asked.url else {}
        )
        app = create_app(settings(environ) | {"TESTING": True, "WTF_CSRF_ENABLED": False})
        with app.app_context():
            db.create_all()
        make = Factory(app)
        make.edition()
        person = make.person("Roos", roles=["organiser"])
        content = as_file([event(number) for number in range(asked.sessions)])
        print(f"{asked.sessions} sessions, {len(content) / 1e6:.1f} MB, {Path(folder)}")
        with timed("read, preview, draft and publish"):
            bring_in(app, person, content)
        with timed("the same again: nothing new"):
            assert bring_in(app, person, content, publish=False) == 0
        for path in (
            "/programma.ics",
            "/programma/schedule.json",
            "/programma/schedule.xml",
            "/programma/schedule.xml",
        ):
            with timed(path):
                assert make.browser().get(path).status_code == 200
        with app.app_context(), transaction():
            db.session.query(Edition).one()
        for number, events in enumerate(versions(), start=1):
            with timed(f"version {number} of a history ({len(events)} sessions)"):
                bring_in(app, person, as_file(events, str(number)))


if __name__ == "__main__":
    main()
