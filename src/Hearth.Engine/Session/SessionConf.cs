using System.Collections.Concurrent;

namespace Hearth.Engine.Session;

/// <summary>Configuration of a running session: any key may be set, static ones only at the start.</summary>
public sealed class SessionConf
{
    private static readonly HashSet<string> Static = new(StringComparer.Ordinal)
    {
        "spark.sql.warehouse.dir", "spark.sql.extensions", "spark.sql.catalogImplementation", EngineOptions.MemoryKey, EngineOptions.ThreadsKey, EngineOptions.TempKey, EngineOptions.S3RootKey, SparkRelease.Key,
    };

    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["spark.sql.session.timeZone"] = "UTC",
        ["spark.sql.caseSensitive"] = "false",
        ["spark.sql.shuffle.partitions"] = "200",
        ["spark.sql.sources.default"] = "parquet",
        ["spark.sql.parquet.compression.codec"] = "snappy",
        ["spark.sql.sources.partitionOverwriteMode"] = "STATIC",
        ["spark.sql.sources.partitionColumnTypeInference.enabled"] = "true",
        ["spark.sql.warehouse.dir"] = "spark-warehouse",
        ["spark.sql.adaptive.enabled"] = "true",
    };

    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _initial;

    public SessionConf(IEnumerable<KeyValuePair<string, string>> initial)
    {
        _initial = new(Defaults, StringComparer.Ordinal);
        if (TimeZoneInfo.Local.HasIanaId)
        {
            _initial["spark.sql.session.timeZone"] = TimeZoneInfo.Local.Id;
        }

        KeyValuePair<string, string>[] given = [.. initial];
        Release = given.FirstOrDefault(p => p.Key == SparkRelease.Key).Value is { } version ? SparkRelease.Parse(version) : SparkRelease.Default;
        _initial["spark.sql.ansi.enabled"] = Release.AnsiByDefault ? "true" : "false";
        _initial["spark.sql.legacy.timeParserPolicy"] = Release.TimeParserPolicy;
        foreach ((string key, string value) in given)
        {
            FixedSettings.Check(key, value);
            _initial[key] = value;
        }

        Reset(null);
    }

    /// <summary>The Spark whose defaults these are.</summary>
    public SparkRelease Release { get; }

    /// <summary>All set keys, sorted.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _values.OrderBy(p => p.Key, StringComparer.Ordinal);

    public string? Get(string key) => _values.GetValueOrDefault(key);

    /// <summary>Sets a key.</summary>
    /// <exception cref="EngineException">The key is static, or the value not valid.</exception>
    public void Set(string key, string value)
    {
        if (Static.Contains(key) && Get(key) != value)
        {
            throw new EngineException("CANNOT_MODIFY_CONFIG", $"Cannot modify the value of the Spark config: \"{key}\".", hint: "give it when the session starts");
        }

        FixedSettings.Check(key, value);
        if (key == "spark.sql.session.timeZone")
        {
            TimeZoneInfo zone = Formatting.Zones.Require(value);
            if (zone.Id is [('+' or '-'), _, _, ':', _, _] && !zone.Id.EndsWith(":00", StringComparison.Ordinal))
            {
                throw Binding.Errors.Unsupported($"the time zone offset {zone.Id}", hint: "name a region instead, for example Asia/Kolkata");
            }
        }

        _values[key] = value;
    }

    /// <summary>Sets a key while the application starts: keys that the host fixed stay, the rest is also the value to reset to.</summary>
    public void SetAtStart(string key, string value)
    {
        if (Static.Contains(key))
        {
            return;
        }

        Set(key, value);
        lock (_initial)
        {
            _initial[key] = value;
        }
    }

    /// <summary>Back to the value at the start.</summary>
    public void Reset(string? key)
    {
        if (key is not null)
        {
            _ = _initial.TryGetValue(key, out string? value) ? _values[key] = value : _values.TryRemove(key, out _) ? "" : "";
            return;
        }

        _values.Clear();
        foreach ((string name, string value) in _initial)
        {
            _values[name] = value;
        }
    }
}
