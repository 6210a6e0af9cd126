"""Full-text search: what is found, what never is, its speed and its consistency, on both databases."""

import contextlib
import random
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text

from dagvandebuurt.agenda.models import FollowUp, FollowUpStatus
from dagvandebuurt.core.db import db
from dagvandebuurt.core.search import index
from dagvandebuurt.core.search.registry import SearchDocument, sources
from dagvandebuurt.core.search.search import find, matching
from dagvandebuurt.core.search.snippets import marked, snippet
from dagvandebuurt.core.search.tables import ENTRY, NEAR, VOCABULARY, dialect_of
from dagvandebuurt.core.search.vocabulary import (
    deletion_variants,
    edit_distance,
    sought,
    stem,
    without_plural,
)
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Lesson, LessonQuote, LessonSection, LessonStatus
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import (
    Edition,
    Organisation,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Theme,
)
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.wijkwijzer.models import LearningOffer, OfferForm, OfferMode, OfferStatus
from tests.many import KINDS, things, vocabulary, with_a_slip

pytestmark = pytest.mark.usefixtures("inside")
HOSTILE = [
    '"', "*", "'", "NEAR(", "buurt NEAR/2 plein", "title:groen", "groen AND", "OR OR", "(((", "^groen", "-groen",
    "groen:*", "a & | !", "\\", "%", "_", "\x00", "g\x00roen", "A" * 10_000, "groen " * 3000, "🏳️‍🌈" * 50, "\u202egroen",
    "مرحبا", "हिन्दी", "Z" + "\u0301" * 200, "'; DROP TABLE search_entry; --", "<script>alert(1)</script>", "{{7*7}}",
    "½ ² ﬁ", "ß", "İ", "\ud800", "1e9", "9" * 400, "   ", "de het een",
]  # fmt: skip


def titles(typed, **chosen):
    return [each.title for each in find(typed, chosen).results]


@pytest.fixture
def lesson(make, now):
    section = LessonSection(position=0, anchor="begin", heading="Begin", body="Een **sterk** begin.")
    return make.store(
        Lesson(
            edition_id=make.edition().id, slug="les", title="Een nee met uitleg", lead="Kort.", in_short=["Eén."],
            status=LessonStatus.PUBLISHED, published_at=now, changed_at=now, sections=[section],
        )
    )  # fmt: skip


def test_public_documents_are_found_by_word_and_by_prefix(make, lesson):
    make.session("Samen groen", abstract="We planten bomen langs de Vlietlaan.")

    assert titles("bomen") == ["Samen groen"]
    assert titles("vliet PLANTEN") == ["Samen groen"]
    assert titles("sterk") == ["Een nee met uitleg"]
    assert titles("boomhut") == []
    assert titles("bomen sterk") == []


def test_accents_case_and_plurals_make_no_difference(make):
    make.session("Ideeën voor de café's in de wijk")

    assert titles("ideeen CAFE") == titles("wijken") == ["Ideeën voor de café's in de wijk"]


FORMS = [
    ("buurten", "buurt"), ("winkels", "winkel"), ("lessen", "les"), ("bussen", "bus"), ("huizen", "huis"),
    ("straten", "straat"), ("brieven", "brief"), ("bomen", "boom"), ("kinderen", "kind"), ("eieren", "ei"),
    ("buren", "buur"), ("wandelingen", "wandeling"), ("lopen", "loopt"), ("ideeën", "idee"), ("spelen", "speelde"), ("vragen", "vraag"),
    ("wandelde", "wandelen"), ("gemeenten", "gemeente"), ("gesprekken", "gesprek"), ("mensen", "mens"), ("aanvragen", "aangevraagd"), ("vergaderingen", "vergaderen"), ("praten", "praat"), ("groene", "groen"),
    ("scholen", "school"), ("problemen", "probleem"), ("adviezen", "advies"), ("wegen", "weg"), ("fietsen", "fiets"),
    ("subsidies", "subsidie"), ("initiatieven", "initiatief"), ("materialen", "materiaal"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), FORMS, ids=map("-".join, FORMS))
