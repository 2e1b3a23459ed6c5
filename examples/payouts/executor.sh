#!/bin/sh
# The executor of the payouts: `ifctl coordinator work --swarm executor -- examples/payouts/executor.sh`.
# Pays a batch once, however often this begins again and whichever provider fails. Exit status 75 is a failure for now.
set -eu
. "$(dirname "$0")/wire.sh"

task=$(cat)
batch=$(printf '%s' "$task" | field batch)
amount=$(printf '%s' "$task" | field amount)

# Whether a provider has paid the batch. One that cannot say may have: then nothing is tried elsewhere.
has_paid() {
    case $(ask GET "$1" "$batch" | field status) in
    200) true ;;
    404) false ;;
    *) echo "$1 does not say whether it has paid batch $batch" >&2 && exit 75 ;;
    esac
}

# Reports how the use of a provider ended; the same use counts once.
record() {
    "$ifctl" governor rails record payout "$rail" "--$1" --time "$2s" \
        --idempotency-key "batch-$batch.$IF_TASK_TOKEN.$tries" >&2
}

# The money is booked once, under the name of the batch; where it is missing, nothing is paid.
"$ifctl" governor charge treasury --operation "payout of batch $batch" --cost "$amount" \
    --idempotency-key "batch-$batch" >&2

# Whoever had this task before may have paid and died before it could say so.
rail=
for known in paypal bank; do
    if has_paid "$known"; then rail=$known; fi
done

tries=0
while [ "$tries" -lt 8 ]; do
    [ -n "$rail" ] || rail=$("$ifctl" governor rails choose payout --amount "$amount") || exit 75
    begun=$(date +%s)
    answer=$(ask POST "$rail" "$batch" "$amount")
    took=$(($(date +%s) - begun + 1))
    case $(printf '%s' "$answer" | field status) in
    200 | 201)
        record success "$took"
        payment=$(printf '%s' "$answer" | field payment)
        printf '{"batch":"%s","rail":"%s","payment":"%s","amount":"%s"}\n' "$batch" "$rail" "$payment" "$amount"
        exit 0
        ;;
    esac
    echo "$rail: $answer" >&2
    record failure "$took"
    tries=$((tries + 1))
    # What failed may have paid nevertheless: then the same provider is asked again, and answers with that payment.
    # Otherwise it stays in use until its circuit breaker opens.
    if ! has_paid "$rail" &&
        "$ifctl" governor circuit-breakers --open -o json | grep -q "\"provider/$rail\""; then
        rail=
    fi
done
exit 75
