"""Pages of the Wijkwijzer: visibility, forms, introductions."""

import re
from uuid import uuid4

import pytest
from flask import url_for
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.sources import named
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Bookmark, Domain, ParticipantRole, Person
from dagvandebuurt.wijkwijzer.errors import NeedsCard, NobodyToMeet
from dagvandebuurt.wijkwijzer.models import (
    GapStatus,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people import meeting
from dagvandebuurt.wijkwijzer.people.models import ContactRequest, Joining, Proposal
from dagvandebuurt.wijkwijzer.privacy import messages_of_long_ago
from dagvandebuurt.wijkwijzer.questions.supply_demand import board

ASK = "/wijkwijzer/leervragen/stel"
HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE gap; --",
    "{{ 7 * 7 }}",
    "\u202eomgekeerd",
    "a\u0300" * 200,
    "\x00nul",
    "=CMD()",
]


def test_every_page_is_public_also_without_content(app, make):
    for path in ("", "/leervragen", "/aanbod", "/nog-te-organiseren", "/voorbeelden", "/bord"):
        for asked in ("", "?thema=bestaat-niet&domein=x&plaats=%00&voor=niemand&stand=%F0%9F%8E%89"):
            answer = make.browser().get(f"/wijkwijzer{path}{asked}")
            assert (path, answer.status_code) == (path, 200)


def test_unpublished_things_are_found_by_their_sender_only(app, make):
    sender, naima = make.identity(), make.identity(roles=["learning_coordinator"])
    hidden = [
        f"/wijkwijzer/leervragen/{make.learning_question(sender, status=LearningQuestionStatus.SUBMITTED).number}",
        f"/wijkwijzer/aanbod/{make.learning_offer(sender, status=OfferStatus.SUBMITTED).number}",
        f"/wijkwijzer/voorbeelden/{make.initiative(sender, status=InitiativeStatus.IN_REVIEW).slug}",
    ]
    for path in hidden:
        seen = [make.browser(who).get(path).status_code for who in (None, make.identity(), sender, naima)]
        assert seen == [404, 404, 200, 200], path
    for path in ("/wijkwijzer/leervragen/99999999999999999999", "/wijkwijzer/aanbod/0"):
        assert make.browser().get(path).status_code == 404


def test_views_change_only_the_order(app, make):
    make.learning_question(title="Van een bewoner", me_too=1)
    make.learning_question(title="Van beleid", asked_by_role=ParticipantRole.POLICY_OFFICER, me_too=9)

    def order(path, who=None):
        page = make.browser(who).get(path).text
        return sorted(("Van een bewoner", "Van beleid"), key=page.index)

    assert order("/wijkwijzer/leervragen") == ["Van beleid", "Van een bewoner"]
    assert order("/wijkwijzer/leervragen?voor=bewoner") == ["Van een bewoner", "Van beleid"]
    resident = make.person(role=ParticipantRole.RESIDENT)
    assert order("/wijkwijzer/leervragen", resident) == ["Van een bewoner", "Van beleid"]
    assert order("/wijkwijzer/leervragen?voor=beleid", resident) == ["Van beleid", "Van een bewoner"]


def test_learning_question_is_moderated_and_shows_no_name(app, make):
    ellen = make.identity("Ellen Bosvelt")
    sent = make.browser(ellen).post(ASK, data={"title": "Hoe praat ik met jongeren?", "place": ""})
    assert (sent.status_code, make.browser().get(sent.headers["Location"]).status_code) == (303, 404)
    naima = make.browser(make.identity(roles=["learning_coordinator"]))
    number = sent.headers["Location"].rpartition("/")[2]

    naima.post(f"/wijkwijzer/regie/leervragen/{number}/tonen")

    page = make.browser().get(sent.headers["Location"]).text
    assert "Hoe praat ik met jongeren?" in page
    assert "Ellen" not in page


