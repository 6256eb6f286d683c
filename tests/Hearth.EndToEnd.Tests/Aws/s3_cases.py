"""What boto3 users expect of S3, case by case. Needs AWS_PROFILE and its endpoint; ends with "all cases hold"."""
import base64, datetime, hashlib, http.client, io, os, sys, threading, traceback, urllib.parse, urllib.request, zlib

import boto3, botocore.auth, botocore.awsrequest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

session = boto3.Session()
s3 = session.client("s3")
BUCKET = "cases"


def fails(code, status, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        got = (e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"])
        assert got[1] == status and code in (None, got[0]), f"expected {code} {status}, got {got}: {e}"
        return e.response
    raise AssertionError(f"expected {code}, but it succeeded")


def buckets():
    location = {"LocationConstraint": "us-west-2"}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
    fails("BucketAlreadyOwnedByYou", 409, s3.create_bucket, Bucket=BUCKET, CreateBucketConfiguration=location)
    fails("IllegalLocationConstraintException", 400, s3.create_bucket, Bucket="elsewhere")
    fails("InvalidBucketName", 400, boto3.client("s3").create_bucket, Bucket="Upper.Case", CreateBucketConfiguration=location)
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == "us-west-2"
    assert s3.head_bucket(Bucket=BUCKET)["BucketRegion"] == "us-west-2"
    assert BUCKET in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    fails("404", 404, s3.head_bucket, Bucket="not-there")
    fails("NoSuchBucket", 404, s3.list_objects_v2, Bucket="not-there")
    fails("NoSuchBucket", 404, s3.put_object, Bucket="not-there", Key="k", Body=b"x")
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    fails("NotImplemented", 501, s3.put_bucket_versioning, Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="keeps", Body=b"")
    fails("BucketNotEmpty", 409, s3.delete_bucket, Bucket=BUCKET)
    s3.delete_object(Bucket=BUCKET, Key="keeps")


def objects():
    put = s3.put_object(
        Bucket=BUCKET, Key="o", Body=b"hello world", ContentType="text/plain", Metadata={"Owner": "me", "x": "a  b"},
        CacheControl="no-cache", ContentDisposition="inline", Tagging="a=1&b=2")
    assert put["ETag"] == '"%s"' % hashlib.md5(b"hello world").hexdigest()
    got = s3.get_object(Bucket=BUCKET, Key="o", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"hello world"
    assert got["ContentType"] == "text/plain" and got["CacheControl"] == "no-cache" and got["ContentDisposition"] == "inline"
    assert got["Metadata"] == {"owner": "me", "x": "a b"} or got["Metadata"] == {"owner": "me", "x": "a  b"}, got["Metadata"]
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"] == base64.b64encode(zlib.crc32(b"hello world").to_bytes(4, "big")).decode()
    assert got["TagCount"] == 2
    part = s3.get_object(Bucket=BUCKET, Key="o", Range="bytes=6-")
    assert part["Body"].read() == b"world" and part["ContentRange"] == "bytes 6-10/11" and part["ResponseMetadata"]["HTTPStatusCode"] == 206
    fails("InvalidRange", 416, s3.get_object, Bucket=BUCKET, Key="o", Range="bytes=11-")
    fails("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="none")
    fails("404", 404, s3.head_object, Bucket=BUCKET, Key="none")
    s3.put_object(Bucket=BUCKET, Key="empty", Body=b"")
    assert s3.get_object(Bucket=BUCKET, Key="empty")["Body"].read() == b""
    s3.delete_object(Bucket=BUCKET, Key="none")


def conditions():
    etag = s3.put_object(Bucket=BUCKET, Key="c", Body=b"1")["ETag"]
    fails("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="c", Body=b"2", IfNoneMatch="*")
    fails("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="c", Body=b"2", IfMatch='"x"')
    fails("NoSuchKey", 404, s3.put_object, Bucket=BUCKET, Key="c-none", Body=b"2", IfMatch=etag)
    fails("304", 304, s3.get_object, Bucket=BUCKET, Key="c", IfNoneMatch=etag)
    fails("PreconditionFailed", 412, s3.get_object, Bucket=BUCKET, Key="c", IfMatch='"x"')
    fails("304", 304, s3.head_object, Bucket=BUCKET, Key="c", IfModifiedSince=datetime.datetime.now(datetime.timezone.utc))
    s3.put_object(Bucket=BUCKET, Key="c", Body=b"2", IfMatch=etag)
    results = []

    def race(i):
        try:
            session_client = boto3.session.Session().client("s3")
            session_client.put_object(Bucket=BUCKET, Key="race", Body=b"%d" % i, IfNoneMatch="*")
            results.append(i)
        except ClientError as e:
            assert e.response["Error"]["Code"] == "PreconditionFailed", e
    threads = [threading.Thread(target=race, args=(i,)) for i in range(6)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(results) == 1, results


KEYS = ["a b+c%25/é/日本.txt", "with/../dots", "./x", "//double", "trail/", "a", "a/b", "a/b/c", "q?x=1&y#z", "~!@$^*()_=[]{}|;:',.<>", "x" * 700 + "/" + "y" * 300, "tab\tnew\nline"]


def odd_keys():
    for key in KEYS:
        s3.put_object(Bucket=BUCKET, Key="odd/" + key, Body=key.encode())
    for key in KEYS:
        assert s3.get_object(Bucket=BUCKET, Key="odd/" + key)["Body"].read() == key.encode(), key
    listed = [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix="odd/")["Contents"]]
    assert listed == sorted(("odd/" + k for k in KEYS), key=str.encode), listed
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "odd/" + k} for k in KEYS] + [{"Key": "odd/none"}]})
    assert len(answer["Deleted"]) == len(KEYS) + 1 and "Errors" not in answer, answer
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="odd/")["KeyCount"] == 0


def listings():
    for i in range(25):
        s3.put_object(Bucket=BUCKET, Key=f"list/{i % 5}/k{i:02}", Body=b"")
    expected = sorted(f"list/{i % 5}/k{i:02}" for i in range(25))
    for operation, field in (("list_objects_v2", "Contents"), ("list_objects", "Contents")):
        pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, Prefix="list/", PaginationConfig={"PageSize": 4})
        assert [o["Key"] for p in pages for o in p.get(field, [])] == expected, operation
        pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, Prefix="list/", Delimiter="/", PaginationConfig={"PageSize": 2})
        assert [c["Prefix"] for p in pages for c in p.get("CommonPrefixes", [])] == [f"list/{i}/" for i in range(5)], operation
    after = s3.list_objects_v2(Bucket=BUCKET, Prefix="list/", StartAfter="list/3/k18")["Contents"]
    assert [o["Key"] for o in after][0] == "list/3/k23"
    assert s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)["IsTruncated"] is False
    fails("InvalidArgument", 400, s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="nonsense")
    session.resource("s3").Bucket(BUCKET).objects.filter(Prefix="list/").delete()


