"""Weight of the first view of a session room: what a phone fetches before one can read along."""

import gzip
import re
from posixpath import dirname, join, normpath

import pytest

from dagvandebuurt.qanda import labels
from dagvandebuurt.qanda.models import QuestionStatus

# Bytes of the page, its styles and its scripts, all compressed: what they were when the room was a form beside a
# black box (46,681 and 48,208), and the ten kilobytes that one screen may cost besides.
MOST = {"stranger": 46_681 + 10_000, "guest": 48_208 + 10_000}
MOST_SENT = (
    90_000  # as sent: files compressed, the page as it is; with three questions (143,361 and 148,424 then)
)
OF_A_QUESTION = 1_300  # of the page, for each question
TEXT = "Wie veegt het plein na de markt?"


def files_of(browser, page):
    """Return what the page loads at once, by address: styles, and scripts with what those import."""
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.S)  # a browser fetches nothing for those
    found, todo = {}, re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', shown)
    while todo:
        path = todo.pop()
        if path in found or "/vendor/" in path:  # what is not ours, the same as ever
            continue
        with browser.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            found[path] = answer.data
        imported = re.findall(
            r'^(?:import|export) (?:.* from )?"(\.[^"]+)"', gzip.decompress(found[path]).decode(), re.M
        )
        todo += [normpath(join(dirname(path), name)) for name in imported if path.endswith(".js")]
    return found


def names(files):
    return {path.rpartition("/")[2] for path in files}


@pytest.fixture
def visitors(make):
    return {"stranger": make.browser(), "guest": make.browser(make.guest("Noor"))}


@pytest.fixture
def live(make, session):
    """Return the address of a room in which three questions are read."""
    for _ in range(3):
        make.question(session, status=QuestionStatus.VISIBLE, text=TEXT)
    return f"/sessies/{session.slug}/live"


@pytest.mark.parametrize("who", MOST)
def test_the_first_view_is_small(visitors, live, who):
    page = visitors[who].get(live)
    files = files_of(visitors[who], page.text)

    compressed = {path: len(content) for path, content in files.items()}
    assert len(files) > 20
    assert len(gzip.compress(page.data, 6)) + sum(compressed.values()) < MOST[who], compressed
    assert len(page.data) + sum(compressed.values()) < MOST_SENT, (len(page.data), compressed)


def test_a_question_adds_little(visitors, live):
    page = visitors["guest"].get(live).text
    cards = re.findall(
        r'<article class="question".*?</article>', page.partition('<template id="question')[0], re.S
    )

    assert len(cards) == 3
    assert max(len(card) for card in cards) < OF_A_QUESTION, cards[0]


def test_who_only_reads_fetches_nothing_to_write_with(visitors, live):
    writing = {"own.js", "ask.js", "draft.js", "mine.js", "timeline.js"}
    read, wrote = (names(files_of(each, each.get(live).text)) for each in visitors.values())

    assert read & writing == set()
    assert writing <= wrote
    # With the first letter that one types, with a picture, and with a question of one's own.
    assert {"look_again.js", "similar.js", "stage.js", "timeline.css"} & (read | wrote) == set()


def test_the_page_has_every_word_that_its_scripts_say(app, visitors, live):
    with app.test_request_context():
        everything = labels.for_the_script()
    for browser in visitors.values():
        page = browser.get(live).text
        printed = set(re.findall(r'data-word="([^"]+)"', page))
        scripts = [
            gzip.decompress(content).decode()
            for path, content in files_of(browser, page).items()
            if path.endswith(".js")
        ]
        said = {
            word for script in scripts for word in re.findall(r'"(\w+\.\w+)"', script) if word in everything
        }
        begun = {start for script in scripts for start in re.findall(r"\bsay\(`([\w.]+)\$", script)}

        assert said <= printed
        assert all(any(word.startswith(start) for word in printed) for start in begun), begun
        assert printed < set(everything)
