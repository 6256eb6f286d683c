#!/usr/bin/env bash
# The pool's limits do not allow a node for the driver.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
