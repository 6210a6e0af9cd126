"""Labels of roles and fields. Dutch here, English in the catalogue."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dagvandebuurt.core.i18n import in_words
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.words import own_entries, own_words
from dagvandebuurt.people.models import Domain, ParticipantRole, Role

MASKED_WHOLE = 2  # of so short a name only the first letter shows
PARTICIPANT_ROLES = own_words(
    "participant_role",
    {
        ParticipantRole.RESIDENT: _l("Bewoner"),
        ParticipantRole.ACTIVE_RESIDENT: _l("Actieve bewoner of vrijwilliger"),
        ParticipantRole.SOCIAL_WORKER: _l("Sociaal werker"),
        ParticipantRole.PROFESSIONAL: _l("Professional in wonen, zorg, veiligheid of onderwijs"),
        ParticipantRole.POLICY_OFFICER: _l("Beleidsmaker of ambtenaar"),
        ParticipantRole.ADMINISTRATOR: _l("Bestuurder of raadslid"),
        ParticipantRole.RESEARCHER: _l("Onderzoeker of docent"),
        ParticipantRole.ENTREPRENEUR: _l("Ondernemer"),
        **own_entries(ParticipantRole),
        ParticipantRole.UNDISCLOSED: _l("Zeg ik liever niet"),
    },
)
# Under a question, where a line must be short.
SHORT_ROLES = own_words(
    "participant_role",
    {
        ParticipantRole.RESIDENT: _l("bewoner"),
        ParticipantRole.ACTIVE_RESIDENT: _l("actieve bewoner"),
        ParticipantRole.SOCIAL_WORKER: _l("sociaal werker"),
        ParticipantRole.PROFESSIONAL: _l("professional"),
        ParticipantRole.POLICY_OFFICER: _l("beleidsmaker"),
        ParticipantRole.ADMINISTRATOR: _l("bestuurder"),
        ParticipantRole.RESEARCHER: _l("onderzoeker"),
        ParticipantRole.ENTREPRENEUR: _l("ondernemer"),
        **own_entries(ParticipantRole),
        ParticipantRole.UNDISCLOSED: _l("deelnemer"),
    },
    inside=True,
)
DOMAINS = own_words(
    "domain",
    {
        Domain.WELFARE: _l("Welzijn en sociaal werk"),
        Domain.HOUSING: _l("Wonen en woningcorporatie"),
        Domain.POLICE: _l("Politie en veiligheid"),
        Domain.CARE: _l("Zorg en gezondheid"),
        Domain.EDUCATION: _l("Onderwijs en opvoeding"),
        Domain.WORK_INCOME: _l("Werk en inkomen"),
        Domain.MUNICIPALITY: _l("Gemeente"),
        Domain.RESIDENTS: _l("Bewoners"),
        Domain.KNOWLEDGE: _l("Kennis en onderzoek"),
        **own_entries(Domain),
    },
)
ROLES = {
    Role.SUPPORTER: _l("Ondersteuner"),
    Role.PHONE_DESK: _l("Telefoonhulp"),
    Role.HOST: _l("Gespreksleider"),
    Role.MODERATOR: _l("Moderator"),
    Role.CAPTIONER: _l("Ondertitelaar"),
    Role.STAND_HOLDER: _l("Kraamhouder"),
    Role.EDITOR: _l("Redacteur"),
    Role.PUBLISHER: _l("Eindredacteur"),
    Role.ORG_CONTACT: _l("Contact van een organisatie"),
    Role.LEARNING_COORDINATOR: _l("Leercoördinator"),
    Role.ORGANISER: _l("Organisator"),
    Role.ADMIN: _l("Beheerder"),
}

# The page with one's own data. What has no label here is in the file only.
TABLE_WORDS = {
    "person": _l("Wie je bent"),
    "role_grant": _l("Je taken"),
    "registration": _l("Je aanmelding"),
    "session_choice": _l("Je sessies"),
    "registration_answer": _l("Je antwoorden bij het aanmelden"),
    "access_need": _l("Wat je nodig hebt"),
    "entry_card": _l("Je kaart"),
    "visit": _l("Waar je was"),
    "unlisted": _l("Dat je niet op de aanwezigheidslijst wilt staan"),
    "certificate": _l("Je bewijzen van deelname"),
    "question": _l("Je vragen"),
    "support": _l("Wat je steunde"),
    "question_notice": _l("Anonieme vragen waar je een mail over wilt"),
    "ballot": _l("Wat je koos in open peilingen"),
    "report": _l("Wat je meldde"),
    "comment": _l("Je reacties"),
    "erratum": _l("Fouten die je meldde"),
    "bookmark": _l("Wat je bewaarde"),
    "backstage_line": _l("Wat je achter de schermen schreef"),
    "login_session": _l("Waar je bent ingelogd"),
    "personal_link": _l("Links die we je stuurden"),
    "mail": _l("Mails die we je stuurden"),
    "operation": _l("Wat je de laatste twee dagen verstuurde"),
}
COLUMN_WORDS = {
    "name": _l("Naam"),
    "email": _l("E-mailadres"),
    "participant_role": _l("Rol"),
    "domain": _l("Werkveld"),
    "neighbourhood": _l("Buurt"),
    "language": _l("Taal"),
    "created_at": _l("Sinds"),
    "role": _l("Rol"),
    "status": _l("Status"),
    "registered_at": _l("Aangemeld op"),
    "chosen_at": _l("Gekozen op"),
    "session": _l("Sessie"),
    "starts_at": _l("Begint"),
    "first_seen_at": _l("Van"),
    "last_seen_at": _l("Tot"),
    "text": _l("Tekst"),
    "question": _l("Vraag"),
    "appearance": _l("Hoe je erbij staat"),
    "shown_name": _l("Naam die je liet zien"),
    "name_hidden": _l("Een moderator hield je naam weg van de zaal"),
    "shown_neighbourhood": _l("Buurt die je liet zien"),
    "answer": _l("Antwoord"),
    "asked_at": _l("Gevraagd op"),
    "positions": _l("Keuze"),
    "chosen": _l("Keuze"),
    "phone": _l("Telefoon"),
    "arranged_note": _l("Zo is het geregeld"),
    "reason": _l("Reden"),
    "note": _l("Toelichting"),
    "decision": _l("Besluit"),
    "code": _l("Code"),
    "withdrawn_at": _l("Ingetrokken op"),
    "written_at": _l("Geschreven op"),
    "saved_at": _l("Bewaard op"),
    "began_at": _l("Ingelogd op"),
    "seen_at": _l("Laatst gebruikt"),
    "made_at": _l("Gemaakt op"),
    "subject": _l("Onderwerp"),
    "agreed_at": _l("Akkoord op"),
    "at": _l("Op"),
}
ROLE_SENTENCES = {
    Role.SUPPORTER: _l("Je helpt mensen meedoen: je meldt hen aan en stelt vragen namens hen."),
    Role.PHONE_DESK: _l("Je neemt de telefoon op: je zoekt wie er belt, en regelt wat die persoon vraagt."),
    Role.HOST: _l("Je leidt het gesprek in een sessie en ziet welke vragen klaarstaan."),
    Role.MODERATOR: _l("Je leest vragen, laat ze zien en zorgt dat ze een antwoord krijgen."),
    Role.CAPTIONER: _l("Je typt wat er in een sessie gezegd wordt, zodat iedereen kan meelezen."),
    Role.STAND_HOLDER: _l("Je hebt een kraam op de buurtmarkt: je richt hem in en praat met wie langskomt."),
    Role.EDITOR: _l("Je schrijft lessen op."),
    Role.PUBLISHER: _l("Je leest lessen na en zet ze online."),
    Role.ORG_CONTACT: _l("Je geeft namens een organisatie antwoord op vragen."),
    Role.LEARNING_COORDINATOR: _l("Je brengt leervragen en leeraanbod bij elkaar."),
    Role.ORGANISER: _l("Je organiseert de dag: programma, aanmeldingen en cijfers."),
    Role.ADMIN: _l("Je beheert de website en wie wat mag."),
}
_CODES = {
    **{role.value: word for role, word in PARTICIPANT_ROLES.items()},
    **{domain.value: word for domain, word in DOMAINS.items()},
    **{role.value: word for role, word in ROLES.items()},
    "nl": "Nederlands",
    "en": "English",
    "requested": _l("nog niet bevestigd"),
    "confirmed": _l("zeker"),
    "waitlisted": _l("op de wachtlijst"),
    "offered": _l("plek vrij voor jou"),
    "cancelled": _l("afgemeld"),
    "anonymous": _l("anoniem"),
    "name": _l("met je naam"),
    "role": _l("met je rol"),
    "waiting": _l("wacht"),
    "visible": _l("te lezen voor iedereen"),
    "answered": _l("beantwoord"),
    "hidden": _l("verborgen"),
    "withdrawn": _l("ingetrokken"),
    "sent": _l("verstuurd"),
}


def in_my_words(value: Any) -> str:
    """Format a stored value for its owner: local times, labels instead of codes."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(_one_in_my_words, value))
    return _one_in_my_words(value)


def _one_in_my_words(value: Any) -> str:
    try:
        return (
            in_words(datetime.fromisoformat(value))
            if isinstance(value, str) and "T" in value
            else _said(value)
        )
    except ValueError:
        return _said(value)


def _said(value: Any) -> str:
    return str(_CODES.get(value, value)) if isinstance(value, str) else str(value)


def masked(address: str) -> str:
    """Mask an address, so that only its owner recognises it: `n…r@buurt.example`."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…{local[-1:] if len(local) > MASKED_WHOLE else ''}@{domain}"
