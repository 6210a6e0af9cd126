"""SPF, DKIM and DMARC of the sender, asked of a real DNS server on loopback."""

import socket
import threading
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from dagvandebuurt.setup import mail_dns

GOOD = {
    "buurt.nl": ["v=spf1 include:mail.buurt.nl -all", "something else"],
    "mail2027._domainkey.dag.buurt.nl": ["v=DKIM1; p=MIIB"],
    "dag.buurt.nl": ["v=spf1 a -all"],
    "_dmarc.buurt.nl": ["v=DMARC1; p=none"],
}


@contextmanager
def dns_server(zone):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve():
            while True:
                wire, caller = server.recvfrom(4096)
                if wire == b"stop":
                    return
                server.sendto(_answer(zone, dns.message.from_wire(wire)).to_wire(), caller)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        try:
            yield port
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
                stopper.sendto(b"stop", ("127.0.0.1", port))
            thread.join(10)


def _answer(zone, query):
    """As a name server answers: a name that only has names below it exists, and has no records."""
    name = query.question[0].name.to_text().rstrip(".").lower()
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    if name in zone:
        texts = [f'"{text}"' for text in zone[name]]
        response.answer.append(dns.rrset.from_text_list(query.question[0].name, 60, "IN", "TXT", texts))
    elif not any(other.endswith(f".{name}") for other in zone):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response


def said(monkeypatch, zone, **config):
    chosen = {
        "MAIL_FROM": "Buurtdag <hallo@dag.buurt.nl>", "MAIL_BOUNCE_ADDRESS": None,
        "SMTP_URL": "smtp://mail.buurt.nl",
    }  # fmt: skip
    with dns_server(zone) as port:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], port
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        return list(mail_dns.warnings(chosen | config))


def test_a_sender_with_all_three_is_good(monkeypatch):
    assert said(monkeypatch, GOOD) == []


def test_a_domain_without_anything_is_told_what_to_put_in_dns(monkeypatch):
    spf, dkim, dmarc = said(monkeypatch, {})

    assert 'dag.buurt.nl. TXT "v=spf1 include:… -all"' in spf
    assert "_domainkey.dag.buurt.nl" in dkim
    assert '_dmarc.dag.buurt.nl. TXT "v=DMARC1; p=none; rua=mailto:postmaster@dag.buurt.nl"' in dmarc


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dag.buurt.nl": ["v=spf1 a -all", "v=spf1 mx -all"]}, "2 SPF records, and then none counts"),
        ({"dag.buurt.nl": ["v=spf1 +all"]}, "lets everybody send in its name"),
        ({"dag.buurt.nl": ["v=spf10 -all"]}, "has no SPF record"),
        ({"_dmarc.buurt.nl": ["nothing"]}, "has no DMARC record"),
    ],
)
def test_a_record_that_does_not_work_is_named(monkeypatch, change, says):
    [only] = said(monkeypatch, GOOD | change)

    assert says in only


def test_bounces_under_another_domain_are_named(monkeypatch):
    [only] = said(
        monkeypatch, GOOD | {"post.nl": ["v=spf1 -all"]}, MAIL_BOUNCE_ADDRESS="bounces+{tag}@post.nl"
    )
    assert "DMARC then counts no SPF" in only
    assert said(monkeypatch, GOOD, MAIL_BOUNCE_ADDRESS="{tag}@buurt.nl") == []


def test_without_dns_it_says_so(monkeypatch):
    monkeypatch.setattr(mail_dns, "SECONDS", 0.2)
    resolver = dns.resolver.Resolver(configure=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        resolver.nameservers, resolver.port = ["127.0.0.1"], deaf.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        config = {"MAIL_FROM": "a@buurt.nl", "MAIL_BOUNCE_ADDRESS": None, "SMTP_URL": "smtp://mail.buurt.nl"}
        [only] = mail_dns.warnings(config)

    assert "DNS does not answer about buurt.nl" in only


@pytest.mark.parametrize(
    "config", [{"MAIL_FROM": "hallo@dagvandebuurt.example"}, {"SMTP_URL": None}, {"MAIL_FROM": "onzin"}]
)
def test_examples_and_installations_without_mail_ask_nothing(monkeypatch, config):
    monkeypatch.setattr(dns.resolver, "resolve", None)

    assert said(monkeypatch, {}, **config) == []
