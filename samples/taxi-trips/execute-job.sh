#!/usr/bin/env bash
# Uploads this sample and its input to a bucket, and starts it with the AWS CLI.
#
#   ./execute-job.sh                  asks for what it needs
#   SAMPLE=taxi-trips-memory ./execute-job.sh
#
# Answers may also come from the environment: AWS_REGION, VIRTUAL_CLUSTER_ID, ROLE_ARN, LOG_GROUP, S3_BUCKET, INPUT_DIR.
set -euo pipefail
cd "$(dirname "$0")"

need() { command -v "$1" > /dev/null || { echo "This script needs '$1' on the PATH." >&2; exit 1; }; }
need aws
need envsubst

ask() { # variable, question, default
  local answer
  if [[ -n "${!1:-}" ]]; then return; fi
  read -r -p "$2${3:+ [$3]}: " answer
  answer="${answer:-${3:-}}"
  [[ -n "$answer" ]] || { echo "$1 is needed." >&2; exit 1; }
  printf -v "$1" '%s' "$answer"
}

SAMPLE="${SAMPLE:-taxi-trips}"
[[ -f "../$SAMPLE/job-request.json" ]] || { echo "There is no sample '$SAMPLE' beside this folder." >&2; exit 1; }

ask AWS_REGION "AWS region" "us-west-2"
ask VIRTUAL_CLUSTER_ID "EMR virtual cluster id" ""
ask ROLE_ARN "Execution role ARN" ""
ask LOG_GROUP "CloudWatch log group" "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-a"
ask S3_BUCKET "S3 bucket, as s3://name" ""
ask INPUT_DIR "Local folder with yellow_tripdata_*.parquet (empty to use what is in the bucket)" "-"
S3_BUCKET="${S3_BUCKET%/}"
[[ "$S3_BUCKET" == s3://* ]] || { echo "The bucket has the form s3://name, not '$S3_BUCKET'." >&2; exit 1; }
export AWS_REGION VIRTUAL_CLUSTER_ID ROLE_ARN LOG_GROUP S3_BUCKET

# The script is the same for all of them; only the pod templates differ.
aws s3 sync . "$S3_BUCKET/taxi-trips/scripts/" --exclude "*" --include "*.py" --region "$AWS_REGION" >&2
aws s3 sync "../$SAMPLE" "$S3_BUCKET/$SAMPLE/scripts/" --exclude "*" --include "*.yaml" --region "$AWS_REGION" >&2
if [[ "$INPUT_DIR" != "-" ]]; then
  aws s3 sync "$INPUT_DIR" "$S3_BUCKET/$SAMPLE/input/" --exclude "*" --include "*.parquet" --region "$AWS_REGION" >&2
fi

request="$(mktemp)"
trap 'rm -f "$request"' EXIT
envsubst '${VIRTUAL_CLUSTER_ID} ${ROLE_ARN} ${LOG_GROUP} ${S3_BUCKET}' < "../$SAMPLE/job-request.json" > "$request"
aws emr-containers start-job-run --region "$AWS_REGION" --cli-input-json "file://$request"
