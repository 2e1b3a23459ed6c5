#!/bin/sh
# The supervisor of the payouts: `ifctl coordinator work --swarm supervisor -- examples/payouts/supervisor.sh`.
#   revenue-N   computes the earnings of a revenue event, and makes a batch of them: its approval, payout and reconciliation
#   approve-N   agrees to a small batch by itself; a larger one only if a person has acknowledged the call for one
set -eu
. "$(dirname "$0")/wire.sh"

# Dollars above which a person has to agree, and the share of a revenue that is paid out.
threshold=${PAYOUT_THRESHOLD:-50}
share=0.7

task=$(cat)
amount=$(printf '%s' "$task" | field amount)
batch=${IF_TASK_ID#*-}

# A task of the batch; submitting it again changes nothing.
submit() {
    name=$1-$batch
    shift
    "$ifctl" coordinator submit "$name" --idempotency-key "$name" "$@" >&2
}

case $IF_TASK_ID in
revenue-*)
    earnings=$(awk -v amount="$amount" -v share="$share" 'BEGIN { printf "%.2f", amount * share }')
    payload="{\"batch\":\"$batch\",\"amount\":\"$earnings\"}"
    submit approve --capabilities payouts:supervise --payload "$payload"
    # What is not agreed to is not paid. What is reconciled waits for a payout that people have to look into.
    submit pay --capabilities payouts:execute --depends-on "approve-$batch" --on-dependency-failure cancel \
        --payload "$payload"
    submit reconcile --capabilities payouts:reconcile --depends-on "pay-$batch" --payload "$payload"
    printf '{"batch":"%s","earnings":"%s"}\n' "$batch" "$earnings"
    ;;
approve-*)
    by=$IF_SWARM
    if awk -v amount="$amount" -v threshold="$threshold" 'BEGIN { exit !(amount + 0 > threshold + 0) }'; then
        # Agreed has who acknowledged the call for a person. To unblock the task is not enough.
        calls=$("$ifctl" governor escalations list --all --task "$IF_TASK_ID" -o json | tr -d '\n')
        by=$(printf '%s' "$calls" | sed -n 's/.*"acknowledged": *{ *"by": *"\([^"]*\)".*/\1/p')
        if [ -z "$by" ]; then
            # Nobody offers that, so a person is called. This ends the attempt: the worker stops us as soon as it sees it.
            "$ifctl" coordinator block --needs finance:approval \
                --description "May batch $batch of $amount dollars be paid? Acknowledge this call, then unblock $IF_TASK_ID" >&2
            exec sleep 60
        fi
    fi
    printf '{"batch":"%s","approved_by":"%s"}\n' "$batch" "$by"
    ;;
*)
    echo "nobody has told the supervisor what $IF_TASK_ID is" >&2
    exit 1
    ;;
esac
