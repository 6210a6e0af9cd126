"""Personal data declarations: each text column declares whether it is personal, and each kind has a
retention rule."""

import pytest
from sqlalchemy import JSON, Column, Enum, MetaData, String, Table

from dagvandebuurt.core.models import Base, personal
from dagvandebuurt.core.personal_data import retention_table
from dagvandebuurt.people.models import Person

# Texts about no participant: `table`, or `table.column`, and why.
NOT_PERSONAL = {
    "breakout_round.card": "of who runs the session: a question for everybody",
    "show_part": "of the programme: what happens in a session",
    "running_order.question_ids": "ids of questions",
    "edition": "of the organisation: its own address and phone",
    "checklist_item": "the organisation's",
    "checklist_tick.code": "the code of an item",
    "branding": "of the organisation: its own name and address",
    "broadcast": "said by the organisers, to everybody",
    "mailing": "written by the organisers, to many",
    "mailing_recipient.mail_key": "ids",
    "partner": "of an organisation: its public name and address",
    "market_stand": "of an initiative or organisation: published",
    "market_picture": "published by a stand",
    "market_paper": "an address that a stand publishes",
    "market_wish.visitor_key": "a keyed hash of chance in a cookie, for one stand",
    "market_contact.token_hash": "a hash of chance",
    "market_wait.visitor_key": "a hash of chance in a cookie, for one edition",
    "stage_host_change.host": "a site",
    "house_rule": "the house's",
    "house_rules": "the house's",
    "site_text_version": "published by the house",
    "lesson": "published by the house",
    "lesson_section": "published by the house",
    "lesson_revision": "published by the house, or written to be",
    "lesson_step": "what editors say to each other about a text of the house",
    "lesson_link": "addresses in a text of the house",
    "erratum.answer": "the house's own words",
    "comment.hidden_note": "the house's own words",
    "text_decision.note": "the house's own words",
    "text_decision.reason": "the code of a house rule",
    "lesson_quote": "published, by somebody who agreed",
    "organisation": "a body",
    "place": "never an address",
    "poll": "the house's",
    "poll_option": "the house's",
    "poll_role_count": "numbers",
    "role_share": "numbers",
    "question_notice.told": "a hash of what everybody who has the way back reads",
    "inside.visitor_key": "a pseudonym of one session, gone ten minutes later",
    "operation.actor_key": "a keyed hash of a person and chance: of no use to find anybody by",
    "programme_session": "published by the house",
    "programme_draft": "what will be published by the house",
    "programme_import": "a programme the house is about to publish; gone after an hour",
    "programme_release": "published by the house",
    "round": "the house's",
    "search_entry": "a copy of what everybody may read, gone with it",
    "search_vocabulary": "words of that, each by itself",
    "search_near": "pieces of those words",
    "speaker": "published, as they want to be introduced",
    "theme": "the house's",
    "stage_source.address": "published by the house",
    "stage_source.label": "published by the house",
    "label_set": "subjects that the team of a session chose",
    "venue": "a hall, or a building for the public",
    "answer": "an organisation's, published",
    "gap": "published by the house",
    "learning_question.answer": "an organisation's, published",
    "learning_question.answered_by": "an organisation's, published",
    "learning_question.decline_note": "the house's own words",
    "learning_question.domains": "fields of work, no person's",
    "learning_offer.audience": "for whom, in general",
    "learning_offer.domains": "fields of work, no person's",
    "learning_offer.language_level": "of a text",
    "learning_offer.decline_note": "the house's own words",
    "initiative.slug": "published, with its title",
    "initiative.domains": "fields of work, no person's",
    "initiative.review_note": "the house's own words",
    "proposal.room": "chance",
    "appeal.decision": "the house's own words",
    "follow_up.contact_function": "a team or function, never a name",
    "follow_up.decline_reason": "the code of a house rule",
    "follow_up_event.by_function": "a body, and a function in it",
    "heard.text": "published by the house",
    "report.decision": "the house's own words",
    "report.reason": "the code of a house rule",
    "bookmark.kind": "a kind of thing",
    "comment.hidden_reason": "the code of a house rule",
    "comment.badge": "of a body",
    "asking_rules.turned": "numbers of revisions",
    "filled_form.content": "a keyed hash",
    "form_once.key": "a keyed hash",
    "form_once.request": "a keyed hash",
    "alarm_step.sentence": "the code of a ready sentence",
    "help_numbers.numbers": "of organisations that help",
    "muted_handle.reason": "the code of a house rule",
    "question_change.deed": "a word of ours",
    "entry_card.link_print": "a keyed hash",
    "entry_card.number_print": "a keyed hash",
    "calendar_wishes.link_print": "a keyed hash",
    "job_lease.name": "of a machine",
    "job_lease.owner": "of a machine",
    "job_run.name": "of a job",
    "key_fingerprint": "of the key folder",
    "export_download.file": "a kind of list, with the address of a session",
    "named_export.file": "a kind of list, with the address of a session",
    "named_export.reason": "what an organiser needs names for",
    "chat_line.hidden_reason": "a code of the house rules",
    "hand_rules.way": "where to speak, the organisation's",
    "live_room.extras": "the names of parts of the house",
    "mail.lease": "chance",
    "sms_number.number_print": "a keyed hash",
    "sms_number.code": "a keyed hash of chance",
    "sms_number_use.number_print": "a keyed hash",
    "sms_message.dedupe_key": "ids",
    "sms_message.kind": "a kind of message",
    "sms_message.last_error": "of a machine",
    "mail.calendar_method": "a word of RFC 5546",
    "mail.bounce_status": "a code of RFC 3463",
    "mail.dedupe_key": "ids",
    "mail.kind": "a kind of letter",
    "mail.mailbox": "a keyed hash, for counting",
    "mail.headers": "the house's",
    "mail.last_error": "of a machine",
    "operation.op_id": "chance",
    "operation.request": "a keyed hash",
    "operation.result": "ids and numbers",
    "personal_link.token_hash": "a hash of chance",
    "question.answer": "an organisation's, published",
    "question.answered_by": "an organisation's, published",
    "question.hidden_note": "the house's own words",
    "question.hidden_reason": "the code of a house rule",
    "question_change.note": "the house's own words",
    "question_change.reason": "the code of a house rule",
    "certificate.code": "chance",
    "poll_answer.key": "a hash",
    "ballot.positions": "nobody's, once its key is destroyed",
    "registration_question": "the house's",
    "access_change.what": "the name of a role",
    "recovery_code.token_hash": "a hash of chance",
    "invitation.token_hash": "a hash of chance",
    "wish.kind": "a kind of wish",
    "setup_code.code_hash": "a hash of chance",
    "wish.back_to": "a page of the house",
    "schema_floor": "the name of a migration",
}  # fmt: skip


