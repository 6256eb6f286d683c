using System.Net;
using System.Text.Json.Nodes;
using Hearth.Cli.Tests.Job;
using Hearth.Console;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Pricing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cli.Tests;

/// <summary>The web console: what a job run's page is made of. Looks are looked at, data is tested.</summary>
public sealed class ConsoleTests : IAsyncLifetime
{
    private const string Id = "0000000eav9pe5tozjh";
    private const string Driver = $"spark-{Id}-driver";
    private readonly HttpClient _browser = new(new HttpClientHandler { CookieContainer = new CookieContainer() });
    private FakeJobPlatform _platform = null!;
    private ConsoleServer _console = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await FakeJobPlatform.StartAsync();
        await _platform.RunAsync(Id, $$"""{"state":"RUNNING","driver":{"podName":"{{Driver}}"},"nodes":["n1"]}""");
        await _platform.Cluster.CreateAsync(Pod.Type, "emr-a", KubeJson.Write(new Pod { Metadata = new ObjectMeta { Name = Driver }, Spec = new PodSpec() }), default);
        await _platform.Cluster.CreateAsync(NodeRecord.Type, null, JsonNode.Parse("""{"metadata":{"name":"r1"},"spec":{"nodeName":"n1","instanceType":"c5d.xlarge","usdPerHour":"0.192"}}""")!.AsObject(), default);
        _platform.Cluster.Logs[$"emr-a/{Driver}"] = "Pi is roughly 3.14\n";
        _console = await ConsoleServer.StartAsync(new ConsoleOptions { Address = IPAddress.Loopback, Port = 0, Platform = "p & q", Token = "key" }, _platform.Cluster, NullLoggerFactory.Instance, default);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _console.DisposeAsync();
    }

    [Fact]
    public async Task A_job_runs_page_needs_the_key_once_and_names_its_run()
    {
        (await _browser.GetAsync(At($"/jobs/{Id}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var page = await _browser.GetStringAsync(At($"/jobs/{Id}?token=key"));

        page.ShouldContain($"<title>Job run {Id} · p &amp; q</title>");
        page.ShouldContain($"const id = '{Id}'");
        page.ShouldNotContain("{{");
        (await _browser.GetAsync(At($"/jobs/{Id}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _browser.GetAsync(At("/jobs/A'<script>"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _browser.GetAsync(At("/favicon.ico"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Runs_pods_nodes_and_what_they_cost_come_as_events()
    {
        using var answer = await _browser.GetAsync(At("/events?token=key"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var kind = "";
        while (!(seen.ContainsKey("job") && seen.ContainsKey("pod") && seen.ContainsKey("record")) && await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            kind = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : kind;
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                seen[kind] = JsonNode.Parse(line[6..])!["object"]!.AsObject();
            }
        }

        seen["job"]["metadata"]!["name"]!.ToString().ShouldBe(Id);
        seen["job"]["status"]!["state"]!.ToString().ShouldBe("RUNNING");
        seen["pod"]["metadata"]!["name"]!.ToString().ShouldBe(Driver);
        seen["record"]["spec"]!["usdPerHour"]!.ToString().ShouldBe("0.192");
    }

    [Theory]
    [InlineData("ns=emr-a&pod=" + Driver, 200, "Pi is roughly 3.14")]
    [InlineData("ns=emr-a&pod=../x", 400, "must be names of Kubernetes")]
    [InlineData("ns=&pod=x", 400, "must be names of Kubernetes")]
    public async Task The_drivers_log_is_there(string query, int status, string words)
    {
        var answer = await _browser.GetAsync(At($"/log?token=key&stream=stdout&{query}"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }

    private Uri At(string target) => new(new Uri(_console.Url), target);
}
