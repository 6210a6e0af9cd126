"""The short form of `make chaos`: few kills, the same verdict; and two sabotaged twins that go red."""

import pytest

from tests.chaos.rounds import play


def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(tmp_path):
    outcome = play(tmp_path, people=12, kills=4)

    assert outcome.verdict.acknowledged > 50, outcome
    assert outcome.verdict.holds, outcome


@pytest.mark.parametrize("where", ["before_commit", "after_commit", "before_broadcast"])
def test_nothing_is_lost_when_it_dies_at_the_worst_moment(tmp_path, where):
    outcome = play(tmp_path, people=10, kills=3, fail_at=where, chance=0.05, most_seconds=25)

    assert outcome.kills >= 1, outcome
    assert outcome.verdict.holds, outcome


@pytest.mark.postgres
def test_the_same_holds_for_three_processes_on_postgres(tmp_path, postgres):
    outcome = play(tmp_path, people=15, kills=4, processes=3, DATABASE_URL=postgres)

    assert outcome.verdict.acknowledged > 50, outcome
    assert outcome.verdict.holds, outcome


def test_the_twin_that_acknowledges_before_the_commit_goes_red(tmp_path):
    outcome = play(tmp_path, people=12, kills=6, sabotage="ack_early")

    assert outcome.verdict.lost > 0, outcome


def test_the_twin_without_a_memory_of_operations_goes_red(tmp_path):
    outcome = play(
        tmp_path,
        people=12,
        kills=8,
        sabotage="no_replay",
        fail_at="after_commit",
        chance=0.08,
        most_seconds=30,
    )

    assert outcome.verdict.denied > 0, outcome