def test_near_duplicate_is_shown_and_may_still_be_submitted(app, make):
    there = make.learning_question(title="Hoe houd ik een bewonersgroep bij elkaar?")
    browser = make.browser(make.identity())
    typed = {"title": "Hoe houd je een bewonersgroep bij elkaar", "detail": "Wij zijn met vier.", "place": ""}

    first = browser.post(ASK, data=typed)
    again = browser.post(ASK, data=typed | {"toch": "1"})

    assert (first.status_code, again.status_code) == (422, 303)
    assert f'href="/wijkwijzer/leervragen/{there.number}"' in first.text
    assert "Wij zijn met vier." in first.text


def test_text_that_may_identify_a_person_is_shown_once_more(app, make):
    browser = make.browser(make.identity())
    typed = {"title": "Wat doe ik met mevrouw Jansen?", "place": ""}

    first = browser.post(ASK, data=typed)
    again = browser.post(ASK, data=typed | {"toch": "1"})

    assert (first.status_code, again.status_code) == (422, 303)
    assert "Noem je hier iemand" in first.text


def test_unread_submissions_of_one_person_are_limited(app, make):
    ellen = make.identity()
    for _ in range(5):
        make.learning_question(ellen, status=LearningQuestionStatus.SUBMITTED)
    answer = make.browser(ellen).post(ASK, data={"title": "Nog een vraag", "place": ""})
    assert (answer.status_code, "Nog een vraag" in answer.text) == (429, True)


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_markup_is_escaped_or_refused(app, make, text):
    ellen, naima = make.identity(), make.identity(roles=["learning_coordinator"])
    asking = {"title": text, "detail": text, "place": "", "toch": "1"}
    offering = {
        "title": text, "summary": text, "provider": "", "provider_name": text, "form": "course", "place": "",
        "mode": "online", "cost": text, "duration": text, "language_level": "", "for_gap": "", "contact": text,
    }  # fmt: skip
    sharing = {"title": text, "summary": text, "what": text, "led_by": "", "led_by_name": text, "place": ""}
    for path, typed in (
        (ASK, asking), ("/wijkwijzer/aanbod/nieuw", offering), ("/wijkwijzer/voorbeelden/nieuw", sharing),
    ):  # fmt: skip
        sent = make.browser(ellen).post(path, data=typed)
        assert sent.status_code in (303, 422), (path, sent.status_code)
        page = (
            sent.text if sent.status_code == 422 else make.browser(naima).get(sent.headers["Location"]).text
        )
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert ">49<" not in page


def test_invalid_form_of_the_wijkwijzer_keeps_typed_values(app, make):
    browser = make.browser(make.identity())
    for typed in (
        {"title": "x" * 161, "place": ""},
        {"title": "", "detail": "Dit wil ik zeggen", "place": ""},
        {"title": "Wat", "place": str(uuid4())},
        {"title": "Wat", "place": "", "themes": "geen-thema"},
    ):
        answer = browser.post(ASK, data=typed)
        assert answer.status_code == 422
        assert (typed.get("detail") or typed["title"]) in answer.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elders.example", "ftp://x"])
def test_non_http_url_is_refused(app, make, url):
    typed = {
        "title": "Cursus", "summary": "Je leert.", "provider": "", "provider_name": "Wij", "form": "course",
        "mode": "online", "cost": "gratis", "duration": "kort", "place": "", "language_level": "", "for_gap": "",
    }  # fmt: skip
    browser = make.browser(make.identity())

    assert browser.post("/wijkwijzer/aanbod/nieuw", data=typed | {"url": url}).status_code == 422
    assert (
        browser.post("/wijkwijzer/aanbod/nieuw", data=typed | {"url": "https://a.example"}).status_code == 303
    )


