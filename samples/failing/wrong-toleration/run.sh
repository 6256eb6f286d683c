#!/usr/bin/env bash
# The driver does not tolerate the taint of the nodes that it selects.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
