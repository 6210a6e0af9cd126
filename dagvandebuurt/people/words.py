"""What we call roles and fields on a page. Dutch here, English in the catalogue."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.models import Domain, ParticipantRole, Role

PARTICIPANT_ROLES = {
    ParticipantRole.RESIDENT: _l("Bewoner"),
    ParticipantRole.ACTIVE_RESIDENT: _l("Actieve bewoner of vrijwilliger"),
    ParticipantRole.SOCIAL_WORKER: _l("Sociaal werker"),
    ParticipantRole.PROFESSIONAL: _l("Professional in wonen, zorg, veiligheid of onderwijs"),
    ParticipantRole.POLICY_OFFICER: _l("Beleidsmaker of ambtenaar"),
    ParticipantRole.ADMINISTRATOR: _l("Bestuurder of raadslid"),
    ParticipantRole.RESEARCHER: _l("Onderzoeker of docent"),
    ParticipantRole.ENTREPRENEUR: _l("Ondernemer"),
    ParticipantRole.UNDISCLOSED: _l("Zeg ik liever niet"),
}
# Under a question, where a line must be short.
SHORT_ROLES = {
    ParticipantRole.RESIDENT: _l("bewoner"),
    ParticipantRole.ACTIVE_RESIDENT: _l("actieve bewoner"),
    ParticipantRole.SOCIAL_WORKER: _l("sociaal werker"),
    ParticipantRole.PROFESSIONAL: _l("professional"),
    ParticipantRole.POLICY_OFFICER: _l("beleidsmaker"),
    ParticipantRole.ADMINISTRATOR: _l("bestuurder"),
    ParticipantRole.RESEARCHER: _l("onderzoeker"),
    ParticipantRole.ENTREPRENEUR: _l("ondernemer"),
    ParticipantRole.UNDISCLOSED: _l("deelnemer"),
}
DOMAINS = {
    Domain.WELFARE: _l("Welzijn en sociaal werk"),
    Domain.HOUSING: _l("Wonen en woningcorporatie"),
    Domain.POLICE: _l("Politie en veiligheid"),
    Domain.CARE: _l("Zorg en gezondheid"),
    Domain.EDUCATION: _l("Onderwijs en opvoeding"),
    Domain.WORK_INCOME: _l("Werk en inkomen"),
    Domain.MUNICIPALITY: _l("Gemeente"),
    Domain.RESIDENTS: _l("Bewoners"),
    Domain.KNOWLEDGE: _l("Kennis en onderzoek"),
}
ROLES = {
    Role.SUPPORTER: _l("Ondersteuner"),
    Role.HOST: _l("Gespreksleider"),
    Role.MODERATOR: _l("Moderator"),
    Role.EDITOR: _l("Redacteur"),
    Role.PUBLISHER: _l("Eindredacteur"),
    Role.ORG_CONTACT: _l("Contact van een organisatie"),
    Role.LEARNING_COORDINATOR: _l("Leercoördinator"),
    Role.ORGANISER: _l("Organisator"),
    Role.ADMIN: _l("Beheerder"),
}
