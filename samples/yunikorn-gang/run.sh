#!/usr/bin/env bash
# Starts the taxi job as a gang: the same questions as ../taxi-trips/execute-job.sh.
set -euo pipefail
cd "$(dirname "$0")"
SAMPLE=yunikorn-gang exec ../taxi-trips/execute-job.sh
