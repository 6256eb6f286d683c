using System.Text.RegularExpressions;

namespace Hearth.Jobs.Emr;

/// <summary>EMR releases and the Spark each one carries. Source: EMR on EKS release pages and the EMR release matrix.</summary>
public static partial class Releases
{
    private static readonly Dictionary<string, string> Spark = new(StringComparer.Ordinal)
    {
        ["5.32.0"] = "2.4.7", ["5.33.0"] = "2.4.7", ["6.2.0"] = "3.0.1", ["6.3.0"] = "3.1.1", ["6.4.0"] = "3.1.2", ["6.5.0"] = "3.1.2",
        ["6.6.0"] = "3.2.0", ["6.7.0"] = "3.2.1", ["6.8.0"] = "3.3.0", ["6.9.0"] = "3.3.0", ["6.10.0"] = "3.3.1", ["6.11.0"] = "3.3.2",
        ["6.12.0"] = "3.4.0", ["6.13.0"] = "3.4.1", ["6.14.0"] = "3.4.1", ["6.15.0"] = "3.4.1", ["7.0.0"] = "3.5.0", ["7.1.0"] = "3.5.0",
        ["7.2.0"] = "3.5.1", ["7.3.0"] = "3.5.1", ["7.4.0"] = "3.5.2", ["7.5.0"] = "3.5.2", ["7.6.0"] = "3.5.3", ["7.7.0"] = "3.5.3",
        ["7.8.0"] = "3.5.4", ["7.9.0"] = "3.5.5", ["7.10.0"] = "3.5.5", ["7.11.0"] = "3.5.6", ["7.12.0"] = "3.5.6", ["7.13.0"] = "3.5.6",
        ["7.14.0"] = "3.5.8",
    };

    // The Spark 4 family has labels of its own: emr-spark-8.1.0-latest.
    private static readonly Dictionary<string, string> SparkFamily = new(StringComparer.Ordinal) { ["8.1.0"] = "4.1.1" };

    /// <summary>Spark of a label that is in no table, and of work without a label.</summary>
    public const string DefaultSpark = "3.5.3";

    /// <summary>The setting in which a driver, and the engine in it, find the version of Spark they stand for.</summary>
    public const string SparkVersionKey = "spark.hearth.spark.version";

    /// <summary>Whether a label has the form of a Spark release that exists.</summary>
    public static bool IsKnown(string label) => SparkVersion(label) is not null;

    /// <summary>The Spark of a release, or null when there is no such release.</summary>
    public static string? SparkVersion(string label) => Version(label) is { } version ? (IsSparkFamily(label) ? SparkFamily : Spark).GetValueOrDefault(version) : null;

    /// <summary>Whether the release runs SQL files (from 6.7.0).</summary>
    public static bool RunsSql(string label) => AtLeast(label, 6, 7);

    /// <summary>Whether the release retries drivers (from 6.9.0).</summary>
    public static bool RetriesDrivers(string label) => AtLeast(label, 6, 9);

    /// <summary>Whether the release rotates container logs (from 6.11.0).</summary>
    public static bool RotatesLogs(string label) => AtLeast(label, 6, 11);

    /// <summary>Whether the job runner ends once the driver has started unless told otherwise (from 7.14.0).</summary>
    public static bool EndsSubmitterEarly(string label) => AtLeast(label, 7, 14);

    private static bool AtLeast(string label, int major, int minor) =>
        System.Version.TryParse(Version(label), out var version) && version >= new Version(major, minor, 0);

    private static bool IsSparkFamily(string label) => label.StartsWith("emr-spark-", StringComparison.Ordinal);

    private static string? Version(string label) => Pattern().Match(label) is { Success: true } match ? match.Groups["v"].Value : null;

    [GeneratedRegex(
        @"^emr-(spark-)?(?<v>[0-9]+\.[0-9]+\.[0-9]+)(-java(8|11|17)|-java17-al2023|-spark-rapids|-spark-rapids-java8)?-(latest|[0-9]{8})$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
