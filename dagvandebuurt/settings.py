"""Settings loader: finds `config.py`, beside the package or inside it."""

import importlib.util
from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.paths import resource


def load(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of these environment variables. Raises SystemExit with a sentence."""
    spec = importlib.util.spec_from_file_location("dagvandebuurt_config", resource("config.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    chosen: dict[str, Any] = module.settings(environ)
    return chosen
