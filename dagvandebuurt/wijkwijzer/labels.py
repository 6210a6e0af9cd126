"""Labels of the Wijkwijzer. Dutch here, English in the catalogue."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people import labels as people_labels
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.wijkwijzer.models import (
    GapKind,
    GapState,
    InitiativeState,
    LinkState,
    OfferForm,
    OfferMode,
    OfferState,
    QuestionState,
)
from dagvandebuurt.wijkwijzer.people.models import FollowKind, News, Rhythm

# Of people, as stored: a field of work or a role in words.
DOMAINS = people_labels.DOMAINS
AUDIENCE = people_labels.PARTICIPANT_ROLES
SHORT_ROLES = people_labels.SHORT_ROLES

QUESTION_STATES = {
    QuestionState.SUBMITTED: _l("Wordt gelezen"),
    QuestionState.VISIBLE: _l("Open"),
    QuestionState.CLUSTERED: _l("Hoort bij een andere leervraag"),
    QuestionState.MATCHED: _l("Er is aanbod"),
    QuestionState.ANSWERED: _l("Beantwoord"),
    QuestionState.GAP: _l("Nog te organiseren"),
    QuestionState.DECLINED: _l("Niet geplaatst"),
}
OFFER_STATES = {
    OfferState.SUBMITTED: _l("Wordt nagekeken"),
    OfferState.CHECKED: _l("Nagekeken"),
    OfferState.PUBLISHED: _l("Staat op de site"),
    OfferState.CHECK_DUE: _l("Moet opnieuw bevestigd worden"),
    OfferState.EXPIRED: _l("Verlopen"),
    OfferState.ARCHIVED: _l("Gestopt"),
    OfferState.DECLINED: _l("Niet geplaatst"),
}
GAP_STATES = {
    GapState.IDENTIFIED: _l("Iemand gezocht die dit oppakt"),
    GapState.ADOPTED: _l("Opgepakt"),
    GapState.IN_DESIGN: _l("Wordt gemaakt"),
    GapState.FILLED: _l("Gevuld"),
    GapState.PARKED: _l("Ligt stil"),
}
INITIATIVE_STATES = {
    InitiativeState.DRAFT: _l("Nog niet ingestuurd"),
    InitiativeState.IN_REVIEW: _l("Wordt nagekeken"),
    InitiativeState.PUBLISHED: _l("Staat op de site"),
    InitiativeState.CHECK_DUE: _l("Moet opnieuw bevestigd worden"),
    InitiativeState.ARCHIVED: _l("Gestopt"),
}
TAGS = {
    QuestionState.MATCHED: "leaf",
    QuestionState.ANSWERED: "leaf",
    QuestionState.GAP: "sun",
    OfferState.CHECK_DUE: "sun",
    OfferState.EXPIRED: "off",
    GapState.IDENTIFIED: "alarm",
    GapState.ADOPTED: "canal",
    GapState.IN_DESIGN: "canal",
    GapState.FILLED: "leaf",
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
    LinkState.UNKNOWN: _l("Link nog niet gecontroleerd"),
    LinkState.WORKS: _l("Link werkt"),
    LinkState.BROKEN: _l("Link werkt niet"),
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
