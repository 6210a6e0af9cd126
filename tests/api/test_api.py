"""Public API: public data only, one shape, and an OpenAPI description that is held against the answers."""

import json
import os
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from dagvandebuurt.agenda.models import FollowUpStatus
from dagvandebuurt.api.resources import RESOURCES
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Lesson, LessonSection, LessonStatus
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import (
    Organisation,
    ProgrammeRelease,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Theme,
    Venue,
    VenueKind,
)
from dagvandebuurt.qanda.models import QuestionStatus
from dagvandebuurt.wijkwijzer.models import (
    GapStatus,
    InitiativeStatus,
    LearningOffer,
    LearningQuestionStatus,
    OfferForm,
    OfferStatus,
)
from tests.factories import START

BREAKS_OUT = '</script><script>alert(1)</script><!-- & \u2028 "'


@pytest.fixture
def house(make, now):
    """One public item of every kind, and beside it private ones."""
    session = make.session("Samen groen", slug="samen-groen", starts_at=now, ends_at=now + timedelta(hours=1))
    body = make.store(
        Organisation(
            code="vliet", name="Stichting Vliet", kind="x", domain="welfare", answers_follow_ups=False, response_days=9
        ),
        Theme(code="groen", label="Groen", summary="Alles wat groeit.", position=0),
    )  # fmt: skip
    speaker = make.store(
        Speaker(code="jolanda", name="Jolanda Wit", function="Buurvrouw", bio="Woont er.", organisation_id=body.id),
        Speaker(code="geheim", name="Nog Geheim", function="x", bio=""),
    )  # fmt: skip
    make.store(
        SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.SPEAKER),
        ProgrammeRelease(
            edition_id=session.edition_id, number=2, note="Een zaal erbij.", changes=[], published_at=now
        ),
    )
    make.session("Nog geheim", slug="geheim", status=SessionStatus.DRAFT)
    later = make.edition(title="Nog geheim", status=EditionStatus.DRAFT)
    make.session("Nog geheim", round=make.round(later))
    make.store(
        ProgrammeRelease(edition_id=later.id, number=1, note="Nog geheim", changes=[], published_at=now)
    )
    lesson = {"in_short": ["Eén."], "lead": "Kort.", "changed_at": now, "edition_id": session.edition_id}
    make.store(
        Lesson(slug="les", title="Een nee met uitleg", status=LessonStatus.PUBLISHED, published_at=now, **lesson,
               sections=[LessonSection(position=0, anchor="a", heading="Begin", body="Een **sterk** begin.")]),
        Lesson(slug="concept", title="Nog geheim", status=LessonStatus.IN_REVIEW, **lesson),
    )  # fmt: skip
    make.point(body, title="Een bankje bij het groen", status=FollowUpStatus.ANSWERED, number=41)
    make.point(body, title="Nog geheim", status=FollowUpStatus.CURATED, number=42)
    make.question(session, status=QuestionStatus.ANSWERED, text="Wie snoeit de haagbeuk?")
    learning(make, body)
    return session


def learning(make, body):
    """Of each thing of the Wijkwijzer a public one, sent in by somebody, and a hidden one related to it."""
    sender = make.person("Els Geheim")
    shown = make.learning_offer(
        sender, title="Cursus snoeien", number=71, provider_id=body.id, contact="geheim@voorbeeld.nl"
    )
    make.learning_offer(
        sender, title="Bezoek aan de tuin", number=73, form=OfferForm.VISIT, status=OfferStatus.CHECK_DUE
    )
    hidden = make.learning_offer(sender, title="Nog geheim", number=72, status=OfferStatus.SUBMITTED)
    gap = make.gap(title="Leren enten", number=81, status=GapStatus.ADOPTED)
    make.gap(title="Leren zaaien", number=82, status=GapStatus.PARKED, owner_name="Geheim")
    make.learning_question(
        sender,
        title="Hoe snoei je?",
        number=91,
        status=LearningQuestionStatus.MATCHED,
        offers=[shown, hidden],
    )
    make.learning_question(
        sender,
        title="Hoe ent je?",
        number=92,
        status=LearningQuestionStatus.GAP,
        gap_id=gap.id,
        answered_by="Els Geheim",
    )
    for number, status in enumerate(
        (LearningQuestionStatus.SUBMITTED, LearningQuestionStatus.DECLINED), start=93
    ):
        make.learning_question(sender, title="Nog geheim", number=number, status=status, gap_id=gap.id)
    make.initiative(sender, slug="soepbus", title="De soepbus", photo_credit="Els Geheim", led_by_id=body.id)
    make.initiative(sender, slug="geheim", title="Nog geheim", status=InitiativeStatus.IN_REVIEW)


