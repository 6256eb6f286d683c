#!/usr/bin/env bash
# Starts the taxi job as a gang that is larger than the job: the same questions as ../taxi-trips/execute-job.sh.
set -euo pipefail
cd "$(dirname "$0")"
SAMPLE=yunikorn-gang-trapped exec ../taxi-trips/execute-job.sh
