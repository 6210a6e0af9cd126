# Makes .venv with uv in it. Needs Python 3.11 or newer; on a bare Debian also its venv module.
set -eu
if [ -z "${PYTHON:-}" ]; then
  echo "No Python 3.11 or newer found. On Debian or Ubuntu, type: apt-get install python3 python3-venv" >&2
  exit 1
fi
if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-venv >/dev/null
  else
    echo "Python's venv module is missing. Type: sudo apt-get install python3-venv" >&2
    exit 1
  fi
fi
"$PYTHON" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
touch .venv/bin/uv
