#!/usr/bin/env bash
# Runs a statement with Athena and prints its rows, a header first, values between tabs.
#
#   query.sh [SQL]     the employees when nothing is said; results go to S3_BUCKET (s3://name) under athena/
set -euo pipefail

: "${S3_BUCKET:?S3_BUCKET is needed, as s3://name}"
sql="${1:-SELECT employee_id, name, city, salary, checksum FROM employees ORDER BY employee_id}"

id=$(aws athena start-query-execution --query-string "$sql" --query-execution-context Database=default \
  --result-configuration "OutputLocation=${S3_BUCKET%/}/athena/" --query QueryExecutionId --output text)
while :; do
  read -r state reason < <(aws athena get-query-execution --query-execution-id "$id" --query 'QueryExecution.Status.[State,StateChangeReason]' --output text)
  case "$state" in
    SUCCEEDED) break ;;
    FAILED | CANCELLED) echo "Query $id $state: $reason" >&2; exit 1 ;;
  esac
  sleep 0.2
done
aws athena get-query-results --query-execution-id "$id" --query 'ResultSet.Rows[*].Data[*].VarCharValue' --output text