def test_initiative_is_returned_with_a_remark_and_resubmitted(app, make):
    sender, naima = make.identity(), make.browser(make.identity(roles=["learning_coordinator"]))
    typed = {
        "title": "Soepbus",
        "summary": "Soep.",
        "what": "Koken.",
        "led_by": "",
        "led_by_name": "Wij",
        "place": "",
    }
    path = make.browser(sender).post("/wijkwijzer/voorbeelden/nieuw", data=typed).headers["Location"]
    desk = path.replace("voorbeelden", "regie/voorbeelden")

    assert naima.post(f"{desk}/terug", data={"note": ""}).status_code == 422
    naima.post(f"{desk}/terug", data={"note": "Wie koken er?"})
    assert "Wie koken er?" in make.browser(sender).get(f"{path}/veranderen").text
    assert make.browser(make.identity()).get(f"{path}/veranderen").status_code == 404
    make.browser(sender).post(f"{path}/veranderen", data=typed | {"what": "Twaalf mensen koken."})
    naima.post(f"{desk}/plaatsen")

    assert "Twaalf mensen koken." in make.browser().get(path).text


def test_initiatives_of_one_name_get_unique_slugs(app, make):
    typed = {"title": "Nieuw", "summary": "S.", "what": "W.", "led_by": "", "led_by_name": "Wij", "place": ""}
    browser = make.browser(make.identity())
    where = [browser.post("/wijkwijzer/voorbeelden/nieuw", data=typed).headers["Location"] for _ in range(3)]
    assert [each.rpartition("/")[2] for each in where] == ["nieuw-2", "nieuw-3", "nieuw-4"]


def test_message_is_relayed_without_revealing_addresses(app, make, now):
    runs, writes, other = make.identity("Joke"), make.identity("Tariq"), make.identity("Mila")
    example = make.initiative(runs)
    path = f"/wijkwijzer/voorbeelden/{example.slug}"

    make.browser(writes).post(f"{path}/contact", data={"message": "Mag ik meekijken?"})
    page = make.browser(runs).get(path).text
    request = re.search(r'name="request" value="([^"]+)"', page).group(1)
    assert make.browser(other).get(path).text.count("Mag ik meekijken?") == 0
    assert (
        make.browser(other).post(f"{path}/antwoord", data={"request": request, "text": "x"}).status_code
        == 403
    )
    make.browser(runs).post(f"{path}/antwoord", data={"request": request, "text": "Dinsdag."})
    twice = make.browser(runs).post(f"{path}/antwoord", data={"request": request, "text": "Woensdag."})

    assert twice.status_code == 409
    with app.app_context():
        addresses = [db.session.get_one(Person, who.id).email for who in (runs, writes)]
        # Both at one frozen moment: which was first, no column says.
        sent = sorted(db.session.scalars(select(Mail)), key=lambda mail: addresses.index(mail.to))
        assert [mail.to for mail in sent] == addresses
        assert "Tariq" in sent[0].text
        assert "Dinsdag." in sent[1].text
        for mail, others in zip(sent, reversed(addresses), strict=True):
            assert others not in mail.text + (mail.html or "") + mail.subject
    assert addresses[0] not in page
    assert addresses[1] not in page


def test_message_is_deleted_a_month_after_its_answer(app, make, now):
    from datetime import timedelta

    example, writer = make.initiative(), make.identity()
    for days, status in ((31, "answered"), (29, "answered"), (31, "sent"), (91, "sent")):
        make.store(
            ContactRequest(
                initiative_id=example.id, from_id=writer.id, text=f"{status} {days}", status=status,
                reply="Ja." if status == "answered" else None, sent_at=now - timedelta(days=days),
                answered_at=now - timedelta(days=days) if status == "answered" else None,
            )
        )  # fmt: skip
    with app.app_context(), transaction():
        assert messages_of_long_ago.tidy(now - timedelta(days=30)) == 2
        assert set(db.session.scalars(select(ContactRequest.text))) == {"answered 29", "sent 31"}


def test_participants_are_visible_to_the_organisers_only(app, make):
    runs, helper = make.identity("Joke"), make.identity("Tariq")
    example = make.initiative(runs)
    path = f"/wijkwijzer/voorbeelden/{example.slug}"
    make.browser(helper).post(f"{path}/meedoen", data={"on": "1", "offer": "Ik kan fietsen"})

    assert "Ik kan fietsen" in make.browser(runs).get(path).text
    page = make.browser(make.identity()).get(path).text
    assert "1 persoon doet mee" in page
    assert "Tariq" not in page
    make.browser(helper).post(f"{path}/meedoen", data={"on": ""})
    with app.app_context():
        assert db.session.scalar(select(Joining)) is None


