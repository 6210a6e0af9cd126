import re
from datetime import timedelta

import pytest

from dagvandebuurt.programme.models import SessionSpeaker, SessionStatus, Speaker, SpeakerPart
from dagvandebuurt.qanda.models import QuestionStatus


def test_embed_is_loaded_only_after_a_click(make, session, app):
    host = "https://beeld.buurt.example"
    app.config["STAGE_HOSTS"] = {"beeld.buurt.example"}
    with_stage = make.session(
        "Met beeld", starts_at=session.starts_at, ends_at=session.ends_at, stage_url=f"{host}/kanaal/7"
    )
    path = f"/sessies/{with_stage.slug}/live"

    before, after = make.browser().get(path), make.browser().get(f"{path}?beeld=1")

    assert "<iframe" not in before.get_data(as_text=True)
    assert f'href="{path}?beeld=1"' in before.get_data(as_text=True)
    assert "frame-src 'none'" in before.headers["Content-Security-Policy"]
    assert f'src="{host}/kanaal/7"' in after.get_data(as_text=True)
    assert f"frame-src {host};" in after.headers["Content-Security-Policy"]


READABLE = {  # of another host, but an address a browser and we read alike
    "https://beeld.buurt.example.evil.example/7",
    "https://evil.example#beeld.buurt.example",
    "https://sub.beeld.buurt.example/7",
}


@pytest.mark.parametrize(
    "address",
    [
        "https://beeld.buurt.example.evil.example/7",
        "https://beeld.buurt.example@evil.example/7",
        "https://evil.example#beeld.buurt.example",
        "https://sub.beeld.buurt.example/7",
        "https://beeld.buurt.example:8443/7",
        "http://beeld.buurt.example/7",
        "//beeld.buurt.example/7",
        "javascript:alert(1)//beeld.buurt.example",
        "https://[beeld.buurt.example/7",
        "https://beeld.buurt.example\\@evil.example",
    ],
)
def test_only_video_from_allow_listed_hosts_is_embedded(make, session, app, address):
    app.config["STAGE_HOSTS"] = {"beeld.buurt.example"}
    with_stage = make.session(
        "Met beeld", starts_at=session.starts_at, ends_at=session.ends_at, stage_url=address
    )

    page = make.browser().get(f"/sessies/{with_stage.slug}/live?beeld=1")

    assert page.status_code == 200
    assert "<iframe" not in page.get_data(as_text=True)
    assert "frame-src 'none'" in page.headers["Content-Security-Policy"]
    assert 'href="javascript' not in page.get_data(as_text=True)
    assert ("Kijk op die website" in page.get_data(as_text=True)) == (address in READABLE)


def test_csp_allows_only_our_own_script_files(make, session):
    for path in ("/", "/programma", f"/sessies/{session.slug}/live", "/lessen", "/nergens"):
        policy = make.browser().get(path).headers["Content-Security-Policy"]

        assert "unsafe" not in policy
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy


def test_closed_room_says_when_it_opens_and_lets_its_moderator_in(make, now):
    later = make.session(starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3))
    path = f"/sessies/{later.slug}/live"

    closed = make.browser().get(path)

    assert closed.status_code == 403
    assert "Deze zaal is nog dicht." in closed.get_data(as_text=True)
    assert "15.05" in closed.get_data(as_text=True)  # ten minutes before a quarter past three
    assert make.browser(make.person("Jolien", roles=["moderator"])).get(path).status_code == 200


def test_the_lobby_opens_ten_minutes_early(make, now):
    soon = make.session(starts_at=now + timedelta(minutes=10), ends_at=now + timedelta(hours=1))

    page = make.browser().get(f"/sessies/{soon.slug}/live")

    assert page.status_code == 200
    assert "Zo begint het" in page.get_data(as_text=True)


def test_cancelled_session_says_so(make, now):
    off = make.session(starts_at=now, ends_at=now + timedelta(hours=1), status=SessionStatus.CANCELLED)

    assert "Deze sessie gaat niet door." in make.browser().get(f"/sessies/{off.slug}/live").get_data(
        as_text=True
    )


