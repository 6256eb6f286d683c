"""Two teams at once: with the keys of team a, every operation of emr-containers on what is of team b, then S3, logs, roles, load balancers and kubectl.
Needs AWS_PROFILE, its endpoint and a kubeconfig of team a as the first argument; ends with "all cases hold"."""
import json, subprocess, sys, time, traceback, uuid

import boto3
from botocore.exceptions import ClientError

ACCOUNT, REGION, CLUSTER, MARK = "000000000000", "us-west-2", "emr-eks-karpenter", "of-team-b"
NS_B = "emr-data-team-b"
BUCKET_A, BUCKET_B = (f"emr-data-team-{t}-{ACCOUNT}-{REGION}" for t in "ab")
ROLE_A, ROLE_B = (f"arn:aws:iam::{ACCOUNT}:role/{CLUSTER}-emr-data-team-{t}" for t in "ab")
GROUP_B = f"/emr-on-eks-logs/{CLUSTER}/{NS_B}"
ENDPOINT = {"type": "JUPYTER_ENTERPRISE_GATEWAY", "releaseLabel": "emr-7.9.0-latest"}
DRIVER = {"sparkSubmitJobDriver": {"entryPoint": "local:///usr/lib/spark/examples/src/main/python/pi.py", "sparkSubmitParameters": "--conf spark.executor.instances=1"}}
LOGS = {"monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": f"s3://{BUCKET_B}/logs/"}, "cloudWatchMonitoringConfiguration": {"logGroupName": GROUP_B, "logStreamNamePrefix": "p"}}}
LAKE = {"authorizationConfiguration": {"lakeFormationConfiguration": {
    "authorizedSessionTagValue": "EMR", "secureNamespaceInfo": {"clusterId": CLUSTER, "namespace": "system"}, "queryEngineRoleArn": ROLE_B}}}
TEMPLATE = {"executionRoleArn": ROLE_B, "releaseLabel": "emr-7.9.0-latest", "jobDriver": {"sparkSubmitJobDriver": {"entryPoint": "s3://b/x.py"}}}
a, b = (boto3.Session(profile_name=f"data-team-{t}", region_name=REGION) for t in "ab")
emr_a, emr_b = a.client("emr-containers"), b.client("emr-containers")


def cluster_of(emr):
    return [c["id"] for c in emr.list_virtual_clusters()["virtualClusters"] if c["state"] == "RUNNING"][0]


def wait(what, condition):
    deadline = time.monotonic() + 120
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.2)
    return found


def make():
    """What team b has: one of each kind, told by their ids and by a mark."""
    # Template and security configuration have no mark: team a sends the same requests with the same token, and must get its own.
    vc, token = cluster_of(emr_b), str(uuid.uuid4())
    tags = {"secret": MARK}
    run = emr_b.start_job_run(virtualClusterId=vc, name=MARK, executionRoleArn=ROLE_B, releaseLabel="emr-7.9.0-latest", jobDriver=DRIVER, configurationOverrides=LOGS, tags=tags)
    template = emr_b.create_job_template(name="same", jobTemplateData=TEMPLATE, clientToken=token)
    security = emr_b.create_security_configuration(name="same", containerProvider={"type": "EKS", "id": CLUSTER}, securityConfigurationData=LAKE, clientToken=token)
    endpoint = emr_b.create_managed_endpoint(virtualClusterId=vc, name=MARK, executionRoleArn=ROLE_B, tags=tags, **ENDPOINT)
    wait("the endpoint", lambda: emr_b.describe_managed_endpoint(virtualClusterId=vc, id=endpoint["id"])["endpoint"]["state"] == "ACTIVE")
    state = wait("the end of the run", lambda: (r := emr_b.describe_job_run(virtualClusterId=vc, id=run["id"])["jobRun"])["state"] in ("COMPLETED", "FAILED") and r)
    assert state["state"] == "COMPLETED", state
    b.client("s3").put_object(Bucket=BUCKET_B, Key="private/k", Body=MARK.encode(), Tagging="secret=" + MARK)
    return {"vc": vc, "run": run, "template": template, "security": security, "endpoint": endpoint, "token": token}


