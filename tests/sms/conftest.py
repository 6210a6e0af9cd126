"""A house with an SMS gateway that is a stand-in on this machine."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Edition, Round
from dagvandebuurt.sms import gateways, jobs
from dagvandebuurt.sms.models import SmsMessage
from tests.stand_ins import sms_gateway

SECRET = "geheim" * 6


@pytest.fixture
def gateway(app):
    with sms_gateway() as server:
        app.config.update(
            SMS_GATEWAY="spryng", SMS_KEY="geheim", SMS_FROM="3197000001", SMS_SECRET=SECRET, SMS_URL=server.url,
            SMS_PER_DAY=100,
        )  # fmt: skip
        yield server


@pytest.fixture
def edition(make, session):
    with make.context():
        return db.session.get(Edition, db.session.get(Round, session.round_id).edition_id)


@pytest.fixture
def messages(app):
    """Return a function that reads the outbox, oldest first."""

    def read():
        with app.app_context():
            return db.session.scalars(select(SmsMessage).order_by(SmsMessage.made_at, SmsMessage.id)).all()

    return read


@pytest.fixture
def proven(app, gateway, messages):
    """Return a function that gives and proves a number in somebody's browser."""

    def prove(browser, number="06 12345678"):
        assert browser.post("/mijn/sms", data={"number": number}).status_code == 303
        jobs.send_sms(app)
        code = re.search(r"\d{6}", gateway.messages[-1]["body"])[0]
        answer = browser.post("/mijn/sms/code", data={"code": code})
        assert answer.status_code == 303, answer.text

    return prove


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(gateways, "SECONDS", 0.5)


@pytest.fixture
def wait(monkeypatch):
    """Return a function that moves the frozen clock on."""

    def move(**time):
        moment = clock.now() + timedelta(**time)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        return moment

    return move