def copies():
    s3.put_object(Bucket=BUCKET, Key="src ü+", Body=b"copy me", Metadata={"m": "1"}, ContentType="text/x")
    s3.copy_object(Bucket=BUCKET, Key="dst", CopySource={"Bucket": BUCKET, "Key": "src ü+"})
    head = s3.head_object(Bucket=BUCKET, Key="dst")
    assert head["Metadata"] == {"m": "1"} and head["ContentType"] == "text/x"
    s3.copy_object(Bucket=BUCKET, Key="dst", CopySource={"Bucket": BUCKET, "Key": "dst"}, MetadataDirective="REPLACE", Metadata={"m": "2"})
    assert s3.head_object(Bucket=BUCKET, Key="dst")["Metadata"] == {"m": "2"}
    fails("InvalidRequest", 400, s3.copy_object, Bucket=BUCKET, Key="dst", CopySource={"Bucket": BUCKET, "Key": "dst"})
    fails("NoSuchKey", 404, s3.copy_object, Bucket=BUCKET, Key="dst", CopySource={"Bucket": BUCKET, "Key": "none"})
    fails("PreconditionFailed", 412, s3.copy_object, Bucket=BUCKET, Key="dst", CopySource={"Bucket": BUCKET, "Key": "src ü+"}, CopySourceIfMatch='"x"')
    assert s3.get_object(Bucket=BUCKET, Key="dst")["Body"].read() == b"copy me"


