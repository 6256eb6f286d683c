namespace Hearth.EndToEnd.Tests;

/// <summary>Unmodified kubectl against the API server: each script with each kubectl, on a cluster of its own.</summary>
public sealed class KubectlTests
{
    private static string Cases => Path.Combine(AppContext.BaseDirectory, "cases", "kubectl");

    public static TheoryData<string> Scripts() => [.. Directory.GetFiles(Cases, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Kubectl_says_what_it_says_to_any_cluster(string script)
    {
        Assert.SkipWhen(KubectlBinary.All.Count == 0, "needs kubectl on PATH, or HEARTH_KUBECTLS");
        var ct = TestContext.Current.CancellationToken;
        foreach (var kubectl in KubectlBinary.All)
        {
            await using var cluster = await KubectlCluster.StartAsync(ct);
            foreach (var step in KubectlScript.Read(Path.Combine(Cases, script + ".txt")))
            {
                var (code, output) = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, step.Arguments, step.Input, ct);
                if (KubectlScript.Judge(step, code, output) is { } fault)
                {
                    Assert.Fail($"{script}, {kubectl}, {fault}");
                }
            }
        }
    }
}
