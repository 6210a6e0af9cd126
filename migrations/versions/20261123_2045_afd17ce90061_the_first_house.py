"""the first house

Revision: afd17ce90061, after 
"""

import sqlalchemy as sa
from alembic import op

revision = 'afd17ce90061'
down_revision = None
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table('edition',
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('tagline', sa.String(length=160), nullable=False),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('promise', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registration_opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registration_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expected_participants', sa.Integer(), nullable=False),
    sa.Column('contact_email', sa.String(length=200), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('contact_hours', sa.String(length=80), nullable=False),
    sa.Column('programme_version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_edition_ends_after_start')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition')),
    sa.UniqueConstraint('slug', name=op.f('uq_edition_slug'))
    )
    op.create_table('house_rules',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('what_happens', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_house_rules')),
    sa.UniqueConstraint('version', name=op.f('uq_house_rules_version'))
    )
    op.create_table('live_room',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('epoch', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_room'))
    )
    op.create_table('mail',
    sa.Column('dedupe_key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('to', sa.String(length=320), nullable=False),
    sa.Column('to_name', sa.String(length=100), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('headers', sa.JSON(), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'sent', 'refused', name='mailstatus', native_enum=False, length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=300), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_mail_dedupe_key'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index('ix_mail_due', ['status', 'due_at'], unique=False)

    op.create_table('operation',
    sa.Column('op_id', sa.String(length=64), nullable=False),
    sa.Column('actor_key', sa.String(length=22), nullable=False),
    sa.Column('request', sa.String(length=32), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('op_id', 'actor_key', name=op.f('pk_operation')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_operation_at'), ['at'], unique=False)

    op.create_table('person',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('email_key', sa.String(length=320), nullable=True),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('password_hash', sa.String(length=256), nullable=True),
    sa.Column('participant_role', sa.Enum('resident', 'active_resident', 'social_worker', 'professional', 'policy_officer', 'administrator', 'researcher', 'entrepreneur', 'undisclosed', name='participantrole', native_enum=False, length=32), nullable=False),
    sa.Column('domain', sa.Enum('welfare', 'housing', 'police', 'care', 'education', 'work_income', 'municipality', 'residents', 'knowledge', name='domain', native_enum=False, length=32), nullable=True),
    sa.Column('neighbourhood', sa.String(length=80), nullable=True),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('house_rules_version', sa.Integer(), nullable=True),
    sa.Column('privacy_accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rights_revision', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('email IS NULL OR email_key IS NOT NULL', name=op.f('ck_person_email_has_key')),
    sa.CheckConstraint('email_confirmed_at IS NULL OR email IS NOT NULL', name=op.f('ck_person_confirmed_has_email')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email_key', name=op.f('uq_person_email_key'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_rights_revision'), ['rights_revision'], unique=False)

    op.create_table('place',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['place.id'], name=op.f('fk_place_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
    sa.UniqueConstraint('code', name=op.f('uq_place_code'))
    )
    op.create_table('theme',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme')),
    sa.UniqueConstraint('code', name=op.f('uq_theme_code'))
    )
    op.create_table('wish',
    sa.Column('bundle', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('back_to', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish'))
    )
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_bundle'), ['bundle'], unique=False)
        batch_op.create_index(batch_op.f('ix_wish_made_at'), ['made_at'], unique=False)

    op.create_table('bookmark',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_bookmark_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bookmark')),
    sa.UniqueConstraint('person_id', 'target_id', name=op.f('uq_bookmark_person_id_target_id'))
    )
    with op.batch_alter_table('bookmark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bookmark_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bookmark_target_id'), ['target_id'], unique=False)

    op.create_table('house_rule',
    sa.Column('house_rules_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['house_rules_id'], ['house_rules.id'], name=op.f('fk_house_rule_house_rules_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_house_rule')),
    sa.UniqueConstraint('house_rules_id', 'code', name=op.f('uq_house_rule_house_rules_id_code'))
    )
    op.create_table('login_session',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_login_session_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_person_id'), ['person_id'], unique=False)

    op.create_table('organisation',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('domain', sa.Enum('welfare', 'housing', 'police', 'care', 'education', 'work_income', 'municipality', 'residents', 'knowledge', name='domain', native_enum=False, length=32), nullable=False),
    sa.Column('place_id', sa.Uuid(), nullable=True),
    sa.Column('answers_follow_ups', sa.Boolean(), nullable=False),
    sa.Column('response_days', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_organisation_place_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    op.create_table('personal_link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('confirm', 'login', name='linkpurpose', native_enum=False, length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('wishes', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_personal_link_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_personal_link_token_hash'))
    )
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.create_index('ix_personal_link_person', ['person_id', 'purpose'], unique=False)

    op.create_table('registration',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('requested', 'confirmed', 'cancelled', name='registrationstatus', native_enum=False, length=32), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_registration_edition_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_registration_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('edition_id', 'person_id', name=op.f('uq_registration_edition_id_person_id'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_person_id'), ['person_id'], unique=False)

    op.create_table('role_grant',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('supporter', 'host', 'moderator', 'editor', 'publisher', 'org_contact', 'learning_coordinator', 'organiser', 'admin', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('scope_id', sa.Uuid(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('person_id', 'role', 'scope_id', name=op.f('uq_role_grant_person_id_role_scope_id'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_person_id'), ['person_id'], unique=False)

    op.create_table('round',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_round_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('edition_id', 'code', name=op.f('uq_round_edition_id_code'))
    )
    op.create_table('programme_session',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('abstract', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('performance', 'conversation', 'launch', 'workshop', 'table', 'masterclass', 'talkshow', 'market', name='sessionkind', native_enum=False, length=32), nullable=False),
    sa.Column('involvement', sa.Enum('inform', 'consult', 'advise', 'co_create', name='involvement', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('draft', 'scheduled', 'cancelled', name='sessionstatus', native_enum=False, length=32), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('language_level', sa.String(length=8), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('ask_ahead', sa.Text(), nullable=True),
    sa.Column('stage_url', sa.String(length=300), nullable=True),
    sa.Column('questions_open', sa.Boolean(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_programme_session_ends_after_start')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_programme_session_edition_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_programme_session_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_session')),
    sa.UniqueConstraint('slug', name=op.f('uq_programme_session_slug'))
    )
    with op.batch_alter_table('programme_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_session_edition_id'), ['edition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_session_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_session_starts_at'), ['starts_at'], unique=False)

    op.create_table('speaker',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('function', sa.String(length=120), nullable=False),
    sa.Column('bio', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_speaker_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_speaker_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker')),
    sa.UniqueConstraint('code', name=op.f('uq_speaker_code'))
    )
    op.create_table('lesson',
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('lead', sa.Text(), nullable=False),
    sa.Column('in_short', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('draft', 'in_review', 'changes_requested', 'approved', 'scheduled', 'published', 'archived', name='lessonstatus', native_enum=False, length=32), nullable=False),
    sa.Column('photo', sa.String(length=200), nullable=True),
    sa.Column('photo_alt', sa.String(length=300), nullable=True),
    sa.Column('photo_credit', sa.String(length=200), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name=op.f('ck_lesson_published_has_moment')),
    sa.CheckConstraint('photo IS NULL OR photo_credit IS NOT NULL', name=op.f('ck_lesson_photo_has_credit')),
    sa.ForeignKeyConstraint(['author_id'], ['speaker.id'], name=op.f('fk_lesson_author_id')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_lesson_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson')),
    sa.UniqueConstraint('slug', name=op.f('uq_lesson_slug'))
    )
    with op.batch_alter_table('lesson', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_edition_id'), ['edition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lesson_published_at'), ['published_at'], unique=False)

    op.create_table('poll',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('single_choice', 'multiple_choice', 'scale', name='pollkind', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('draft', 'ready', 'open', 'closed', name='pollstatus', native_enum=False, length=32), nullable=False),
    sa.Column('results_shown', sa.Boolean(), nullable=False),
    sa.Column('max_choices', sa.Integer(), nullable=False),
    sa.Column('low_label', sa.String(length=60), nullable=True),
    sa.Column('high_label', sa.String(length=60), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('max_choices >= 1', name=op.f('ck_poll_at_least_one_choice')),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_poll_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll'))
    )
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_session_id'), ['session_id'], unique=False)

    op.create_table('question',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('author_key', sa.String(length=22), nullable=True),
    sa.Column('asker_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum('question', 'idea', 'signal', name='questionkind', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('appearance', sa.Enum('name', 'role', 'anonymous', name='appearance', native_enum=False, length=32), nullable=False),
    sa.Column('shown_name', sa.String(length=100), nullable=True),
    sa.Column('shown_neighbourhood', sa.String(length=80), nullable=True),
    sa.Column('asker_role', sa.Enum('resident', 'active_resident', 'social_worker', 'professional', 'policy_officer', 'administrator', 'researcher', 'entrepreneur', 'undisclosed', name='participantrole', native_enum=False, length=32), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'visible', 'shortlisted', 'live', 'answered', 'hidden', 'merged', 'moved', 'withdrawn', 'open_after', name='questionstatus', native_enum=False, length=32), nullable=False),
    sa.Column('was_public', sa.Boolean(), nullable=False),
    sa.Column('support_count', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.String(length=100), nullable=True),
    sa.Column('hidden_reason', sa.String(length=32), nullable=True),
    sa.Column('hidden_note', sa.Text(), nullable=True),
    sa.Column('merged_into_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("appearance <> 'anonymous' OR asker_id IS NULL", name=op.f('ck_question_anonymous_has_no_asker')),
    sa.CheckConstraint("status <> 'answered' OR answered_at IS NOT NULL", name=op.f('ck_question_answered_has_moment')),
    sa.CheckConstraint("status <> 'hidden' OR hidden_reason IS NOT NULL", name=op.f('ck_question_hidden_has_reason')),
    sa.CheckConstraint('support_count >= 0', name=op.f('ck_question_support_not_negative')),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_question_asker_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_into_id'], ['question.id'], name=op.f('fk_question_merged_into_id')),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_question_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index('ix_question_author', ['author_key'], unique=False)
        batch_op.create_index('ix_question_room_revision', ['session_id', 'revision'], unique=False)

    op.create_table('session_choice',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('confirmed', 'waitlisted', 'cancelled', name='choicestatus', native_enum=False, length=32), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_choice_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_session_choice_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_choice')),
    sa.UniqueConstraint('session_id', 'person_id', name=op.f('uq_session_choice_session_id_person_id'))
    )
    with op.batch_alter_table('session_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_choice_person_id'), ['person_id'], unique=False)

    op.create_table('session_speaker',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('speaker_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.Enum('speaker', 'host', name='speakerpart', native_enum=False, length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_session_speaker_session_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_session_speaker_speaker_id')),
    sa.PrimaryKeyConstraint('session_id', 'speaker_id', 'part', name=op.f('pk_session_speaker'))
    )
    op.create_table('session_theme',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_session_theme_session_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_session_theme_theme_id')),
    sa.PrimaryKeyConstraint('session_id', 'theme_id', name=op.f('pk_session_theme'))
    )
    op.create_table('visit',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('last_seen_at >= first_seen_at', name=op.f('ck_visit_ends_after_start')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['programme_session.id'], name=op.f('fk_visit_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index('ix_visit_person_session', ['person_id', 'session_id'], unique=False)
        batch_op.create_index('ix_visit_session_seen', ['session_id', 'last_seen_at'], unique=False)

    op.create_table('comment',
    sa.Column('lesson_id', sa.Uuid(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('badge', sa.String(length=80), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('pending', 'visible', 'hidden', 'deleted', name='commentstatus', native_enum=False, length=32), nullable=False),
    sa.Column('hidden_reason', sa.String(length=32), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'hidden' OR hidden_reason IS NOT NULL", name=op.f('ck_comment_hidden_has_reason')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_comment_lesson_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_parent_id'), ['parent_id'], unique=False)

    op.create_table('lesson_quote',
    sa.Column('lesson_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('speaker_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_lesson_quote_lesson_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_lesson_quote_speaker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_quote'))
    )
    with op.batch_alter_table('lesson_quote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_quote_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('lesson_section',
    sa.Column('lesson_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.String(length=80), nullable=False),
    sa.Column('heading', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_lesson_section_lesson_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_section')),
    sa.UniqueConstraint('lesson_id', 'anchor', name=op.f('uq_lesson_section_lesson_id_anchor'))
    )
    op.create_table('lesson_source',
    sa.Column('lesson_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('session', 'question', 'initiative', 'follow_up', 'learning_question', 'gap', name='sourcekind', native_enum=False, length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_lesson_source_lesson_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_source')),
    sa.UniqueConstraint('lesson_id', 'kind', 'target_id', name=op.f('uq_lesson_source_lesson_id_kind_target_id'))
    )
    with op.batch_alter_table('lesson_source', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_source_target_id'), ['target_id'], unique=False)

    op.create_table('lesson_theme',
    sa.Column('lesson_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_lesson_theme_lesson_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_lesson_theme_theme_id')),
    sa.PrimaryKeyConstraint('lesson_id', 'theme_id', name=op.f('pk_lesson_theme'))
    )
    op.create_table('poll_option',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=160), nullable=False),
    sa.Column('ballots', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ballots >= 0', name=op.f('ck_poll_option_ballots_not_negative')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_option_poll_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll_option')),
    sa.UniqueConstraint('poll_id', 'position', name=op.f('uq_poll_option_poll_id_position'))
    )
    op.create_table('question_change',
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('moderator_id', sa.Uuid(), nullable=True),
    sa.Column('moderator_name', sa.String(length=100), nullable=False),
    sa.Column('before', sa.Enum('waiting', 'visible', 'shortlisted', 'live', 'answered', 'hidden', 'merged', 'moved', 'withdrawn', 'open_after', name='questionstatus', native_enum=False, length=32), nullable=False),
    sa.Column('after', sa.Enum('waiting', 'visible', 'shortlisted', 'live', 'answered', 'hidden', 'merged', 'moved', 'withdrawn', 'open_after', name='questionstatus', native_enum=False, length=32), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['moderator_id'], ['person.id'], name=op.f('fk_question_change_moderator_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_change_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_change'))
    )
    with op.batch_alter_table('question_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_change_question_id'), ['question_id'], unique=False)

    op.create_table('support',
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('supporter_key', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_support_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id', 'supporter_key', name=op.f('pk_support')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('support')
    with op.batch_alter_table('question_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_change_question_id'))

    op.drop_table('question_change')
    op.drop_table('poll_option')
    op.drop_table('lesson_theme')
    with op.batch_alter_table('lesson_source', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lesson_source_target_id'))

    op.drop_table('lesson_source')
    op.drop_table('lesson_section')
    with op.batch_alter_table('lesson_quote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lesson_quote_lesson_id'))

    op.drop_table('lesson_quote')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_parent_id'))
        batch_op.drop_index(batch_op.f('ix_comment_lesson_id'))
        batch_op.drop_index(batch_op.f('ix_comment_author_id'))

    op.drop_table('comment')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_session_seen')
        batch_op.drop_index('ix_visit_person_session')

    op.drop_table('visit')
    op.drop_table('session_theme')
    op.drop_table('session_speaker')
    with op.batch_alter_table('session_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_choice_person_id'))

    op.drop_table('session_choice')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_room_revision')
        batch_op.drop_index('ix_question_author')
        batch_op.drop_index(batch_op.f('ix_question_asker_id'))

    op.drop_table('question')
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_session_id'))

    op.drop_table('poll')
    with op.batch_alter_table('lesson', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lesson_published_at'))
        batch_op.drop_index(batch_op.f('ix_lesson_edition_id'))

    op.drop_table('lesson')
    op.drop_table('speaker')
    with op.batch_alter_table('programme_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_session_starts_at'))
        batch_op.drop_index(batch_op.f('ix_programme_session_round_id'))
        batch_op.drop_index(batch_op.f('ix_programme_session_edition_id'))

    op.drop_table('programme_session')
    op.drop_table('round')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_grant_person_id'))

    op.drop_table('role_grant')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_person_id'))

    op.drop_table('registration')
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.drop_index('ix_personal_link_person')

    op.drop_table('personal_link')
    op.drop_table('organisation')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_person_id'))

    op.drop_table('login_session')
    op.drop_table('house_rule')
    with op.batch_alter_table('bookmark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bookmark_target_id'))
        batch_op.drop_index(batch_op.f('ix_bookmark_person_id'))

    op.drop_table('bookmark')
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_made_at'))
        batch_op.drop_index(batch_op.f('ix_wish_bundle'))

    op.drop_table('wish')
    op.drop_table('theme')
    op.drop_table('place')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_rights_revision'))

    op.drop_table('person')
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_operation_at'))

    op.drop_table('operation')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_due')

    op.drop_table('mail')
    op.drop_table('live_room')
    op.drop_table('house_rules')
    op.drop_table('edition')
