#!/usr/bin/env bash
# Starts the pi example of Spark's images in the form of the older guides:
#
#   ./execute_emr_eks_job.sh VIRTUAL_CLUSTER_NAME s3://BUCKET ROLE_ARN
set -euo pipefail
[[ $# -eq 3 && "$2" == s3://* ]] || { echo "Usage: $0 VIRTUAL_CLUSTER_NAME s3://BUCKET ROLE_ARN" >&2; exit 2; }
name="$1" bucket="${2%/}" role="$3"

id="$(aws emr-containers list-virtual-clusters --query "virtualClusters[?name=='$name' && state=='RUNNING'].id" --output text)"
[[ -n "$id" ]] || { echo "There is no running virtual cluster '$name'." >&2; exit 1; }

aws emr-containers start-job-run \
  --virtual-cluster-id "$id" \
  --name pi-older \
  --execution-role-arn "$role" \
  --release-label emr-6.5.0-latest \
  --job-driver '{"sparkSubmitJobDriver": {
      "entryPoint": "local:///usr/lib/spark/examples/src/main/python/pi.py",
      "sparkSubmitParameters": "--conf spark.executor.instances=2 --conf spark.executor.memory=2G --conf spark.executor.cores=1 --conf spark.driver.cores=1"}}' \
  --configuration-overrides "{\"monitoringConfiguration\": {
      \"persistentAppUI\": \"ENABLED\",
      \"cloudWatchMonitoringConfiguration\": {\"logGroupName\": \"/emr-on-eks-logs/$name\", \"logStreamNamePrefix\": \"pi\"},
      \"s3MonitoringConfiguration\": {\"logUri\": \"$bucket/logs/\"}}}"