def test_unknown_room_is_not_found(make):
    assert make.browser().get("/sessies/nooit-geweest/live").status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_refused_question_stays_in_the_form(make, session, text):
    browser = make.browser(make.person("Noor"))
    form = {
        "op": "op-number-1",
        "id": "6b9d5ef9-015f-46d9-8b82-0cbb9b3016f0",
        "kind": "idea",
        "appear": "name",
        "text": text,
    }

    answer = browser.post(f"/sessies/{session.slug}/vragen", data=form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert f">{text}</textarea>" in page
    assert 'value="idea" checked' in page


def test_state_can_be_polled_without_sockets(make, session):
    browser = make.browser(make.person("Noor"))
    whole = browser.get(f"/sessies/{session.slug}/live/state")
    asked = browser.post(
        f"/sessies/{session.slug}/live/op",
        json={
            "event": "question:ask",
            "message": {"op": "op-number-1", "id": "6b9d5ef9-015f-46d9-8b82-0cbb9b3016f0", "text": "Wie?"},
        },
    )
    later = browser.get(
        f"/sessies/{session.slug}/live/state?since={whole.json['to']}&epoch={whole.json['epoch']}"
    )
    unchanged = browser.get(
        f"/sessies/{session.slug}/live/state", headers={"If-None-Match": whole.headers["ETag"]}
    )

    assert whole.json["items"] == []
    assert asked.json["ok"]
    assert [question["text"] for question in later.json["mine"]["questions"]] == ["Wie?"]
    assert later.json["items"] == []  # it waits: not for the hall
    assert unchanged.status_code == 200  # something changed meanwhile


@pytest.mark.parametrize("body", [None, [], {"event": "question:ask"}, {"event": "nonsense", "message": {}}])
def test_malformed_http_operations_get_an_acknowledgement(make, session, body):
    answer = make.browser(make.person("Noor")).post(f"/sessies/{session.slug}/live/op", json=body)

    assert answer.status_code in (400, 404)
    assert answer.json["ok"] is False


def test_each_question_is_marked_with_its_own_language(make, session):
    for text in ("متى يتم إصلاح المصعد؟", "Why does the council not answer us?", "Wie snoeit de haag?"):
        make.question(session, status=QuestionStatus.VISIBLE, text=text)

    page = make.browser().get(f"/sessies/{session.slug}/live").text

    for lang, text in (("ar", "متى"), ("en", "Why"), ("nl", "Wie snoeit")):
        assert re.search(rf'<h3 class="question__text"[^>]* dir="auto" lang="{lang}"[^>]*>{text}', page), lang


def test_who_is_at_the_table_has_a_face_at_the_question_that_is_live(make, session):
    noor = make.person("Noor")
    for place, (code, name, part) in enumerate(
        (("sara", "Sara Okafor", SpeakerPart.SPEAKER), ("bas", "Bas Lommerijk", SpeakerPart.HOST))
    ):
        speaker = make.store(Speaker(code=code, name=name, function="Wijkarts", bio=""))
        make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=part, position=place))
    make.question(session, status=QuestionStatus.LIVE, text="Wie veegt het plein?")

    page = make.browser(noor).get(f"/sessies/{session.slug}/live").text
    card = re.search(r'<section class="onstage".*?</section>', page, re.S)[0]

    assert [page.count(f'<symbol id="gezicht-{code}"') for code in ("sara", "bas")] == [1, 1]
    assert re.findall(r'<use href="#gezicht-(\w+)"', card) == ["sara", "bas"]
    assert page.index("css/faces.css") < page.index("<body>")
    assert "Sara Okafor" in card


@pytest.mark.parametrize(
    ("text", "told"), [("متى تُصلح الأضواء في شارعنا؟", "Arabisch"), ("Wie veegt het plein?", "")]
)
def test_a_question_says_in_which_language_it_is_in_the_room_and_at_the_desk(make, session, text, told):
    make.question(session, status=QuestionStatus.VISIBLE, text=text)
    for person, page in ((None, "live"), (make.moderator("Jolien", session), "regie")):
        found = make.browser(person).get(f"/sessies/{session.slug}/{page}").text
        card = re.search(r'<article class="(?:question|desk-card)".*?</article>', found, re.S)[0]
        shown = re.search(r'<span data-part="language"( hidden)?>(.*?)</span>', card)

        assert (shown[2] if shown and not shown[1] else "") == told