def test_only_public_things_can_be_bookmarked(app, make):
    ellen, other = make.identity(), make.identity()
    things = [
        make.learning_question(title="De vraag"),
        make.learning_offer(title="Het aanbod"),
        make.initiative(),
    ]
    hidden = make.learning_question(other, status=LearningQuestionStatus.SUBMITTED)
    browser = make.browser(ellen)
    with app.test_request_context():
        paths = [url_for("lessons.keep", target_id=each.id) for each in (*things, hidden)]

    assert [browser.post(path).status_code for path in paths] == [303, 303, 303, 404]

    page = browser.get("/mijn").text
    assert all(title in page for title in ("De vraag", "Het aanbod", "De soepbus"))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 3


def test_public_things_can_be_sources_of_lessons(inside, make):
    shown = [make.learning_question(), make.gap(), make.initiative()]
    hidden = [
        make.learning_question(status=LearningQuestionStatus.SUBMITTED),
        make.initiative(status=InitiativeStatus.DRAFT),
    ]
    kinds = ("learning_question", "gap", "initiative", "learning_question", "initiative")

    found = named([f"{kind}:{each.id}" for kind, each in zip(kinds, [*shown, *hidden], strict=True)])

    assert {source.id for source in found} == {each.id for each in shown}
    assert {source.path for source in found} == {
        f"/wijkwijzer/leervragen/{shown[0].number}", f"/wijkwijzer/nog-te-organiseren/{shown[1].number}",
        f"/wijkwijzer/voorbeelden/{shown[2].slug}",
    }  # fmt: skip


def test_supply_demand_matrix_shows_demand_without_supply(inside, make):
    full, white, quiet = make.theme("Vol"), make.theme("Wit"), make.theme("Stil")
    gap = make.gap()
    make.learning_question(themes=[full], me_too=3)
    make.learning_question(themes=[white], me_too=2, status=LearningQuestionStatus.GAP, gap_id=gap.id)
    make.learning_question(themes=[white], status=LearningQuestionStatus.SUBMITTED)  # nobody read it yet
    make.learning_offer(themes=[full])
    make.learning_offer(themes=[white], status=OfferStatus.EXPIRED)
    make.gap(status=GapStatus.PARKED)

    found = board([full, white, quiet])
    lines = found.themes

    assert found.most == 4  # people and offers on one scale
    assert [(line.people, line.offers, line.gaps, line.is_white) for line in lines] == [
        (4, 1, 0, False), (3, 0, 1, True), (0, 0, 0, False),
    ]  # fmt: skip


# --- meeting -------------------------------------------------------------------------------------


@pytest.fixture
def people(make):
    """Create a police officer, a social worker with the same theme, and another police officer."""
    theme, other = make.theme("Veilig"), make.theme("Wonen")
    return {
        "agent": (make.identity("Ruben", role=ParticipantRole.PROFESSIONAL, domain=Domain.POLICE), theme),
        "worker": (make.identity("Marga", role=ParticipantRole.SOCIAL_WORKER, domain=Domain.WELFARE), theme),
        "house": (make.identity("Thijmen", role=ParticipantRole.PROFESSIONAL, domain=Domain.HOUSING), other),
        "same": (make.identity("Collega", role=ParticipantRole.PROFESSIONAL, domain=Domain.POLICE), theme),
    }


def keep_cards(people, now, *names):
    for name in names:
        who, theme = people[name]
        with transaction():
            meeting.keep_card(who, None, line=f"Ik ben {name}.", theme_id=theme.id, place_id=None, now=now)


def test_proposal_is_of_another_domain_by_theme_first_and_never_repeated(inside, people, now):
    keep_cards(people, now, "agent", "same", "house", "worker")
    agent = people["agent"][0]
    proposed = []
    for _ in range(2):
        with transaction():
            proposed.append(meeting.propose(agent, None, now=now).other_id)
    assert proposed == [people["worker"][0].id, people["house"][0].id]
    with transaction(), pytest.raises(NobodyToMeet):  # the colleague is of the same field and role
        meeting.propose(agent, None, now=now)