def test_plural_and_verb_forms_find_each_other_on_every_database(make, one, other):
    make.session(f"Iets over {one}")
    make.session(f"Meer over {other}")

    assert sorted(titles(one)) == sorted(titles(other)) == [f"Iets over {one}", f"Meer over {other}"]
    assert find(one).instead == find(other).instead == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("vuilnis", "afval"), ("woningbouw", "corporatie"), ("eenzaam", "ontmoeten"), ("hangjongeren", "jongeren"),
        ("schimmel", "vocht"), ("waste", "afval"),
    ],
)  # fmt: skip
def test_a_word_without_results_leads_to_what_it_is_called_here(make, typed, said):
    make.session(f"Alles over {said}")
    make.session("Een vaste avond")  # one letter from *waste*

    found = find(typed)

    assert [each.title for each in found.results] == [f"Alles over {said}"]
    assert list(found.instead) == [said]


def test_where_little_is_found_other_words_are_offered_and_not_mixed_in(make):
    make.session("De agent in de straat")
    make.session("Onze wijkagent")

    found = find("agent")

    assert [each.title for each in found.results] == ["De agent in de straat"]
    assert found.also == [["wijkagent"]]


def test_stems_that_changed_are_indexed_by_the_nightly_repair(make, monkeypatch):
    make.session("Het kwaad")
    monkeypatch.setattr(index, "STEMS", index.STEMS + 1)
    with transaction():
        first, second = index.rebuild(), index.rebuild()

    assert first["session"] == 1
    assert not any(second.values())


def test_a_plural_finds_compounds_and_a_short_stem_only_itself(make):
    make.session("Het buurthuis")
    make.session("Een lesbrief")
    make.session("Wat men ervan vindt")
    make.session("Nieuw beleid")

    assert titles("buurten") == ["Het buurthuis"]
    assert titles("lessen") == titles("gemeente") == titles("mens") == titles("begeleiding") == []
    assert titles("les") == ["Een lesbrief"]


def test_the_title_weighs_more_than_the_text(make):
    make.session("Verkeer", abstract="Over de straat, de straat en de straat.")
    make.session("De straat", abstract="Over iets anders.")

    assert titles("straat") == ["De straat", "Verkeer"]


def test_a_misspelling_is_corrected_and_reported(make):
    make.session("Vergaderen zonder slaap")
    for typed in ("vergadren", "vergaaderen", "vergadeern", "vergqderen"):
        found = find(typed)
        assert ([each.title for each in found.results], list(found.instead)) == (
            ["Vergaderen zonder slaap"], ["vergaderen"],
        )  # fmt: skip
    assert find("vergaderen").instead == ()
    assert titles("xylofoon") == []


def test_hiding_removes_from_the_index_in_the_same_transaction(make, session):
    question = make.question(session, status=QuestionStatus.ANSWERED, text="Wie snoeit de haagbeuk?")
    assert titles("haagbeuk") == ["Wie snoeit de haagbeuk?"]

    with transaction():
        row = db.session.get_one(Question, question.id)
        row.status, row.hidden_reason = QuestionStatus.HIDDEN, "respect"

    found = find("haagbeuk")
    assert (found.count, found.facets["kind"], found.instead) == (0, [], ())
    assert db.session.scalar(select(VOCABULARY.c.word).where(VOCABULARY.c.word == "haagbeuk")) is None
    assert db.session.scalar(select(NEAR.c.word).where(NEAR.c.word == "haagbeuk")) is None
    assert titles("hagbeuk") == []


@pytest.mark.parametrize("status", [each for each in QuestionStatus if each is not QuestionStatus.ANSWERED])
def test_unanswered_questions_are_not_indexed(make, session, status):
    make.question(session, status=QuestionStatus.ANSWERED, text="Waar staat de haagbeuk?")
    make.question(session, status=status, text="Wie snoeit de haagbeuk?")

    assert titles("haagbeuk") == ["Waar staat de haagbeuk?"]


def test_questions_are_not_found_by_asker_and_anonymous_ones_not_at_all(make, session):
    asker = make.identity("Quirine Zandvoort")
    answered = {"status": QuestionStatus.ANSWERED}
    make.question(
        session, asker, text="Wie snoeit?", appearance=Appearance.NAME, shown_name="Quirine", **answered
    )
    make.question(
        session, asker, text="Ik durf niet naar buiten.", appearance=Appearance.ANONYMOUS, **answered
    )

    assert titles("snoeit") == ["Wie snoeit?"]
    assert titles("quirine") == titles("durf") == []
    kept = [tuple(row) for row in db.session.execute(text("SELECT title, body FROM search_words"))]
    assert "durf" not in str(kept)
    assert "quirine" not in str(kept)


