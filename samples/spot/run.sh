#!/usr/bin/env bash
# Starts the job; then, in another shell, kubectl apply -f interruptions.yaml takes spot nodes back under it.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
