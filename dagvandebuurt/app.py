"""Application factory: settings in, an app with every section loaded out."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import gevent.monkey
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import dagvandebuurt
from dagvandebuurt import pages, statics
from dagvandebuurt.core import access, i18n, logs, metrics, network, security
from dagvandebuurt.core import db as database
from dagvandebuurt.core.db import db
from dagvandebuurt.core.hosts import Hosts, allowed_hosts_only
from dagvandebuurt.core.paths import resource
from dagvandebuurt.core.redis import short_timeouts
from dagvandebuurt.core.request_bodies import timed_bodies
from dagvandebuurt.extensions import csrf, limiter, login_manager, make_socketio, migrate
from dagvandebuurt.live import idempotency, runtime
from dagvandebuurt.live.audiences import NAMESPACE
from dagvandebuurt.live_rooms import SessionRooms
from dagvandebuurt.parts import jobs
from dagvandebuurt.parts.branding import queries as branding
from dagvandebuurt.rehearsal import process as rehearsal

# In order of dependency.
SECTIONS = (
    "parts.branding", "parts.partners", "parts.keys", "parts.mail", "parts.files", "live", "people", "programme", "registration", "sms", "attendance", "polls", "captions",
    "broadcasts", "qanda", "hands", "chat", "labelling", "hosting", "breakouts",
    "lessons", "agenda", "wijkwijzer", "market", "moderation", "safety", "texts", "handbooks", "mailings", "phone_desk", "organisation", "onboarding",
    "readiness", "archive", "search", "api", "frontdoor",
)  # fmt: skip
# The modules of a section, or of a package in it, that are loaded when the app starts, in this order:
# tables, permissions, live items, subscriptions, then every module that ends in `routes`.
LOADED = ("models", "search_documents", "permissions", "items", "subscribers", "events", "jobs")


def create_app(settings: Mapping[str, Any]) -> Flask:
    """Build an app with these settings. May be called more than once in a process."""
    app = Flask("dagvandebuurt", template_folder=str(resource("templates")), static_folder=None)
    app.config.from_mapping(settings)
    if app.config["REHEARSAL"]:
        rehearsal.prepare(app)
    for part in (logs, metrics):  # first: what is refused is counted and has an id as well
        part.init_app(app)
    database.init_app(app)
    migrate.init_app(app, db, directory=str(resource("migrations")), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["REDIS_URL"] or "memory://")
    if app.config["REDIS_URL"]:
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", short_timeouts())
        # While Redis is away each process counts for itself, and nobody is locked out.
        app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)
    login_manager.init_app(app)
    for part in (network, i18n, security, statics, pages, access, branding):
        part.init_app(app)
    for section in SECTIONS:
        _open(app, section)
    # After the sections: an event registered later would have no effect.
    socketio = make_socketio()
    socketio.init_app(  # type: ignore[call-arg]
        app,
        async_mode="gevent" if gevent.monkey.is_module_patched("socket") else "threading",
        async_handlers=False,  # one event in flight for each connection: order, and back-pressure
        transports=["websocket"],
        namespaces=[NAMESPACE],  # and not "/", which has no authentication
        cors_allowed_origins=None,  # type: ignore[arg-type] # same origin only
        max_http_buffer_size=16_384,
        manage_session=False,
        json=runtime.Json,
        ping_interval=25,
        ping_timeout=20,
    )
    runtime.init_app(app, socketio, SessionRooms())
    idempotency.init_app(app)
    jobs.init_app(app)
    app.wsgi_app = allowed_hosts_only(app.wsgi_app, Hosts(app.config))  # type: ignore[method-assign, assignment]
    app.wsgi_app = timed_bodies(app.wsgi_app, app.config["BODY_SECONDS"])  # type: ignore[method-assign, assignment]
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _open(app: Flask, section: str) -> None:
    """Load a section: its modules of LOADED, then its routes; register the blueprints it has."""
    package = f"{dagvandebuurt.__name__}.{section}"
    found = import_module(package)
    modules = [module.name for module in walk_packages(found.__path__, f"{package}.") if not module.ispkg]
    for kind in LOADED:
        for name in modules:
            if name.endswith(f".{kind}"):
                import_module(name)
    routes = [import_module(name) for name in modules if name.endswith("routes")]
    for module in routes:
        bp = getattr(module, "bp", None)
        if isinstance(bp, Blueprint) and bp.name not in app.blueprints:
            app.register_blueprint(bp)
