#!/bin/sh
# Starts one learner's server, as the learner. First it brings the newest notebooks: gitpuller, of
# nbgitpuller, merges them into what is there and never overwrites the learner's work.
set -e
umask 077
GIT_CONFIG_GLOBAL="$FIRST_CALL_HANDOUT.gitconfig" \
    "$FIRST_CALL_HUB_PYTHON" -m nbgitpuller.pull "file://$FIRST_CALL_HANDOUT" main "$HOME/first-call" \
    || echo "the newest notebooks could not be brought; those that are there stay" >&2
mkdir -p "$HOME/first-call"
PYTHONPATH="$FIRST_CALL_ROOT" "$FIRST_CALL_HUB_PYTHON" "$(dirname "$0")/shared_service.py" \
    || echo "practice mode will start a model of its own" >&2
exec "$FIRST_CALL_HUB_PYTHON" -m jupyterhub.singleuser "$@"
