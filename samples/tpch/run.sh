#!/usr/bin/env bash
# Makes the tables and runs the queries.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
