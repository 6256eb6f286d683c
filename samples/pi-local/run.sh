#!/usr/bin/env bash
# Starts the pi example that comes with Spark's images: nothing is uploaded.
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
