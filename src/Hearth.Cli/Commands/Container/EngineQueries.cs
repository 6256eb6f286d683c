using Hearth.Engine.Session;
using Hearth.Jobs.Driver;

namespace Hearth.Cli.Commands.Container;

/// <summary>Keeps account of a session's queries: rows in sum, work that is left, beginnings and ends.</summary>
internal sealed class EngineQueries(Action<EngineProgress> tell, Action<EngineQuery> query) : IEngineListener
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueryProgress> _running = new(StringComparer.Ordinal);
    private long _read;
    private long _written;

    public void OnQuery(QueryProgress progress)
    {
        bool begins, ends = progress.State != "running";
        long read, written;
        lock (_lock)
        {
            begins = !_running.ContainsKey(progress.Id);
            if (ends)
            {
                _running.Remove(progress.Id);
                _read += progress.RowsRead;
                _written += progress.RowsWritten;
            }
            else
            {
                _running[progress.Id] = progress;
            }

            (read, written) = (_read, _written);
        }

        if (begins)
        {
            query(Seen(progress, hasEnded: false));
        }

        if (ends)
        {
            query(Seen(progress, hasEnded: true));
        }

        tell(new EngineProgress(ends ? null : $"{progress.Kind}{(progress.Percent is { } p ? $" {p:0} %" : "")}", read, written));
    }

    /// <summary>Tasks that are left, see <see cref="EngineLoad"/>.</summary>
    /// <param name="partitions">Tasks of a query that does not say how many it has.</param>
    public int TasksLeft(int partitions)
    {
        lock (_lock)
        {
            var left = _running.Values.Sum(q => Math.Ceiling((q.Tasks ?? partitions) * (1 - Math.Clamp(q.Percent ?? 0, 0, 100) / 100)));
            return (int)Math.Min(int.MaxValue, left);
        }
    }

    private static EngineQuery Seen(QueryProgress progress, bool hasEnded) =>
        new(progress.Id, progress.Kind, progress.Tasks ?? 0, hasEnded, progress.State == "failed", progress.RowsRead, progress.RowsWritten);
}
