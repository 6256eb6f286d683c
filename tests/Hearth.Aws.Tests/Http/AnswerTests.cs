namespace Hearth.Aws.Tests.Http;

/// <summary>Answers on the wire, mostly to requests that no SDK would send.</summary>
public sealed class AnswerTests(Endpoint endpoint) : IClassFixture<Endpoint>
{
    [Theory]
    [InlineData("s3", "GET", "/data?max-keys=abc", "", 400, "<Code>InvalidArgument</Code>")]
    [InlineData("s3", "GET", "/data?max-keys=-1", "", 400, "InvalidArgument")]
    [InlineData("s3", "GET", "/data?encoding-type=utf", "", 400, "InvalidArgument")]
    [InlineData("s3", "GET", "/data?list-type=2&continuation-token=%21", "", 400, "InvalidArgument")]
    [InlineData("s3", "GET", "/data/k?versionId=3", "", 400, "InvalidArgument")]
    [InlineData("s3", "GET", "/data/%ff", "", 400, "InvalidURI")]
    [InlineData("s3", "GET", "/data?prefix=%ff", "", 400, "InvalidURI")]
    [InlineData("emr-containers", "GET", "/virtualclusters?name=%ff", "", 400, "{\"message\":\"A query parameter is not UTF-8 text.\"")]
    [InlineData(null, "GET", "/virtualclusters?name=%ff", "", 400, "{\"message\":\"A query parameter is not UTF-8 text.\"")]
    [InlineData("eks", "GET", "/clusters?x=%C0%80", "", 400, "{\"message\":\"A query parameter is not UTF-8 text.\"")]
    [InlineData("sts", "POST", "/?Action=GetCallerIdentity&x=%ff", "", 400, "<Code>MalformedQueryString</Code>")]
    [InlineData("sts", "POST", "/", "Action=GetCallerIdentity&x=%ff", 400, "<Code>MalformedQueryString</Code>")]
    [InlineData("iam", "POST", "/", "Action=ListRoles&PathPrefix=%C0%80", 400, "<Code>MalformedQueryString</Code>")]
    [InlineData("iam", "GET", "/?x=%ff&Action=ListRoles", "", 400, "<ErrorResponse")]
    [InlineData("ec2", "POST", "/?Action=DescribeVpcs&x=%ff", "", 400, "<Response><Errors><Error><Code>MalformedQueryString</Code>")]
    [InlineData(null, "GET", "/data/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE1234567%2F20260101%2Fus-west-2%2Fs3%2Faws4_request&x=%ff", "", 400, "<Code>InvalidURI</Code>")]
    [InlineData("s3", "GET", "/No_Such/k", "", 404, "NoSuchBucket")]
    [InlineData("s3", "GET", "/..%2f..%2fetc/passwd", "", 404, "NoSuchBucket")]
    [InlineData("s3", "PUT", "/.staging", "", 400, "InvalidBucketName")]
    [InlineData("s3", "PUT", "/data/k?partNumber=0&uploadId=x", "", 404, "NoSuchUpload")]
    [InlineData("s3", "PUT", "/data/k?partNumber=1&uploadId=..%2F..%2Fx", "", 404, "NoSuchUpload")]
    [InlineData("s3", "PUT", "/data?lifecycle", "<x/>", 501, "PutBucketLifecycleConfiguration")]
    [InlineData("emr-containers", "POST", "/virtualclusters", "{", 400, "not valid JSON")]
    [InlineData("emr-containers", "POST", "/virtualclusters", "[]", 400, "not valid JSON")]
    [InlineData("emr-containers", "POST", "/virtualclusters", "null", 400, "must be a JSON object")]
    [InlineData("emr-containers", "POST", "/virtualclusters", "{\"name\":5}", 400, "'name' has the wrong type")]
    [InlineData("emr-containers", "POST", "/virtualclusters", "{}", 400, "Value null at 'name'")]
    [InlineData("emr-containers", "POST", "/virtualclusters/v/jobruns", "{}", 400, "client token")]
    [InlineData("emr-containers", "GET", "/virtualclusters?maxResults=many", "", 400, "'maxResults' is not a whole number")]
    [InlineData("emr-containers", "GET", "/virtualclusters?createdAfter=yesterday", "", 400, "not a time")]
    [InlineData("emr-containers", "GET", "/virtualclusters?eksAccessEntryIntegrated=1", "", 400, "neither true nor false")]
    [InlineData("emr-containers", "GET", "/virtualclusters/v%2Fw", "", 400, "Virtual cluster v/w doesn't exist.")]
    [InlineData("emr-containers", "GET", "/virtualclusters/v/jobruns?createdAfter=2024-01-02T03:04:05Z&states=RUNNING&states=PENDING", "", 400, "2024-01-02T03:04:05.0000000+00:00 RUNNING,PENDING")]
    [InlineData("emr-containers", "GET", "/virtualclusters/v/jobruns?createdAfter=1704164645", "", 400, "2024-01-02T03:04:05.0000000+00:00")]
    [InlineData("emr-containers", "GET", "/virtualclusters?maxResults=99", "", 500, "internal error")]
    [InlineData("emr-containers", "GET", "/tags/arn%3Aaws%3Aemr-containers%3Aus-west-2%3A1%3A%2Fvirtualclusters%2Fa", "", 400, "Invalid input resource arn arn:aws:emr-containers:us-west-2:1:/virtualclusters/a")]
    [InlineData("emr-containers", "POST", "/virtualclusters/v/endpoints", "{}", 400, "nothing here")]
    [InlineData("emr-containers", "GET", "/nothing", "", 404, "no operation of emr-containers")]
    [InlineData("eks", "GET", "/clusters/c/node-groups", "", 501, "ListNodegroups")]
    [InlineData("sts", "POST", "/?Action=AssumeRole", "", 400, "Value null at 'roleSessionName'")]
    [InlineData("sts", "POST", "/?Action=AssumeRoleWithSAML", "", 501, "AssumeRoleWithSAML")]
    [InlineData(null, "POST", "/?Action=AssumeRoleWithWebIdentity&RoleSessionName=ab&RoleArn=arn:aws:iam::123456789012:role/r&WebIdentityToken=x", "", 400, "InvalidIdentityToken")]
    [InlineData("ec2", "POST", "/?Action=DescribeInstances", "", 501, "<Response><Errors><Error><Code>NotImplemented</Code>")]
    [InlineData("glue", "PUT", "/x/y", "", 501, "PUT /x/y of the service glue")]
    [InlineData(null, "GET", "/data/k", "", 403, "<Code>AccessDenied</Code>")]
    [InlineData(null, "GET", "/virtualclusters", "", 403, "Missing Authentication Token")]
    [InlineData(null, "GET", "/?Action=GetCallerIdentity", "", 403, "MissingAuthenticationToken")]
    public async Task An_odd_request_gets_a_clear_answer(string? service, string method, string target, string body, int status, string contains)
    {
        var answer = await endpoint.SendAsync(service, method, target, body);
        answer.Body.ShouldContain(contains);
        answer.Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_body_that_is_not_the_one_signed_is_refused_and_not_stored()
    {
        var wrong = ("x-amz-content-sha256", new string('a', 64));
        (await endpoint.SendAsync("s3", "PUT", "/data/wrong", "body", [wrong])).Body.ShouldContain("XAmzContentSHA256Mismatch");
        (await endpoint.SendAsync("s3", "PUT", "/data/wrong", "body", [("x-amz-content-sha256", "nonsense")])).Body.ShouldContain("InvalidArgument");
        (await endpoint.SendAsync("s3", "PUT", "/data/ok", "body", [("x-amz-content-sha256", "UNSIGNED-PAYLOAD")])).Status.ShouldBe(200);
        endpoint.Storage.Head("data", "wrong").ShouldBeNull();
        endpoint.Storage.Head("data", "ok")!.Size.ShouldBe(4);
    }

    [Theory]
    [InlineData("data.localhost:4566")]
    [InlineData("data.s3.us-west-2.amazonaws.com")]
    [InlineData("data.s3.amazonaws.com")]
    [InlineData("data.s3.localhost")]
    public async Task The_bucket_may_stand_in_the_host(string host)
    {
        (await endpoint.SendAsync("s3", "PUT", "/hosted/key", "virtual", host: host)).Status.ShouldBe(200);
        (await endpoint.SendAsync("s3", "GET", "/data/hosted/key")).Body.ShouldBe("virtual");
    }

    [Fact]
    public async Task Errors_name_the_request()
    {
        var rest = await endpoint.SendAsync("emr-containers", "GET", "/virtualclusters/v");
        rest.Headers.GetValues("x-amzn-ErrorType").ShouldBe(["ResourceNotFoundException"]);
        Guid.TryParse(rest.Headers.GetValues("x-amzn-RequestId").Single(), out _).ShouldBeTrue();
        var s3 = await endpoint.SendAsync("s3", "GET", "/data/none");
        s3.Body.ShouldContain($"<RequestId>{s3.Headers.GetValues("x-amz-request-id").Single()}</RequestId>");
        s3.Body.ShouldContain("<Key>none</Key>");
    }

    [Fact]
    public async Task A_connection_lives_on_after_a_refused_body()
    {
        for (var i = 0; i < 20; i++)
        {
            (await endpoint.SendAsync("s3", "PUT", "/absent/k", new string('x', 100_000), [("expect", "100-continue")])).Body.ShouldContain("NoSuchBucket");
            (await endpoint.SendAsync("s3", "PUT", "/data/k", "x")).Status.ShouldBe(200);
        }
    }
}
