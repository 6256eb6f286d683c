#!/usr/bin/env bash
# Makes the job template unless there is one of its name, and starts a job of it with two of its five parameters and one other than its default.
#
# Answers may also come from the environment: AWS_REGION, VIRTUAL_CLUSTER_ID, ROLE_ARN, S3_BUCKET.
set -euo pipefail
cd "$(dirname "$0")"

ask() { # variable, question, default
  local answer
  if [[ -n "${!1:-}" ]]; then return; fi
  read -r -p "$2${3:+ [$3]}: " answer
  answer="${answer:-${3:-}}"
  [[ -n "$answer" ]] || { echo "$1 is needed." >&2; exit 1; }
  printf -v "$1" '%s' "$answer"
}

ask AWS_REGION "AWS region" "us-west-2"
ask VIRTUAL_CLUSTER_ID "EMR virtual cluster id" ""
ask ROLE_ARN "Execution role ARN" ""
ask S3_BUCKET "S3 bucket, as s3://name" ""
S3_BUCKET="${S3_BUCKET%/}"

JOB_TEMPLATE_ID="$(aws emr-containers list-job-templates --region "$AWS_REGION" --query "templates[?name=='darts'] | [0].id" --output text)"
if [[ -z "$JOB_TEMPLATE_ID" || "$JOB_TEMPLATE_ID" == None ]]; then
  JOB_TEMPLATE_ID="$(aws emr-containers create-job-template --region "$AWS_REGION" --cli-input-json file://template.json --query id --output text)"
fi
export AWS_REGION VIRTUAL_CLUSTER_ID ROLE_ARN S3_BUCKET JOB_TEMPLATE_ID

request="$(mktemp)"
trap 'rm -f "$request"' EXIT
envsubst '${VIRTUAL_CLUSTER_ID} ${ROLE_ARN} ${S3_BUCKET} ${JOB_TEMPLATE_ID}' < job-request.json > "$request"
aws emr-containers start-job-run --region "$AWS_REGION" --cli-input-json "file://$request"
