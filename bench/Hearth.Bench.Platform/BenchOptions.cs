using System.Globalization;

namespace Hearth.Bench.Platform;

/// <summary>What to measure, and with which program.</summary>
internal sealed record BenchOptions
{
    public static readonly string[] AllParts = ["up", "job", "requests", "runs", "memory", "taxi", "demo"];

    public const string Usage = "usage: Hearth.Bench.Platform [up] [job] [requests] [runs] [memory] [taxi] [demo] [--home REPO] [--hearth PATH] [--rounds N] [--rows N] [--queued N] [--runs N] [--json] [--trace]";

    /// <summary>The repository: samples and the Python front end are read from there.</summary>
    public required string Home { get; init; }

    /// <summary>The <c>hearth</c> program or launcher to measure.</summary>
    public required string Hearth { get; init; }

    public required IReadOnlySet<string> Parts { get; init; }

    /// <summary>How often each thing is done; the median counts.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Taxi trips.</summary>
    public long Rows { get; init; } = 1_000_000;

    /// <summary>Most job runs that wait while requests are measured.</summary>
    public int Queued { get; init; } = 10_000;

    /// <summary>Whole job runs to count.</summary>
    public int Runs { get; init; } = 40;

    public bool Json { get; init; }

    /// <summary>Also tells what happened when, to standard error.</summary>
    public bool Trace { get; init; }

    /// <exception cref="ArgumentException">The message says what is wrong.</exception>
    public static BenchOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var flags = new HashSet<string>(StringComparer.Ordinal);
        var parts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--home" or "--hearth" or "--rounds" or "--rows" or "--queued" or "--runs" when i + 1 < args.Length:
                    values[args[i]] = args[++i];
                    break;
                case "--json" or "--trace":
                    flags.Add(args[i]);
                    break;
                case var part when AllParts.Contains(part):
                    parts.Add(part);
                    break;
                default:
                    throw new ArgumentException($"{args[i]}: unknown or incomplete\n{Usage}");
            }
        }

        var home = values.TryGetValue("--home", out var given) ? Path.GetFullPath(given) : FindHome();
        return new BenchOptions
        {
            Home = home,
            Hearth = Path.GetFullPath(values.GetValueOrDefault("--hearth") ?? Path.Combine(home, "hearth")),
            Parts = parts.Count > 0 ? parts : AllParts.ToHashSet(StringComparer.Ordinal),
            Rounds = (int)Number(values, "--rounds", 5, 1, 100),
            Rows = Number(values, "--rows", 1_000_000, 1000, 1_000_000_000),
            Queued = (int)Number(values, "--queued", 10_000, 10, 10_000),
            Runs = (int)Number(values, "--runs", 40, 1, 10_000),
            Json = flags.Contains("--json"),
            Trace = flags.Contains("--trace"),
        };
    }

    private static long Number(Dictionary<string, string> values, string name, long unless, long least, long most) =>
        !values.TryGetValue(name, out var text) ? unless
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ArgumentException($"{name} {text}: expected {least} to {most}\n{Usage}");

    private static string FindHome()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Hearth.slnx")))
                {
                    return at.FullName;
                }
            }
        }

        throw new ArgumentException($"no checkout of Hearth above this directory: name it with --home\n{Usage}");
    }
}
