"""An organiser's own words for roles, fields of work, needs, kinds of session and the menu."""

import re

import pytest

from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda.models import QuestionStatus

PAGE = "/organisatie/woorden"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def edition(make, now):
    return make.edition(registration_opens_at=now.replace(year=2020))


def typed(browser, *hidden, **words):
    """The form of the page as it stands, with these words, and without the ticks of what is `hidden`."""
    page = browser.get(PAGE).text
    names = re.findall(r'name="([a-z_]+/[^"]+/(?:nl|en))" value="([^"]*)"', page)
    shown = re.findall(r'name="([a-z_]+/[^"]+/toon)" value="ja" checked', page)
    fields = dict(names) | {name: "ja" for name in shown if name not in hidden}
    fields["seen"] = re.search(r'name="seen" value="(\d+)"', page)[1]
    return fields | words


def test_own_words_stand_wherever_people_read_or_choose(make, organiser, edition, session):
    form = typed(
        organiser,
        "participant_role/entrepreneur/toon",
        "menu/wijkwijzer.index/toon",
        **{
            "participant_role/resident/nl": "Buurtgenoot",
            "participant_role/resident/en": "Neighbour",
            "menu/lessons.index/nl": "Geleerd",
            "need/large_print/nl": "Grote letters <b>",
        },
    )

    assert organiser.post(PAGE, data=form).status_code == 303

    shown = make.browser().get("/aanmelden").text
    assert "Buurtgenoot" in shown
    assert "Ondernemer" not in shown
    assert ">Bewoner<" not in shown
    assert "Grote letters &lt;b&gt;" in shown
    menu = re.search(r"<nav.*?</nav>", shown, re.DOTALL)[0]
    assert "Geleerd" in menu
    assert "Wijkwijzer" not in menu
    assert make.browser().get("/wijkwijzer").status_code == 200  # only the menu leaves it out
    english = make.browser()
    english.post("/taal", data={"taal": "en"})
    assert "Neighbour" in english.get("/aanmelden").text
    assert "Lessons" not in re.search(r"<nav.*?</nav>", english.get("/aanmelden").text, re.DOTALL)[0]


def test_who_chose_an_entry_before_it_was_left_out_keeps_it(make, organiser, edition):
    form = typed(organiser, "participant_role/entrepreneur/toon")
    organiser.post(PAGE, data=form)
    page = (
        make.browser(make.person("Ed", role=ParticipantRole.ENTREPRENEUR))
        .get("/mijn/instellingen/over-mij")
        .text
    )
    other = (
        make.browser(make.person("Mo", role=ParticipantRole.RESIDENT)).get("/mijn/instellingen/over-mij").text
    )

    assert '<option selected value="entrepreneur">' in page
    assert 'value="entrepreneur"' not in other


def test_a_renamed_role_reads_well_within_a_line_and_a_name_keeps_its_capitals(app, organiser):
    from dagvandebuurt.people.labels import SHORT_ROLES

    words = {"participant_role/resident/nl": "Buurtgenoot", "participant_role/professional/nl": "ZZP'er"}
    organiser.post(PAGE, data=typed(organiser, **words))

    with app.app_context():
        said = [str(SHORT_ROLES[role]) for role in ParticipantRole]
    assert said[:2] == ["buurtgenoot", "actieve bewoner"]
    assert "ZZP'er" in said


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("need/other/nl", "x" * 81, "Houd het bij 80 tekens."),
        ("need/other/en", "Else", "Vul ook het Nederlandse woord in."),
    ],
)
def test_a_word_that_cannot_be_is_refused_and_everything_typed_stays(organiser, field, value, sentence):
    form = typed(organiser, **{"domain/care/nl": "Zorg en welzijn", field: value})

    refused = organiser.post(PAGE, data=form)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert "Zorg en welzijn" in refused.text
    assert value in refused.text
    assert "Zorg en welzijn" not in organiser.get(PAGE).text


def test_a_list_keeps_at_least_one_entry_and_nobody_has_to_say_who_they_are(make, organiser, edition):
    form = typed(organiser)
    empty = {name: value for name, value in form.items() if not name.startswith("access/")}
    refused = organiser.post(PAGE, data=empty)
    nobody = {name: value for name, value in form.items() if not re.match(r"participant_role/.*/toon", name)}

    assert "Laat er minstens één staan." in refused.text
    assert organiser.post(PAGE, data=nobody).status_code == 303
    assert "Zeg ik liever niet" in make.browser().get("/aanmelden").text


def test_two_organisers_at_once_do_not_lose_each_others_words(organiser, make):
    first, second = typed(organiser), typed(organiser)
    first["need/other/nl"], second["need/captions/nl"] = "Nog iets", "Schrijftolk"

    saved, refused = organiser.post(PAGE, data=first), organiser.post(PAGE, data=second)

    assert (saved.status_code, refused.status_code) == (303, 409)
    assert "Schrijftolk" in refused.text
    assert "Nog iets" in organiser.get(PAGE).text


