#!/usr/bin/env bash
# The script was never uploaded.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