def multipart():
    data = os.urandom(12 * 1024 * 1024 + 17)
    config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=4)
    s3.upload_fileobj(io.BytesIO(data), BUCKET, "multi", Config=config, ExtraArgs={"Metadata": {"k": "v"}})
    head = s3.head_object(Bucket=BUCKET, Key="multi")
    digests = b"".join(hashlib.md5(data[i:i + (5 << 20)]).digest() for i in range(0, len(data), 5 << 20))
    assert head["ETag"] == '"%s-3"' % hashlib.md5(digests).hexdigest() and head["Metadata"] == {"k": "v"}
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "multi", back, Config=config)
    assert back.getvalue() == data
    second = s3.get_object(Bucket=BUCKET, Key="multi", PartNumber=2)
    assert second["PartsCount"] == 3 and second["Body"].read() == data[5 << 20:10 << 20]

    up = s3.create_multipart_upload(Bucket=BUCKET, Key="parts", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")["UploadId"]
    part = dict(Bucket=BUCKET, Key="parts", UploadId=up)
    one = s3.upload_part(PartNumber=1, Body=data[:5 << 20], **part)
    two = s3.upload_part_copy(PartNumber=2, CopySource={"Bucket": BUCKET, "Key": "multi"}, CopySourceRange="bytes=5242880-5242889", **part)["CopyPartResult"]
    listed = s3.list_parts(**part)["Parts"]
    assert [(p["PartNumber"], p["Size"]) for p in listed] == [(1, 5 << 20), (2, 10)]
    assert [u["Key"] for u in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]] == ["parts"]
    assert "parts" not in [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    chosen = lambda *parts: {"Parts": [{"PartNumber": n, "ETag": e} for n, e in parts]}
    fails("InvalidPartOrder", 400, s3.complete_multipart_upload, MultipartUpload=chosen((2, two["ETag"]), (1, one["ETag"])), **part)
    fails("InvalidPart", 400, s3.complete_multipart_upload, MultipartUpload=chosen((1, '"0"'), (2, two["ETag"])), **part)
    done = s3.complete_multipart_upload(MultipartUpload=chosen((1, one["ETag"]), (2, two["ETag"])), **part)
    whole = data[:(5 << 20) + 10]
    assert done["ChecksumCRC32"] == base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode(), done
    assert s3.get_object(Bucket=BUCKET, Key="parts", ChecksumMode="ENABLED")["Body"].read() == whole
    fails("NoSuchUpload", 404, s3.upload_part, PartNumber=3, Body=b"x", **part)

    up = s3.create_multipart_upload(Bucket=BUCKET, Key="small")["UploadId"]
    etags = [s3.upload_part(Bucket=BUCKET, Key="small", UploadId=up, PartNumber=n, Body=b"x")["ETag"] for n in (1, 2)]
    fails("EntityTooSmall", 400, s3.complete_multipart_upload, Bucket=BUCKET, Key="small", UploadId=up, MultipartUpload=chosen((1, etags[0]), (2, etags[1])))
    s3.abort_multipart_upload(Bucket=BUCKET, Key="small", UploadId=up)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def checksums():
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        s3.put_object(Bucket=BUCKET, Key="sum", Body=b"sum", ChecksumAlgorithm=algorithm)
        assert s3.get_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")["Checksum" + algorithm]
    fails("BadDigest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=b"x", ChecksumCRC32="AAAAAA==")
    fails("InvalidRequest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=b"x", ChecksumCRC32="nonsense")
    fails("BadDigest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=b"x", ContentMD5=base64.b64encode(hashlib.md5(b"y").digest()).decode())
    fails("404", 404, s3.head_object, Bucket=BUCKET, Key="bad")


def presigned():
    for client in (s3, session.client("s3", config=Config(signature_version="s3v4"))):
        url = client.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "pre signed+", "ContentType": "text/plain"})
        request = urllib.request.Request(url, data=b"presigned", method="PUT", headers={"Content-Type": "text/plain"})
        assert urllib.request.urlopen(request).status == 200
        url = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "pre signed+", "ResponseContentType": "text/x y"})
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == b"presigned" and answer.headers["Content-Type"] == "text/x y"
        expired = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "pre signed+"}, ExpiresIn=-5 if client is s3 else 0)
        for broken in (url.replace("pre%20signed", "other"), url.replace("text", "texte"), url.split("?")[0], expired):
            try:
                urllib.request.urlopen(broken)
                raise AssertionError("believed " + broken)
            except urllib.error.HTTPError as e:
                assert e.code == 403 and b"<Code>" in e.read()


