using Hearth.Cli.CommandLine;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Job;

/// <summary>Finds the job run that somebody means, in whatever namespace it is.</summary>
internal static class JobIds
{
    private const int Shown = 5;

    /// <summary>The job run with that id, or the only one whose id starts so; leading zeros may be left out.</summary>
    /// <exception cref="CliException">None, with the nearest ones; or several.</exception>
    public static async Task<JobRun> FindAsync(IKubeClient kube, string id, TimeProvider clock, CancellationToken ct) =>
        Find(await kube.ListAsync<JobRun>(null, ListOptions.All, ct).ConfigureAwait(false), id, clock.GetUtcNow());

    /// <inheritdoc cref="FindAsync"/>
    public static JobRun Find(IReadOnlyList<JobRun> runs, string id, DateTimeOffset now)
    {
        if (runs.FirstOrDefault(r => r.Id == id) is { } exact)
        {
            return exact;
        }

        var word = id.TrimStart('0');
        var matches = word.Length == 0 ? [] : runs.Where(r => r.Id.StartsWith(id, StringComparison.Ordinal) || r.Id.TrimStart('0').StartsWith(word, StringComparison.Ordinal)).ToArray();
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw CliException.BadInput($"no job run '{id}'", Near(runs, id, now)),
            _ => throw CliException.BadInput($"'{id}' is the beginning of {matches.Length} job runs", $"Which one?\n{Lines(Newest(matches), now)}"),
        };
    }

    private static string Near(IReadOnlyList<JobRun> runs, string id, DateTimeOffset now)
    {
        if (runs.Count == 0)
        {
            return "There is no job run yet: `hearth job run REQUEST.json` submits one.";
        }

        var near = Nearest.Closest(id, runs.Select(r => r.Id), Shown);
        return $"The nearest:\n{Lines(near.Select(n => runs.First(r => r.Id == n)), now)}\n`hearth job list` shows all.";
    }

    private static IEnumerable<JobRun> Newest(IEnumerable<JobRun> runs) => runs.OrderByDescending(r => r.Id, StringComparer.Ordinal).Take(Shown);

    private static string Lines(IEnumerable<JobRun> runs, DateTimeOffset now) =>
        string.Join('\n', runs.Select(r => $"  {r.Id}  {r.Spec.Name ?? "(no name)"}  {JobText.State(r.State)}  {JobText.Age(r.Metadata.CreationTimestamp, now)} ago"));
}
