"""The environment file: the settings of an installation, as `NAME="value"` lines, mode 0600.

systemd (`EnvironmentFile=`), a POSIX shell (`. file`) and compose (`env_file:`) read the same lines, so values
stay within what all three read alike: double quotes, and no dollar, backquote, quote, backslash or newline.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

DEFAULTS = ("dagvandebuurt.env", "/etc/dagvandebuurt.env")
END = "# end of the settings"
_LINE = re.compile(r'^([A-Z][A-Z0-9_]*)=(?:"([^"\\$`]*)"|([^\s"\'\\$`#]*))$')
_BAD = re.compile(r'["\\$`\x00-\x1f\x7f]')


class BadEnvironmentFile(ValueError):
    """The file cannot be used; the message says which line and what to do."""


def find(environ: Mapping[str, str]) -> Path | None:
    """Return the file that holds the settings: `DVB_ENV`, else the first of DEFAULTS that exists.

    Raises BadEnvironmentFile when `DVB_ENV` names a file that is not there.
    """
    if named := environ.get("DVB_ENV"):
        path = Path(named)
        if not path.is_file():
            raise BadEnvironmentFile(f"DVB_ENV names {path}, and there is no such file.")
        return path
    return next((path for name in DEFAULTS if _is_there(path := Path(name))), None)


def _is_there(path: Path) -> bool:
    """Return whether there is such a file; in a folder that this user may not look into there is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def read(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of the file. Raises BadEnvironmentFile for a line that is none, a name that is not
    `known`, or a file that was cut off."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as failure:
        raise BadEnvironmentFile(f"{path} cannot be read: {failure}.") from failure
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = _LINE.match(line.strip().removeprefix("export "))
        if fields is None:
            raise BadEnvironmentFile(f'{path}, line {number}: write it as NAME="value".')
        name = fields[1]
        if name not in known and name != "DVB_ENV":
            near = get_close_matches(name, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BadEnvironmentFile(f"{path}, line {number}: there is no setting {name}.{hint}")
        found[name] = fields[2] if fields[2] is not None else fields[3]
    if any(line.startswith("# written by dagvandebuurt setup") for line in lines) and END not in lines:
        raise BadEnvironmentFile(
            f"{path} was cut off: its last line is missing. Run dagvandebuurt setup again."
        )
    return found


def with_file(environ: Mapping[str, str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment, with the settings of the file for what it does not hold itself."""
    path = find(environ)
    return environ if path is None else {**read(path, known), **environ}


def refused_character(value: str) -> str | None:
    """Return the first character that a value may not hold, since the three readers would read it
    differently."""
    found = _BAD.search(value)
    return found[0] if found else None


def change(path: Path, name: str, value: str) -> None:
    """Change one setting of the file, or add it; all else stays as it is. Whole or not at all. Raises
    BadEnvironmentFile for a value that the three readers would read differently."""
    if _BAD.search(value):
        raise BadEnvironmentFile(f'{name} cannot hold a quote, a backslash, a backquote or "$"')
    lines = path.read_text(encoding="utf-8").splitlines()
    new = f'{name}="{value}"'
    at = [
        number
        for number, line in enumerate(lines)
        if (found := _LINE.match(line.strip().removeprefix("export "))) and found[1] == name
    ]
    if at:
        lines[at[-1]] = new
    else:
        lines.insert(lines.index(END) if END in lines else len(lines), new)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def write(path: Path, values: Mapping[str, str], known: Mapping[str, str]) -> None:
    """Write the file whole or not at all, readable by its owner alone. Raises BadEnvironmentFile for a value
    that the three readers would read differently, and FileExistsError: an installation is never overwritten."""
    lines = ["# written by dagvandebuurt setup; docs/settings.md explains each"]
    for name, value in values.items():
        if name not in known:
            raise BadEnvironmentFile(f"there is no setting {name}")
        if _BAD.search(value):
            raise BadEnvironmentFile(f'{name} cannot hold a quote, a backslash, a backquote or "$".')
        lines.append(f'{name}="{value}"')
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, END, ""]))
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)  # fails when it exists: of two set-ups at once one wins
    finally:
        scratch.unlink(missing_ok=True)