def test_proposals_require_a_card_of_ones_own(inside, people, now):
    keep_cards(people, now, "worker")
    with transaction(), pytest.raises(NeedsCard):
        meeting.propose(people["agent"][0], None, now=now)


def test_names_and_meeting_appear_only_after_both_agreed(app, make, people, now):
    app.config["MEETING_TABLES"] = "https://tafel.example/{room}"
    with app.app_context():
        keep_cards(people, now, "agent", "worker")
    agent, worker = (make.browser(people[name][0]) for name in ("agent", "worker"))
    agent.post("/wijkwijzer/ontmoeten/voorstel")
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
    path = f"/wijkwijzer/ontmoeten/{proposal.id}"

    before = agent.get("/wijkwijzer/ontmoeten").text
    assert "Ik ben worker." in before
    agent.post(path, data={"ja": "1"})
    halfway = [who.get("/wijkwijzer/ontmoeten").text for who in (agent, worker)]
    assert make.browser(people["same"][0]).post(path, data={"ja": "1"}).status_code == 404
    worker.post(path, data={"ja": "1"})
    after = [who.get("/wijkwijzer/ontmoeten").text for who in (agent, worker)]

    for page in (before, halfway[0]):
        assert "Marga" not in page
    assert "Ruben" not in halfway[1]
    assert "tafel.example" not in before + "".join(halfway)
    assert ("Marga" in after[0], "Ruben" in after[1]) == (True, True)
    assert all(f"https://tafel.example/{proposal.room}" in page for page in after)


def test_refusal_is_final_and_anonymous(app, make, people, now):
    with app.app_context():
        keep_cards(people, now, "agent", "worker")
        with transaction():
            proposal = meeting.propose(people["agent"][0], None, now=now).id
        for who, agrees in (("worker", False), ("agent", True), ("worker", True)):
            with transaction():
                meeting.answer(people[who][0], db.session.get_one(Proposal, proposal), agrees=agrees)
        assert meeting.meetings_of(people["agent"][0]) == []
        with transaction(), pytest.raises(NotFound):
            meeting.answer(people["same"][0], db.session.get_one(Proposal, proposal), agrees=True)


def test_person_without_card_is_not_proposed(inside, people, now):
    keep_cards(people, now, "agent", "worker")
    with transaction():
        meeting.take_card_away(people["worker"][0], None)
    with transaction(), pytest.raises(NobodyToMeet):
        meeting.propose(people["agent"][0], None, now=now)


# --- who is deleted ------------------------------------------------------------------------------


def test_erasure_keeps_public_content_without_sender_and_deletes_the_rest(app, make):
    ellen, other = make.identity("Ellen"), make.identity()
    kept = [make.learning_question(ellen), make.learning_offer(ellen), make.initiative(ellen)]
    gone = [
        make.learning_question(ellen, status=LearningQuestionStatus.SUBMITTED),
        make.learning_offer(ellen, status=OfferStatus.SUBMITTED),
        make.initiative(ellen, status=InitiativeStatus.IN_REVIEW),
    ]
    liked = make.learning_question(other)
    make.browser(ellen).post(f"/wijkwijzer/leervragen/{liked.number}/ik-ook", data={"on": "1"})

    make.browser(ellen).post("/mijn/gegevens/wissen", data={"zeker": "ja"})

    kinds = (LearningQuestion, LearningOffer, Initiative)
    with app.app_context():
        for kind, stays, goes in zip(kinds, kept, gone, strict=True):
            row = db.session.get_one(kind, stays.id)
            assert getattr(row, "asker_id", None) is getattr(row, "submitted_by_id", None) is None
            assert db.session.get(kind, goes.id) is None
        assert db.session.get_one(LearningQuestion, liked.id).me_too == 1  # people counted stay counted
