#!/usr/bin/env bash
# Asks for what it needs, uploads the script, the pod templates and the input, and starts the job.
SAMPLE=taxi-trips-ebs exec "$(dirname "$0")/../taxi-trips/execute-job.sh" "$@"
