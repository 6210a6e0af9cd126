"""Errors of API requests."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class UnknownParameter(RuleBroken):
    """Unknown query parameter: ignoring a typo in a filter would silently return everything."""

    code = "api.unknown_parameter"
    status = 400
    message = _l("Dit kennen we niet in het adres. Kijk welke namen er zijn.")


class WrongParameter(RuleBroken):
    code = "api.wrong_parameter"
    status = 400
    message = _l("Deze waarde kan hier niet.")
