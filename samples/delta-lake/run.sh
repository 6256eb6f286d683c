#!/usr/bin/env bash
# Makes the table; with the argument merge, merges a day's changes into it.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")" "${1:-create}-request.json"
