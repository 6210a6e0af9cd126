"""Two years beside each other: each stays readable at its own address."""

from dagvandebuurt.qanda.models import QuestionStatus
from tests.archive.conftest import PUBLIC_URL


def get(app, path):
    answer = app.test_client().get(path, base_url=PUBLIC_URL)
    assert answer.status_code == 200, path
    return answer.text


def test_each_year_has_its_programme_and_calendar(event):
    app, _make, _there = event

    assert "Oud nieuws" in get(app, "/programma/2026")
    assert "Samen groen" not in get(app, "/programma/2026").partition("<main")[2]
    assert "Oud nieuws" in get(app, "/programma/2026.ics")
    assert "Samen groen" not in get(app, "/programma/2026.ics")
    assert "Samen groen" in get(app, "/programma/2027.ics")
    assert f"{PUBLIC_URL}/programma/2026.ics" in get(app, "/programma/2026.ics").replace("\r\n ", "")
    assert "/programma/2026.ics?herinnering=15" in get(app, "/programma/2026")
    assert app.test_client().get("/programma/1999.ics", base_url=PUBLIC_URL).status_code == 404


def test_a_session_of_an_earlier_year_leads_back_to_that_year(event):
    app, _make, there = event

    assert 'href="/programma/2026?editie=dag-2026"' in get(app, "/sessies/oud-nieuws")
    assert 'href="/programma/2026' not in get(app, "/sessies/samen-groen")
    assert 'href="/programma"' in get(app, f"/vragen/{there['asked'].id}")


def test_questions_and_lessons_of_an_earlier_year_are_there(event):
    app, make, there = event
    asked = make.question(there["old"], make.guest(), text="En toen?", status=QuestionStatus.ANSWERED)

    assert "En toen?" in get(app, "/sessies/oud-nieuws/live")
    assert "De gemeente, in maart." in get(app, f"/vragen/{asked.id}")
    assert "Les van toen" in get(app, "/lessen?editie=dag-2026")
    assert "Een nee met uitleg" not in get(app, "/lessen?editie=dag-2026").partition("<main")[2]
    assert "Les van toen" in get(app, "/lessen/les-van-toen")


def test_who_spoke_in_several_years_is_found_in_each(event):
    app, _make, _there = event
    joke, anders, body = (
        get(app, f"/{page}") for page in ("sprekers/joke", "sprekers/anders", "organisaties/meerwolde")
    )

    for page in (joke, body):
        assert "Samen groen" in page.partition("<h2>2026</h2>")[0]
        assert "Oud nieuws" in page.partition("<h2>2026</h2>")[2]
    assert "Dit jaar niet in het programma." in anders
    assert "Oud nieuws" in anders.partition("<h2>2026</h2>")[2]
