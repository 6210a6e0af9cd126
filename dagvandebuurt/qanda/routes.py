"""Routes of the session room: pages and plain forms first, and the JSON they use."""

from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

import orjson
from flask import (
    Blueprint,
    Response,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock, personal_data_hints
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import LoginNeeded, RuleBroken
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.likeness import EVERYWHERE
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.core.request_bodies import json_body
from dagvandebuurt.live import admission, dispatch, items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.errors import BadRequest, TryAgain, UnknownEvent
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Outcome, refusal
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.parts.faces.faces import face
from dagvandebuurt.parts.street.street import street
from dagvandebuurt.people.access.login import current_actor, live_token, reader_here
from dagvandebuurt.people.forms import GuestForm
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.programme.hooks import room_page_views
from dagvandebuurt.programme.labels import STAGE_WORDS
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.photos.queries import photos_of
from dagvandebuurt.programme.queries import (
    may_count,
    require_open,
    session_by_slug,
    sessions_after,
)
from dagvandebuurt.programme.stage.view import recordings_to_show, stage_of
from dagvandebuurt.qanda import events, labels
from dagvandebuurt.qanda.fair_order import Order, sorted_by
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.hooks import QuestionOutcome
from dagvandebuurt.qanda.items import asking_card, card, own_cards
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import asking_rules, own_questions, questions_for, supported_by
from dagvandebuurt.qanda.rules import accepts_questions
from dagvandebuurt.qanda.timelines import Timeline
from dagvandebuurt.registration.queries import my_programme

# The empty fields of the form.
NOTHING_TYPED = {
    "kind": "question", "appear": "role", "text": "",
    "via": "", "for_role": "", "for_place": "", "consent": "", "notice": "",
}  # fmt: skip
FEW = 8  # people with a name in a room: with fewer, others may guess who asks anonymously
MOST_COMING = 3  # sessions to choose from when this one is over
MOST_REVISION = 2**62  # a revision beyond the database's integers has nothing newer

bp = Blueprint("qanda", __name__)


def session_in_room(slug: str, *, is_shown: bool = True) -> ProgrammeSession:
    """Return the session, if its room is open to this visitor. Raises NotFound, NotYetOpen, CalledOff."""
    session = session_by_slug(current_user, slug, is_shown=is_shown)
    require_open(current_user, session, now=clock.now())
    return session


def outbox_of(session: ProgrammeSession) -> str:
    """Return the key of the browser's outbox, so that a shared device never sends another person's text."""
    return pseudonym(session.id, "outbox", current_user.id) if current_user.is_known else ""


@bp.get("/sessies/<slug>/live")
@allows(QandaPermission.READ)
def room(slug: str) -> ResponseReturnValue:
    return _room_page(session_in_room(slug))


def _room_page(
    session: ProgrammeSession,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    core = live()
    if request.method == "GET" and "_flashes" not in flask_session:
        # Not at the moment of an action: that would reveal its time.
        core.presence.beat(session.id, current_user.id, reader_here())
    state = items.state_of(session.id)
    order = _order()
    asking = asking_rules(session.id)
    shown = [q for q in db.session.scalars(questions_for(current_user, session)) if q.status in PUBLIC]
    now = clock.now()
    phase = session.phase_at(now)
    cards = [_card_in(phase, question) for question in sorted_by(order, shown, now)]
    mine = own_cards(own_questions(current_user, session.id))
    present = core.presence.count_now(session.id)
    at_table = list(dict.fromkeys([*session.speakers, *session.hosts]))
    photos = photos_of(at_table)
    page = render_template(
        "qanda/room.html",
        labels=labels,
        script_words=labels.for_the_room(is_known=current_user.is_known),
        stage_words=STAGE_WORDS,
        recorded=recordings_to_show(session) if phase is Phase.ENDED else [],
        beside=merged(room_page_views(session)),
        session=session,
        phase=phase,
        stage=stage_of(current_user, session, asked_for=request.args.get("beeld", "")),
        help_open=request.args.get("hulp") == "1",
        at_table=at_table,
        photos=photos,
        faces={each.code: face(each.code) for each in at_table if each.code not in photos},
        # Also for a page that is open when the session ends.
        coming=_coming(session, now) if phase in (Phase.LIVE, Phase.ENDED) else [],
        epoch=state.epoch,
        # What the hall may know: a page catching up from an older revision may get an item twice.
        revision=items.told_to(Audience.HALL, cards, since=0, state=state),
        live_token=live_token(),
        on_stage=next((each for each in cards if each["status"] == QuestionStatus.LIVE), None),
        cards=cards,
        order=order,
        orders=labels.ORDERS,
        mine=mine,
        timelines={item["id"]: Timeline.of_item(item["timeline"]) for item in mine},
        supported={str(question_id) for question_id in supported_by(current_user, session.id)},
        accepts=accepts_questions(session, asking, clock.now()),
        asking=asking_card(asking),
        counts_here=may_count(current_user, session),
        typed=typed or _new_ids() | NOTHING_TYPED,
        ways_in=labels.VIA,
        roles=offered("participant_role", SHORT_ROLES),
        hints=personal_data_hints.PATTERNS,
        everywhere=sorted(EVERYWHERE),
        may_ask_for_others=can(current_user, QandaPermission.ASK_FOR_OTHERS, session),
        errors=errors or {},
        appearances=labels.APPEARANCES,
        guest_form=GuestForm(formdata=None),
        present=present,
        few_here=current_user.is_known and core.presence.count_named(session.id) < FEW,
        street=street(session.slug, present, expected=max(session.capacity or 400, 120)),
        outbox_of=outbox_of(session),
        may_run=can(current_user, ProgrammePermission.RUN, session),
        became=_became(shown),
    )
    return page, status


def _card_in(phase: Phase, question: Question) -> dict[str, Any]:
    """Return the card; in a session that is over no question has its turn, also before the job says so."""
    told = card(question)
    if phase is Phase.ENDED and question.status is QuestionStatus.LIVE:
        told["status"] = QuestionStatus.OPEN_AFTER.value
    return told


def _coming(session: ProgrammeSession, now: datetime) -> list[ProgrammeSession]:
    """Return the next session: the one this person chose, else one open to everybody."""
    chosen = [each for each in my_programme(current_user) if each.ends_at > now and each.id != session.id]
    return chosen[:MOST_COMING] or list(sessions_after(session)[:MOST_COMING])


def _became(shown: list[Question]) -> list[tuple[Question, list[QuestionOutcome]]]:
    """Return the follow-ups of each of these questions."""
    outcomes = outcomes_of([question.id for question in shown])
    return [(question, outcomes[question.id]) for question in shown if question.id in outcomes]


def _order() -> Order:
    try:
        return Order(request.args.get("volgorde", Order.FAIR))
    except ValueError:
        return Order.FAIR


@bp.post("/sessies/<slug>/vragen")
@allows(QandaPermission.READ)
def ask(slug: str) -> ResponseReturnValue:
    """Process the form of the room. Typed text is kept whatever the error, also after the session of a login
    expired.
    """
    session = session_in_room(slug, is_shown=False)
    if can(current_user, QandaPermission.ASK, session):
        outcome = do(events.ASK, session)
    else:
        outcome = refusal(LoginNeeded(), current_user.language)
    if outcome["ok"]:
        sentence = _("Ontvangen. De moderator leest je vraag.")
        if personal_data_hints.may_identify_a_person(outcome["question"]["text"]):
            sentence += " " + _(
                "Noem je iemand die anderen herkennen? Dan kun je de vraag hieronder intrekken."
            )
        return answered(outcome, url_for(".room", slug=slug) + "#mijn-vragen", sentence)
    return _room_page(
        session, typed=_typed_before(outcome), errors=_errors(outcome), status=status_of(outcome)
    )


def _errors(outcome: Outcome) -> dict[str, list[str]]:
    """Return sentences for the fields of the form; those of no field go to the text field."""
    fields = outcome["error"].get("fields", {})
    known = {name: texts for name, texts in fields.items() if name in ("text", "consent", "appear")}
    return known or {"text": [refusal_in_words(outcome)]}


def _typed_before(outcome: Outcome) -> dict[str, str]:
    """Return the typed text for another try.

    A refusal is stored under its operation id, so the next try needs a new id, unless nothing was decided:
    then the question may exist after all.
    """
    typed = {name: request.form.get(name, "") for name in ("op", "id", *NOTHING_TYPED)}
    return typed if outcome["error"]["code"] == TryAgain.code else typed | _new_ids()


def _new_ids() -> dict[str, str]:
    return {"op": uuid4().hex, "id": str(uuid4())}


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/steun")
@allows(QandaPermission.SUPPORT)
def support(slug: str, question_id: UUID) -> ResponseReturnValue:
    outcome = do(events.SUPPORT, session_in_room(slug, is_shown=False), question=str(question_id))
    sentence = _("Je steunt deze vraag.") if request.form.get("on") else _("Je steunt deze vraag niet meer.")
    return answered(outcome, url_for(".room", slug=slug) + f"#vraag-{question_id}", sentence)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/intrekken")
@allows(QandaPermission.WITHDRAW)
def withdraw(slug: str, question_id: UUID) -> ResponseReturnValue:
    outcome = do(events.WITHDRAW, session_in_room(slug, is_shown=False), question=str(question_id))
    return answered(outcome, url_for(".room", slug=slug) + "#mijn-vragen", _("Je vraag is ingetrokken."))


@bp.get("/sessies/<slug>/live/state")
@allows(QandaPermission.READ)
def state(slug: str) -> ResponseReturnValue:
    """Return the changes since `since`, for networks that block WebSockets. The same as `session:sync`."""
    session = session_in_room(slug, is_shown=False)
    since = min(request.args.get("since", 0, type=int), MOST_REVISION)
    way_in = admission.admit(current_user, session.id)
    core = live()
    core.presence.beat(session.id, current_user.id, reader_here())
    now = items.state_of(session.id)
    is_of_now = since > 0 and request.args.get("epoch") in (None, now.epoch)
    changed = items.since_for(way_in.audience, session.id, since, now) if is_of_now else None
    if changed is None:
        since = 0
        now, found = core.snapshots.of(session.id, way_in.audience)
        to = now.revision
    else:
        to, found = items.told_to(way_in.audience, changed, since=since, state=now), orjson.dumps(changed)
    answer = {
        "ok": True,
        "session": str(session.id),
        "epoch": now.epoch,
        "from": since,
        "to": to,
        "audience": way_in.audience,
        "items": orjson.Fragment(found),
        "mine": items.mine(session.id, current_user),
        "present": core.presence.count_now(session.id),
        "room": admission.rooms_as_they_are([session.id])[session.id],
    }
    body = orjson.dumps(answer)
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    # Of the visible changes, not the room's counter, which would reveal hidden activity.
    response.set_etag(blake2b(body, digest_size=16).hexdigest())
    return response.make_conditional(request)


@bp.post("/sessies/<slug>/live/op")
@allows(QandaPermission.READ)
def op(slug: str) -> ResponseReturnValue:
    """Accept one live event over HTTP: `{"event": …, "message": …}`, acknowledged as on a socket."""
    session = session_in_room(slug, is_shown=False)
    body = json_body()
    try:
        if not isinstance(body, dict) or not isinstance(body.get("message"), dict):
            raise BadRequest
        event = dispatch.EVENTS.get(str(body.get("event")))
        if event is None or event.verb is None:
            raise UnknownEvent
        require(current_user, QandaPermission.ASK, session)
        act = event.act.from_message({**body["message"], "session": str(session.id)})
        outcome = live().do(event.verb, current_actor(), act)  # type: ignore[arg-type]
    except RuleBroken as broken:
        outcome = refusal(broken, current_user.language)
        return jsonify(outcome), broken.status
    return jsonify(outcome)
