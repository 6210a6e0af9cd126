"""Finds `config.py`, beside the package or inside it, and asks it for the settings."""

import importlib.util
from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.paths import resource


def load(environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings these environment variables ask for. Raises SystemExit with a sentence."""
    spec = importlib.util.spec_from_file_location("dagvandebuurt_config", resource("config.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    chosen: dict[str, Any] = module.settings(environ)
    return chosen
