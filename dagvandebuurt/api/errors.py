"""What can be wrong with a question of a machine."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class UnknownParameter(RuleBroken):
    """A typing error in a filter would silently give everything."""

    code = "api.unknown_parameter"
    status = 400
    message = _l("Dit kennen we niet in het adres. Kijk welke namen er zijn.")


class WrongParameter(RuleBroken):
    code = "api.wrong_parameter"
    status = 400
    message = _l("Deze waarde kan hier niet.")
