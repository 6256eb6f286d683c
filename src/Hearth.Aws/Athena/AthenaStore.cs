namespace Hearth.Aws.Athena;

/// <summary>What Athena remembers: executions for 45 days, work groups, named queries, prepared statements. One process at a time.</summary>
public sealed class AthenaStore
{
    private const int DaysKept = 45;

    private AthenaStore(string directory)
    {
        Executions = new(Path.Combine(directory, "executions"), AthenaJson.Default.QueryExecution);
        WorkGroups = new(Path.Combine(directory, "workgroups"), AthenaJson.Default.WorkGroup);
        Named = new(Path.Combine(directory, "named"), AthenaJson.Default.NamedQuery);
        Prepared = new(Path.Combine(directory, "prepared"), AthenaJson.Default.PreparedStatement);
        Staging = Path.Combine(directory, "staging");
    }

    internal JsonFolder<QueryExecution> Executions { get; }

    internal JsonFolder<WorkGroup> WorkGroups { get; }

    internal JsonFolder<NamedQuery> Named { get; }

    internal JsonFolder<PreparedStatement> Prepared { get; }

    /// <summary>Where results are written before they become objects.</summary>
    internal string Staging { get; }

    /// <summary>Opens the store. Executions that ran when the platform ended have failed; old ones are forgotten.</summary>
    public static AthenaStore Open(string directory, TimeProvider time)
    {
        var store = new AthenaStore(directory);
        if (Directory.Exists(store.Staging))
        {
            Directory.Delete(store.Staging, recursive: true);
        }

        Directory.CreateDirectory(store.Staging);
        var now = time.GetUtcNow();
        store.WorkGroups.Add(WorkGroup.Primary, new WorkGroup { Name = WorkGroup.Primary, Created = now });
        foreach (var execution in store.Executions.All.ToArray())
        {
            if (execution.Submitted < now.AddDays(-DaysKept))
            {
                store.Executions.Remove(execution.Id);
            }
            else if (!QueryState.IsFinal(execution.State))
            {
                store.Executions.Change(execution.Id, e => e with
                {
                    State = QueryState.Failed, Completed = now, Reason = "The platform stopped while the query ran. Start it again: nothing of its result was written.",
                });
            }
        }

        return store;
    }
}
