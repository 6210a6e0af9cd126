"""Crowd of a played hour: people who ask, support, withdraw and vote, each over a socket, at a human pace."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from tests.chaos.bots import Bot, Deed

DEEDS_PER_SECOND = 0.05  # of each, in the mean: a hundred people ask forty questions a minute
NOT_FOR_THE_ROOM = {"waiting", "hidden", "withdrawn", "merged", "moved"}
ASKED = tuple(
    line.strip()
    for line in """
    Waarom staat het grofvuil in de {place} er al drie weken?
    Mogen wij bij de {place} zelf een bank neerzetten?
    Hoe vaak komt de huismeester nog langs?
    Kan de speeltuin aan de {place} ook op zaterdag open?
    Wie belt er iemand op die alleen woont en ziek is?
    Wanneer komt er licht op het pad achter de school?
    Is er geld voor een moestuin, en wie beslist daarover?
    Waarom rijdt bus 4 na acht uur niet meer langs de {place}?
    Hoe leren nieuwe bewoners hun buren kennen?
    Wat doet de corporatie aan schimmel in de slaapkamers?
    Mag mijn zoon van twaalf ook meedenken?
    Waar kan ik een fiets lenen om naar mijn werk te gaan?
    Komt er een prullenbak bij de vijver?
    Hoe lang duurt het voor de stoeptegels recht liggen in de {place}?
    Kunnen we de straat een middag afsluiten voor een feest?
    Wie ruimt de bladeren op als de goot overloopt?
    Er is geen wc in het buurthuis voor iemand met een rolstoel.
    Ik wil helpen met koffie schenken op dinsdag, waar meld ik mij?
    Welke huisarts neemt nog mensen aan?
    Waarom moest de bibliotheek weg uit {place}?
    Mijn moeder leest geen Nederlands. Komt de brief ook in het Turks?
    Zijn er plannen voor zonnepanelen op de flat?
    Hoe hard mag je hier rijden, en waarom controleert niemand dat?
    De lift aan de {place} is sinds vrijdag stuk.
    Wat gebeurt er met het lege schoolgebouw?
    Kan de markt weer een keer per week komen?
    Hoe vraag je subsidie aan zonder tien formulieren?
    Wie let er op de hangjongeren, of praat er iemand met ze?
    Er zitten ratten bij de containers van {place}.
    Waarom kost de zaal huren nu opeens veertig euro?
    لماذا لا يوجد ضوء في الحديقة خلف المدرسة؟
    Sokağımızda çöp neden üç haftadır duruyor? 😕
    Mijn buurman aan de {place} is een leugenaar en dat weet iedereen.
    """.strip().splitlines()
)
# One in forty is as long as a question may be.
LONG = (
    "Bij ons in de {place} is het 's avonds donker, de stoep ligt los, de bus rijdt niet meer en op de brief van "
    "vorig jaar kwam geen antwoord. Wie is nu onze vaste persoon, waar zit die, en mogen wij die gewoon bellen? "
    "We willen graag meedenken, want wij wonen er al dertig jaar en wij weten wat er speelt. Kan iemand van de "
    "gemeente een keer meelopen, op een avond, en zelf zien wat wij zien, en daarna zeggen wat er wel kan?"
)
PLACES = (
    "Lindestraat", "Molenhof", "Brugstraat", "Klinkerweg", "Havenkade", "Sterrenhof", "Tuinlaan", "Kerkpad",
    "Weverstraat", "Dorpsplein", "Vaartkade", "Beukenlaan",
)  # fmt: skip


@dataclass
class Neighbour(Bot):
    """Person in the room. Rests a second between two looks, and does something now and then."""

    hop: float = 0.001
    rest: float = 1.0
    pace: float = DEEDS_PER_SECOND
    asked: Iterator[int] = field(
        default_factory=count
    )  # shared: no question twice before each was asked once
    leaks: int = 0
    votes: dict[str, list[int]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return id(self)

    def _something(self) -> Deed:
        base = {"session": str(self.room), "op": uuid4().hex}
        questions = {key: each for key, each in self.state.items() if each["kind"] == "question"}
        for poll in (each for each in self.state.values() if each["kind"] == "poll"):
            if poll["status"] == "open" and (poll["id"] not in self.votes or self.dice.random() < 0.02):
                chosen = [self.dice.randrange(len(poll["options"]))]
                self.votes[poll["id"]] = chosen
                return Deed("poll:ballot", {**base, "poll": poll["id"], "choices": chosen})
        shown = [key for key, each in questions.items() if each["status"] in ("visible", "live")]
        dice = self.dice.random()
        if shown and dice < 0.84:
            wish = {"question": self.dice.choice(shown), "on": self.dice.random() < 0.85}
            return Deed("question:support", {**base, **wish})
        if self.mine and dice < 0.86:
            return Deed("question:withdraw", {**base, "question": self.dice.choice(self.mine)})
        # Not among the first, which are counted in view.
        is_long = shown and self.dice.random() < 0.025
        asked = (LONG if is_long else ASKED[next(self.asked) % len(ASKED)]).format(
            place=self.dice.choice(PLACES)
        )
        return Deed("question:ask", {**base, "id": str(uuid4()), "text": asked})

    def _apply(self, items: list[dict[str, Any]]) -> None:
        if not self.visitor.is_moderator:
            self.leaks += sum(
                not each.get("gone") and each.get("status") in NOT_FOR_THE_ROOM for each in items
            )
        super()._apply(items)


@dataclass
class Watcher(Neighbour):
    """Moderator who only looks: what a desk is sent, compared with the database at the end."""

    pace: float = 0.0

    def __hash__(self) -> int:
        return id(self)