def undeclared(metadata):
    """`table.column` of every text that is neither personal nor known not to be."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, JSON))
        and not isinstance(column.type, Enum)
        and "personal" not in column.info
        and table.name not in NOT_PERSONAL
        and f"{table.name}.{column.name}" not in NOT_PERSONAL
    }


def test_every_text_column_declares_whether_it_is_personal(app):
    assert undeclared(Base.metadata) == set()


def test_a_new_column_without_a_decision_is_caught(app):
    metadata = MetaData()
    Table(
        "diary", metadata, Column("secret", String(20)), Column("mood", String(20), info=personal("account"))
    )

    assert undeclared(metadata) == {"diary.secret"}


def test_nothing_on_the_list_is_gone_or_declared_twice(app):
    columns = {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }
    for name in NOT_PERSONAL:
        assert name in Base.metadata.tables or name in columns, name
        assert name not in columns or "personal" not in columns[name].info, name


def test_every_kind_of_personal_data_has_a_retention_rule(app):
    kinds = {
        column.info["personal"]
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "personal" in column.info
    }

    assert kinds - {line.kind for line in retention_table()} == set()


def test_a_kind_without_a_retention_rule_is_caught(app):
    assert "diary" not in {line.kind for line in retention_table()}


# Emptied by retention while the row stays; until then the row goes with the person.
FORGOTTEN_BEFORE = {"breakout_line.author_id"}


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(column, id=f"{table.name}.{column.name}")
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is Person.__table__ for key in column.foreign_keys)
    ],
)
def test_foreign_keys_to_people_cascade_or_become_null(column):
    [key] = column.foreign_keys

    assert key.ondelete in ("CASCADE", "SET NULL")
    if str(column) in FORGOTTEN_BEFORE:
        assert (column.nullable, key.ondelete) == (True, "CASCADE")
    else:
        assert column.nullable == (key.ondelete == "SET NULL")
