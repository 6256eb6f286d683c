#!/usr/bin/env bash
# The executors' pod template has a field that EMR on EKS does not allow.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
