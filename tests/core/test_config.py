import pytest

import config


def test_start_is_refused_without_a_secret_key(tmp_path):
    with pytest.raises(SystemExit) as refused:
        config.settings({"DATA_FOLDER": str(tmp_path)})

    assert "SECRET_KEY is missing or too weak" in str(refused.value)
    assert "secrets.token_urlsafe" in str(refused.value)


@pytest.mark.parametrize("weak", ["secret", "changeme", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_start_is_refused_with_a_weak_secret_key(tmp_path, weak):
    with pytest.raises(SystemExit):
        config.settings({"DATA_FOLDER": str(tmp_path), "SECRET_KEY": weak})


def test_the_demo_makes_its_own_key_and_keeps_it(tmp_path):
    first = config.settings({"DATA_FOLDER": str(tmp_path), "DVB_DEMO": "1"})["SECRET_KEY"]
    second = config.settings({"DATA_FOLDER": str(tmp_path), "DVB_DEMO": "1"})["SECRET_KEY"]

    assert len(first) > 40
    assert first == second


GOOD = {"SECRET_KEY": "0123456789abcdefghijklmnop"}


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"WORKERS": "4"}, "WORKERS above 1 needs PostgreSQL"),
        ({"REDIS_URL": "unix:///run/redis"}, "REDIS_URL must begin with"),
        ({"SMTP_URL": "mail.example:25"}, "SMTP_URL must begin with"),
        ({"DVB_DEMO": "1", "PUBLIC_URL": "https://buurt.example"}, "cannot run on a public https"),
    ],
)
def test_start_is_refused_with_contradictory_settings(tmp_path, environ, sentence):
    with pytest.raises(SystemExit) as refused:
        config.settings({**GOOD, "DATA_FOLDER": str(tmp_path), **environ})

    assert sentence in str(refused.value)


def test_https_makes_the_cookie_stricter(tmp_path):
    plain = config.settings({**GOOD, "DATA_FOLDER": str(tmp_path)})
    secure = config.settings({**GOOD, "DATA_FOLDER": str(tmp_path), "PUBLIC_URL": "https://buurt.example"})

    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("dvb", False)
    assert (secure["SESSION_COOKIE_NAME"], secure["SESSION_COOKIE_SECURE"]) == ("__Host-dvb", True)


def test_any_postgres_address_means_psycopg_3(tmp_path):
    chosen = config.settings({**GOOD, "DATA_FOLDER": str(tmp_path), "DATABASE_URL": "postgres://u@h/d"})

    assert chosen["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"
