#!/usr/bin/env bash
# A configuration has a classification that EMR on EKS does not know.
exec "$(dirname "$0")/../../submit.sh" "$(dirname "$0")"
