#!/bin/sh
# call.sh REQUEST: has the host call a service, prints the answer; needs curl, or nc as OpenBSD and Debian have it.
set -eu
if command -v curl >/dev/null; then
    exec curl -sS --unix-socket "$IF_EGRESS" -H "Authorization: Bearer $IF_CREDENTIAL" --data-binary "$1" http://host/
fi
bytes=$(printf %s "$1" | wc -c)
printf 'POST / HTTP/1.1\r\nHost: host\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s' \
    "$IF_CREDENTIAL" "$bytes" "$1" | nc -U "$IF_EGRESS" | tr -d '\r' | sed '1,/^$/d'
