"""What DNS says about the sender of mail: SPF, DKIM and DMARC (RFC 7208, 6376, 7489), and what to put there.

Without them mail ends among spam, or comes back. Each function yields sentences.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dns.exception
import dns.resolver

from dagvandebuurt.parts.mail.bounce_address import TAG
from dagvandebuurt.parts.mail.message_bytes import NoAddress, sender_of

SECONDS = 5.0  # longest wait for an answer
# Names that no DNS holds (RFC 2606, 6761): of examples, tests and the demo.
RESERVED = (
    "example", "test", "invalid", "localhost", "example.org", "example.com", "example.net", "local",
)  # fmt: skip


class NoDns(Exception):
    """DNS does not answer, so nothing can be said."""


def warnings(config: Mapping[str, Any]) -> Iterator[str]:
    """Say what is missing in DNS for the domain of MAIL_FROM and of MAIL_BOUNCE_ADDRESS."""
    try:
        domain = sender_of(config["MAIL_FROM"])[1].rpartition("@")[2].lower()
    except NoAddress:
        return
    envelope = str(config["MAIL_BOUNCE_ADDRESS"] or "").replace(TAG, "").rpartition("@")[2].lower() or domain
    if not config["SMTP_URL"] or any(f".{domain}".endswith(f".{name}") for name in RESERVED):
        return
    try:
        yield from _spf(envelope)
        yield from _dkim(domain)
        yield from _dmarc(domain)
    except NoDns:
        yield f"DNS does not answer about {domain}: SPF, DKIM and DMARC were not looked at."
        return
    if not f".{envelope}".endswith(f".{domain}") and not f".{domain}".endswith(f".{envelope}"):
        yield (
            f"MAIL_BOUNCE_ADDRESS is under {envelope} and MAIL_FROM under {domain}: DMARC then counts no SPF. "
            f"Use an address under {domain}."
        )


def _spf(domain: str) -> Iterator[str]:
    records = [each for each in _texts(domain) if each.lower().split(" ")[0] == "v=spf1"]
    if not records:
        yield (
            f"{domain} has no SPF record, so others cannot tell our mail from forged mail. Put in DNS: "
            f'{domain}. TXT "v=spf1 include:… -all", with what your mail provider says in place of include:….'
        )
    elif len(records) > 1:
        yield f"{domain} has {len(records)} SPF records, and then none counts. Make them one."
    elif records[0].lower().split()[-1] in ("+all", "all"):
        yield f"the SPF record of {domain} lets everybody send in its name. Let it end with -all."


def _dkim(domain: str) -> Iterator[str]:
    """Look for any key: a name without records of its own, but with some below it, exists (RFC 8020)."""
    if not _exists(f"_domainkey.{domain}"):
        yield (
            f"{domain} seems to have no DKIM key. Let your mail provider sign with this domain, and put the "
            f"record that it gives in DNS, under <its selector>._domainkey.{domain}."
        )


def _dmarc(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    names = [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]
    for name in names:  # that of a domain above counts for those below it
        records = [each for each in _texts(f"_dmarc.{name}") if each.startswith("v=DMARC1")]
        if len(records) == 1:
            return
    yield (
        f'{domain} has no DMARC record. Put in DNS: _dmarc.{domain}. TXT "v=DMARC1; p=none; '
        f'rua=mailto:postmaster@{domain}", and p=quarantine once the reports are good.'
    )


def _texts(name: str) -> list[str]:
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as failure:
        raise NoDns from failure
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _exists(name: str) -> bool:
    try:
        dns.resolver.resolve(name, "TXT", lifetime=SECONDS)
    except dns.resolver.NXDOMAIN:
        return False
    except dns.resolver.NoAnswer:
        return True
    except (dns.exception.DNSException, OSError) as failure:
        raise NoDns from failure
    return True
