using System.Globalization;

namespace Hearth.Engine.Session;

/// <summary>Settings of a session: Spark's configuration keys, and the host's objects.</summary>
public sealed record EngineOptions
{
    /// <summary>Local directory that holds the buckets of <c>s3://</c> paths; also the environment variable <c>HEARTH_S3_ROOT</c>.</summary>
    public const string S3RootKey = "spark.hearth.s3.root";

    /// <summary>Most bytes of memory the engine uses before it spills, for example <c>2g</c>; without it DuckDB's default (80 % of the machine).</summary>
    public const string MemoryKey = "spark.hearth.memory";

    /// <summary>Worker threads.</summary>
    public const string ThreadsKey = "spark.hearth.threads";

    /// <summary>Directory that intermediate results spill to.</summary>
    public const string TempKey = "spark.hearth.temp.dir";

    /// <summary>Directory of managed tables and of the catalog.</summary>
    public const string WarehouseKey = "spark.sql.warehouse.dir";

    /// <summary>Configuration by Spark's keys.</summary>
    public IReadOnlyDictionary<string, string> Conf { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Resolvers asked before the built-in one.</summary>
    public IReadOnlyList<Sources.IPathResolver> PathResolvers { get; init; } = [];

    /// <summary>Hears of queries and their progress.</summary>
    public IEngineListener? Listener { get; init; }

    /// <summary>DuckDB settings of these options.</summary>
    internal Dictionary<string, string> DuckSettings(string spill)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["temp_directory"] = spill,
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
            ["errors_as_json"] = "true",
            ["default_null_order"] = "NULLS_FIRST_ON_ASC_LAST_ON_DESC",
            ["preserve_insertion_order"] = "true",
        };
        if (Conf.TryGetValue(MemoryKey, out string? memory))
        {
            settings["memory_limit"] = MemoryLimit(memory);
        }

        if (Conf.TryGetValue(ThreadsKey, out string? threads))
        {
            settings["threads"] = int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
                ? threads
                : throw new EngineException("INVALID_CONF_VALUE", $"{ThreadsKey} must be a positive number, but it is '{threads}'.", ErrorKind.IllegalArgumentException);
        }

        return settings;
    }

    /// <summary>A JVM size (<c>512m</c>, <c>2g</c>, bytes without a unit) as DuckDB writes it.</summary>
    /// <exception cref="EngineException">Not a size.</exception>
    public static string MemoryLimit(string size)
    {
        string text = size.Trim().ToLowerInvariant();
        string digits = text.TrimEnd('b', 'i').TrimEnd('k', 'm', 'g', 't');
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount) || amount <= 0)
        {
            throw new EngineException("INVALID_CONF_VALUE", $"{MemoryKey} must be a size such as 2g, but it is '{size}'.", ErrorKind.IllegalArgumentException);
        }

        string unit = text[digits.Length..].TrimEnd('b', 'i') switch { "k" => "KiB", "m" => "MiB", "g" => "GiB", "t" => "TiB", _ => "B" };
        return unit == "B" ? string.Create(CultureInfo.InvariantCulture, $"{(long)(amount / 1024)}KiB") : amount.ToString("0.###", CultureInfo.InvariantCulture) + unit;
    }
}

/// <summary>What the engine tells its host. Calls come from the threads that run queries; they must be quick.</summary>
public interface IEngineListener
{
    /// <summary>A query or write starts, moves on (at most a few times a second), or ends.</summary>
    void OnQuery(QueryProgress progress);
}

/// <summary>State of a query.</summary>
/// <param name="Id">Request id, or a generated one.</param>
/// <param name="Kind">What it does: collect, write, ...</param>
/// <param name="State">running, succeeded, failed, cancelled.</param>
/// <param name="Percent">Done, 0..100; null when unknown.</param>
/// <param name="RowsRead">Rows given to the client so far.</param>
/// <param name="RowsWritten">Rows written to files so far.</param>
/// <param name="Elapsed">Time since the start.</param>
/// <param name="Tasks">Pieces of work it is made of, where that is known: partitions of an RDD action.</param>
public sealed record QueryProgress(string Id, string Kind, string State, double? Percent, long RowsRead, long RowsWritten, TimeSpan Elapsed, int? Tasks = null);
