"""Search index of the demo, which is loaded past the rules."""

from dagvandebuurt import demo
from dagvandebuurt.core.search import index
from dagvandebuurt.core.search.search import find
from dagvandebuurt.core.transaction import transaction


def test_search_index_is_consistent_after_loading_and_shifting(inside):
    demo.open_the_day()
    found = find("buurt")
    with transaction():
        mended = index.rebuild()

    assert set(mended) == {
        "session", "speaker", "lesson", "question", "follow_up", "learning_question", "offer", "gap", "initiative",
    }  # fmt: skip
    assert set(mended.values()) == {0}
    assert found.count > 15
    assert len(found.facets["kind"]) >= 3