def test_agenda_items_are_indexed_once_sent_and_not_by_their_author(make, now):
    raiser = make.identity("Quirine Zandvoort")
    point = make.point(raised_by=raiser, title="Een bankje op de dijk", status=FollowUpStatus.CURATED)
    assert titles("bankje") == []

    with transaction():
        row = db.session.get_one(FollowUp, point.id)
        row.status, row.sent_at, row.due_on = FollowUpStatus.SENT, now, now.date()

    assert titles("bankje dijk") == ["Een bankje op de dijk"]
    assert titles("quirine") == []
    with transaction():
        row = db.session.get_one(FollowUp, point.id)
        row.status = FollowUpStatus.WITHDRAWN
    assert titles("bankje") == []


def test_only_published_offers_are_indexed(make, now):
    offer = make.store(
        LearningOffer(
            number=1, title="Praten met een meekijkende buur", summary="Kort.", provider_name="De Brug",
            form=OfferForm.WORKSHOP, mode=OfferMode.ONLINE, cost="", duration="", status=OfferStatus.SUBMITTED,
            submitted_at=now, changed_at=now,
        )
    )  # fmt: skip
    assert titles("meekijkende") == []

    with transaction():
        row = db.session.get_one(LearningOffer, offer.id)
        row.status, row.checked_on, row.published_at = OfferStatus.PUBLISHED, now.date(), now
    assert titles("meekijkende") == ["Praten met een meekijkende buur"]

    with transaction():
        db.session.get_one(LearningOffer, offer.id).status = OfferStatus.EXPIRED
    assert titles("meekijkende") == []


def test_drafts_are_not_indexed_until_published(make, lesson):
    session = make.session("Vuurtoren", status=SessionStatus.DRAFT)
    assert titles("vuurtoren") == []

    with transaction():
        db.session.get_one(ProgrammeSession, session.id).status = SessionStatus.SCHEDULED
        db.session.get_one(Lesson, lesson.id).status = LessonStatus.ARCHIVED

    assert titles("vuurtoren") == ["Vuurtoren"]
    assert titles("uitleg") == []


def test_rolled_back_changes_are_not_indexed(make):
    session = make.session("Vuurtoren")
    with contextlib.suppress(ZeroDivisionError), transaction():
        db.session.get_one(ProgrammeSession, session.id).title = "Waterval"
        db.session.flush()
        raise ZeroDivisionError

    assert titles("vuurtoren") == ["Vuurtoren"]
    with transaction():
        with db.session.begin_nested() as point:
            db.session.get_one(ProgrammeSession, session.id).title = "Waterval"
            db.session.flush()
            point.rollback()
        db.session.get_one(ProgrammeSession, session.id).abstract = "Op het eiland."

    assert titles("eiland") == ["Vuurtoren"]
    assert titles("waterval") == []


def test_related_changes_reindex_the_session(make):
    session = make.session("Samen groen")
    body = make.store(
        Organisation(
            code="o", name="Stichting Vliet", kind="x", domain="welfare", answers_follow_ups=False, response_days=9
        )
    )  # fmt: skip
    speaker = make.store(Speaker(code="s", name="Jolanda Wit", function="x", bio="", organisation_id=body.id))
    make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.SPEAKER))
    theme = make.store(Theme(code="t", label="Water", summary="", position=0))
    with transaction():
        db.session.get_one(ProgrammeSession, session.id).themes = [db.session.get_one(Theme, theme.id)]
    assert titles("jolanda", kind="session") == titles("vliet", kind="session") == ["Samen groen"]
    assert titles("jolanda", kind="speaker") == titles("vliet", kind="speaker") == ["Jolanda Wit"]
    assert titles("water") == ["Samen groen"]

    with transaction():
        db.session.get_one(Speaker, speaker.id).name = "Hendrika Wit"
        db.session.get_one(Theme, theme.id).label = "Rivieren"

    assert titles("hendrika", kind="session") == titles("rivieren") == ["Samen groen"]
    assert titles("hendrika", kind="speaker") == ["Hendrika Wit"]
    assert titles("jolanda") == []