def attempts(of):
    """Operation -> arguments of each attempt; None in place of arguments: it is called without any."""
    vc, mine, run, template, security, endpoint = of["vc"], cluster_of(emr_a), of["run"]["id"], of["template"]["id"], of["security"]["id"], of["endpoint"]["id"]
    job = {"name": "x", "executionRoleArn": ROLE_A, "releaseLabel": "emr-7.9.0-latest", "jobDriver": DRIVER}
    provider = {"type": "EKS", "id": CLUSTER, "info": {"eksInfo": {"namespace": NS_B}}}
    own = {"type": "EKS", "id": CLUSTER, "info": {"eksInfo": {"namespace": "emr-data-team-a"}}}
    arns = [f"arn:aws:emr-containers:{REGION}:{ACCOUNT}:/virtualclusters/{vc}", of["run"]["arn"] if "arn" in of["run"] else None, of["endpoint"]["arn"], of["template"]["arn"], of["security"]["arn"]]
    arns = [x for x in arns if x]
    runs = [{"virtualClusterId": vc, "id": run}, {"virtualClusterId": mine, "id": run}]
    ends = [{"virtualClusterId": vc, "id": endpoint}, {"virtualClusterId": mine, "id": endpoint}]
    return {
        "CreateVirtualCluster": [{"name": "x", "containerProvider": provider}, {"name": "x", "containerProvider": own, "securityConfigurationId": security}],
        "ListVirtualClusters": [{}, {"containerProviderId": CLUSTER}, {"maxResults": 1}],
        "DescribeVirtualCluster": [{"id": vc}],
        "UpdateVirtualCluster": [{"id": vc, "schedulerConfiguration": {"maxConcurrentJobRuns": 1}}],
        "DeleteVirtualCluster": [{"id": vc}],
        "StartJobRun": [dict(job, virtualClusterId=vc), dict(job, virtualClusterId=mine, executionRoleArn=ROLE_B), {"virtualClusterId": mine, "name": "x", "jobTemplateId": template}],
        "ListJobRuns": [{"virtualClusterId": vc}, {"virtualClusterId": vc, "name": MARK}],
        "DescribeJobRun": runs,
        "CancelJobRun": runs,
        "CreateManagedEndpoint": [dict(ENDPOINT, virtualClusterId=vc, name="x", executionRoleArn=ROLE_A), dict(ENDPOINT, virtualClusterId=mine, name="x", executionRoleArn=ROLE_B)],
        "ListManagedEndpoints": [{"virtualClusterId": vc}],
        "DescribeManagedEndpoint": ends,
        "DeleteManagedEndpoint": ends,
        "GetManagedEndpointSessionCredentials": [
            {"virtualClusterIdentifier": c, "endpointIdentifier": endpoint, "executionRoleArn": r, "credentialType": "TOKEN"} for c in (vc, mine) for r in (ROLE_A, ROLE_B)],
        "CreateJobTemplate": [{"name": "same", "jobTemplateData": TEMPLATE, "clientToken": of["token"]}],
        "ListJobTemplates": [{}],
        "DescribeJobTemplate": [{"id": template}],
        "DeleteJobTemplate": [{"id": template}],
        "CreateSecurityConfiguration": [{"name": "same", "containerProvider": {"type": "EKS", "id": CLUSTER}, "securityConfigurationData": LAKE, "clientToken": of["token"]}],
        "ListSecurityConfigurations": [{}],
        "DescribeSecurityConfiguration": [{"id": security}],
        "DeleteSecurityConfiguration": [{"id": security}],
        "ListTagsForResource": [{"resourceArn": x} for x in arns],
        "TagResource": [{"resourceArn": x, "tags": {"by": "a"}} for x in arns],
        "UntagResource": [{"resourceArn": x, "tagKeys": ["secret"]} for x in arns],
    }


