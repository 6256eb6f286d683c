#!/usr/bin/env bash
# The script raises an exception.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
