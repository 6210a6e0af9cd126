"""The queue of a stand in a browser on a small phone: a visitor who has no account, and who keeps the stand."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.market.models import MarketPresence, MarketStand
from tests.browser.hall import Hall
from tests.browser.test_market import wrong_with
from tests.factories import START
from tests.market.conftest import clock, stand  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
TALK = "https://beeld.buurt.example/soep"


@pytest.mark.parametrize("runs_scripts", [False, True], ids=["without-script", "with-script"])
def test_a_visitor_without_an_account_waits_is_called_and_is_looked_for(
    browser,
    make,
    stand,  # noqa: F811
    runs_scripts,
):
    with make.context(), transaction():
        db.session.get_one(MarketStand, stand.id).talk_url = TALK
    gerda = make.person("Gerda", roles=[("stand_holder", stand.id)])
    make.store(MarketPresence(stand_id=stand.id, person_id=gerda.id, until=START + timedelta(hours=3)))
    how = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": runs_scripts}
    hall, keeper = Hall(browser, make, **how), Hall(browser, make, gerda, **how)

    def look(page):
        """See what is new: by itself with a script, at the next look without."""
        if not runs_scripts:
            page.get_by_role("link", name="Kijk hoe het nu staat").click()

    visitor = hall.go("/markt")
    expect(visitor.get_by_text("iemand is er nu", exact=True)).to_be_visible()
    visitor.get_by_role("link", name="De soepbus").click()
    visitor.get_by_role("textbox", name="Hoe mogen ze je noemen?").fill("Fatma")
    visitor.get_by_role("button", name="Ik wil even praten").click()
    expect(visitor.get_by_text("Je bent als eerste aan de beurt.", exact=True)).to_be_visible()
    if runs_scripts:
        assert wrong_with(visitor) == []

    holder = keeper.go(f"/kraam/{stand.slug}")
    holder.get_by_role("link", name="1 bezoeker wacht").click()
    expect(holder.get_by_role("heading", name="1 bezoeker wacht")).to_be_visible()
    if runs_scripts:
        assert wrong_with(holder) == []
    holder.get_by_role("button", name="Ik kom zo bij je, Fatma").click()
    expect(holder.get_by_text("Jij bent bij deze bezoeker.")).to_be_visible()
    if runs_scripts:
        assert wrong_with(holder) == []

    look(visitor)
    expect(visitor.get_by_role("heading", name="Gerda heeft nu tijd voor je")).to_be_visible(timeout=20_000)
    expect(visitor.get_by_role("link", name="Ga naar het videogesprek")).to_have_attribute("href", TALK)
    if runs_scripts:
        expect(visitor).to_have_title("Gerda heeft nu tijd voor je - De rij: De soepbus · Dag van de Buurt")
        assert wrong_with(visitor) == []

    holder.get_by_role("button", name="Niet gevonden: Fatma").click()
    expect(holder.get_by_role("heading", name="Er wacht nu niemand")).to_be_visible()
    if not runs_scripts:
        visitor.reload()
    expect(visitor.get_by_role("heading", name="Gerda zocht je, maar vond je niet")).to_be_visible(
        timeout=20_000
    )
    assert visitor.get_by_role("textbox", name="Hoe mogen ze je noemen?").input_value() == "Fatma"
    if runs_scripts:
        assert wrong_with(visitor) == []

    visitor.get_by_role("button", name="Ik wil even praten").click()
    expect(visitor.get_by_role("heading", name="Je staat in de rij")).to_be_visible()
    look(holder)
    expect(holder.get_by_role("heading", name="1 bezoeker wacht")).to_be_visible(timeout=20_000)
    visitor.get_by_role("button", name="Ga uit de rij").click()
    expect(visitor.get_by_role("button", name="Ik wil even praten")).to_be_visible()
    hall.context.close()
    keeper.context.close()
