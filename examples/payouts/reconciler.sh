#!/bin/sh
# The reconciler of the payouts: `ifctl coordinator work --swarm reconciler -- examples/payouts/reconciler.sh`.
# Asks every provider, not only the one that the executor named: a batch that was paid twice, otherwise or not at all is
# left to people.
set -eu
. "$(dirname "$0")/wire.sh"

task=$(cat)
batch=$(printf '%s' "$task" | field batch)
amount=$(printf '%s' "$task" | field amount)
reported=$("$ifctl" coordinator show "pay-$batch" -o json)

found=
for rail in paypal bank; do
    answer=$(ask GET "$rail" "$batch")
    case $(printf '%s' "$answer" | field status) in
    200) found="$found $rail $(printf '%s' "$answer" | field payment) $(printf '%s' "$answer" | field amount)" ;;
    404) ;;
    *) echo "$rail: $answer" >&2 && exit 75 ;;
    esac
done

rail=$(printf '%s' "$reported" | field rail)
payment=$(printf '%s' "$reported" | field payment)
if [ "$found" != " $rail $payment $amount" ]; then
    echo "batch $batch of $amount dollars was reported as paid by $rail ($payment); the providers have:$found" >&2
    exit 1
fi
printf '{"batch":"%s","status":"COMPLETED","rail":"%s","payment":"%s"}\n' "$batch" "$rail" "$payment"