@pytest.fixture
def ask(make):
    browser = make.browser()
    return lambda path, **how: browser.get(f"/api/v1/{path}", **how)


def described(ask):
    return json.loads(ask("openapi.json").text)


def checker(document, schema):
    """Validate against the schema in the file."""
    return Draft202012Validator({**schema, "components": document["components"]})


def schema_of(document, path, status="200", kind="application/json"):
    return document["paths"][path]["get"]["responses"][status]["content"][kind]["schema"]


def test_api_responses_match_the_schema_and_hold_no_secrets(house, ask):
    document = described(ask)
    for path in document["paths"]:
        lists = "{key}" not in path
        name = path.split("/")[1]
        key = {"sessions": "samen-groen", "lessons": "les", "speakers": "jolanda", "organisations": "vliet", "themes": "groen", "agenda": "41", "learning_questions": "91", "offers": "71", "gaps": "81", "initiatives": "soepbus"}  # fmt: skip
        edition = json.loads(ask("editions").text)["items"][0]["identifier"]
        address = path[1:] if lists else f"{name}/{key.get(name, edition)}"
        answer = ask(address, query_string={"q": "groen"} if name == "search" else {})
        told = json.loads(answer.text)

        assert (answer.status_code, answer.mimetype) == (200, "application/json"), address
        assert list(checker(document, schema_of(document, path)).iter_errors(told)) == [], address
        assert not lists or told.get("items"), address
        assert "eheim" not in answer.text
        assert "Cookie" not in str(answer.headers)
    assert {path.split("/")[1] for path in document["paths"]} == {*RESOURCES, "search"}


def test_the_schema_rejects_a_wrong_response(house, ask):
    document = described(ask)
    told = json.loads(ask("sessions").text)
    del told["items"][0]["name"]
    told["items"][0]["eventStatus"] = "misschien"

    wrong = {each.validator for each in checker(document, schema_of(document, "/sessions")).iter_errors(told)}
    assert wrong == {"required", "enum"}