def every_operation_of_emr_containers():
    table, method = attempts(B), {v: k for k, v in emr_a.meta.method_to_api_mapping.items()}
    missing = set(method) - set(table)
    assert not missing, f"no attempt for {missing}"
    ids = [B["vc"], B["run"]["id"], B["template"]["id"], B["security"]["id"], B["endpoint"]["id"]]
    for operation in sorted(set(method) & set(table)):
        for arguments in table[operation]:
            asked = str(arguments)
            try:
                answer = getattr(emr_a, method[operation])(**arguments)
                answer.pop("ResponseMetadata")
                assert operation.startswith("List") or operation in ("CreateJobTemplate", "CreateSecurityConfiguration"), f"{operation} {arguments} succeeded: {answer}"
                said = str(answer)
            except ClientError as e:
                own = B["vc"] not in asked and operation not in ("DescribeJobTemplate", "DescribeSecurityConfiguration", "DeleteJobTemplate", "DeleteSecurityConfiguration")
                code = e.response["Error"]["Code"]
                assert code == "AccessDeniedException" or (own and code in ("ResourceNotFoundException", "ValidationException", "BadRequestException")), f"{operation} {arguments}: {e}"
                said = str(e)
            for secret in [MARK, *ids]:
                assert secret not in said or (secret in asked and "ListVirtualClusters" != operation), f"{operation} {arguments} tells {secret}: {said}"
    kept = emr_b.describe_job_run(virtualClusterId=B["vc"], id=B["run"]["id"])["jobRun"]
    assert kept["state"] == "COMPLETED" and kept["tags"] == {"secret": MARK}
    assert emr_b.describe_managed_endpoint(virtualClusterId=B["vc"], id=B["endpoint"]["id"])["endpoint"]["state"] == "ACTIVE"
    emr_b.describe_job_template(id=B["template"]["id"])
    emr_b.describe_security_configuration(id=B["security"]["id"])


def denied(call, codes=("AccessDenied", "AccessDeniedException", "403"), **arguments):
    try:
        answer = call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] in codes and MARK not in str(e), str(e)
        return
    raise AssertionError(f"{call.__name__} {arguments} succeeded: {answer}")


def buckets():
    s3 = a.client("s3")
    names = [x["Name"] for x in s3.list_buckets()["Buckets"]]
    assert BUCKET_A in names and BUCKET_B not in names, names
    for call, more in [
        (s3.list_objects_v2, {}), (s3.head_bucket, {}), (s3.get_bucket_location, {}), (s3.list_multipart_uploads, {}), (s3.delete_bucket, {}), (s3.get_bucket_acl, {}),
        (s3.get_object, {"Key": "private/k"}), (s3.head_object, {"Key": "private/k"}), (s3.head_object, {"Key": "none"}), (s3.get_object_tagging, {"Key": "private/k"}),
        (s3.put_object, {"Key": "x", "Body": b"x"}), (s3.delete_object, {"Key": "private/k"}), (s3.create_multipart_upload, {"Key": "x"}),
        (s3.get_object_attributes, {"Key": "private/k", "ObjectAttributes": ["ETag"]}),
    ]:
        denied(call, Bucket=BUCKET_B, **more)
    denied(s3.copy_object, Bucket=BUCKET_A, Key="stolen", CopySource=f"{BUCKET_B}/private/k")
    answer = s3.delete_objects(Bucket=BUCKET_B, Delete={"Objects": [{"Key": "private/k"}]})
    assert [x["Code"] for x in answer["Errors"]] == ["AccessDenied"], answer
    assert b.client("s3").get_object(Bucket=BUCKET_B, Key="private/k")["Body"].read().decode() == MARK


def logs():
    mine = a.client("logs")
    assert all(NS_B not in g["logGroupName"] for g in mine.describe_log_groups()["logGroups"])
    stream = b.client("logs").describe_log_streams(logGroupName=GROUP_B)["logStreams"][0]["logStreamName"]
    denied(mine.describe_log_streams, logGroupName=GROUP_B)
    denied(mine.filter_log_events, logGroupName=GROUP_B)
    denied(mine.get_log_events, logGroupName=GROUP_B, logStreamName=stream)
    denied(mine.put_log_events, logGroupName=GROUP_B, logStreamName=stream, logEvents=[{"timestamp": int(time.time() * 1000), "message": "x"}])
    denied(mine.delete_log_stream, logGroupName=GROUP_B, logStreamName=stream)
    denied(mine.delete_log_group, logGroupName=GROUP_B)


