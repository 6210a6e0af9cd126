"""Short form of the chaos tests: few kills, the same verdict; and sabotaged twins that must be caught."""

import pytest

from tests.chaos.rounds import SEAMS, play

pytestmark = pytest.mark.slow
MOST_ROUNDS = 4


def until_caught(folder, fault, settings):
    """Play rounds, each with another seed, until one shows the fault: it is chance which writes a crash hits.

    Most of them are supports, which come out the same when they are executed twice.
    """
    outcomes = []
    for seed in range(1, MOST_ROUNDS + 1):
        own = folder / str(seed)
        own.mkdir()
        outcomes.append(play(own, seed=seed, **settings))
        if fault(outcomes[-1].verdict):
            break
    return outcomes


def test_e1_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(tmp_path):
    outcome = play(tmp_path, people=12, kills=3)

    assert outcome.verdict.acknowledged > 50, outcome
    assert outcome.verdict.holds, outcome


def test_e2_nothing_is_lost_in_a_crash_at_critical_moments(tmp_path):
    outcome = play(tmp_path, people=12, kills=4, fail_at=" ".join(SEAMS), chance=0.03, most_seconds=25)

    assert outcome.kills >= 2, outcome
    assert outcome.verdict.holds, outcome


@pytest.mark.postgres
def test_e1_the_same_holds_for_three_processes_on_postgres(tmp_path, postgres):
    outcome = play(tmp_path, people=15, kills=4, processes=3, DATABASE_URL=postgres)

    assert outcome.verdict.acknowledged > 50, outcome
    assert outcome.verdict.holds, outcome


def test_e1_acknowledging_before_the_commit_is_caught(tmp_path):
    outcomes = until_caught(
        tmp_path,
        lambda verdict: verdict.lost,
        {"people": 12, "kills": 4, "sabotage": "ack_early", "quiet_seconds": 1},
    )

    assert outcomes[-1].verdict.lost > 0, outcomes


def test_e1_a_server_without_stored_results_is_caught(tmp_path):
    outcomes = until_caught(
        tmp_path,
        lambda verdict: verdict.denied,
        {
            "people": 12,
            "kills": 6,
            "sabotage": "no_replay",
            "fail_at": "after_commit",
            "chance": 0.08,
            "most_seconds": 30,
            "quiet_seconds": 1,
        },
    )

    assert outcomes[-1].verdict.denied > 0, outcomes


def test_a_client_without_wakeups_still_converges(tmp_path):
    """Not a change and not a tick arrives: then a client polls, here after two seconds."""
    outcome = play(tmp_path, people=10, kills=0, most_seconds=4, sabotage="no_push", silence=2)

    assert outcome.resyncs > 0, outcome
    assert outcome.verdict.holds, outcome


def test_a_client_that_depends_on_wakeups_is_caught(tmp_path):
    outcome = play(
        tmp_path, people=10, kills=0, most_seconds=3, sabotage="no_push", silence=999, quiet_seconds=1
    )

    assert outcome.verdict.differing > 0, outcome
