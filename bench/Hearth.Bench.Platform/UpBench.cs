using System.Diagnostics;

namespace Hearth.Bench.Platform;

/// <summary><c>hearth up</c> to the first answer that kubectl gets about nodes, beside what the programs cost that take no part in it.</summary>
internal sealed class UpBench(BenchOptions options, Report report)
{
    private const string Part = "hearth up to the first kubectl get nodes";
    private const int Tries = 50;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public async Task RunAsync()
    {
        List<double> ready = [], nodes = [], kubectl = [], version = [];
        await Child.RunAsync(options.Hearth, ["--version"], TimeSpan.FromMinutes(10)); // builds when something has changed
        for (var round = 0; round < options.Rounds; round++)
        {
            kubectl.Add((await Child.RunAsync("kubectl", ["version", "--client"], Deadline)).Seconds);
            version.Add((await Child.RunAsync(options.Hearth, ["--version"], Deadline)).Seconds);
            await using var platform = await UpPlatform.StartAsync(options);
            ready.Add(platform.SecondsToReady);
            nodes.Add(await NodesAsync(platform));
        }

        var bareKubectl = report.AddMedian(Part, "bare: kubectl version --client", kubectl, "s");
        var bareHearth = report.AddMedian(Part, "bare: hearth --version", version, "s");
        report.AddMedian(Part, "hearth up: start to ready", ready, "s", ("hearth --version", bareHearth));
        report.AddMedian(Part, "hearth up: start to first kubectl get nodes", nodes, "s", ("both bare programs", bareKubectl + bareHearth));
    }

    /// <summary>Seconds from the start of the platform; kubectl has an empty cache, as at its first use.</summary>
    private static async Task<double> NodesAsync(UpPlatform platform)
    {
        var home = Directory.CreateTempSubdirectory("hearth-bench-kubectl-");
        try
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = platform.Kubeconfig, ["HOME"] = home.FullName };
            for (var i = 0; i < Tries; i++)
            {
                var (_, output) = await Child.RunAsync("kubectl", ["get", "nodes", "--no-headers"], Deadline, environment);
                if (output.Trim().Length > 0)
                {
                    return Stopwatch.GetElapsedTime(platform.Started).TotalSeconds;
                }
            }

            throw new BenchException($"kubectl saw no node in {Tries} tries");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