def test_answers_are_indexed_after_consent(make, lesson, now):
    speaker = make.store(Speaker(code="s", name="Jolanda Wit", function="x", bio=""))
    quote = make.store(
        LessonQuote(
            lesson_id=lesson.id, position=0, text="Ik zwijg over de rietkraag.", speaker_id=speaker.id
        )
    )
    assert titles("rietkraag") == titles("jolanda") == []

    with transaction():
        db.session.get_one(LessonQuote, quote.id).agreed_at = now

    assert titles("rietkraag") == titles("jolanda") == ["Een nee met uitleg"]


def test_editions_are_indexed_once_open(make):
    edition = make.edition(status=EditionStatus.DRAFT)
    session = make.session("Vuurtoren", round=make.round(edition))
    speaker = make.store(Speaker(code="s", name="Jolanda Wit", function="x", bio=""))
    make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.SPEAKER))
    assert titles("vuurtoren") == titles("jolanda") == []

    with transaction():
        db.session.get_one(Edition, edition.id).status = EditionStatus.OPEN

    assert titles("vuurtoren") == ["Vuurtoren"]
    assert sorted(titles("jolanda")) == ["Jolanda Wit", "Vuurtoren"]


def test_changes_of_unindexed_columns_do_not_touch_the_index(make):
    """Places are taken all day: those writers must not wait for each other here."""
    session = make.session("Samen groen")
    seen = []
    listen = lambda *said: seen.append(said[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    with transaction():
        db.session.get_one(ProgrammeSession, session.id).taken = 5
    plain = [each for each in seen if "search_" in each]
    with transaction():
        db.session.get_one(ProgrammeSession, session.id).title = "Samen rood"
    event.remove(db.engine, "before_cursor_execute", listen)

    assert plain == []
    assert any("search_" in each for each in seen)


def test_unreadable_documents_are_removed_without_blocking_the_write(make, monkeypatch, caplog):
    session = make.session("Vuurtoren")
    source = sources()["session"]

    def broken(_ids):
        raise LookupError

    monkeypatch.setitem(index.sources(), "session", type(source)(**{**vars(source), "read": broken}))
    with transaction():
        db.session.get_one(ProgrammeSession, session.id).title = "Waterval"

    assert db.session.get_one(ProgrammeSession, session.id).title == "Waterval"
    assert titles("vuurtoren") == titles("waterval") == []
    assert "could not be brought into the search" in caplog.text


def test_nightly_reindex_repairs_the_index_and_is_idempotent(make, lesson):
    make.session("Vuurtoren")
    with transaction():
        db.session.execute(text("UPDATE programme_session SET title = 'Waterval'"))  # bypassing every rule
        db.session.execute(text("UPDATE search_vocabulary SET entries = 99 WHERE word = 'uitleg'"))
        db.session.execute(ENTRY.delete().where(ENTRY.c.kind == "lesson"))
        ghost = SearchDocument(thing_id=uuid4(), title="Spook", at=lesson.published_at, link={"slug": "weg"})
        index.write(sources()["session"], [ghost.thing_id], [ghost])
    assert titles("spook") == ["Spook"]

    with transaction():
        mended = index.rebuild()
    with transaction():
        again = index.rebuild()

    assert mended == {"session": 2, "lesson": 1, "question": 0} | dict.fromkeys(mended.keys() - set(KINDS), 0)
    assert set(again.values()) == {0}
    assert titles("waterval") == ["Waterval"]
    assert titles("uitleg") == ["Een nee met uitleg"]
    assert titles("spook") == titles("vuurtoren") == []
    count = select(VOCABULARY.c.entries).where(VOCABULARY.c.word == "uitleg")
    assert db.session.scalar(count) == 1


def test_facets_count_results_and_filter(make, lesson):
    make.session("Uitleg van de burgemeester")
    found = find("uitleg")
    narrowed = find("uitleg", {"kind": "lesson"})

    assert dict(found.facets["kind"]) == {"session": 1, "lesson": 1}
    assert dict(found.facets["year"]) == {"2027": 2}
    assert (narrowed.count, [each.kind for each in narrowed.results]) == (1, ["lesson"])
    assert dict(narrowed.facets["kind"]) == {"session": 1, "lesson": 1}  # what else could be chosen
    assert dict(narrowed.facets["year"]) == {"2027": 1}
    assert find("uitleg", {"theme": "bestaat niet"}).count == 0


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_search_input_has_no_query_syntax(make, typed):
    make.session("Samen groen")

    assert find(typed, {"theme": typed}).count == 0
    assert find(f"groen {typed}").count in (0, 1)
    assert titles("groen") == ["Samen groen"]


def test_snippets_are_highlighted_and_escaped():
    said = (
        "Eerst <b>veel</b> woorden. "
        + "En nog wat. " * 30
        + "De ideeën van de buurt & <script>alert(1)</script>."
    )

    assert marked("Ideeën <i>", ["ideeen"]) == "<mark>Ideeën</mark> &lt;i&gt;"
    assert "<mark>ideeën</mark> van de <mark>buurt</mark> &amp; &lt;script&gt;" in snippet(
        said, ["ideeen", "buurt"]
    )
    assert marked("De lesbrief, de lessen en de les; huizen, aangevraagd", ["les", "huis", "aanvragen"]) == (
        "De <mark>lesbrief</mark>, de <mark>lessen</mark> en de <mark>les</mark>; <mark>huizen</mark>,"
        " <mark>aangevraagd</mark>"
    )
    assert marked("De lesbrief, de lessen", ["lessen"]) == "De lesbrief, de <mark>lessen</mark>"
    assert snippet(said, ["niets"]).startswith("Eerst &lt;b&gt;veel")
    assert len(snippet("a" * 5000, ["b"])) < 300


def test_tokenisation_is_the_same_on_every_database():
    assert sought("De Ideeën van buurt-huis 't Plein, buurt!") == ["ideeen", "buurt", "huis", "t", "plein"]
    assert [stem(word) for word in ("buurten", "winkels", "les", "bus", "kinderen", "groene")] == [
        "buurt", "winkel", "les", "bus", "kind", "groen",
    ]  # fmt: skip
    assert edit_distance("buurt", "bruut", 2) == 2
    assert edit_distance("straat", "sraat", 1) == edit_distance("straat", "starat", 1) == 1
    assert edit_distance("kort", "langer", 1) == 2
    dice = random.Random(3)
    for word in vocabulary(dice, 400)[100:]:
        if len(word) >= 4:
            assert deletion_variants(word) & deletion_variants(with_a_slip(word, dice)), word


@pytest.fixture
def filled():
    by_kind = {kind: [] for kind in KINDS}
    for kind, entry in things():
        by_kind[kind].append(entry)
    with transaction():
        for kind, entries in by_kind.items():
            index.write(sources()[kind], None, entries)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))
    return by_kind


