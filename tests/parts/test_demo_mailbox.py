"""Mailbox of the demo: the HTML of a mail in a sandboxed frame, under a policy without unsafe-inline."""

import re

import pytest
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.framed import framed
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import letters
from dagvandebuurt.people.models import Person


@pytest.fixture
def mail(app, make):
    noor = make.person("Noor <b>van</b> Elderen")
    app.config["DEMO"] = True
    with app.app_context(), transaction():
        letters.send_login_link(db.session.get(Person, noor.id), now=clock.now())
    with app.app_context():
        return db.session.scalars(select(Mail)).one()


def policy_of(answer):
    return answer.headers["Content-Security-Policy"]


def test_the_page_frames_the_mail_and_shows_its_text(make, mail):
    answer = make.browser().get(f"/dev/mail/{mail.id}")

    assert "frame-src 'self'" in policy_of(answer)
    frame = re.search(r"<iframe[^>]*>", answer.text)[0]
    assert f'src="/dev/mail/{mail.id}/opmaak"' in frame
    assert "allow-scripts" not in frame
    assert "sandbox=" in frame
    assert 'href="/link/' in answer.text


def test_the_frame_keeps_its_styles_and_allows_nothing_else(app, make, mail):
    answer = make.browser().get(f"/dev/mail/{mail.id}/opmaak")

    nonce = re.search(r"style-src 'nonce-([\w-]+)'", policy_of(answer))[1]
    assert "unsafe" not in policy_of(answer)
    assert "default-src 'none'" in policy_of(answer)
    assert "sandbox allow-top-navigation-by-user-activation" in policy_of(answer)
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert ' style="' in mail.html
    assert ' style="' not in answer.text
    assert answer.text.count("<style") == answer.text.count(f'<style nonce="{nonce}"')
    for style in re.findall(r' style="([^"]*)"', mail.html):
        assert style.replace("&quot;", '"') in answer.text
    assert '<base target="_top">' in answer.text
    assert app.config["PUBLIC_URL"] not in answer.text
    assert 'href="/link/' in answer.text


def test_two_elements_of_one_style_share_a_rule_and_text_that_looks_like_one_stays():
    shown = framed(
        '<head></head><p style="color: red">a</p><b style="color: red">style=&#34;x&#34;</b>',
        nonce="n",
        public="http://127.0.0.1:5000",
    )

    assert shown.count("{color: red}") == 1
    assert shown.count(' data-look="0">') == 2
    assert "style=&#34;x&#34;" in shown


def test_without_the_demo_there_is_no_frame(app, make, mail):
    app.config["DEMO"] = False

    assert make.browser().get(f"/dev/mail/{mail.id}/opmaak").status_code == 404
