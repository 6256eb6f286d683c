#!/usr/bin/env bash
# Makes the driver's claim with kubectl, then uploads and starts the job.
set -euo pipefail
command -v kubectl > /dev/null || { echo "This script needs 'kubectl' on the PATH." >&2; exit 1; }
kubectl apply -f "$(dirname "$0")/ebs-storageclass-pvc.yaml" >&2
exec "$(dirname "$0")/../submit.sh" "$(dirname "$0")"