def statements_of(search):
    seen = []
    listen = lambda *said: seen.append(said[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        search()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return [each for each in seen if not each.startswith("BEGIN")]


def test_search_over_20000_documents_is_exact(filled):
    """Compared with a naive count; in a fixed number of statements, each by an index."""
    every = [(kind, entry) for kind, entries in filled.items() for entry in entries]
    words = vocabulary(random.Random(7))
    for word in (words[3], words[700], words[5000]):
        told = [
            (kind, entry)
            for kind, entry in every
            if any(
                each.startswith((word, without_plural(word))) or stem(word) in (each, stem(each))
                for each in f"{entry.title} {entry.body}".lower().rstrip(".").split()
            )
        ]
        found = find(word)
        assert found.count == len(told), word
        assert sum(count for _, count in found.facets["kind"]) == found.count
    first, last = find(words[3]), find(words[3], page=3)
    assert len({each.thing_id for each in (*first.results, *last.results)}) == 40

    rare = next(word for word in words[6000:] if len(word) > 7 and find(word).count)
    assert rare in find(rare[:3] + rare[4:]).instead or find(rare[:3] + rare[4:]).count
    assert len(statements_of(lambda: find(words[3]))) == 2
    assert len(statements_of(lambda: find(words[3], {"kind": "lesson", "theme": "Groen"}, page=2))) == 2
    assert len(statements_of(lambda: find(f"{rare[:3]}q{rare[4:]}"))) <= 5

    query = {"sought": dialect_of(db.engine).query([words[700]])}
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    plan = "\n".join(str(row) for row in db.session.execute(text(f"{explain} {matching()}"), query))
    assert "VIRTUAL TABLE INDEX" in plan or "ix_search_words_found" in plan, plan
    near = select(NEAR.c.word).where(NEAR.c.piece.in_(sorted(deletion_variants(rare))))
    compiled = near.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(str(row) for row in db.session.execute(text(f"{explain} {compiled}")))
    assert "SCAN search_near" not in plan, plan
    assert "Seq Scan" not in plan, plan
