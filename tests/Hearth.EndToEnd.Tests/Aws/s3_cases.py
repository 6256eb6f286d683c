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
        assert got == (code, status), f"expected {code} {status}, got {got}: {e}"
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


failed = 0
for case in (buckets, objects, conditions, odd_keys, listings, copies, multipart, checksums, presigned, trailers, refusals, tags):
    try:
        case()
    except Exception:
        failed += 1
        print("FAILED", case.__name__, file=sys.stderr)
        traceback.print_exc()
sys.exit(1) if failed else print("all cases hold")
