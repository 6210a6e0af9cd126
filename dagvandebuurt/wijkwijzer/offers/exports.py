"""Export of public offers as a table that can be imported again. Without contact details and senders."""

from collections.abc import Iterable

from dagvandebuurt.core.spreadsheets import Cell, csv_bytes
from dagvandebuurt.wijkwijzer.models import LearningOffer
from dagvandebuurt.wijkwijzer.offers.columns import HEADINGS, SHARED, words_of


def offers_csv(offers: Iterable[LearningOffer]) -> bytes:
    words = {kind: words_of(kind) for kind in ("form", "mode", "audience", "domains")}
    return csv_bytes([HEADINGS[name] for name in SHARED], [_row(each, words) for each in offers])


def _row(offer: LearningOffer, words: dict[str, dict[str, str]]) -> list[Cell]:
    told: dict[str, Cell] = {
        "form": words["form"][offer.form.value],
        "mode": words["mode"][offer.mode.value],
        "audience": "; ".join(words["audience"].get(each, each) for each in offer.audience),
        "domains": "; ".join(words["domains"].get(each, each) for each in offer.domains),
        "themes": "; ".join(theme.label for theme in offer.themes),
        "place": offer.place.name if offer.place is not None else "",
    }
    return [told[name] if name in told else getattr(offer, name) for name in SHARED]
