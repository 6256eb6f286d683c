using System.Text.RegularExpressions;
using Hearth.Engine.Formatting;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Sources;

/// <summary>Which files a reader takes: options <c>recursiveFileLookup</c>, <c>pathGlobFilter</c>, <c>modifiedBefore</c>, <c>modifiedAfter</c>.</summary>
/// <param name="Recursive">Every directory is entered and none declares a partition.</param>
/// <param name="Name">What names must match, or null.</param>
/// <param name="BeforeMicros">Files changed before this instant (microseconds of the epoch), or null.</param>
/// <param name="AfterMicros">Files changed after this instant, or null.</param>
internal sealed record FileChoice(bool Recursive, Regex? Name, long? BeforeMicros, long? AfterMicros)
{
    /// <summary>Reads the options; times without a zone are of <paramref name="zone"/>.</summary>
    /// <exception cref="EngineException">A time cannot be read.</exception>
    public static FileChoice Of(Options options, TimeZoneInfo zone)
    {
        TimeZoneInfo own = options.Get("timeZone") is { } id ? Zones.Require(id) : zone;
        string? glob = options.Get("pathGlobFilter");
        return new FileChoice(
            options.Flag("recursiveFileLookup"),
            string.IsNullOrEmpty(glob) ? null : new Regex(Globs.ToRegex(glob), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            Instant(options, "modifiedBefore", own),
            Instant(options, "modifiedAfter", own));
    }

    public bool Takes(string file)
    {
        if (Name is not null && !Name.IsMatch(Path.GetFileName(file)))
        {
            return false;
        }

        if (BeforeMicros is null && AfterMicros is null)
        {
            return true;
        }

        long changed = (File.GetLastWriteTimeUtc(file) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return !(changed >= BeforeMicros) && !(changed <= AfterMicros);
    }

    private static long? Instant(Options options, string name, TimeZoneInfo zone) =>
        options.Get(name) is not { Length: > 0 } text ? null
        : DateTimeReader.Instant(text, zone) ?? throw new EngineException("INVALID_OPTION", $"The timestamp provided for the '{name}' option is invalid. The expected format is 'YYYY-MM-DDTHH:mm:ss', but the provided timestamp: {text}");
}
