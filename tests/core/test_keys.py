from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from dagvandebuurt.core import pseudonyms


@pytest.mark.usefixtures("inside")
def test_a_person_has_one_pseudonym_per_room():
    person, hall, other_hall = uuid4(), uuid4(), uuid4()

    assert pseudonyms.pseudonym(hall, "author", person) == pseudonyms.pseudonym(hall, "author", person)
    assert pseudonyms.pseudonym(hall, "author", person) != pseudonyms.pseudonym(other_hall, "author", person)
    assert pseudonyms.pseudonym(hall, "author", person) != pseudonyms.pseudonym(hall, "support", person)


@pytest.mark.usefixtures("inside")
def test_destroying_a_key_makes_pseudonyms_unlinkable():
    person, hall = uuid4(), uuid4()
    before = pseudonyms.pseudonym(hall, "author", person)

    pseudonyms.destroy_key(hall)

    assert pseudonyms.pseudonym(hall, "author", person) != before


def test_concurrent_processes_agree_on_the_key(app):
    hall = uuid4()

    def make(_number):
        with app.app_context():
            pseudonyms._cache.clear()
            return pseudonyms.room_key(hall)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(32)))) == 1
