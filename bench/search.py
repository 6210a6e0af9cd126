"""Benchmark of the search (`make bench-search`) among 20,000 documents, on each database. Loopback only.

Two hundred searches: words of every frequency, prefixes, two words, misspellings, and chosen facets. A
measurement is one page: results, counts of every facet, and the snippets.
"""

import random
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import text

from dagvandebuurt.core.db import db
from dagvandebuurt.core.search import index
from dagvandebuurt.core.search.registry import sources
from dagvandebuurt.core.search.search import find
from dagvandebuurt.core.search.snippets import marked, snippet
from dagvandebuurt.core.transaction import transaction
from tests.conftest import test_settings
from tests.houses import house
from tests.many import KINDS, THEMES, things, vocabulary, weights, with_a_slip
from tests.servers import postgres_server


def fill() -> None:
    """Insert the generated documents."""
    by_kind: dict[str, list] = {kind: [] for kind in KINDS}
    for kind, entry in things():
        by_kind[kind].append(entry)
    with transaction():
        for kind, entries in by_kind.items():
            index.write(sources()[kind], None, entries)
        db.session.execute(text("ANALYZE"))  # which a database does by itself after a while


def asked(seed: int = 11) -> list[tuple[str, str, dict[str, str]]]:
    """Return (case, query, facets) of each search."""
    dice = random.Random(seed)
    words = vocabulary(random.Random(7))
    rare = [word for word in dice.choices(words, weights(words), k=400) if len(word) > 4]
    found = [("word", word, {}) for word in dice.choices(words[:50], k=30) + rare[:30]]
    found += [("beginning", word[:4], {}) for word in rare[30:70]]
    found += [("two words", f"{dice.choice(words[:40])} {dice.choice(words[:40])}", {}) for _ in range(30)]
    found += [("slip", with_a_slip(word, dice), {}) for word in rare[70:110]]
    found += [("facets", word, {"theme": dice.choice(THEMES)}) for word in dice.choices(words[:200], k=30)]
    return found


def measure(database: str) -> dict[str, str]:
    took: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        house(test_settings(Path(folder), DATABASE_URL=database)) as app,
        app.app_context(),
    ):
        db.create_all()
        began = time.perf_counter()
        fill()
        filled = time.perf_counter() - began
        for what, typed, chosen in asked():
            began = time.perf_counter()
            found = find(typed, chosen)
            for each in found.results:
                marked(each.title, found.sought)
                snippet(each.body, found.sought)
            took.setdefault(what, []).append((time.perf_counter() - began) * 1000)
            db.session.rollback()
    everything = [each for times in took.values() for each in times]
    said = {what: _in_words(times) for what, times in {**took, "all": everything}.items()}
    return {"filled in": f"{filled:.1f} s", **said}


def _in_words(times: list[float]) -> str:
    return f"{median(times):.1f} ms, p95 {quantiles(times, n=20)[-1]:.1f}, most {max(times):.1f} (n={len(times)})"


def main() -> None:
    with postgres_server() as url:
        for name, database in (("SQLite", ""), ("PostgreSQL", url)):
            print(name)
            for what, said in measure(database).items():
                print(f"  {what:10} {said}")


if __name__ == "__main__":
    main()
