"""A job that tries three ways (paths, Spark, the S3 API) to read and write what its role allows and what it does not."""
import datetime, hashlib, hmac, os, re, sys, urllib.parse, urllib.request

from pyspark.sql import SparkSession

own, others = sys.argv[1], sys.argv[2]
spark = SparkSession.builder.appName("rights").getOrCreate()
endpoint, region = os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"]


def attempt(what, action):
    try:
        action()
        print(f"{what}: yes")
    except Exception as e:
        print(f"{what}: no ({type(e).__name__}: {str(e)[:200]!r})")


def read_path(bucket, key):
    with open(f"/hearth/s3/{bucket}/{key}") as f:
        return f.read()


def write_path(bucket, key):
    path = f"/hearth/s3/{bucket}/{key}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write("written")


def read_spark(bucket, key):
    return spark.read.text(f"s3://{bucket}/{key}").collect()


def write_spark(bucket, key):
    spark.range(1).write.mode("overwrite").parquet(f"s3://{bucket}/{key}")


def credentials():
    token = open(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]).read()
    form = urllib.parse.urlencode({
        "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "rights", "RoleArn": os.environ["AWS_ROLE_ARN"], "WebIdentityToken": token})
    answer = urllib.request.urlopen(endpoint + "/", form.encode()).read().decode()
    return [re.search(f"<{name}>(.*?)</{name}>", answer).group(1) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]


def call(method, bucket, key, body=b""):
    access, secret, token = credentials()
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {"host": urllib.parse.urlparse(endpoint).netloc, "x-amz-content-sha256": digest, "x-amz-date": now, "x-amz-security-token": token}
    names = ";".join(sorted(headers))
    canonical = "\n".join([method, f"/{bucket}/{key}", "", *[f"{n}:{headers[n]}" for n in sorted(headers)], "", names, digest])
    scope = f"{now[:8]}/{region}/s3/aws4_request"
    signing = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={names}, Signature={signature}"
    request = urllib.request.Request(f"{endpoint}/{bucket}/{key}", data=body if method == "PUT" else None, headers=headers, method=method)
    return urllib.request.urlopen(request).read()


ways = {
    "path": (read_path, write_path, "by-path"),
    "spark": (read_spark, write_spark, "by-spark"),
    "api": (lambda b, k: call("GET", b, k), lambda b, k: call("PUT", b, k, b"x"), "by-api"),
}
for way, (read, write, name) in ways.items():
    attempt(f"{way} reads own", lambda: read(own, "own/k"))
    attempt(f"{way} reads shared", lambda: read(others, "shared/k"))
    attempt(f"{way} reads private", lambda: read(others, "private/k"))
    attempt(f"{way} writes own", lambda: write(own, f"written/{name}"))
    attempt(f"{way} writes shared", lambda: write(others, f"shared/written-{name}"))
    attempt(f"{way} writes elsewhere", lambda: write(others, f"written/{name}"))
spark.stop()
