"""How long an answer took, beside what the organisation promised."""

import re
from datetime import timedelta

from dagvandebuurt.agenda.models import FollowUpStatus
from tests.factories import START


def test_the_bar_of_each_organisation_has_the_line_of_what_it_promised(make):
    fast, slow = (make.organisation(name, response_days=days) for name, days in (("Vlot", 42), ("Traag", 10)))
    for organisation, took in ((fast, 5), (slow, 84)):
        make.point(
            organisation,
            status=FollowUpStatus.ANSWERED,
            sent_at=START,
            answered_at=START + timedelta(days=took),
        )

    page = make.browser().get("/agenda").text
    rows = dict(re.findall(r'<th scope="row">(\w+)</th>\s*<td>(.*?)</td>', page, re.DOTALL))

    said = {name: " ".join(re.sub(r"<[^>]+>", " ", row).split()) for name, row in rows.items()}
    assert said["Vlot"] == "5 (beloofd: 42)"
    assert said["Traag"] == "84 (beloofd: 10)"
    widths = {
        name: re.findall(r'bars__(?:fill" width|mark" x)="([\d.]+)"', row) for name, row in rows.items()
    }
    assert widths["Vlot"] == ["5.95", "49.6"]  # the longest of both is the whole bar
    assert widths["Traag"] == ["100.0", "11.81"]
    assert "Het streepje is wat de organisatie belooft." in page
