#!/usr/bin/env bash
# Uploads a sample's files and starts its job with the AWS CLI; prints what start-job-run answers.
#
#   ../submit.sh FOLDER [REQUEST]     asks for what it needs; REQUEST is job-request.json when not named
#
# Answers may also come from the environment: AWS_REGION, VIRTUAL_CLUSTER_ID, ROLE_ARN, LOG_GROUP, S3_BUCKET.
set -euo pipefail

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

folder="$(cd "${1:?the folder of a sample}" && pwd)"
sample="$(basename "$folder")"
source="$folder/${2:-job-request.json}"
[[ -f "$source" ]] || { echo "There is no request $source." >&2; exit 1; }

ask AWS_REGION "AWS region" "us-west-2"
ask VIRTUAL_CLUSTER_ID "EMR virtual cluster id" ""
ask ROLE_ARN "Execution role ARN" ""
ask LOG_GROUP "CloudWatch log group" "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-a"
ask S3_BUCKET "S3 bucket, as s3://name" ""
S3_BUCKET="${S3_BUCKET%/}"
[[ "$S3_BUCKET" == s3://* ]] || { echo "The bucket has the form s3://name, not '$S3_BUCKET'." >&2; exit 1; }
export AWS_REGION VIRTUAL_CLUSTER_ID ROLE_ARN LOG_GROUP S3_BUCKET

aws s3 sync "$folder" "$S3_BUCKET/$sample/scripts/" --exclude "*" --include "*.py" --include "*.sql" --include "*.yaml" --region "$AWS_REGION" >&2

request="$(mktemp)"
trap 'rm -f "$request"' EXIT
envsubst '${VIRTUAL_CLUSTER_ID} ${ROLE_ARN} ${LOG_GROUP} ${S3_BUCKET}' < "$source" > "$request"
aws emr-containers start-job-run --region "$AWS_REGION" --cli-input-json "file://$request"
