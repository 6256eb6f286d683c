using System.Globalization;

namespace Hearth.Engine.Delta.Log;

/// <summary>A version of a table with the time of its commit.</summary>
/// <param name="Version">The version.</param>
/// <param name="Timestamp">Milliseconds since the epoch; later versions have later times.</param>
/// <param name="Path">The commit file.</param>
internal sealed record VersionTime(long Version, long Timestamp, string Path);

/// <summary>The log of one table: its state at any version. Thread safe; it keeps the newest state it has seen.</summary>
internal sealed class DeltaLog
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private (Snapshot Snapshot, DateTime Written)? _newest;

    /// <param name="table">Root directory.</param>
    /// <param name="name">Path or URI for messages.</param>
    /// <param name="duck">Reads checkpoints.</param>
    /// <param name="objects">Whether it is in object storage.</param>
    public DeltaLog(string table, string name, DuckWork duck, bool objects)
    {
        Store = new LogStore(table, objects);
        Checkpoints = new Checkpoints(Store, duck);
        _name = name;
    }

    public LogStore Store { get; }

    public Checkpoints Checkpoints { get; }

    /// <summary>Path or URI for messages.</summary>
    public string Name => _name;

    /// <summary>The newest state, or null when there is no table.</summary>
    /// <exception cref="EngineException">The log is damaged.</exception>
    public Snapshot? Latest()
    {
        lock (_gate)
        {
            if (_newest is { } known && Written(known.Snapshot.Version) == known.Written)
            {
                Snapshot forward = Forward(known.Snapshot, long.MaxValue);
                _newest = (forward, forward.Version == known.Snapshot.Version ? known.Written : Written(forward.Version));
                return forward;
            }

            Snapshot? loaded = Load(long.MaxValue);
            _newest = loaded is null ? null : (loaded, Written(loaded.Version));
            return loaded;
        }
    }

    /// <summary>Drops what is kept: the next look reads the log anew.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _newest = null;
        }
    }

    private DateTime Written(long version) => File.GetLastWriteTimeUtc(Store.CommitPath(version));

    /// <summary>The state at a version.</summary>
    /// <exception cref="EngineException">DELTA_VERSION_NOT_FOUND, DELTA_TABLE_NOT_FOUND, or the log is damaged.</exception>
    public Snapshot At(long version)
    {
        Snapshot latest = Latest() ?? throw DeltaErrors.NotATable(_name);
        if (version == latest.Version)
        {
            return latest;
        }

        long earliest = Earliest();
        return version < earliest || version > latest.Version ? throw DeltaErrors.VersionNotFound(version, earliest, latest.Version) : Load(version)!;
    }

    /// <summary>The oldest version that can be rebuilt: 0, or the oldest complete checkpoint.</summary>
    public long Earliest()
    {
        (List<LogFile> commits, List<LogFile> checkpoints) = Store.List();
        if (commits.Count > 0 && commits[0].Version == 0)
        {
            return 0;
        }

        return checkpoints.GroupBy(c => c.Version).Where(g => Checkpoints.Choose(g, g.Key) is not null).Select(g => g.Key).DefaultIfEmpty(commits.Select(c => c.Version).FirstOrDefault()).Min();
    }

    private Snapshot? Load(long version)
    {
        (List<LogFile> commits, List<LogFile> checkpoints) = Store.List();
        if (commits.Count == 0 && checkpoints.Count == 0)
        {
            return null;
        }

        Snapshot state = Snapshot.Empty;
        if (Checkpoints.Choose(checkpoints, version) is { } files)
        {
            state = state.Apply(files[0].Version, Checkpoints.Read(files));
        }

        foreach (LogFile commit in commits.Where(c => c.Version > state.Version && c.Version <= version).ToArray())
        {
            if (commit.Version != state.Version + 1)
            {
                throw DeltaErrors.NotContiguous(_name, state.Version + 1);
            }

            state = state.Apply(commit.Version, Store.ReadCommit(commit.Version) ?? throw DeltaErrors.NotContiguous(_name, commit.Version));
        }

        return Complete(Forward(state, version));
    }

    // Commits that came after the listing.
    private Snapshot Forward(Snapshot state, long version)
    {
        while (state.Version < version && Store.ReadCommit(state.Version + 1) is { } actions)
        {
            state = state.Apply(state.Version + 1, actions);
        }

        return state;
    }

    private Snapshot Complete(Snapshot state) => state.ProtocolOrNull is null ? throw DeltaErrors.StateLacks("protocol", _name)
        : state.MetadataOrNull is null ? throw DeltaErrors.StateLacks("metadata", _name)
        : state with { Timestamp = new DateTimeOffset(Written(state.Version), TimeSpan.Zero).ToUnixTimeMilliseconds() };

    /// <summary>
    /// Commits that are there, oldest first, with strictly increasing times: those that the commits themselves tell where the table has in-commit timestamps
    /// (Delta protocol, "In-Commit Timestamps"), otherwise those of the files.
    /// </summary>
    public IReadOnlyList<VersionTime> Versions()
    {
        long told = ToldFrom();
        List<VersionTime> versions = [];
        long last = long.MinValue;
        foreach (LogFile commit in Store.List().Commits)
        {
            long time = commit.Version >= told && Told(commit) is { } own ? own : new DateTimeOffset(File.GetLastWriteTimeUtc(commit.Path), TimeSpan.Zero).ToUnixTimeMilliseconds();
            last = time <= last ? last + 1 : time;
            versions.Add(new VersionTime(commit.Version, last, commit.Path));
        }

        return versions;
    }

    // The first version that tells its time; none when the table has no in-commit timestamps.
    private long ToldFrom() => Latest()?.MetadataOrNull is { } metadata && metadata.Flag("delta.enableInCommitTimestamps")
        ? long.TryParse(metadata.Property("delta.inCommitTimestampEnablementVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : 0
        : long.MaxValue;

    private long? Told(LogFile commit) =>
        Store.ReadCommit(commit.Version)?.OfType<CommitInfo>().FirstOrDefault()?.Fields["inCommitTimestamp"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out long time) ? time : null;

    /// <summary>The latest version whose commit is not after a time.</summary>
    /// <param name="micros">Microseconds since the epoch.</param>
    /// <param name="text">The time as asked for.</param>
    /// <param name="mayBeLater">Whether a time after the last commit means the last commit (RESTORE) instead of an error.</param>
    public long VersionAt(long micros, string text, bool mayBeLater = false)
    {
        IReadOnlyList<VersionTime> versions = Versions();
        if (versions.Count == 0)
        {
            throw DeltaErrors.NotATable(_name);
        }

        VersionTime? found = versions.LastOrDefault(v => v.Timestamp * 1000 <= micros);
        if (found is null)
        {
            throw new EngineException("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION", $"The provided timestamp ({text}) is before the earliest version available to this table ({Time(versions[0])}). Please use a timestamp after {Time(versions[0])}.");
        }

        return found.Version == versions[^1].Version && !mayBeLater && micros > versions[^1].Timestamp * 1000
            ? throw new EngineException("DELTA_TIMESTAMP_GREATER_THAN_COMMIT", $"The provided timestamp ({text}) is after the latest version available to this table ({Time(versions[^1])}). Please use a timestamp before or at {Time(versions[^1])}.")
            : Math.Max(found.Version, Earliest());
    }

    private static string Time(VersionTime version) => DateTimeOffset.FromUnixTimeMilliseconds(version.Timestamp).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