def roles():
    iam, name = a.client("iam"), ROLE_B.split("/")[1]
    denied(a.client("sts").assume_role, RoleArn=ROLE_B, RoleSessionName="xx")
    denied(iam.get_role, RoleName=name)
    denied(iam.list_role_policies, RoleName=name)
    denied(iam.update_assume_role_policy, RoleName=name, PolicyDocument="{}")
    denied(iam.put_role_policy, RoleName=ROLE_A.split("/")[1], PolicyName="more", PolicyDocument="{}")
    denied(iam.get_user, UserName="data-team-b")
    denied(iam.list_access_keys, UserName="data-team-b")


def load_balancers():
    theirs = b.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert len(theirs) == 1
    elb, ec2 = a.client("elbv2"), a.client("ec2")
    assert elb.describe_load_balancers()["LoadBalancers"] == []
    denied(elb.describe_load_balancers, ("LoadBalancerNotFound",), LoadBalancerArns=[theirs[0]["LoadBalancerArn"]])
    denied(elb.describe_tags, ("LoadBalancerNotFound",), ResourceArns=[theirs[0]["LoadBalancerArn"]])
    denied(elb.set_security_groups, LoadBalancerArn=theirs[0]["LoadBalancerArn"], SecurityGroups=["sg-0123"])
    name = f"emr-containers-lb-{B['vc']}-{B['endpoint']['id']}"
    assert len(b.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"]) == 1
    assert len(ec2.describe_security_groups()["SecurityGroups"]) == 2
    assert ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"] == []


def kubectl():
    driver = f"spark-{B['run']['id']}-driver"
    # One token for all calls: the kubeconfig would start the AWS CLI for each.
    got = subprocess.run(["aws", "eks", "get-token", "--cluster-name", CLUSTER, "--profile", "data-team-a", "--output", "json"], capture_output=True, text=True, check=True)
    token = json.loads(got.stdout)["status"]["token"]
    call = lambda *words: subprocess.run(["kubectl", "--kubeconfig", sys.argv[1], "--token", token, *words], capture_output=True, text=True)
    assert call("get", "pods", "-n", "emr-data-team-a").returncode == 0
    for words in [
        ["get", "pods"], ["get", "jobruns"], ["get", "managedendpoints"], ["get", "secrets"], ["get", "configmaps"], ["get", "serviceaccounts"], ["get", "events"], ["logs", driver],
        ["describe", "pod", driver], ["delete", "pod", driver], ["exec", driver, "--", "true"], ["create", "token", "default"], ["delete", "jobrun", B["run"]["id"]],
        ["label", "pod", driver, "a=b"], ["create", "configmap", "x"], ["auth", "can-i", "get", "pods"],
    ]:
        done = call(*words, "-n", NS_B)
        assert done.returncode != 0 and ("forbidden" in done.stderr.lower() or done.stdout.strip() == "no") and MARK not in done.stdout + done.stderr, f"{words}: {done}"
    for kind in ["pods", "jobruns", "secrets", "jobtemplates", "securityconfigurations", "iamroles", "iamusers"]:
        done = call("get", kind, "-A")
        assert done.returncode != 0 and "forbidden" in done.stderr.lower(), f"{kind}: {done}"


def clean():
    emr_b.delete_managed_endpoint(virtualClusterId=B["vc"], id=B["endpoint"]["id"])
    for emr in (emr_a, emr_b):
        for one in emr.list_job_templates()["templates"]:
            emr.delete_job_template(id=one["id"])


B = make()
failed = False
for case in [every_operation_of_emr_containers, buckets, logs, roles, load_balancers, kubectl, clean]:
    try:
        case()
    except Exception:
        failed = True
        print(f"FAILED {case.__name__}")
        traceback.print_exc(file=sys.stdout)
if failed:
    sys.exit(1)
print("all cases hold")
