using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>
/// Whatever comes in on any route: the answer is never a server error. What gets as far as the service is answered in JSON with a message;
/// request lines that are no HTTP, or no UTF-8, are refused before.
/// </summary>
public sealed class FuzzTests(EmrPlatform platform) : IClassFixture<EmrPlatform>
{
    private const int Requests = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task No_request_is_answered_with_a_server_error(int seed)
    {
        var fuzz = new RequestFuzz(seed, platform.Cluster.Id);
        for (var i = 0; i < Requests; i++)
        {
            var (method, target, body, headers) = fuzz.Next();
            var answer = await platform.SendAsync("emr-containers", method, target, body, headers);
            var what = $"seed {seed}, request {i}: {method} {target}\n{body}\n{answer.Status} {answer.Body}";
            answer.Status.ShouldBeLessThan(500, what);
            if (answer.Status != 200 && answer.Body.StartsWith('{'))
            {
                JsonNode.Parse(answer.Body)!["message"].ShouldNotBeNull(what);
                answer.Headers.Contains("x-amzn-ErrorType").ShouldBeTrue(what);
            }
        }
    }

    [Theory]
    [InlineData("{\"name\":\"\\ud800\",\"clientToken\":\"t\"}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\"text\"")]
    [InlineData("{} {}")]
    [InlineData("{\"tags\":{\"k\":1e999}}")]
    [InlineData("{\"tags\":{\"\":\"\"}}")]
    public async Task Odd_JSON_is_the_clients_error(string body)
    {
        foreach (var route in (string[])["/virtualclusters", "/jobtemplates", "/securityconfigurations", $"/virtualclusters/{platform.Cluster.Id}/jobruns"])
        {
            var answer = await platform.SendAsync("emr-containers", "POST", route, body);
            answer.Status.ShouldBe(400, $"{route} {body} {answer.Body}");
        }
    }

    [Fact]
    public async Task Configurations_nest_only_so_deep_and_nothing_breaks_on_the_way()
    {
        foreach (var depth in (int[])[9, 20, 30, 60, 200, 5000])
        {
            var inner = new StringBuilder("{\"classification\":\"c\"}").Insert(0, "{\"classification\":\"c\",\"configurations\":[", depth).ToString() + string.Concat(Enumerable.Repeat("]}", depth));

            var body = $$$"""
                {"clientToken":"d{{{depth}}}","executionRoleArn":"arn:aws:iam::123456789012:role/r","releaseLabel":"emr-7.9.0-latest",
                 "jobDriver":{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py"}},"configurationOverrides":{"applicationConfiguration":[{{{inner}}}]}}
                """;
            var answer = await platform.SendAsync("emr-containers", "POST", $"/virtualclusters/{platform.Cluster.Id}/jobruns", body);
            answer.Status.ShouldBe(400, answer.Body);
        }
    }
}
