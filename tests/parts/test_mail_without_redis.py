"""Mail without Redis: a real one is stopped while people ask for links."""

import logging
import shutil

from dagvandebuurt.parts.mail.sender import send_due
from tests.conftest import test_settings as settings_of
from tests.factories import Factory
from tests.houses import house
from tests.servers import running_redis, smtp_server


def test_e7_while_redis_is_away_mail_goes_on_and_the_log_says_so_once(tables, tmp_path, caplog):
    shutil.copy(tables, tmp_path)
    with (
        running_redis() as server,
        smtp_server() as box,
        house(
            settings_of(tmp_path, REDIS_URL=server.url, SMTP_URL=box.url) | {"RATELIMIT_ENABLED": True}
        ) as app,
    ):
        make = Factory(app)
        people = [make.person(f"Noor {number}", email=f"noor{number}@buurt.example") for number in range(6)]
        assert make.browser().post("/inloggen", data={"email": people[0].email}).status_code == 200
        server.stop()
        caplog.clear()
        for person in people[1:]:
            assert make.browser().post("/inloggen", data={"email": person.email}).status_code == 200

        assert send_due(app) == 6
        lines = [record for record in caplog.records if record.levelno >= logging.WARNING]

    assert sorted(box.recipients) == sorted([person.email] for person in people)
    assert len(lines) == 1, [record.getMessage() for record in lines]
    assert lines[0].exc_info is None  # a sentence, no traceback
