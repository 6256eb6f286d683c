"""STS, IAM and who may do what, as boto3 users see them. Needs AWS_PROFILE and its endpoint; ends with "all cases hold"."""
import datetime, json, sys, traceback, urllib.request

import boto3
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ROLE_A = f"arn:aws:iam::{ACCOUNT}:role/emr-data-team-a"
ROLE_B = f"arn:aws:iam::{ACCOUNT}:role/emr-data-team-b"
BUCKET_A, BUCKET_B = "emr-data-team-a-bucket", "emr-data-team-b-bucket"

admin = boto3.Session(profile_name="hearth")
a = boto3.Session(profile_name="emr-data-team-a")
b = boto3.Session(profile_name="emr-data-team-b")


def session(credentials, region="us-west-2"):
    config = boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"], region_name=region)
    endpoint = admin.client("sts").meta.endpoint_url
    return lambda service: config.client(service, endpoint_url=endpoint)


def fails(code, call, text="", **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, f"expected {code}, got {e}"
        assert text in str(e), f"expected '{text}' in: {e}"
        return e.response
    raise AssertionError(f"expected {code}, but it succeeded")


def role_of(who, arn, **more):
    return who.client("sts").assume_role(RoleArn=arn, RoleSessionName="cases", **more)


def who_am_i():
    assert admin.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/hearth-admin"
    assumed = role_of(a, ROLE_A)
    assert assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/emr-data-team-a/cases"
    me = session(assumed["Credentials"])("sts").get_caller_identity()
    assert me["Arn"] == assumed["AssumedRoleUser"]["Arn"] and me["UserId"] == assumed["AssumedRoleUser"]["AssumedRoleId"]
    assert me["UserId"].startswith("AROA") and assumed["Credentials"]["AccessKeyId"].startswith("ASIA")
    left = assumed["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 3500 < left.total_seconds() <= 3600, left
    assert admin.client("sts").get_access_key_info(AccessKeyId=assumed["Credentials"]["AccessKeyId"])["Account"] == ACCOUNT


def sessions_of_users():
    got = a.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    mine = session(got)
    assert mine("sts").get_caller_identity()["Arn"].endswith("user/emr-data-team-a")
    mine("s3").put_object(Bucket=BUCKET_A, Key="session", Body=b"x")
    fails("AccessDenied", mine("sts").get_session_token, "Cannot call GetSessionToken with session credentials")
    wrong = dict(got, SessionToken=got["SessionToken"][:-8] + "AAAAAAA=")
    fails("InvalidClientTokenId", session(wrong)("sts").get_caller_identity)
    fails("InvalidToken", session(wrong)("s3").list_buckets)
    other = dict(got, AccessKeyId="ASIA" + "A" * 16)
    fails("InvalidClientTokenId", session(other)("sts").get_caller_identity)
    boss = session(admin.client("sts").get_session_token()["Credentials"])
    assert boss("iam").list_roles()["Roles"]


def roles_are_for_those_whom_they_trust():
    fails("AccessDenied", lambda: role_of(a, ROLE_B), f"User: arn:aws:iam::{ACCOUNT}:user/emr-data-team-a is not authorized to perform: sts:AssumeRole on resource: {ROLE_B}")
    fails("AccessDenied", lambda: role_of(a, ROLE_A + "x"))
    role_of(admin, ROLE_B)
    fails("ValidationError", lambda: role_of(a, ROLE_A, DurationSeconds=60_000), "less than or equal to 43200")
    fails("ValidationError", lambda: a.client("sts").assume_role(RoleArn=ROLE_A, RoleSessionName="a b"), "regular expression")
    fails("MalformedPolicyDocument", lambda: role_of(a, ROLE_A, Policy="{"))
    fails("NotImplemented", lambda: role_of(a, ROLE_A, Tags=[{"Key": "k", "Value": "v"}]), "Tags of AssumeRole")
    iam = admin.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/emr-data-team-b"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "secret-word"}}}]}
    iam.create_role(RoleName="external", AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=3600)
    arn = f"arn:aws:iam::{ACCOUNT}:role/external"
    fails("AccessDenied", lambda: role_of(b, arn))
    fails("AccessDenied", lambda: role_of(a, arn, ExternalId="secret-word"))
    external = session(role_of(b, arn, ExternalId="secret-word")["Credentials"])
    fails("ValidationError", lambda: role_of(b, arn, ExternalId="secret-word", DurationSeconds=7200), "exceeds the MaxSessionDuration")
    fails("AccessDenied", external("s3").get_object, "no identity-based policy allows the s3:GetObject action", Bucket=BUCKET_B, Key="x")
    iam.put_role_policy(RoleName="external", PolicyName="read", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET_B}/ext/*"}]}))
    b.client("s3").put_object(Bucket=BUCKET_B, Key="ext/k", Body=b"here")
    assert external("s3").get_object(Bucket=BUCKET_B, Key="ext/k")["Body"].read() == b"here"
    fails("DeleteConflict", iam.delete_role, RoleName="external")
    iam.delete_role_policy(RoleName="external", PolicyName="read")
    fails("AccessDenied", external("s3").get_object, Bucket=BUCKET_B, Key="ext/k")
    iam.delete_role(RoleName="external")
    fails("NoSuchEntity", iam.get_role, RoleName="external")
    fails("DeleteConflict", iam.delete_role, "declared for team", RoleName="emr-data-team-a")


def a_session_policy_narrows():
    a.client("s3").put_object(Bucket=BUCKET_A, Key="open/k", Body=b"1")
    a.client("s3").put_object(Bucket=BUCKET_A, Key="closed/k", Body=b"1")
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::{BUCKET_A}/closed/*"}]}
    narrow = session(role_of(a, ROLE_A, Policy=json.dumps(policy))["Credentials"])("s3")
    assert narrow.get_object(Bucket=BUCKET_A, Key="open/k")["Body"].read() == b"1"
    fails("AccessDenied", narrow.get_object, "with an explicit deny in a session policy", Bucket=BUCKET_A, Key="closed/k")
    fails("AccessDenied", narrow.get_object, "no identity-based policy", Bucket=BUCKET_B, Key="k")
    only = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET_A}/open/*"}]}
    narrow = session(role_of(a, ROLE_A, Policy=json.dumps(only))["Credentials"])("s3")
    fails("AccessDenied", narrow.put_object, "because no session policy allows the s3:PutObject action", Bucket=BUCKET_A, Key="open/k", Body=b"")


def teams_keep_to_themselves():
    s3a, s3b = a.client("s3"), b.client("s3")
    s3b.put_object(Bucket=BUCKET_B, Key="shared/k", Body=b"for all")
    s3b.put_object(Bucket=BUCKET_B, Key="private/k", Body=b"mine")
    assert [x["Name"] for x in s3a.list_buckets()["Buckets"]] == [BUCKET_A]
    assert s3a.get_object(Bucket=BUCKET_B, Key="shared/k")["Body"].read() == b"for all"
    fails("AccessDenied", s3a.get_object, Bucket=BUCKET_B, Key="private/k")
    fails("AccessDenied", s3a.put_object, Bucket=BUCKET_B, Key="shared/k", Body=b"")
    fails("AccessDenied", s3a.list_objects_v2, Bucket=BUCKET_B)
    fails("AccessDenied", s3a.list_objects_v2, Bucket=BUCKET_B, Prefix="private/")
    assert [o["Key"] for o in s3a.list_objects_v2(Bucket=BUCKET_B, Prefix="shared/", Delimiter="/")["Contents"]] == ["shared/k"]
    fails("AccessDenied", s3a.copy_object, Bucket=BUCKET_A, Key="stolen", CopySource=f"{BUCKET_B}/private/k")
    assert s3a.delete_objects(Bucket=BUCKET_B, Delete={"Objects": [{"Key": "shared/k"}]})["Errors"][0]["Code"] == "AccessDenied"
    url = s3a.generate_presigned_url("get_object", Params={"Bucket": BUCKET_B, "Key": "private/k"})
    try:
        urllib.request.urlopen(url)
        raise AssertionError("a presigned URL gave what its signer may not have")
    except urllib.error.HTTPError as e:
        assert e.code == 403
    assumed = session(role_of(a, ROLE_A)["Credentials"])("s3")
    assert urllib.request.urlopen(assumed.generate_presigned_url("get_object", Params={"Bucket": BUCKET_B, "Key": "shared/k"})).read() == b"for all"
    fails("AccessDenied", a.client("iam").get_role, RoleName="emr-data-team-b")
    fails("AccessDenied", a.client("iam").list_roles)
    fails("AccessDenied", a.client("iam").update_assume_role_policy, RoleName="emr-data-team-a", PolicyDocument="{}")
    s3a.create_bucket(Bucket="made-by-a", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3a.put_object(Bucket="made-by-a", Key="k", Body=b"x")
    fails("AccessDenied", s3b.get_object, Bucket="made-by-a", Key="k")
    fails("NoSuchBucket", s3b.list_objects_v2, Bucket="nobody-made-this")
    s3a.delete_object(Bucket="made-by-a", Key="k")
    s3a.delete_bucket(Bucket="made-by-a")


def iam_reads():
    iam = admin.client("iam")
    assert [r["RoleName"] for r in iam.list_roles()["Roles"]] == ["emr-data-team-a", "emr-data-team-b"]
    assert [r["RoleName"] for p in iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1}) for r in p["Roles"]] == ["emr-data-team-a", "emr-data-team-b"]
    role = iam.get_role(RoleName="emr-data-team-a")["Role"]
    assert role["Arn"] == ROLE_A and role["MaxSessionDuration"] == 43200
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRoleWithWebIdentity"
    attached = iam.list_attached_role_policies(RoleName="emr-data-team-a")["AttachedPolicies"]
    assert attached == [{"PolicyName": "emr-data-team-a-permissions", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/emr-data-team-a-permissions"}]
    policy = iam.get_policy(PolicyArn=attached[0]["PolicyArn"])["Policy"]
    assert policy["AttachmentCount"] == 1 and policy["DefaultVersionId"] == "v1"
    document = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]["Document"]
    assert f"arn:aws:s3:::{BUCKET_A}/*" in json.dumps(document)
    iam.put_role_policy(RoleName="emr-data-team-a", PolicyName="more", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Sid": "ü & <x>", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::never/*"}]}))
    assert iam.list_role_policies(RoleName="emr-data-team-a")["PolicyNames"] == ["more"]
    assert iam.get_role_policy(RoleName="emr-data-team-a", PolicyName="more")["PolicyDocument"]["Statement"][0]["Sid"] == "ü & <x>"
    fails("NoSuchEntity", iam.get_role_policy, "The role policy with name other cannot be found.", RoleName="emr-data-team-a", PolicyName="other")
    fails("NoSuchEntity", iam.get_role, "The role with name nobody cannot be found.", RoleName="nobody")
    fails("NotImplemented", iam.attach_role_policy, "AmazonS3FullAccess", RoleName="emr-data-team-a", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    fails("MalformedPolicyDocument", iam.put_role_policy, RoleName="emr-data-team-a", PolicyName="x", PolicyDocument='{"Statement":[]}')
    iam.delete_role_policy(RoleName="emr-data-team-a", PolicyName="more")
    assert iam.get_user()["User"]["UserName"] == "hearth-admin"
    assert a.client("iam").get_user()["User"]["Arn"].endswith("user/emr-data-team-a")
    assert len(iam.list_access_keys(UserName="emr-data-team-a")["AccessKeyMetadata"]) == 1
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=providers[0]["Arn"])["ClientIDList"] == ["sts.amazonaws.com"]


CASES = [who_am_i, sessions_of_users, roles_are_for_those_whom_they_trust, a_session_policy_narrows, teams_keep_to_themselves, iam_reads]

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
