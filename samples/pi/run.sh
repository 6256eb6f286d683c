#!/usr/bin/env bash
# Throws darts on two executors.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