def test_sessions_are_serialised_as_schema_org(make, house, ask):
    told = json.loads(ask("sessions/samen-groen").text)

    assert (told["@type"], told["name"], told["eventStatus"]) == ("Event", "Samen groen", "https://schema.org/EventScheduled")  # fmt: skip
    assert told["location"]["@type"] == "VirtualLocation"
    assert told["performer"][0]["affiliation"]["name"] == "Stichting Vliet"
    with make.context(), transaction():
        session = db.session.get_one(ProgrammeSession, house.id)
        session.status = SessionStatus.CANCELLED
        session.venue = Venue(
            edition_id=house.edition_id, name="Buurthuis", kind=VenueKind.LOCATION, address="Plein 1"
        )
    told = json.loads(ask("sessions/samen-groen").text)

    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert told["location"]["address"] == "Plein 1"
    assert told["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"


def test_the_wijkwijzer_api_holds_public_data_only(house, ask):
    told = {
        name: json.loads(ask(name).text)["items"]
        for name in ("learning_questions", "offers", "gaps", "initiatives")
    }
    names = {name: {each["name"] for each in items} for name, items in told.items()}
    by_name = {each["name"]: each for items in told.values() for each in items}

    assert names == {
        "learning_questions": {"Hoe snoei je?", "Hoe ent je?"},
        "offers": {"Cursus snoeien", "Bezoek aan de tuin"},
        "gaps": {"Leren enten", "Leren zaaien"},
        "initiatives": {"De soepbus"},
    }
    assert [each["name"] for each in by_name["Hoe snoei je?"]["mentions"]] == ["Cursus snoeien"]
    assert [each["name"] for each in by_name["Leren enten"]["object"]] == ["Hoe ent je?"]
    assert (by_name["Leren enten"]["agent"]["name"], by_name["Leren enten"]["dueDate"]) == (
        "Buurtwerk",
        START.date().isoformat(),
    )
    assert "agent" not in by_name["Leren zaaien"]
    assert (by_name["Cursus snoeien"]["@type"], by_name["Bezoek aan de tuin"]["@type"]) == (
        "Course",
        "CreativeWork",
    )
    assert by_name["Cursus snoeien"]["provider"]["name"] == "Stichting Vliet"
    assert {each["name"] for each in json.loads(ask("offers?organisation=vliet").text)["items"]} == {
        "Cursus snoeien"
    }
    assert json.loads(ask("gaps?limit=1").text)["next"] is not None


def test_newly_public_items_appear_in_the_api(make, house, ask):
    assert ask("offers/72").status_code == 404
    with make.context(), transaction():
        offer = db.session.query(LearningOffer).filter_by(number=72).one()
        offer.checked_on, offer.status = house.starts_at.date(), OfferStatus.PUBLISHED

    assert json.loads(ask("offers/72").text)["creativeWorkStatus"] == "published"


def test_pagination_is_stable_during_inserts(make, house, ask):
    for number in range(7):
        make.session(
            f"Sessie {number}", starts_at=house.starts_at, ends_at=house.ends_at
        )  # all at one moment
    seen, address = [], "sessions?limit=3"
    while address:
        answer = ask(address)
        told = json.loads(answer.text)
        seen += [each["identifier"] for each in told["items"]]
        make.session("Ertussen", starts_at=house.starts_at - timedelta(days=1), ends_at=house.ends_at)
        address = told["next"] and told["next"].split("/api/v1/")[1]
        assert bool(address) == ('rel="next"' in answer.headers.get("Link", ""))

    assert len(seen) == len(set(seen)) == 8


def test_filters_apply_and_unknown_ones_are_refused(house, ask):
    edition = json.loads(ask("sessions").text)["items"][0]["superEvent"]["identifier"]

    assert len(json.loads(ask(f"sessions?edition={edition}").text)["items"]) == 1
    assert json.loads(ask("sessions?edition=anders").text)["items"] == []
    assert json.loads(ask("lessons?theme=groen").text)["items"] == []
    for wrong in ("sessions?editon=x", "sessions?limit=0", "sessions?limit=101", "sessions?limit=٣", "search?pagina=2",
                  "sessions?cursor=x", "sessions?cursor=WzEsMl0", "sessions?edition=%00", "search?page=0"):  # fmt: skip
        answer = ask(wrong)
        told = json.loads(answer.text)
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), wrong
        assert told["code"].startswith("api."), wrong


@pytest.mark.parametrize("path", ["niets", "sessions/niets", "sessions/geheim", "lessons/concept", "agenda/42", "learning_questions/93", "offers/72", "offers/x", "gaps/99", "initiatives/geheim", "agenda/9999999999", "agenda/x", "agenda/٤١", "releases/2", "a/b/c", "sessions/%00"])  # fmt: skip
def test_missing_and_private_items_return_problem_details(house, ask, path):
    answer = ask(path)
    told = json.loads(answer.text)

    assert (answer.status_code, answer.mimetype, told["status"]) == (404, "application/problem+json", 404)
    assert "bestaat niet" in told["title"]


def test_the_api_is_read_only(house, make):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = make.browser().open("/api/v1/sessions", method=method, json={"title": "x"})
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_unchanged_responses_return_304(make, house, ask):
    first = ask("sessions")
    again = ask("sessions", headers={"If-None-Match": first.headers["ETag"]})
    with make.context(), transaction():
        db.session.get_one(ProgrammeSession, house.id).title = "Samen rood"
    changed = ask("sessions", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert "max-age=60" in first.headers["Cache-Control"]
    assert "public" in first.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/api/v1/sessions", "/api/v1/search?q=groen", "/embed/programma", "/embed/lessen"]
)
def test_responses_are_the_same_for_everybody_and_set_no_cookie(make, house, path):
    """A shared cache may give one person the response of another."""
    admin = make.browser(make.person("Roos", roles=["admin"]))
    with admin.session_transaction() as cookie:
        cookie["language"] = "en"
    theirs, nobodys = admin.get(path), make.browser().get(path)

    assert theirs.data == nobodys.data
    for answer in (theirs, nobodys):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert "eheim" not in theirs.text


