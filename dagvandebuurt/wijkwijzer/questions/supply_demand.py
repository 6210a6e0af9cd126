"""Supply-demand matrix: questions and offers for each theme and domain, to show where offers are missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.labels import DOMAINS
from dagvandebuurt.programme.models import Theme
from dagvandebuurt.wijkwijzer.models import Gap, LearningOffer, LearningQuestion
from dagvandebuurt.wijkwijzer.queries import gaps, shown_offers, shown_questions
from dagvandebuurt.wijkwijzer.states import OPEN_GAPS


@dataclass(frozen=True)
class SupplyDemandRow:
    """Row of a theme or domain. `people` is how many want to learn its questions, askers included."""

    label: str
    code: str
    questions: int
    people: int
    offers: int
    gaps: int

    @property
    def is_white(self) -> bool:
        """Tell whether there is demand without any supply."""
        return self.questions > 0 and self.offers == 0


@dataclass(frozen=True)
class Board:
    themes: list[SupplyDemandRow]
    domains: list[SupplyDemandRow]

    @property
    def most(self) -> int:
        """Return what a full bar means: one scale for demand and supply, so that they can be compared."""
        lines = [*self.themes, *self.domains]
        return max((number for line in lines for number in (line.people, line.offers)), default=1) or 1


def board(themes: Iterable[Theme]) -> Board:
    """Calculate the matrix with four queries, whatever its size."""
    asked = db.session.scalars(shown_questions()).all()
    supply = db.session.scalars(shown_offers()).all()
    missing = [gap for gap in db.session.scalars(gaps()) if gap.status in OPEN_GAPS]
    found = asked, supply, missing
    used = {
        code for thing in (*asked, *supply) for code in _domains_of(thing)
    }  # gaps have those of questions
    chosen = offered("domain", DOMAINS, used)
    return Board(
        [_line(theme.label, theme.code, _codes_of_themes, found) for theme in themes],
        [_line(str(DOMAINS[domain]), domain.value, _domains_of, found) for domain in chosen],
    )


Found = tuple[Sequence[LearningQuestion], Sequence[LearningOffer], Sequence[Gap]]


def _codes_of_themes(thing: Any) -> set[str]:
    return {theme.code for theme in thing.themes}


def _domains_of(thing: Any) -> set[str]:
    """Return the domains of an offer, or else those of its provider."""
    own = set(thing.domains)
    provider = getattr(thing, "provider", None)
    return own or ({provider.domain.value} if provider else set())


def _line(label: str, code: str, codes_of: Callable[[Any], set[str]], found: Found) -> SupplyDemandRow:
    asked, offered, missing = found
    mine = [question for question in asked if code in codes_of(question)]
    return SupplyDemandRow(
        label,
        code,
        questions=len(mine),
        people=sum(question.me_too + 1 for question in mine),
        offers=sum(code in codes_of(offer) for offer in offered),
        gaps=sum(any(code in codes_of(question) for question in gap.questions) for gap in missing),
    )
