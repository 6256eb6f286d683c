"""EKS, EC2, load balancers and the Prometheus workspace as scripts look at them. Needs AWS_PROFILE and its endpoint; ends with "all cases hold"."""
import json, subprocess, sys, traceback, urllib.request

import boto3
from botocore.exceptions import ClientError

admin = boto3.Session(profile_name="hearth")
a = boto3.Session(profile_name="emr-data-team-a")
b = boto3.Session(profile_name="emr-data-team-b")
CLUSTER = "emr-eks-karpenter"


def fails(code, call, text="", **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, f"expected {code}, got {e}"
        assert text in str(e), f"expected '{text}' in: {e}"
        return
    raise AssertionError(f"expected {code}, but it succeeded")


def eks():
    client = a.client("eks")
    assert client.list_clusters()["clusters"] == [CLUSTER]
    cluster = client.describe_cluster(name=CLUSTER)["cluster"]
    issuer = cluster["identity"]["oidc"]["issuer"]
    assert cluster["status"] == "ACTIVE" and issuer.startswith("https://oidc.eks.us-west-2.amazonaws.com/id/") and len(cluster["resourcesVpcConfig"]["subnetIds"]) == 3
    endpoint = client.meta.endpoint_url
    path = issuer[issuer.index("/id/"):]
    document = json.load(urllib.request.urlopen(f"{endpoint}{path}/.well-known/openid-configuration"))
    assert document["issuer"] == issuer and "keys" in json.load(urllib.request.urlopen(document["jwks_uri"]))
    assert client.list_nodegroups(clusterName=CLUSTER)["nodegroups"] == ["core-node-group"]
    group = client.describe_nodegroup(clusterName=CLUSTER, nodegroupName="core-node-group")["nodegroup"]
    assert group["scalingConfig"] == {"minSize": 3, "maxSize": 9, "desiredSize": 3} and group["status"] == "ACTIVE" and group["diskSize"] == 100 and group["labels"]["NodeGroupType"] == "core"
    assert client.get_waiter("nodegroup_active").wait(clusterName=CLUSTER, nodegroupName="core-node-group") is None
    assert client.get_waiter("cluster_active").wait(name=CLUSTER) is None
    fails("ResourceNotFoundException", client.describe_nodegroup, "No node group found for name: x.", clusterName=CLUSTER, nodegroupName="x")
    assert "vpc-cni" in client.list_addons(clusterName=CLUSTER)["addons"]
    assert client.describe_addon(clusterName=CLUSTER, addonName="vpc-cni")["addon"]["status"] == "ACTIVE"
    fails("NotImplemented", admin.client("eks").create_nodegroup, "CreateNodegroup", clusterName=CLUSTER, nodegroupName="x", subnets=[], nodeRole="x")
    fails("AccessDeniedException", a.client("eks").delete_cluster, name=CLUSTER)


def network():
    ec2 = a.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [CLUSTER]}])["Vpcs"][0]
    assert vpc["CidrBlock"] == "10.1.0.0/16" and len(vpc["CidrBlockAssociationSet"]) == 2
    private = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}, {"Name": "tag:Name", "Values": ["*private*"]}])["Subnets"]
    assert sorted(s["AvailabilityZone"] for s in private) == ["us-west-2a", "us-west-2b"]
    assert ec2.describe_subnets(SubnetIds=[private[0]["SubnetId"]])["Subnets"][0]["CidrBlock"] == private[0]["CidrBlock"]
    fails("InvalidSubnetID.NotFound", ec2.describe_subnets, SubnetIds=["subnet-none"])
    assert len(ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [f"eks-cluster-sg-{CLUSTER}"]}])["SecurityGroups"]) == 1
    assert [z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]] == ["us-west-2a", "us-west-2b"]
    kind = ec2.describe_instance_types(InstanceTypes=["c5d.4xlarge"])["InstanceTypes"][0]
    assert kind["VCpuInfo"]["DefaultVCpus"] == 16 and kind["MemoryInfo"]["SizeInMiB"] == 32768 and kind["ProcessorInfo"]["SupportedArchitectures"] == ["x86_64"]
    assert ec2.describe_instances()["Reservations"] == []
    fails("NotImplemented", admin.client("ec2").run_instances, "RunInstances", MinCount=1, MaxCount=1)
    fails("NotImplemented", a.client("ec2").create_security_group, "CreateSecurityGroup", GroupName="x", Description="x")


