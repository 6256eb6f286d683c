using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>A platform in a process of its own, with its environment for clients as <c>hearth env</c> prints it.</summary>
public sealed class RunningHearth : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(180);
    private readonly Process _process;
    private readonly ConcurrentDictionary<string, Task<string>> _virtualClusters = new(StringComparer.Ordinal);

    private RunningHearth(Process process, string dataDirectory, IReadOnlyDictionary<string, string> environment)
    {
        (_process, DataDirectory, Environment) = (process, dataDirectory, environment);
    }

    public string DataDirectory { get; }

    /// <summary>What <c>eval "$(hearth env)"</c> sets, and a HOME of its own so that no file of the user is read.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public int Pid => _process.Id;

    /// <summary>Starts <c>hearth up</c> on free ports and waits until it is ready.</summary>
    public static async Task<RunningHearth> StartAsync(string dataDirectory, params string[] options)
    {
        var process = Process.Start(Tool.Info(Tool.Hearth, ["up", "--data-dir", dataDirectory, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0", .. options], null))!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Contains("Ctrl-C stops it", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new RunningHearth(process, dataDirectory, await EnvironmentAsync(dataDirectory));
            }
        }

        throw new InvalidOperationException($"hearth up ended: {await errors}");
    }

    /// <summary>Runs a client against the platform.</summary>
    public Task<ToolResult> RunAsync(string program, params string[] arguments) => Tool.RunAsync(program, arguments, Environment);

    /// <summary>Runs the AWS CLI as somebody.</summary>
    public Task<ToolResult> AwsAsync(string profile, params string[] arguments) =>
        Tool.RunAsync("aws", arguments, new Dictionary<string, string>(Environment) { ["AWS_PROFILE"] = profile });

    /// <summary>Id of the virtual cluster over a namespace.</summary>
    public Task<string> VirtualClusterAsync(string ns) => _virtualClusters.GetOrAdd(ns, FindVirtualClusterAsync);

    /// <summary>Waits until a run has ended, and gives what the AWS CLI says of it then.</summary>
    public async Task<JsonNode> EndedAsync(string ns, string job)
    {
        // It waits on a watch: asking the AWS CLI again and again would cost a Python process each time.
        await RunAsync(Tool.Hearth, "job", "wait", job, "--timeout", "110s", "--data-dir", DataDirectory);
        return await DescribeAsync(ns, job);
    }

    /// <summary>What the AWS CLI says of a run.</summary>
    public async Task<JsonNode> DescribeAsync(string ns, string job) =>
        JsonNode.Parse((await RunAsync("aws", "emr-containers", "describe-job-run", "--virtual-cluster-id", await VirtualClusterAsync(ns), "--id", job, "--output", "json")).Succeeded())!["jobRun"]!;

    /// <summary>Ends the process as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Tool.RunAsync(Tool.Hearth, ["down", "--data-dir", DataDirectory]);
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> FindVirtualClusterAsync(string ns)
    {
        var listed = JsonNode.Parse((await RunAsync("aws", "emr-containers", "list-virtual-clusters", "--output", "json")).Succeeded())!;
        return listed["virtualClusters"]!.AsArray().Single(c => c!["containerProvider"]!["info"]!["eksInfo"]!["namespace"]!.GetValue<string>() == ns)!["id"]!.GetValue<string>();
    }

    private static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string dataDirectory)
    {
        var home = Directory.CreateDirectory(Path.Combine(dataDirectory, "test-home")).FullName;
        var result = new Dictionary<string, string> { ["HOME"] = home };
        var script = (await Tool.RunAsync(Tool.Hearth, ["env", "--data-dir", dataDirectory])).Succeeded();
        var values = (await Tool.RunAsync("bash", ["-c", $"set -e; {script}\nenv -0"])).Succeeded();
        foreach (var pair in values.Split('\0').Where(p => p.StartsWith("AWS_", StringComparison.Ordinal) || p.StartsWith("KUBE", StringComparison.Ordinal)))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            result[pair[..at]] = pair[(at + 1)..];
        }

        return result;
    }
}

/// <summary>One platform for the tests that do not restart it.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-e2e").FullName;

    public RunningHearth Hearth { get; private set; } = null!;

    /// <summary>Why there is no platform, or null.</summary>
    public static string? Missing { get; } =
        new[] { "bwrap", "kubectl", "python3" }.Where(t => !Tool.Exists(t)).Select(t => $"needs {t}").FirstOrDefault() ?? Tool.AwsProblem;

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Hearth = await RunningHearth.StartAsync(_directory);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Hearth is not null)
        {
            await Hearth.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
