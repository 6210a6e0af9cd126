"""what people want to learn, what is on offer, what is missing, and good examples

Revision: 5e1d7a94c3b0, after c5a8f3e6107d
"""

import sqlalchemy as sa
from alembic import op

revision = "5e1d7a94c3b0"
down_revision = "c5a8f3e6107d"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table('gap',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('owner_id', sa.Uuid()),
    sa.Column('owner_name', sa.String(length=120)),
    sa.Column('next_step', sa.String(length=300)),
    sa.Column('due_on', sa.Date()),
    sa.Column('park_note', sa.Text()),
    sa.Column('identified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filled_at', sa.DateTime(timezone=True)),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'parked' OR park_note IS NOT NULL", name=op.f('ck_gap_parked_has_note')),
    sa.CheckConstraint("status NOT IN ('adopted', 'in_design') OR (owner_name IS NOT NULL AND next_step IS NOT NULL AND due_on IS NOT NULL)", name=op.f('ck_gap_adopted_has_owner_step_and_date')),
    sa.ForeignKeyConstraint(['owner_id'], ['organisation.id'], name=op.f('fk_gap_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap')),
    sa.UniqueConstraint('number', name=op.f('uq_gap_number'))
    )
    op.create_table('initiative',
    sa.Column('slug', sa.String(length=90), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('need_it_met', sa.Text(), nullable=False),
    sa.Column('costs', sa.Text(), nullable=False),
    sa.Column('what_went_wrong', sa.Text(), nullable=False),
    sa.Column('tip', sa.Text(), nullable=False),
    sa.Column('started', sa.Integer()),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('place_id', sa.Uuid()),
    sa.Column('led_by_id', sa.Uuid()),
    sa.Column('led_by_name', sa.String(length=120), nullable=False),
    sa.Column('photo', sa.String(length=200)),
    sa.Column('photo_alt', sa.String(length=300)),
    sa.Column('photo_credit', sa.String(length=200)),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('submitted_by_id', sa.Uuid()),
    sa.Column('checked_on', sa.Date()),
    sa.Column('asked_at', sa.DateTime(timezone=True)),
    sa.Column('review_note', sa.Text()),
    sa.Column('published_at', sa.DateTime(timezone=True)),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'published' OR checked_on IS NOT NULL", name=op.f('ck_initiative_published_is_checked')),
    sa.CheckConstraint('photo IS NULL OR photo_credit IS NOT NULL', name=op.f('ck_initiative_photo_has_credit')),
    sa.ForeignKeyConstraint(['led_by_id'], ['organisation.id'], name=op.f('fk_initiative_led_by_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_initiative_place_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_initiative_submitted_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative')),
    sa.UniqueConstraint('slug', name=op.f('uq_initiative_slug'))
    )
    op.create_index(op.f('ix_initiative_led_by_id'), 'initiative', ['led_by_id'], unique=False)
    op.create_index(op.f('ix_initiative_place_id'), 'initiative', ['place_id'], unique=False)
    op.create_index(op.f('ix_initiative_submitted_by_id'), 'initiative', ['submitted_by_id'], unique=False)
    op.create_table('initiative_partner',
    sa.Column('initiative_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_partner_initiative_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_initiative_partner_organisation_id')),
    sa.PrimaryKeyConstraint('initiative_id', 'organisation_id', name=op.f('pk_initiative_partner'))
    )
    op.create_table('initiative_theme',
    sa.Column('initiative_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_theme_initiative_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_initiative_theme_theme_id')),
    sa.PrimaryKeyConstraint('initiative_id', 'theme_id', name=op.f('pk_initiative_theme'))
    )
    op.create_table('learning_offer',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('provider_id', sa.Uuid()),
    sa.Column('provider_name', sa.String(length=120), nullable=False),
    sa.Column('form', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=32), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('place_id', sa.Uuid()),
    sa.Column('cost', sa.String(length=80), nullable=False),
    sa.Column('duration', sa.String(length=80), nullable=False),
    sa.Column('language_level', sa.String(length=5), nullable=False),
    sa.Column('url', sa.String(length=300)),
    sa.Column('contact', sa.String(length=160)),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('for_gap_id', sa.Uuid()),
    sa.Column('submitted_by_id', sa.Uuid()),
    sa.Column('checked_on', sa.Date()),
    sa.Column('asked_at', sa.DateTime(timezone=True)),
    sa.Column('decline_note', sa.Text()),
    sa.Column('link_state', sa.String(length=32), nullable=False),
    sa.Column('link_checked_at', sa.DateTime(timezone=True)),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True)),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'check_due' OR asked_at IS NOT NULL", name=op.f('ck_learning_offer_check_due_was_asked')),
    sa.CheckConstraint("status <> 'published' OR checked_on IS NOT NULL", name=op.f('ck_learning_offer_published_is_checked')),
    sa.ForeignKeyConstraint(['for_gap_id'], ['gap.id'], name=op.f('fk_learning_offer_for_gap_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_learning_offer_place_id')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_learning_offer_provider_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_learning_offer_submitted_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_offer')),
    sa.UniqueConstraint('number', name=op.f('uq_learning_offer_number'))
    )
    op.create_index(op.f('ix_learning_offer_provider_id'), 'learning_offer', ['provider_id'], unique=False)
    op.create_index(op.f('ix_learning_offer_submitted_by_id'), 'learning_offer', ['submitted_by_id'], unique=False)
    op.create_table('gap_filling',
    sa.Column('gap_id', sa.Uuid(), nullable=False),
    sa.Column('learning_offer_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_gap_filling_gap_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learning_offer_id'], ['learning_offer.id'], name=op.f('fk_gap_filling_learning_offer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('gap_id', 'learning_offer_id', name=op.f('pk_gap_filling'))
    )
    op.create_table('learning_offer_theme',
    sa.Column('learning_offer_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['learning_offer_id'], ['learning_offer.id'], name=op.f('fk_learning_offer_theme_learning_offer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_learning_offer_theme_theme_id')),
    sa.PrimaryKeyConstraint('learning_offer_id', 'theme_id', name=op.f('pk_learning_offer_theme'))
    )
    op.create_table('learning_question',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('asked_by_role', sa.String(length=32), nullable=False),
    sa.Column('asker_id', sa.Uuid()),
    sa.Column('question_id', sa.Uuid()),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('place_id', sa.Uuid()),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('me_too', sa.Integer(), nullable=False),
    sa.Column('merged_into_id', sa.Uuid()),
    sa.Column('gap_id', sa.Uuid()),
    sa.Column('answer', sa.Text()),
    sa.Column('answered_by', sa.String(length=160)),
    sa.Column('decline_note', sa.Text()),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'answered' OR answer IS NOT NULL", name=op.f('ck_learning_question_answered_has_answer')),
    sa.CheckConstraint("status <> 'clustered' OR merged_into_id IS NOT NULL", name=op.f('ck_learning_question_clustered_has_target')),
    sa.CheckConstraint("status <> 'declined' OR decline_note IS NOT NULL", name=op.f('ck_learning_question_declined_has_note')),
    sa.CheckConstraint("status <> 'gap' OR gap_id IS NOT NULL", name=op.f('ck_learning_question_gap_has_gap')),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_learning_question_asker_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_learning_question_gap_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['learning_question.id'], name=op.f('fk_learning_question_merged_into_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_learning_question_place_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_learning_question_question_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_question')),
    sa.UniqueConstraint('number', name=op.f('uq_learning_question_number'))
    )
    op.create_index(op.f('ix_learning_question_asker_id'), 'learning_question', ['asker_id'], unique=False)
    op.create_index(op.f('ix_learning_question_gap_id'), 'learning_question', ['gap_id'], unique=False)
    op.create_index(op.f('ix_learning_question_merged_into_id'), 'learning_question', ['merged_into_id'], unique=False)
    op.create_index(op.f('ix_learning_question_question_id'), 'learning_question', ['question_id'], unique=False)
    op.create_table('learning_match',
    sa.Column('learning_question_id', sa.Uuid(), nullable=False),
    sa.Column('learning_offer_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['learning_offer_id'], ['learning_offer.id'], name=op.f('fk_learning_match_learning_offer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learning_question_id'], ['learning_question.id'], name=op.f('fk_learning_match_learning_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learning_question_id', 'learning_offer_id', name=op.f('pk_learning_match'))
    )
    op.create_table('learning_news',
    sa.Column('learning_question_id', sa.Uuid(), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True)),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['learning_question_id'], ['learning_question.id'], name=op.f('fk_learning_news_learning_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_news'))
    )
    op.create_index(op.f('ix_learning_news_learning_question_id'), 'learning_news', ['learning_question_id'], unique=False)
    op.create_index(op.f('ix_learning_news_told_at'), 'learning_news', ['told_at'], unique=False)
    op.create_table('learning_question_theme',
    sa.Column('learning_question_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['learning_question_id'], ['learning_question.id'], name=op.f('fk_learning_question_theme_learning_question_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_learning_question_theme_theme_id')),
    sa.PrimaryKeyConstraint('learning_question_id', 'theme_id', name=op.f('pk_learning_question_theme'))
    )
    op.create_table('me_too',
    sa.Column('learning_question_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['learning_question_id'], ['learning_question.id'], name=op.f('fk_me_too_learning_question_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_me_too_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learning_question_id', 'person_id', name=op.f('pk_me_too'))
    )
    op.create_index(op.f('ix_me_too_person_id'), 'me_too', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table("me_too")
    op.drop_table("learning_question_theme")
    op.drop_table("learning_news")
    op.drop_table("learning_match")
    op.drop_table("learning_question")
    op.drop_table("learning_offer_theme")
    op.drop_table("gap_filling")
    op.drop_table("learning_offer")
    op.drop_table("initiative_theme")
    op.drop_table("initiative_partner")
    op.drop_table("initiative")
    op.drop_table("gap")