def workspace():
    amp = a.client("amp")
    assert [w["alias"] for w in amp.list_workspaces(alias=f"amp-ws-{CLUSTER}")["workspaces"]] == [f"amp-ws-{CLUSTER}"]
    assert amp.list_workspaces(alias="other")["workspaces"] == []
    found = amp.list_workspaces()["workspaces"][0]
    assert amp.describe_workspace(workspaceId=found["workspaceId"])["workspace"]["prometheusEndpoint"].endswith(f"{found['workspaceId']}/")


def endpoints():
    """The seed's script: create an endpoint, find its load balancer by its tag, give it another security group."""
    emr = admin.client("emr-containers")
    clusters = [c for c in emr.list_virtual_clusters()["virtualClusters"] if c["containerProvider"]["info"]["eksInfo"]["namespace"] == "emr-data-team-b" and c["state"] == "RUNNING"]
    cluster = clusters[0]["id"] if clusters else emr.create_virtual_cluster(
        name="b", containerProvider={"type": "EKS", "id": CLUSTER, "info": {"eksInfo": {"namespace": "emr-data-team-b"}}})["id"]
    made = emr.create_managed_endpoint(
        virtualClusterId=cluster, name="e", type="JUPYTER_ENTERPRISE_GATEWAY", releaseLabel="emr-7.9.0-latest", executionRoleArn="arn:aws:iam::123456789012:role/emr-data-team-b")["id"]
    elb = b.client("elbv2")
    arns = [l["LoadBalancerArn"] for l in elb.describe_load_balancers()["LoadBalancers"]]
    tags = {d["ResourceArn"]: {t["Key"]: t["Value"] for t in d["Tags"]} for d in elb.describe_tags(ResourceArns=arns)["TagDescriptions"]}
    arn = [x for x in arns if tags[x]["ingress.k8s.aws/stack"] == f"emr-data-team-b/ingress-{made}"][0]
    group = b.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [f"emr-containers-lb-{cluster}-{made}"]}])["SecurityGroups"][0]["GroupId"]
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["SecurityGroups"] == [group]
    assert elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[group, "sg-0123"])["SecurityGroupIds"] == [group, "sg-0123"]
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["SecurityGroups"] == [group, "sg-0123"]
    fails("AccessDenied", a.client("elbv2").set_security_groups, "elasticloadbalancing:SetSecurityGroups", LoadBalancerArn=arn, SecurityGroups=[group])
    fails("LoadBalancerNotFound", elb.describe_load_balancers, Names=["none"])
    fails("NotImplemented", admin.client("elbv2").delete_load_balancer, "DeleteLoadBalancer", LoadBalancerArn=arn)
    fails("AccessDeniedException", a.client("emr-containers").describe_managed_endpoint, virtualClusterId=cluster, id=made)
    emr.delete_managed_endpoint(virtualClusterId=cluster, id=made)


def stacks():
    """The same stacks and outputs as on AWS; a team sees what is everybody's and what is its own."""
    cfn = a.client("cloudformation")
    assert [s["StackName"] for s in cfn.list_stacks()["StackSummaries"]] == [f"{CLUSTER}-network", f"{CLUSTER}-teams"]
    assert cfn.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"] == []
    stack = cfn.describe_stacks(StackName=f"{CLUSTER}-teams")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE" and {"Key": "hearth.dev/platform", "Value": CLUSTER} in stack["Tags"]
    assert {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]} == {"CriticalConfig": '{"a":"<&>"}', "AVirtualClusterId": "one"}
    assert cfn.describe_stacks(StackName=stack["StackId"])["Stacks"] == [stack]
    whole = admin.client("cloudformation").describe_stacks()["Stacks"]
    assert [len(s["Outputs"]) for s in whole] == [1, 3]
    assert admin.client("cloudformation").get_waiter("stack_create_complete").wait(StackName=f"{CLUSTER}-network") is None
    fails("ValidationError", cfn.describe_stacks, "Stack with id none does not exist", StackName="none")
    fails("NotImplemented", admin.client("cloudformation").create_stack, "CreateStack", StackName="x")


CASES = [eks, network, workspace, endpoints, stacks]

failed = False
for case in CASES:
    try:
        case()
    except Exception:
        failed = True
        print(f"FAILED {case.__name__}")
        traceback.print_exc(file=sys.stdout)
if failed:
    sys.exit(1)
print("all cases hold")
