#!/bin/sh
# A stand-in for an agent, as `ifctl coordinator work -- examples/scripts/agent.sh` starts it for each task.
# It works a tenth of a second for every estimated hour and says what that cost. Three kinds of tasks make it
# do more: a request for help runs in the sandbox, bridge-* gets stuck once, and loop-* breeds its successor.
set -eu
ifctl=${IFCTL:-ifctl}

calculate() {
    awk "BEGIN { printf \"%.6f\", $1 }"
}

case $IF_TASK_ID in
help-*)
    exec "$ifctl" chassis exec "$IF_SWARM"
    ;;
bridge-*)
    if [ "$IF_TASK_ATTEMPT" = 1 ]; then
        # The token is in the environment. Blocking ends this attempt: the worker stops us as soon as it sees it.
        "$ifctl" coordinator block --needs integration:sip \
            --description "Which transport does the SIP side expect?" >&2
        exec sleep 60
    fi
    ;;
loop-*)
    number=${IF_TASK_ID#loop-}
    "$ifctl" coordinator submit "loop-$((number + 1))" --title "Explore once more" \
        --capabilities research:exploration --by "$IF_SWARM" >&2
    ;;
esac

sleep "$(calculate "$IF_TASK_ESTIMATED_HOURS / 10")"

# The swarm that runs away costs all that was set aside for it; the others a fifth less.
case $IF_SWARM in
session-6-talent) echo "$IF_TASK_RESERVED" ;;
*) calculate "$IF_TASK_RESERVED * 0.8" ;;
esac >"$IF_TASK_COST_FILE"

printf '{"task":"%s","by":"%s"}\n' "$IF_TASK_ID" "$IF_SWARM"