def raw(method, path, body, headers, trailer=False):
    endpoint = urllib.parse.urlparse(s3.meta.endpoint_url)
    request = botocore.awsrequest.AWSRequest(method=method, url=s3.meta.endpoint_url + path, data=None, headers=headers)
    if trailer:
        request.context["checksum"] = {"request_algorithm": {"in": "trailer", "algorithm": "crc32", "name": "x-amz-checksum-crc32"}}
    else:
        request.context["payload_signing_enabled"] = False
    botocore.auth.S3SigV4Auth(session.get_credentials().get_frozen_credentials(), "s3", "us-west-2").add_auth(request)
    connection = http.client.HTTPConnection(endpoint.netloc)
    connection.request(method, path, body=body, headers=dict(request.headers.items()))
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def trailers():
    crc = base64.b64encode(zlib.crc32(b"hello trailer").to_bytes(4, "big")).decode()
    headers = {"x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "13", "Content-Encoding": "aws-chunked"}
    body = b"5\r\nhello\r\n8\r\n trailer\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n"
    status, text, _ = raw("PUT", f"/{BUCKET}/trailer", body % crc.encode(), headers, trailer=True)
    assert status == 200, text
    got = s3.get_object(Bucket=BUCKET, Key="trailer", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"hello trailer" and got["ChecksumCRC32"] == crc and "ContentEncoding" not in got
    status, text, _ = raw("PUT", f"/{BUCKET}/trailer", body % b"AAAAAA==", headers, trailer=True)
    assert status == 400 and b"BadDigest" in text, text
    assert s3.get_object(Bucket=BUCKET, Key="trailer")["Body"].read() == b"hello trailer"


def refusals():
    fails("NotImplemented", 501, s3.put_object, Bucket=BUCKET, Key="k", Body=b"", ServerSideEncryption="aws:kms")
    fails("AccessControlListNotSupported", 400, s3.put_object, Bucket=BUCKET, Key="k", Body=b"", ACL="public-read")
    fails("InvalidStorageClass", 400, s3.put_object, Bucket=BUCKET, Key="k", Body=b"", StorageClass="GLACIER")
    fails("KeyTooLongError", 400, s3.put_object, Bucket=BUCKET, Key="k" * 1025, Body=b"")
    fails("AccessDenied", 403, s3.head_bucket if False else s3.list_objects_v2, Bucket=BUCKET, ExpectedBucketOwner="999999999999")
    other = boto3.client("s3", region_name="eu-west-1")
    assert other.list_objects_v2(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 200, "botocore follows to the right region"
    skewed = boto3.client("s3", aws_access_key_id="AKIANOBODY000000000", aws_secret_access_key="x")
    fails("InvalidAccessKeyId", 403, skewed.list_buckets)


def tags():
    s3.put_object(Bucket=BUCKET, Key="t", Body=b"t")
    s3.put_object_tagging(Bucket=BUCKET, Key="t", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="t")["TagSet"] == [{"Key": "a", "Value": "1"}]
    assert s3.head_object(Bucket=BUCKET, Key="t")["ETag"] == '"%s"' % hashlib.md5(b"t").hexdigest()
    s3.delete_object_tagging(Bucket=BUCKET, Key="t")
    assert s3.get_object_tagging(Bucket=BUCKET, Key="t")["TagSet"] == []


def post_form(fields, url, name, content):
    boundary = "----hearth"
    parts = ["--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n" % (boundary, k, v) for k, v in fields.items()]
    parts.append("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n" % (boundary, name))
    body = "".join(parts).encode() + content + ("\r\n--%s--\r\n" % boundary).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "multipart/form-data; boundary=" + boundary})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def forms():
    for client in (s3, session.client("s3", config=Config(signature_version="s3v4"))):
        post = client.generate_presigned_post(
            BUCKET, "form/${filename}", Fields={"x-amz-meta-a": "1", "success_action_status": "201"},
            Conditions=[["content-length-range", 1, 100], {"x-amz-meta-a": "1"}, {"success_action_status": "201"}])
        status, text = post_form(post["fields"], post["url"], "up load.txt", b"from a form")
        assert status == 201 and b"<Key>form/up load.txt</Key>" in text, text
        got = s3.get_object(Bucket=BUCKET, Key="form/up load.txt")
        assert got["Body"].read() == b"from a form" and got["Metadata"] == {"a": "1"}
        assert post_form(post["fields"], post["url"], "big", b"x" * 101)[0] == 400
        assert post_form({**post["fields"], "x-amz-meta-a": "2"}, post["url"], "f", b"x")[0] == 403
        assert post_form({**post["fields"], "x-amz-meta-b": "2"}, post["url"], "f", b"x")[0] == 403
        assert post_form({**post["fields"], "policy": post["fields"]["policy"][:-4]}, post["url"], "f", b"x")[0] == 403
        expired = client.generate_presigned_post(BUCKET, "form/late", ExpiresIn=-1)
        assert post_form(expired["fields"], expired["url"], "f", b"x")[0] == 403
    assert sorted(o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix="form/")["Contents"]) == ["form/up load.txt"]


