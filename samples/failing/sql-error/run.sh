#!/usr/bin/env bash
# A statement names a column that is not there.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
