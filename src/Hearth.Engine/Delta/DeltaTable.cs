using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Formatting;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta;

/// <summary>A version to read instead of the newest.</summary>
/// <param name="Version">Number, or null.</param>
/// <param name="Micros">Microseconds since the epoch, or null.</param>
/// <param name="Text">As asked for.</param>
internal sealed record AsOf(long? Version, long? Micros, string Text);

/// <summary>A Delta table of a session.</summary>
/// <param name="Session">The session's Delta state.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Log">Its log.</param>
internal sealed partial record DeltaTable(DeltaSession Session, TableLocation Location, DeltaLog Log)
{
    [GeneratedRegex(@"^(?<path>.+)@(?:v(?<version>\d+)|(?<time>\d{17}))$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Suffix { get; }

    /// <summary>The state to read.</summary>
    /// <exception cref="EngineException">No table, no such version, or a feature that this engine does not read.</exception>
    public Snapshot Read(AsOf? asOf = null)
    {
        Snapshot snapshot = asOf switch
        {
            null => Log.Latest() ?? throw DeltaErrors.NotATable(Location.Uri),
            { Version: { } version } => Log.At(version),
            _ => Log.At(Log.VersionAt(asOf.Micros!.Value, asOf.Text)),
        };
        Features.CheckRead(snapshot.Protocol, snapshot.Metadata, Location.Uri);
        return snapshot.Metadata.Schema.Fields.Count > 0 ? snapshot : throw new EngineException("DELTA_SCHEMA_NOT_SET", $"The schema of the Delta table {Location.Uri} is not set yet. Please write data into it or CREATE TABLE with the schema.");
    }

    /// <summary>The newest state, for a change.</summary>
    /// <exception cref="EngineException">No table, or a feature that this engine does not write.</exception>
    public Snapshot ReadForWrite()
    {
        Snapshot snapshot = Log.Latest() ?? throw DeltaErrors.NotATable(Location.Uri);
        Features.CheckWrite(snapshot.Protocol, snapshot.Metadata, Location.Uri);
        return snapshot;
    }

    /// <summary>A scan of a state.</summary>
    public BoundScan Scan(Snapshot snapshot, Binder binder, Seq<string> qualifier) => Scan(snapshot, snapshot.Sorted, binder, qualifier, rowIds: false);

    /// <summary>A scan of some files of a state; with <paramref name="rowIds"/> the last two columns are the number of the file and of the row.</summary>
    public BoundScan Scan(Snapshot snapshot, IReadOnlyList<AddFile> files, Binder binder, Seq<string> qualifier, bool rowIds)
    {
        IReadOnlyList<DeltaColumn> columns = DeltaColumn.Of(snapshot.Metadata);
        ScanSql sql = new(this, columns, Session.Engine.Zone);
        List<BoundAttribute> output = [.. columns.Select(c => binder.NewAttribute(c.Field.Name, c.Field.Type, c.Field.Nullable, qualifier))];
        List<string> values = [.. columns.Select(c => DuckTypes.Quote(c.Field.Name))];
        if (rowIds)
        {
            output.Add(binder.NewAttribute(ScanSql.FileNumber, SparkType.Long, false));
            output.Add(binder.NewAttribute(ScanSql.RowNumber, SparkType.Long, false));
            values.AddRange([ScanSql.FileNumber, ScanSql.RowNumber]);
        }

        return new BoundScan("", values.ToSeq(), output.ToSeq())
        {
            LateFrom = () => sql.From(files, rowIds),
            Files = () => [.. files.Select(f => Location.FileOf(f.Path))],
            Stored = columns.Select(c => c.Partition ? "" : c.Physical).Concat(rowIds ? ["", ""] : []).ToSeq(),
            Label = $"FileScan delta [{Location.Uri}] version {snapshot.Version.ToString(CultureInfo.InvariantCulture)}, files {files.Count.ToString(CultureInfo.InvariantCulture)}",
            Narrow = rowIds ? null : (scan, conditions) =>
            {
                IReadOnlyList<AddFile> left = Pruning(columns).Prune(files, conditions, scan.Output);
                return left.Count == files.Count ? scan : scan with
                {
                    LateFrom = () => sql.From(left),
                    Files = () => [.. left.Select(f => Location.FileOf(f.Path))],
                    Label = $"FileScan delta [{Location.Uri}] version {snapshot.Version.ToString(CultureInfo.InvariantCulture)}, files {left.Count.ToString(CultureInfo.InvariantCulture)} of {files.Count.ToString(CultureInfo.InvariantCulture)}",
                };
            },
        };
    }

    public FilePruning Pruning(IReadOnlyList<DeltaColumn> columns) => new(columns, Session.Duck, Session.Engine.Zone);

    /// <summary>A path with <c>@v12</c> or <c>@yyyyMMddHHmmssSSS</c>, and the options versionAsOf and timestampAsOf.</summary>
    public static (string Path, AsOf? AsOf) Travel(string path, Options options, TimeZoneInfo zone)
    {
        string? version = options.Get("versionAsOf"), time = options.Get("timestampAsOf");
        if (version is not null && time is not null)
        {
            throw new EngineException("DELTA_ONE_OF_VERSION_AND_TIMESTAMP", "Please either provide 'timestampAsOf' or 'versionAsOf' for time travel.");
        }

        if (version is not null)
        {
            return (path, new AsOf(Number(version), null, version));
        }

        if (time is not null)
        {
            return (path, new AsOf(null, DateTimeReader.Instant(time, zone) ?? throw BadTime(time), time));
        }

        if (Suffix.Match(path) is not { Success: true } match)
        {
            return (path, null);
        }

        if (match.Groups["version"] is { Success: true } number)
        {
            return (match.Groups["path"].Value, new AsOf(Number(number.Value), null, number.Value));
        }

        string text = match.Groups["time"].Value;
        DateTime local = DateTime.TryParseExact(text, "yyyyMMddHHmmssfff", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime parsed) ? parsed : throw BadTime(text);
        return (match.Groups["path"].Value, new AsOf(null, DateTimeReader.ToInstant((local - DateTime.UnixEpoch).Ticks / 10, zone), text));
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
        ? version
        : throw new EngineException("DELTA_TIME_TRAVEL_INVALID_BEGIN_VALUE", $"'{text}' is not a version of a table; versionAsOf takes a whole number from 0.", ErrorKind.IllegalArgumentException);

    private static EngineException BadTime(string text) => new("DELTA_TIMESTAMP_INVALID", $"The provided timestamp ('{text}') cannot be converted to a valid timestamp.");
}
