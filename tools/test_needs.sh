# Installs what the tests need beside Python: Chromium, PostgreSQL, Redis, nginx, Caddy, promtool, Java, Dovecot
# and the npm packages; with `node` only Node and the npm packages, with `first-day` only what that walk needs. As root on
# Debian by apt; elsewhere it says what to type.
set -eu
only=${1:-all}
can_install=no
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then can_install=yes; fi
missing=""
need() { # command or file, Debian packages
  for each in $1; do
    if command -v "$each" >/dev/null 2>&1 || ls $each >/dev/null 2>&1; then return 0; fi
  done
  missing="$missing $2"
}
if [ "$only" = all ]; then
  need "chromium google-chrome chromium-browser ${DVB_CHROMIUM:-}" "chromium fonts-dejavu-core"
  need "/usr/lib/*/libatomic.so.1 /lib/*/libatomic.so.1" "libatomic1"
  need "/usr/lib/postgresql/*/bin/postgres" "postgresql"
  need "redis-server" "redis-server"
  need "nginx /usr/sbin/nginx" "nginx-light"
  need "caddy" "caddy"
  need "promtool" "prometheus"
  need "java" "default-jre-headless"
  need "/usr/sbin/dovecot" "dovecot-imapd"
fi
if [ "$only" = first-day ]; then
  need "chromium google-chrome chromium-browser ${DVB_CHROMIUM:-}" "chromium fonts-dejavu-core"
  need "debootstrap /usr/sbin/debootstrap" "debootstrap"
  need "systemd-nspawn" "systemd-container"
  need "ip /usr/sbin/ip" "iproute2"
  need "curl" "curl"
else
  need "node" "nodejs npm"
fi
if [ -n "$missing" ]; then
  if [ "$can_install" = yes ]; then
    echo "Installing:$missing"
    apt-get update -q >/dev/null
    # Their services stay off, also when this is broken off: the tests start servers of their own.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      trap 'exit 1' HUP INT TERM # dash runs the line above only for an exit
      printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    fi
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null
  else
    echo "The tests need more than is here. Type: sudo apt-get install$missing" >&2
    exit 1
  fi
fi
if [ "$only" = first-day ]; then exit 0; fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --silent --no-progress >/dev/null
  touch node_modules/.package-lock.json
fi
