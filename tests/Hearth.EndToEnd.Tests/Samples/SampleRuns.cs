using System.Text.Json.Nodes;
using Hearth.EndToEnd.Tests.Platform;
using Hearth.Engine.Samples;

namespace Hearth.EndToEnd.Tests.Samples;

/// <summary>A run of a sample that has ended: its id, and what <c>hearth job wait</c> said of it.</summary>
public sealed record SampleRun(string Id, ToolResult Waited);

/// <summary>
/// Runs every sample by its script, as a user who has exported the answers. All are on their way at once, a few at a time,
/// because most of a run is waiting; the tests wait for the ones they ask about.
/// </summary>
public sealed class SampleRuns : IDisposable
{
    private const int Together = 4;
    private readonly RunningHearth _hearth;
    private readonly IReadOnlyDictionary<string, string> _answers;
    private readonly SemaphoreSlim _places = new(Together);
    private readonly Dictionary<string, Task<SampleRun>> _runs = new(StringComparer.Ordinal);

    private SampleRuns(RunningHearth hearth, IReadOnlyDictionary<string, string> answers) => (_hearth, _answers) = (hearth, answers);

    /// <summary>Failing samples: the slow ones (15 s for nothing to happen) first.</summary>
    public static IReadOnlyList<string> Failing { get; } =
        ["wrong-toleration", "pool-limit", "out-of-memory", "missing-script", "python-exception", "sql-error", "bad-template", "unknown-classification"];

    public static IReadOnlyList<string> Taxi { get; } = ["taxi-trips", "taxi-trips-memory", "taxi-trips-graviton", "taxi-trips-ebs", "yunikorn-gang", "fsx-static"];

    /// <summary>Starts them all.</summary>
    public static async Task<SampleRuns> StartAsync(RunningHearth hearth, IReadOnlyDictionary<string, string> answers)
    {
        var input = Directory.CreateDirectory(Path.Combine(hearth.DataDirectory, "test-home", "trips")).FullName;
        await TaxiTripsGenerator.GenerateAsync(input, 20_000, 1, default);
        var runs = new SampleRuns(hearth, answers);
        foreach (var sample in Failing)
        {
            runs._runs[$"failing/{sample}"] = runs.FailAsync($"failing/{sample}/run.sh");
        }

        foreach (var sample in Taxi)
        {
            runs._runs[sample] = runs.RunAsync($"{sample}/run.sh", [("INPUT_DIR", input)]);
        }

        foreach (var sample in new[] { "pi", "pi-local", "pi-critical", "sql-report", "ebs-claims" })
        {
            runs._runs[sample] = runs.RunAsync($"{sample}/run.sh", []);
        }

        runs._runs["pi-older"] = runs.RunAsync("pi/execute_emr_eks_job.sh", [], "emr-eks-karpenter-emr-data-team-a", SamplePlatform.Bucket, SamplePlatform.Role);
        runs._runs["job-template"] = runs.RunAsync("job-template/run.sh", []);
        runs._runs["job-template again"] = runs.AfterAsync("job-template", "job-template/run.sh");
        runs._runs["delta-lake"] = runs.RunAsync("delta-lake/run.sh", []);
        runs.EmployeesBefore = runs.QueryAfterAsync("delta-lake");
        runs._runs["delta-lake merge"] = runs.MergeAsync();
        return runs;
    }

    /// <summary>The employees as Athena shows them between the two jobs of the Delta Lake sample.</summary>
    public Task<string> EmployeesBefore { get; private set; } = Task.FromResult("");

    /// <summary>Runs a statement as the Delta Lake sample's README does, with Athena.</summary>
    public async Task<string> AthenaAsync(params string[] sql) => (await Tool.RunAsync(Path.Combine(SamplePlatform.Folder, "delta-lake/query.sh"), sql, _answers)).Succeeded();

    /// <summary>A run, when it has ended.</summary>
    public Task<SampleRun> this[string name] => _runs[name];

    /// <summary>Starts a script whose questions are answered at the terminal, line by line; the id of its run.</summary>
    public async Task<SampleRun> AskedAsync(string script, params string[] lines)
    {
        var started = await Tool.RunAsync("bash", ["-c", "script=$1; shift; printf '%s\\n' \"$@\" | \"$script\"", "terminal", Path.Combine(SamplePlatform.Folder, script), .. lines], _hearth.Environment);
        return await EndAsync(Id(started));
    }

    public async Task AllAsync() => await ((Task)Task.WhenAll(_runs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => _places.Dispose();

    private async Task<SampleRun> RunAsync(string script, IReadOnlyList<(string Name, string Value)> more, params string[] arguments)
    {
        await _places.WaitAsync();
        try
        {
            return await EndAsync(await StartAsync(script, more, arguments));
        }
        finally
        {
            _places.Release();
        }
    }

    // What waits for a time-out takes nobody's place.
    private async Task<SampleRun> FailAsync(string script)
    {
        string id;
        await _places.WaitAsync();
        try
        {
            id = await StartAsync(script, []);
        }
        finally
        {
            _places.Release();
        }

        return await EndAsync(id);
    }

    private async Task<SampleRun> AfterAsync(string first, string script, params string[] arguments)
    {
        await _runs[first];
        return await RunAsync(script, [], arguments);
    }

    private async Task<string> QueryAfterAsync(string first)
    {
        await _runs[first];
        return await AthenaAsync();
    }

    private async Task<SampleRun> MergeAsync()
    {
        await ((Task)EmployeesBefore).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await RunAsync("delta-lake/run.sh", [], "merge");
    }

    private async Task<string> StartAsync(string script, IReadOnlyList<(string Name, string Value)> more, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(_answers);
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return Id(await Tool.RunAsync(Path.Combine(SamplePlatform.Folder, script), arguments, environment));
    }

    private async Task<SampleRun> EndAsync(string id) =>
        new(id, await _hearth.RunAsync(Tool.Hearth, "job", "wait", id, "--timeout", "100s", "--data-dir", _hearth.DataDirectory));

    private static string Id(ToolResult started) => JsonNode.Parse(started.Succeeded())!["id"]!.GetValue<string>();
}
