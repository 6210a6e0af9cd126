"""Refusals of alarms."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class AlreadyRaised(RuleBroken):
    code = "safety.already_raised"
    message = _l("Dit is al doorgegeven. De organisatie is gewaarschuwd.")

    def __init__(self, name: str | None) -> None:
        said = _l("%(name)s gaf dit al door. De organisatie is gewaarschuwd.", name=name)
        super().__init__(said if name else None)


class AlreadyTaken(RuleBroken):
    code = "safety.already_taken"
    message = _l("Iemand anders pakte dit net op. Kijk hoe het nu staat.")

    def __init__(self, name: str | None) -> None:
        said = _l("%(name)s pakte dit net op. Kijk hoe het nu staat.", name=name)
        super().__init__(said if name else None)


class NoAlarm(RuleBroken):
    code = "safety.no_alarm"
    status = 404
    message = _l("Dit alarm is er niet, of niet meer.")


class NumbersChanged(RuleBroken):
    code = "safety.numbers_changed"
    message = _l(
        "Een collega heeft de nummers net veranderd. Hieronder staat wat jij typte. Bewaar opnieuw als dat goed is."
    )
