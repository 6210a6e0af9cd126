"""Errors that refuse an action on a session or on the programme."""

from dagvandebuurt.core import states
from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NotYetOpen(NotAllowed):
    """Refusal: the room opens ten minutes before the start. `opens_at` is an ISO timestamp in UTC."""

    code = "programme.not_yet_open"
    message = _l("Deze zaal is nog dicht. Tien minuten voor het begin gaat de deur open.")


class EndsBeforeItBegins(RuleBroken):
    code = "programme.ends_before_it_begins"
    status = 422
    message = _l("Het einde moet na het begin liggen.")


class CalledOff(NotAllowed):
    code = "programme.called_off"
    message = _l("Deze sessie gaat niet door.")


class ChangedMeanwhile(RuleBroken):
    """Edit conflict: somebody else saved the same thing since this form was opened. `theirs` are their
    values.
    """

    code = "programme.changed_meanwhile"
    message = _l("Iemand anders veranderde dit intussen. Kijk wat er nu staat en kies.")


class NothingToPublish(RuleBroken):
    code = "programme.nothing_to_publish"
    message = _l("Er is niets veranderd. Er is dus niets om te publiceren.")


class CannotBePublished(RuleBroken):
    """Refusal: the draft has inconsistencies that visitors would see. `titles` says which."""

    code = "programme.cannot_be_published"
    status = 422
    message = _l("Dit programma klopt nog niet. Los eerst op wat hieronder staat.")


class NotAsSeen(RuleBroken):
    """Edit conflict: the drafts changed since the preview."""

    code = "programme.not_as_seen"
    message = _l("Er is intussen iets bijgekomen. Bekijk de veranderingen nog eens.")


class CannotBeRead(RuleBroken):
    """Parse error: the file is not a programme. The message says what is wrong, `line` where."""

    code = "programme.cannot_be_read"
    status = 422
    message = _l("Dit bestand is niet te lezen.")


class TooMuchInFile(CannotBeRead):
    """Refusal: a limit of `exchange.limits` is exceeded, named in the message."""

    code = "programme.too_much_in_file"
    message = _l("In dit bestand staat te veel.")


class AnotherKindOfFile(CannotBeRead):
    code = "programme.another_kind_of_file"
    message = _l("Dit is geen programma.")


class NothingInFile(CannotBeRead):
    code = "programme.nothing_in_file"
    message = _l("In dit bestand staat geen enkele sessie. Vul titel, dag en begintijd in.")


class FileHasMistakes(RuleBroken):
    """Refusal: all or nothing, so nothing is stored while one line has an error."""

    code = "programme.file_has_mistakes"
    status = 422
    message = _l("In dit bestand staan fouten. Verbeter ze en probeer het opnieuw.")


class RegisteredOnly(RuleBroken):
    """Refusal: by setting of the moderators or organisers, only registered people support and vote here."""

    code = "programme.registered_only"
    status = 403
    message = _l("Hier steunt en stemt alleen wie zich aanmeldde. Dat kan nog: kies Meld je aan.")


class EditionMoved(states.ChangedMeanwhile):
    """Refusal: a colleague opened, closed or planned the edition since this page was made."""

    code = "programme.edition_moved"
    message = _l("Een collega veranderde deze editie intussen. Kijk hoe het nu is en kies opnieuw.")


class NotInFuture(RuleBroken):
    code = "programme.not_in_future"
    status = 422
    message = _l("Kies een moment dat nog komt.")


class DayNotOver(RuleBroken):
    """Refusal: an edition is closed for good after its day alone."""

    code = "programme.day_not_over"
    message = _l("Deze dag is nog niet voorbij. Sluit hem tijdelijk, of wacht tot na de dag.")


class NotTheTitle(RuleBroken):
    code = "programme.not_the_title"
    status = 422
    message = _l("Dit is niet de naam van deze editie. Typ de naam precies over.")


class EditionClosed(NotFound):
    """What visitors read at every address of an edition that is closed for now."""

    code = "programme.edition_closed"
    message = _l("Deze dag is nu even niet te bekijken. De organisatie werkt eraan.")


class EditionArchived(RuleBroken):
    code = "programme.edition_archived"
    message = _l("Deze editie is voorgoed afgesloten. Er verandert niets meer aan.")


class NoPlacesInFile(RuleBroken):
    code = "programme.no_places_in_file"
    status = 422
    message = _l("Hier staan geen plaatsen in. Geef een tabel met een kolom Naam, Gemeente, Wijk of Buurt.")


class PlaceInUse(RuleBroken):
    code = "programme.place_in_use"
    message = _l("Deze plaats is nog ergens gekozen, of er horen buurten bij. Daarom blijft hij staan.")


class TooManyPlaces(RuleBroken):
    code = "programme.too_many_places"
    status = 422
    message = _l("Zoveel plaatsen passen niet in de lijst. Lees alleen je eigen gemeente in.")


class HostsChanged(RuleBroken):
    """Conflict: two administrators changed the hosts of the stage at once."""

    code = "programme.stage_hosts_changed"
    status = 409
    message = _l("Iemand anders veranderde deze lijst net. Kijk wat er nu staat en druk nog een keer.")


class HostAllowed(RuleBroken):
    code = "programme.stage_host_allowed"
    status = 422
    message = _l("Deze site staat al in de lijst.")


class HostPinned(RuleBroken):
    code = "programme.stage_host_pinned"
    status = 422
    message = _l(
        "Deze site staat vast in de instellingen van de server. Alleen de beheerder van de server kan hem weghalen."
    )


class HostInUse(RuleBroken):
    """Refusal: sessions would lose their picture, and nobody said that they may. `titles` says which."""

    code = "programme.stage_host_in_use"
    status = 409
    message = _l(
        "Er komt nog beeld van deze site. Kijk bij welke sessies, en zet het vinkje als het toch weg mag."
    )


class TooManyHosts(RuleBroken):
    code = "programme.too_many_stage_hosts"
    status = 422
    message = _l("Er staan al vijftig sites in de lijst. Haal er eerst een weg.")