def starts():
    """What terraform, rclone, s3cmd and hadoop ask of a bucket before anything else."""
    absent = ("policy", "cors", "lifecycle_configuration", "website", "replication", "encryption", "tagging", "policy_status")
    for name in absent:
        fails(None, 404, getattr(s3, "get_bucket_" + name), Bucket=BUCKET)
    for name in ("acl", "versioning", "accelerate_configuration", "request_payment", "logging", "notification_configuration", "ownership_controls", "location"):
        assert getattr(s3, "get_bucket_" + name)(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 200, name
    assert s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    assert s3.get_bucket_acl(Bucket=BUCKET)["Grants"][0]["Permission"] == "FULL_CONTROL"
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "team", "Value": "a"}]})
    assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == [{"Key": "team", "Value": "a"}]
    s3.delete_bucket_tagging(Bucket=BUCKET)
    s3.delete_bucket_policy(Bucket=BUCKET)
    fails("NotImplemented", 501, s3.put_bucket_lifecycle_configuration, Bucket=BUCKET, LifecycleConfiguration={"Rules": [{"ID": "x", "Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}]})


def attributes():
    part = b"x" * (5 << 20)
    up = s3.create_multipart_upload(Bucket=BUCKET, Key="attr", ChecksumAlgorithm="SHA256")["UploadId"]
    where = dict(Bucket=BUCKET, Key="attr", UploadId=up)
    parts = [s3.upload_part(PartNumber=n, Body=body, ChecksumAlgorithm="SHA256", **where) for n, body in ((1, part), (2, b"tail"))]
    document = {"Parts": [{"PartNumber": n + 1, "ETag": p["ETag"], "ChecksumSHA256": p["ChecksumSHA256"]} for n, p in enumerate(parts)]}
    whole = base64.b64encode(hashlib.sha256(hashlib.sha256(part).digest() + hashlib.sha256(b"tail").digest()).digest()).decode() + "-2"
    fails("BadDigest", 400, s3.complete_multipart_upload, MultipartUpload=document, ChecksumSHA256="A" * 43 + "=-2", **where)
    done = s3.complete_multipart_upload(MultipartUpload=document, ChecksumSHA256=whole, **where)
    again = s3.complete_multipart_upload(MultipartUpload=document, ChecksumSHA256=whole, **where)
    assert done["ChecksumSHA256"] == again["ChecksumSHA256"] == whole and done["ETag"] == again["ETag"]
    got = s3.get_object_attributes(Bucket=BUCKET, Key="attr", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass"])
    assert got["ObjectSize"] == len(part) + 4 and got["Checksum"] == {"ChecksumSHA256": whole, "ChecksumType": "COMPOSITE"}, got
    assert got["ObjectParts"]["TotalPartsCount"] == 2 and [p["Size"] for p in got["ObjectParts"]["Parts"]] == [len(part), 4], got
    second = s3.get_object(Bucket=BUCKET, Key="attr", PartNumber=2)
    assert second["Body"].read() == b"tail" and second["ChecksumSHA256"] == parts[1]["ChecksumSHA256"]


def metadata():
    s3.put_object(Bucket=BUCKET, Key="meta", Body=b"x", Metadata={"plain": "a", "word": "=?UTF-8?B?w7w=?="})
    assert s3.head_object(Bucket=BUCKET, Key="meta")["Metadata"] == {"plain": "a", "word": "=?UTF-8?B?w7w=?="}
    s3.put_object(Bucket=BUCKET, Key="meta", Body=b"x", Metadata={"k%d" % i: "v" for i in range(80)})
    assert len(s3.head_object(Bucket=BUCKET, Key="meta")["Metadata"]) == 80
    fails("MetadataTooLarge", 400, s3.put_object, Bucket=BUCKET, Key="meta", Body=b"x", Metadata={"k": "v" * 2048})


def versions():
    s3.put_object(Bucket=BUCKET, Key="ver/a", Body=b"x")
    listed = s3.list_object_versions(Bucket=BUCKET, Prefix="ver/")["Versions"]
    assert [(v["Key"], v["VersionId"], v["IsLatest"]) for v in listed] == [("ver/a", "null", True)], listed
    session.resource("s3").Bucket(BUCKET).object_versions.filter(Prefix="ver/").delete()
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="ver/")["KeyCount"] == 0


failed = 0
for case in (buckets, objects, conditions, odd_keys, listings, copies, multipart, checksums, presigned, trailers, refusals, tags, forms, starts, attributes, metadata, versions):
    try:
        case()
    except Exception:
        failed += 1
        print("FAILED", case.__name__, file=sys.stderr)
        traceback.print_exc()
sys.exit(1) if failed else print("all cases hold")
