using System.Text.Json.Nodes;

namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>Requests on every route of the API from a seed: good ones with parts replaced, and nonsense.</summary>
internal sealed class RequestFuzz(int seed, string cluster)
{
    private static readonly string[] Methods = ["GET", "POST", "PATCH", "DELETE", "PUT"];
    private static readonly string[] Routes =
    [
        "/virtualclusters", "/virtualclusters/{0}", "/virtualclusters/{0}/jobruns", "/virtualclusters/{0}/jobruns/{1}", "/virtualclusters/{0}/endpoints",
        "/virtualclusters/{0}/endpoints/{1}", "/virtualclusters/{0}/endpoints/{1}/credentials", "/jobtemplates", "/jobtemplates/{1}", "/securityconfigurations",
        "/securityconfigurations/{1}", "/tags/{2}",
    ];

    private static readonly string[] Names =
    [
        "name", "clientToken", "containerProvider", "type", "id", "info", "eksInfo", "namespace", "tags", "jobDriver", "sparkSubmitJobDriver", "entryPoint",
        "entryPointArguments", "sparkSqlJobDriver", "configurationOverrides", "applicationConfiguration", "classification", "properties", "configurations",
        "monitoringConfiguration", "s3MonitoringConfiguration", "logUri", "containerLogRotationConfiguration", "maxFilesToKeep", "retryPolicyConfiguration", "maxAttempts",
        "jobTemplateData", "parameterConfiguration", "jobTemplateParameters", "jobTemplateId", "executionRoleArn", "releaseLabel", "schedulerConfiguration",
        "maxInQueueJobRuns", "durationInSeconds", "credentialType", "securityConfigurationData", "authorizationConfiguration", "kmsKeyArn", "P", "",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "a", "EKS", "c1", "team-a", "ns1", "emr-7.9.0-latest", "arn:aws:iam::123456789012:role/r", "s3://b/x.py", "${P}", "${", "$", "TOKEN", "NUMBER", "1e999",
        "\0", "\u2028", "\ud83d\ude00", "../..", "%2e%2e", "a/b", "JUPYTER_ENTERPRISE_GATEWAY", "aws:x", "9999999999999999999",
    ];

    private static readonly string[] Queries =
        ["maxResults", "nextToken", "states", "types", "createdAfter", "createdBefore", "name", "tagKeys", "containerProviderId", "containerProviderType", "eksAccessEntryIntegrated", "X-Amz-Foo"];

    private static readonly string[] QueryValues =
        ["", "0", "-1", "1", "99999999999", "abc", "%00", "%F0%9F%98%80", "RUNNING", "2024-01-01", "2024-13-45T99:99:99Z", "1e400", "-1e10", "NaN", "9999-12-31T23:59:59-14:00", "true", "AAAAAAAAAAAA", "a+b%20c", "%ff"];

    private readonly Random random = new(seed);

    /// <summary>The next request.</summary>
    public (string Method, string Target, string Body, (string, string)[] Headers) Next()
    {
        var method = Pick(Methods);
        var target = string.Format(null, Pick(Routes), random.Next(4) == 0 ? Segment() : cluster, Segment(), Arn());
        var count = random.Next(4);
        if (count > 0)
        {
            target += "?" + string.Join('&', Enumerable.Range(0, count).Select(_ => $"{Pick(Queries)}={Pick(QueryValues)}"));
        }

        var body = method is "GET" || random.Next(8) == 0 ? "" : random.Next(10) == 0 ? Pick(["{", "[]", "null", "1", "\"x\"", "{\"a\":"]) : Object(0).ToJsonString();
        (string, string)[] headers = random.Next(3) == 0 ? [("content-type", Pick(["application/json", "text/plain", "application/x-amz-json-1.1", "x"]))] : [];
        return (method, target, body, body.Length > 0 ? headers : []);
    }

    private string Segment() => Pick(["a", "0", cluster, "%20", "%2F", "A%20B", new string('a', 65), "%E2%82%AC", "..", "%00", "*", "arn%3Aaws%3Ax"]);

    private string Arn() => Uri.EscapeDataString($"arn:aws:emr-containers:us-west-2:123456789012:/{Pick(["virtualclusters/" + cluster, "virtualclusters/x/jobruns/y", "jobtemplates/x", "", "virtualclusters/" + cluster + "/endpoints/%"])}");

    private JsonObject Object(int depth)
    {
        var result = new JsonObject();
        foreach (var _ in Enumerable.Range(0, random.Next(7)))
        {
            result[Pick(Names)] = Value(depth + 1);
        }

        return result;
    }

    private JsonNode? Value(int depth) => (depth > 5 ? random.Next(6) : random.Next(12)) switch
    {
        0 => null,
        1 => random.Next(-5, 200000),
        2 => random.Next(2) == 0,
        3 => 1.5e300,
        4 or 5 => Pick(Texts),
        6 or 7 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth + 1))]),
        _ => Object(depth),
    };

    private string Pick(IReadOnlyList<string> from) => from[random.Next(from.Count)];
}
