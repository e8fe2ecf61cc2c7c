#!/bin/bash
# The real peers of the integration tests: installs those that are missing where it may (root, and apt-get is there),
# else says what to install. Never fails: tests whose peers are missing are left out, and the end of the run says which.
#
#   peers.sh [auto|none]
set -u
[[ ${1:-auto} = none ]] && exit 0
# Debian keeps servers where only root looks.
PATH=$PATH:/usr/sbin:/sbin

# program  Debian package
peers() {
  cat <<'LIST'
openvpn openvpn
nginx nginx
curl curl
openssl openssl
dnsmasq dnsmasq-base
socat socat
ip iproute2
python3 python3
setpriv util-linux
faketime faketime
strace strace
systemd-socket-activate systemd
systemd-analyze systemd
logrotate logrotate
sysctl procps
dpkg-shlibdeps dpkg-dev
lintian lintian
man man-db
zsh zsh
fish fish
promtool prometheus
chromium chromium
LIST
}

# The packages of what is missing.
missing() {
  local program package
  peers | while read -r program package; do
    command -v "$program" > /dev/null || echo "$package"
  done
}

packages=$(missing | tr '\n' ' ')
[[ -z $packages ]] && exit 0
if [[ $(id -u) != 0 ]] || ! command -v apt-get > /dev/null; then
  echo "peers.sh: missing for the integration tests: install $packages(Debian's names), or run the build as root."
  exit 0
fi

echo "peers.sh: installing for the integration tests: $packages"
# A service that a package starts of its own accord would take a port: tests start their own.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
install() {
  # shellcheck disable=SC2086  # one word a package
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -q --no-install-recommends $packages < /dev/null
}
log=$(mktemp)
install > "$log" 2>&1 || { timeout 120 apt-get update -q > "$log" 2>&1 < /dev/null && install >> "$log" 2>&1; } ||
  tail -5 "$log"
rm -f "$log"
packages=$(missing | tr '\n' ' ')
[[ -z $packages ]] || echo "peers.sh: could not install $packages; the tests that need them are left out."
exit 0
