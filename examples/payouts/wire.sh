# How the swarms of the payouts speak to providers and read JSON. The other programs read this file first.
# PAYPAL_URL and BANK_URL are where the providers take payouts.
ifctl=${IFCTL:-ifctl}

# The value of a name in the JSON on standard input, also in JSON that is a text in it; the last one of that name.
field() {
    tr -d '\n' | sed 's/\\"/"/g' | sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"
}

# Asks a provider about the payout of a batch, out of the sandbox: METHOD PROVIDER BATCH [AMOUNT]. The key of the API is
# added on the way, and what is asked costs what the contract says. Prints the answer as JSON.
ask() {
    case $2 in
    paypal) url=$PAYPAL_URL ;;
    bank) url=$BANK_URL ;;
    *) echo "nobody knows the provider $2" >&2 && return 1 ;;
    esac
    printf '{"method":"%s","url":"%s/batch-%s","headers":{"idempotency-key":"batch-%s"},"body":"%s"}' \
        "$1" "$url" "$3" "$3" "${4:+{\\\"amount\\\":\\\"$4\\\"\}}" | "$ifctl" chassis exec "$IF_SWARM"
}
