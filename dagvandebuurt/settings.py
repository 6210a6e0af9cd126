"""Load the settings: `config.py`, beside the package or inside it, read from the environment."""

import importlib.util
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from dagvandebuurt.core.paths import resource
from dagvandebuurt.setup import env_file


def load(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that these environment variables ask for. Raises SystemExit with a sentence."""
    chosen: dict[str, Any] = _config().settings(environ)
    return chosen


def load_installed(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of this installation: its environment file, and the environment above it. Raises
    SystemExit with a sentence. The demo reads no file: it must not open a real database. Nor does
    a rehearsal: it was given all it may know."""
    if environ.get("DVB_DEMO") == "1" or environ.get("DVB_REHEARSAL"):
        return load(environ)
    try:
        return load(env_file.with_file(environ, known_settings()))
    except env_file.BadEnvironmentFile as bad:
        raise SystemExit(str(bad)) from bad


def known_settings() -> Mapping[str, str]:
    """Return the name of each setting, with one line about it."""
    settings: dict[str, str] = _config().SETTINGS
    return settings


def _config() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dagvandebuurt_config", resource("config.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
