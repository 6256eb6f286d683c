using Hearth.EndToEnd.Tests.Platform;

namespace Hearth.EndToEnd.Tests.Helm;

/// <summary>Helm, unmodified, against the embedded cluster: kinds of a chart's own, hooks, waits, an upgrade, a way back, a test.</summary>
public sealed class HelmTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private static readonly string Chart = Path.Combine(Tool.Home, "tests", "Hearth.EndToEnd.Tests", "Helm", "chart");

    [Fact]
    public async Task A_chart_is_installed_upgraded_rolled_back_tested_and_removed()
    {
        Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");
        Assert.SkipWhen(HelmBinary.Path is null, "needs helm");

        await HelmAsync("install", "app", Chart, "--wait", "--timeout", "90s");
        (await ReadAsync("configmap/app", "{.data.text}")).ShouldBe("one");
        (await ReadAsync("widget/app", "{.spec.size}")).ShouldBe("1");
        (await ReadAsync("jobs", "{.items[*].metadata.name}")).ShouldBe("");

        await HelmAsync("upgrade", "app", Chart, "--set", "replicas=2,text=two", "--wait", "--timeout", "90s");
        (await ReadAsync("deployment/app", "{.status.readyReplicas} {.metadata.annotations.deployment\\.kubernetes\\.io/revision}")).ShouldBe("2 2");

        await HelmAsync("rollback", "app", "1", "--wait", "--timeout", "90s");
        (await ReadAsync("configmap/app", "{.data.text}")).ShouldBe("one");
        (await HelmAsync("test", "app")).ShouldContain("Succeeded");
        (await HelmAsync("list", "-o", "json")).ShouldContain("\"revision\":\"3\"");

        await HelmAsync("uninstall", "app", "--wait", "--timeout", "90s");
        (await ReadAsync("deployments,configmaps,widgets", "{.items[?(@.metadata.name==\"app\")].kind}")).ShouldBe("");
    }

    private async Task<string> HelmAsync(params string[] arguments) =>
        (await fixture.Hearth.RunAsync(HelmBinary.Path!, ["--namespace", "emr-data-team-a", .. arguments])).Succeeded();

    private async Task<string> ReadAsync(string what, string path) =>
        (await fixture.Hearth.RunAsync("kubectl", "--namespace", "emr-data-team-a", "get", what, "-o", $"jsonpath={path}")).Succeeded();
}
