import subprocess
from email.message import EmailMessage
from smtplib import SMTP, SMTPDataError, SMTPServerDisconnected

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests import servers
from tests.servers import running_postgres, running_redis, smtp_server


def a_letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@buurt.example", "b@buurt.example", "Dag"
    return message


def test_postgres_answers(postgres):
    engine = create_engine(postgres)

    with engine.connect() as connection:
        answer = connection.execute(text("SELECT 1 + 1")).scalar()

    engine.dispose()
    assert answer == 2


@pytest.mark.postgres
def test_postgres_comes_back_with_what_was_committed_and_leaves_no_folder():
    with running_postgres() as server:
        address = server.url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE street AS SELECT 'Singel' AS name")

        server.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address, connect_timeout=1)
        server.start()

        with psycopg.connect(address) as connection:
            kept = connection.execute("SELECT name FROM street").fetchall()
        folder = server.folder

    assert kept == [("Singel",)]
    assert not folder.exists()


def test_a_missing_server_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(servers, "installed_postgres", list)
    monkeypatch.setattr("shutil.which", lambda _name: None)

    for locate in (servers.postgres_binaries, servers.redis_binary):
        with pytest.raises(RuntimeError, match=r"run `sh tools/test_needs\.sh`"):
            locate()


def test_without_root_the_needs_are_named_to_be_typed(tmp_path):
    """No package is installed silently: the command is printed, and the exit status is 1."""
    programs = {"sh": "/bin/sh", "ls": "/bin/ls"}
    for name, path in programs.items():
        (tmp_path / name).symlink_to(path)
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)

    ended = subprocess.run(
        ["sh", "tools/test_needs.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "Type: sudo apt-get install" in ended.stderr
    assert {"redis-server", "chromium", "nodejs"} <= set(ended.stderr.split())


def test_redis_keeps_what_it_is_given():
    with running_redis() as server, redis.Redis.from_url(server.url) as client:
        client.set("key", "value")

        assert client.get("key") == b"value"


def test_the_letterbox_receives_mail():
    with smtp_server() as box, SMTP("127.0.0.1", box.port) as client:
        client.send_message(a_letter())

        assert [mail["Subject"] for mail in box.received] == ["Dag"]


@pytest.mark.parametrize("refusal", ["451 4.3.0 Try later", "550 5.1.1 Nobody here"])
def test_the_letterbox_refuses_when_told_to(refusal):
    with smtp_server() as box, SMTP("127.0.0.1", box.port) as client:
        box.answer = refusal

        with pytest.raises(SMTPDataError) as refused:
            client.send_message(a_letter())
        box.answer = "250 OK"
        client.send_message(a_letter())

        assert refused.value.smtp_code == int(refusal[:3])
        assert len(box.received) == 1


def test_the_letterbox_keeps_silent_when_told_to():
    with smtp_server() as box:
        box.hang = True
        client = SMTP("127.0.0.1", box.port, timeout=0.5)

        with pytest.raises(SMTPServerDisconnected, match="timed out"):
            client.send_message(a_letter())

        client.close()
        assert box.received == []
