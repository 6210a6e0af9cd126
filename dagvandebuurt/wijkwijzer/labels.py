"""Labels of the Wijkwijzer. Dutch here, English in the catalogue."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.paths import resource
from dagvandebuurt.people import labels as people_labels
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.wijkwijzer.models import (
    GapKind,
    GapStatus,
    InitiativeStatus,
    LearningQuestionStatus,
    LinkStatus,
    OfferForm,
    OfferMode,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people.models import FollowKind, News, Rhythm

# Of people, as stored: a field of work or a role in words.
DOMAINS = people_labels.DOMAINS
DRAWINGS = "img/initiatives"
DRAWN = frozenset(path.stem for path in (resource("static") / DRAWINGS).glob("*.svg"))
AUDIENCE = people_labels.PARTICIPANT_ROLES
SHORT_ROLES = people_labels.SHORT_ROLES

QUESTION_STATES = {
    LearningQuestionStatus.SUBMITTED: _l("Wordt gelezen"),
    LearningQuestionStatus.VISIBLE: _l("Open"),
    LearningQuestionStatus.CLUSTERED: _l("Hoort bij een andere leervraag"),
    LearningQuestionStatus.MATCHED: _l("Er is aanbod"),
    LearningQuestionStatus.ANSWERED: _l("Beantwoord"),
    LearningQuestionStatus.GAP: _l("Nog te organiseren"),
    LearningQuestionStatus.DECLINED: _l("Niet geplaatst"),
}
OFFER_STATES = {
    OfferStatus.SUBMITTED: _l("Wordt nagekeken"),
    OfferStatus.CHECKED: _l("Nagekeken"),
    OfferStatus.PUBLISHED: _l("Staat op de site"),
    OfferStatus.CHECK_DUE: _l("We vragen na of dit nog bestaat"),
    OfferStatus.EXPIRED: _l("Verlopen"),
    OfferStatus.ARCHIVED: _l("Gestopt"),
    OfferStatus.DECLINED: _l("Niet geplaatst"),
}
GAP_STATES = {
    GapStatus.IDENTIFIED: _l("Iemand gezocht die dit oppakt"),
    GapStatus.ADOPTED: _l("Opgepakt"),
    GapStatus.IN_DESIGN: _l("Wordt gemaakt"),
    GapStatus.FILLED: _l("Gevuld"),
    GapStatus.PARKED: _l("Ligt stil"),
}
INITIATIVE_STATES = {
    InitiativeStatus.DRAFT: _l("Nog niet ingestuurd"),
    InitiativeStatus.IN_REVIEW: _l("Wordt nagekeken"),
    InitiativeStatus.PUBLISHED: _l("Staat op de site"),
    InitiativeStatus.CHECK_DUE: _l("We vragen na of dit nog bestaat"),
    InitiativeStatus.ARCHIVED: _l("Gestopt"),
}
TAGS = {
    LearningQuestionStatus.MATCHED: "leaf",
    LearningQuestionStatus.ANSWERED: "leaf",
    LearningQuestionStatus.GAP: "sun",
    OfferStatus.CHECK_DUE: "sun",
    OfferStatus.EXPIRED: "off",
    GapStatus.IDENTIFIED: "alarm",
    GapStatus.ADOPTED: "canal",
    GapStatus.IN_DESIGN: "canal",
    GapStatus.FILLED: "leaf",
}
GAP_KINDS = {
    GapKind.NO_OFFER: _l("Er is nog niets"),
    GapKind.SINGLE_SECTOR: _l("Alleen voor één vak of sector"),
    GapKind.NOT_ACCESSIBLE: _l("Niet voor iedereen te volgen"),
}
FORMS = {
    OfferForm.COURSE: _l("Cursus of training"),
    OfferForm.WORKSHOP: _l("Workshop of masterclass"),
    OfferForm.E_LEARNING: _l("Online les"),
    OfferForm.VISIT: _l("Bezoek"),
    OfferForm.NETWORK: _l("Netwerk"),
    OfferForm.READING: _l("Iets om te lezen"),
    OfferForm.PODCAST: _l("Podcast of video"),
    OfferForm.COACH: _l("Coach of meelopen"),
}
MODES = {
    OfferMode.IN_PERSON: _l("Op een plek"),
    OfferMode.ONLINE: _l("Online"),
    OfferMode.BLENDED: _l("Deels online"),
}
LINKS = {
    LinkStatus.UNKNOWN: _l("Link nog niet gecontroleerd"),
    LinkStatus.WORKS: _l("Link werkt"),
    LinkStatus.BROKEN: _l("Link werkt niet"),
}
LANGUAGE_LEVELS = {
    "A2": _l("Eenvoudige woorden (A2)"),
    "B1": _l("Gewone taal (B1)"),
    "B2": _l("Vaktaal (B2)"),
}
NEWS = {
    News.SHOWN: _l("Je leervraag staat op de site"),
    News.DECLINED: _l("Je leervraag is niet geplaatst"),
    News.CLUSTERED: _l("Je leervraag hoort nu bij een andere"),
    News.MATCHED: _l("Er is aanbod voor je leervraag"),
    News.ANSWERED: _l("Er is een antwoord op je leervraag"),
    News.GAP: _l("Voor je leervraag is nog niets. We zoeken iemand die het organiseert"),
    News.ADOPTED: _l("Iemand pakt je leervraag op"),
    News.PARKED: _l("Je leervraag ligt even stil"),
    News.FILLED: _l("Het is er: er is nu aanbod voor je leervraag"),
    News.REOPENED: _l("Het aanbod bij je leervraag is gestopt. De vraag is weer open"),
}
FOLLOWS = {
    FollowKind.THEME: _l("Thema"),
    FollowKind.ORGANISATION: _l("Organisatie"),
    FollowKind.PLACE: _l("Plaats of buurt"),
    FollowKind.AUTHOR: _l("Schrijver"),
}
RHYTHMS = {Rhythm.WEEKLY: _l("Elke week"), Rhythm.MONTHLY: _l("Elke maand")}
# Three views of the same content, by kind of visitor.
DOORS = {
    "bewoner": (
        _l("Ik woon in een buurt"),
        frozenset({ParticipantRole.RESIDENT, ParticipantRole.ACTIVE_RESIDENT, ParticipantRole.ENTREPRENEUR}),
    ),
    "professional": (
        _l("Ik werk in een buurt"),
        frozenset({ParticipantRole.SOCIAL_WORKER, ParticipantRole.PROFESSIONAL, ParticipantRole.RESEARCHER}),
    ),
    "beleid": (
        _l("Ik maak beleid"),
        frozenset({ParticipantRole.POLICY_OFFICER, ParticipantRole.ADMINISTRATOR}),
    ),
}


def drawing_of(slug: str) -> str | None:
    """Return the drawing of an initiative, as a static file; None where there is none of it."""
    return f"{DRAWINGS}/{slug}.svg" if slug in DRAWN else None