def test_only_embeddable_pages_may_be_framed(make, house):
    for path, may in (
        ("/embed/programma", True),
        ("/embed/lessen", True),
        ("/programma", False),
        ("/api/v1", False),
    ):
        answer = make.browser().get(path)
        assert ("frame-ancestors *" in answer.headers["Content-Security-Policy"]) is may, path
        assert ("X-Frame-Options" not in answer.headers) is may, path
        assert not may or "<form" not in answer.text
    assert "Samen groen" in make.browser().get("/embed/programma").text


@pytest.mark.parametrize("path", ["/sessies/samen-groen", "/lessen/les", "/wijkwijzer/aanbod/71"])
def test_json_ld_in_pages_is_escaped(make, house, path):
    with make.context(), transaction():
        db.session.get_one(ProgrammeSession, house.id).title = BREAKS_OUT
        db.session.query(Lesson).filter_by(slug="les").one().title = BREAKS_OUT
        db.session.query(LearningOffer).filter_by(number=71).one().title = BREAKS_OUT
    page = make.browser().get(path).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(blocks[0])

    assert len(blocks) == 1
    assert told["@context"] == "https://schema.org"
    assert told.get("name", told.get("headline")) == BREAKS_OUT
    assert told["url"].endswith(path)
    assert "alert(1)</script>" not in page


def test_unpublished_offers_have_no_json_ld(make, house):
    naima = make.browser(make.person(roles=["learning_coordinator"]))
    shown, hidden = (naima.get(f"/wijkwijzer/aanbod/{number}") for number in (71, 72))

    assert "application/ld+json" in shown.text
    assert hidden.status_code == 200
    assert "application/ld+json" not in hidden.text


def test_opensearch_is_offered(make, house):
    home = make.browser().get("/zoeken").text
    answer = make.browser().get("/opensearch.xml")
    urls = [each.get("template") for each in ElementTree.fromstring(answer.text).findall("{*}Url")]

    assert 'rel="search"' in home
    assert [each.split("/", 3)[3] for each in urls] == [
        "zoeken?q={searchTerms}",
        "api/v1/search?q={searchTerms}",
    ]


def test_the_search_page_filters_and_reports_corrections(make, house):
    browser = make.browser()
    found = browser.get("/zoeken?q=groen").text
    slip = browser.get("/zoeken?q=haagbuek").text
    none = browser.get("/zoeken?q=xylofoon&soort=lesson").text

    assert "Samen <mark>groen</mark>" in found
    assert "We vonden niets voor" in browser.get("/zoeken?q=geheim").text
    assert "<strong>haagbeuk</strong>" in slip
    assert "<mark>haagbeuk</mark>" in slip
    assert "Niets gevonden." in none
    for hostile in ("q=%00", "q=%22*NEAR(&pagina=-1", "q=a&pagina=99999", "q=groen&pagina=%D9%A3", "q=" + "x" * 9000, "q=groen&thema=%00%F0"):  # fmt: skip
        assert browser.get(f"/zoeken?{hostile}").status_code == 200, hostile


def test_ten_thousand_fuzzed_requests_cause_no_server_error(app, house):
    """schemathesis generates valid and invalid requests from the file. A few hundred here; `make chaos`
    sends ten thousand."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    ]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=app)
    operations = [each.ok() for each in schema.get_all_operations()]
    each_time = int(os.environ.get("DVB_REQUESTS", "300")) // len(operations) + 1
    asked = []
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=each_time, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def ask(case):
            answer = case.call(headers={"Accept": "application/json"})
            asked.append(answer.status_code)
            case.validate_response(answer, checks=checks)

        ask()

    assert len(asked) >= 0.7 * each_time * len(operations)  # a path without parameters is requested once
    assert {200, 400} <= set(asked)