def test_saving_the_look_keeps_the_words(organiser):
    from tests.branding.test_look import PAGE as LOOK
    from tests.branding.test_look import typed as look_typed

    organiser.post(PAGE, data=typed(organiser, **{"need/other/nl": "Nog iets"}))
    assert organiser.post(LOOK, data=look_typed(organiser, name="Feest")).status_code == 303

    assert "Nog iets" in organiser.get(PAGE).text


def named(organiser, **own):
    """Add entries of the organiser's own to lists."""
    form = typed(organiser, **own)
    return organiser.post(PAGE, data=form | {name.rpartition("/")[0] + "/toon": "ja" for name in own})


def test_an_added_entry_is_chosen_counted_and_read_like_any_other(app, make, organiser, edition, session):
    added = {
        "participant_role/own_1/nl": "Straatcoach",
        "participant_role/own_1/en": "Street coach",
        "domain/own_1/nl": "Sport",
        "need/own_1/nl": "Een rustige plek",
        "session_kind/own_1/nl": "Wandeling",
    }
    assert "Eigen keuze" not in make.browser().get("/aanmelden").text
    assert named(organiser, **added).status_code == 303

    page = make.browser().get("/aanmelden").text
    for code, word in (("own_1", "Straatcoach"), ("own_1", "Sport"), ("own_1", "Een rustige plek")):
        assert re.search(rf'value="{code}"[^>]*>\s*(<span>)?{word}', page), word
    assert "Eigen keuze" not in page
    coach = make.person("Ed", role=ParticipantRole.OWN_1)
    bo = make.identity("Bo", role=ParticipantRole.OWN_1)
    make.question(session, bo, status=QuestionStatus.VISIBLE)
    assert "straatcoach" in make.browser().get(f"/sessies/{session.slug}/live").text
    assert '<option selected value="own_1">Straatcoach' in own_page(make.browser(coach))
    form = organiser.get("/organisatie/programma/sessies/nieuw").text
    assert "Wandeling" in form
    assert "Sport" in form
    # The next empty line is there, and what is named can be left out again: who chose it keeps it.
    assert 'name="domain/own_2/nl" value=""' in organiser.get(PAGE).text
    organiser.post(PAGE, data=typed(organiser, "participant_role/own_1/toon"))
    assert "Straatcoach" not in make.browser().get("/aanmelden").text
    assert '<option selected value="own_1">Straatcoach' in own_page(make.browser(coach))
    assert "straatcoach" in make.browser().get(f"/sessies/{session.slug}/live").text


def own_page(browser):
    return browser.get("/mijn/instellingen/over-mij").text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [("", "Wie dit koos, leest dit woord nog."), ("Gemeente", "Dit woord staat al in deze lijst.")],
)
def test_the_word_of_an_added_entry_never_gets_lost_or_doubled(organiser, word, sentence):
    named(organiser, **{"domain/own_1/nl": "Sport"})

    refused = organiser.post(PAGE, data=typed(organiser, **{"domain/own_1/nl": word}))

    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert 'name="domain/own_1/nl" value="Sport"' in organiser.get(PAGE).text


def test_a_code_without_a_word_is_not_accepted(make, organiser, edition):
    named(organiser, **{"domain/own_1/nl": "Sport"})
    browser = make.browser(make.person("Ed", role=ParticipantRole.RESIDENT))
    page = own_page(browser)

    typed_ = {"name": "Ed", "participant_role": "resident", "neighbourhood": ""}

    kept = browser.post("/mijn/gegevens/verbeteren", data=typed_ | {"domain": "own_1"})
    refused = browser.post("/mijn/gegevens/verbeteren", data=typed_ | {"domain": "own_2"})

    assert 'value="own_1"' in page
    assert 'value="own_2"' not in page
    assert (kept.status_code, refused.status_code) == (303, 422)


def test_an_added_kind_of_session_goes_out_and_comes_in_by_its_word(app, organiser):
    from dagvandebuurt.programme.exchange.parse import kind_in_file, kind_of
    from dagvandebuurt.programme.models import SessionKind

    named(organiser, **{"session_kind/own_1/nl": "Wandeling", "session_kind/own_1/en": "Walk"})

    with app.app_context():
        assert kind_in_file(SessionKind.OWN_1) == "Wandeling"
        assert kind_of("wandeling") == (SessionKind.OWN_1, None)
        assert kind_of("own_1") == (SessionKind.WORKSHOP, "own_1")


def test_a_list_is_full_after_six_of_ones_own(organiser):
    for number in range(1, 7):
        assert named(organiser, **{f"need/own_{number}/nl": f"Nodig {number}"}).status_code == 303

    page = organiser.get(PAGE).text
    assert page.count('name="need/own_') == 18
    assert page.count("Zet er een bij") == 3
