from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from dagvandebuurt.core import pseudonyms


@pytest.mark.usefixtures("inside")
def test_a_person_is_one_pseudonym_in_a_room_and_another_in_the_next():
    person, hall, other_hall = uuid4(), uuid4(), uuid4()

    assert pseudonyms.pseudonym(hall, "author", person) == pseudonyms.pseudonym(hall, "author", person)
    assert pseudonyms.pseudonym(hall, "author", person) != pseudonyms.pseudonym(other_hall, "author", person)
    assert pseudonyms.pseudonym(hall, "author", person) != pseudonyms.pseudonym(hall, "support", person)


@pytest.mark.usefixtures("inside")
def test_a_destroyed_key_links_nobody_any_more():
    person, hall = uuid4(), uuid4()
    before = pseudonyms.pseudonym(hall, "author", person)

    pseudonyms.forget(hall)

    assert pseudonyms.pseudonym(hall, "author", person) != before


def test_processes_that_start_together_agree_on_the_key(app):
    hall = uuid4()

    def make(_number):
        with app.app_context():
            pseudonyms._cache.clear()
            return pseudonyms.room_key(hall)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(32)))) == 1
