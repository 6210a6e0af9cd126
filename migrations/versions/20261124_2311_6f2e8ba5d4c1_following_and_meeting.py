"""following, helping with examples, and meeting somebody

Revision: 6f2e8ba5d4c1, after 5e1d7a94c3b0
"""

import sqlalchemy as sa
from alembic import op

revision = "6f2e8ba5d4c1"
down_revision = "5e1d7a94c3b0"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table('contact_card',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.String(length=200), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.Column('place_id', sa.Uuid()),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_card_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_contact_card_place_id')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_contact_card_theme_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_contact_card'))
    )
    op.create_index(op.f('ix_contact_card_theme_id'), 'contact_card', ['theme_id'], unique=False)
    op.create_table('digest_wish',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('rhythm', sa.String(length=32), nullable=False),
    sa.Column('told_until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_digest_wish_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_digest_wish'))
    )
    op.create_table('following',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_following_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_following')),
    sa.UniqueConstraint('person_id', 'target_id', name=op.f('uq_following_person_id_target_id'))
    )
    op.create_index(op.f('ix_following_person_id'), 'following', ['person_id'], unique=False)
    op.create_table('proposal',
    sa.Column('one_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.Column('one_agrees', sa.Boolean()),
    sa.Column('other_agrees', sa.Boolean()),
    sa.Column('room', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['one_id'], ['person.id'], name=op.f('fk_proposal_one_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_proposal_other_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_proposal_theme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('one_id', 'other_id', name=op.f('uq_proposal_one_id_other_id'))
    )
    op.create_index(op.f('ix_proposal_one_id'), 'proposal', ['one_id'], unique=False)
    op.create_index(op.f('ix_proposal_other_id'), 'proposal', ['other_id'], unique=False)
    op.create_table('contact_request',
    sa.Column('initiative_id', sa.Uuid(), nullable=False),
    sa.Column('from_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('reply', sa.Text()),
    sa.Column('reply_by_id', sa.Uuid()),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True)),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("status <> 'answered' OR reply IS NOT NULL", name=op.f('ck_contact_request_answered_has_reply')),
    sa.ForeignKeyConstraint(['from_id'], ['person.id'], name=op.f('fk_contact_request_from_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_contact_request_initiative_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reply_by_id'], ['person.id'], name=op.f('fk_contact_request_reply_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_request'))
    )
    op.create_index(op.f('ix_contact_request_from_id'), 'contact_request', ['from_id'], unique=False)
    op.create_index(op.f('ix_contact_request_initiative_id'), 'contact_request', ['initiative_id'], unique=False)
    op.create_index(op.f('ix_contact_request_reply_by_id'), 'contact_request', ['reply_by_id'], unique=False)
    op.create_table('joining',
    sa.Column('initiative_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('offer', sa.Text()),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_joining_initiative_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_joining_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('initiative_id', 'person_id', name=op.f('pk_joining'))
    )
    op.create_index(op.f('ix_joining_person_id'), 'joining', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table("joining")
    op.drop_table("contact_request")
    op.drop_table("proposal")
    op.drop_table("following")
    op.drop_table("digest_wish")
    op.drop_table("contact_card")
