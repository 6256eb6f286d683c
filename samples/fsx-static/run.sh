#!/usr/bin/env bash
# Makes the claim with kubectl, then starts the taxi job on it: the same questions as ../taxi-trips/execute-job.sh.
set -euo pipefail
cd "$(dirname "$0")"
command -v kubectl > /dev/null || { echo "This script needs 'kubectl' on the PATH." >&2; exit 1; }
kubectl get pv fsx-static-pv > /dev/null 2>&1 || kubectl apply -f fsx-class.yaml >&2
kubectl apply -f fsx-static-pvc.yaml >&2
SAMPLE=fsx-static exec ../taxi-trips/execute-job.sh
