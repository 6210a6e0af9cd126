"""Live events of labels."""

from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import require
from dagvandebuurt.labelling import forms, rules
from dagvandebuurt.labelling.items import labelled_card, labels_card
from dagvandebuurt.labelling.permissions import LabelPermission
from dagvandebuurt.labelling.queries import Label, Labelled, labelled_in
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.writes import Moment, Verb, refusal
from dagvandebuurt.programme.queries import session_by_id


def _arrange(actor: Any, act: forms.ArrangeLabels, at: Moment) -> dict[str, Any]:
    labels = [Label(each.id, each.name) for each in act.labels]
    session = session_by_id(actor, act.session)
    return {"labels": labels_card(rules.arrange(actor, session, labels=labels, seen=act.seen, at=at))}


def _put(actor: Any, act: forms.PutLabel, at: Moment) -> dict[str, Any]:
    """Put it on each of these on its own: one that a colleague was first with keeps no other back."""
    session = session_by_id(actor, act.session)
    require(actor, LabelPermission.PUT, session)
    done, refused = [], []
    for each in {seen.question: seen for seen in act.questions}.values():
        try:
            with db.session.begin_nested():
                rules.put(
                    actor,
                    session,
                    question_id=each.question,
                    label_id=act.label,
                    on=act.on,
                    seen=each.seen,
                    at=at,
                )
            done.append(each.question)
        except RuleBroken as broken:
            refused.append(
                {"question": str(each.question), "error": refusal(broken, actor.language)["error"]}
            )
    labelled = labelled_in(session.id)
    return {
        "done": [labelled_card(each, labelled.get(each, Labelled())) for each in done],
        "refused": refused,
        "now": [
            labelled_card(each.question, labelled[each.question])
            for each in act.questions
            if each.question not in done and each.question in labelled
        ],
    }


ARRANGE = dispatch.writes_with(Verb("labels:arrange", forms.ArrangeLabels, _arrange))
PUT = dispatch.writes_with(Verb("labels:put", forms.PutLabel, _put))
