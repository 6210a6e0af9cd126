#!/bin/sh
# Bring an installation with systemd to another release, and back when it does not come up. As root:
#   sh deploy/upgrade.sh dagvandebuurt-1.1.0-py3-none-any.whl requirements/run.txt
# The old release serves until the new one is installed, the backup is made and the database is migrated; then
# requests wait in the socket for the seconds of a restart. A migration that does more than add stops it first.
set -eu

root=${DVB_ROOT:-/opt/dagvandebuurt}
user=${DVB_USER:-dagvandebuurt}
home=${DVB_HOME:-/var/lib/dagvandebuurt}
ready=${DVB_READY:-http://127.0.0.1:5000/readyz}
wait=${DVB_WAIT:-60}
python=${PYTHON:-python3}
NOT_ADDITIVE=3

say() { echo "upgrade: $*"; }
fail() { echo "upgrade: $*" >&2; exit 1; }

[ $# -eq 2 ] || fail "usage: sh deploy/upgrade.sh WHEEL LOCK (of the release, requirements/run.txt)"
wheel=$1 lock=$2
[ -f "$wheel" ] || fail "there is no file $wheel."
[ -f "$lock" ] || fail "there is no file $lock."
release=$(basename "$wheel" | sed -n 's/^dagvandebuurt-\([0-9][0-9A-Za-z.+]*\)-py3-.*\.whl$/\1/p')
[ -n "$release" ] || fail "$wheel is no wheel of dagvandebuurt."
[ -L "$root/current" ] || fail "$root/current is no link to a release: see docs/running.md."
old=$(readlink "$root/current")
new=$root/$release
[ "$old" != "$release" ] || fail "$release is what runs already."

as_user() { (cd "$home" && if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi); }
is_ready() { "$python" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$ready" 2>/dev/null; }
comes_up() {
  left=$wait
  while [ "$left" -gt 0 ]; do
    if is_ready; then return 0; fi
    sleep 1
    left=$((left - 1))
  done
  return 1
}

# 1. The new release beside the old one. Half an installation is thrown away.
if [ ! -e "$new/.whole" ]; then
  say "installing $release in $new"
  rm -rf "$new"
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  "$python" -m venv "$new" || fail "no environment could be made in $new."
  "$new/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" \
    || fail "the packages of $lock could not be installed. Nothing was changed."
  "$new/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$wheel" \
    || fail "$wheel could not be installed. Nothing was changed."
  touch "$new/.whole"
  trap - EXIT HUP INT TERM
fi

# 2. A backup, or no upgrade.
say "making a backup"
systemctl start dagvandebuurt-backup.service || fail "no backup was made: journalctl -u dagvandebuurt-backup. Nothing was changed."

# 3. The database, while the old release serves where that can be.
say "migrating the database"
additive=yes
code=0
as_user "$new/bin/dagvandebuurt" migrate --additive-only || code=$?
if [ "$code" = "$NOT_ADDITIVE" ]; then
  additive=no
  say "stopping $old: this migration does more than add. Requests wait, and then see the page for it"
  systemctl stop dagvandebuurt.service
  code=0
  as_user "$new/bin/dagvandebuurt" migrate || code=$?
fi
if [ "$code" != 0 ]; then
  [ "$additive" = yes ] || systemctl start dagvandebuurt.service || true
  fail "the database was not migrated. $old goes on."
fi

# 4. Change over, and look.
ln -sfn "$release" "$root/current"
say "restarting"
systemctl restart dagvandebuurt.service || true
if comes_up; then
  say "$release is ready. Back to $old: ln -sfn $old $root/current && systemctl restart dagvandebuurt"
  [ "$additive" = yes ] || say "(but only with the backup of before: dagvandebuurt restore)"
  exit 0
fi
if [ "$additive" = yes ]; then
  ln -sfn "$old" "$root/current"
  systemctl restart dagvandebuurt.service || true
  comes_up || fail "$release did not become ready, and neither does $old: journalctl -u dagvandebuurt"
  fail "$release did not become ready: journalctl -u dagvandebuurt. $old serves again."
fi
fail "$release did not become ready: journalctl -u dagvandebuurt. $old cannot serve this database: mend it, or restore the backup."
