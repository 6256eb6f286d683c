#!/usr/bin/env bash
# Runs a file of SQL statements.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
