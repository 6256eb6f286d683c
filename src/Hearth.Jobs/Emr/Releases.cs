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

    /// <summary>Whether a label has the form of a Spark release that exists.</summary>
    public static bool IsKnown(string label) => Version(label) is { } version && Spark.ContainsKey(version);

    /// <summary>Whether a job may use it: a Spark release, or a notebook or Livy image of one.</summary>
    public static string? SparkVersion(string label) => Version(label) is { } version ? Spark.GetValueOrDefault(version) : null;

    /// <summary>Whether the release runs SQL files (from 6.7.0).</summary>
    public static bool RunsSql(string label) => AtLeast(label, 6, 7);

    /// <summary>Whether the release retries drivers (from 6.9.0).</summary>
    public static bool RetriesDrivers(string label) => AtLeast(label, 6, 9);

    /// <summary>Whether the release rotates container logs (from 6.11.0).</summary>
    public static bool RotatesLogs(string label) => AtLeast(label, 6, 11) || label.StartsWith("emr-spark-", StringComparison.Ordinal);

    /// <summary>Whether the job runner ends once the driver has started unless told otherwise (from 7.14.0).</summary>
    public static bool EndsSubmitterEarly(string label) => AtLeast(label, 7, 14) || label.StartsWith("emr-spark-", StringComparison.Ordinal);

    private static bool AtLeast(string label, int major, int minor) =>
        System.Version.TryParse(Version(label), out var version) && version >= new Version(major, minor, 0);

    private static string? Version(string label) => Pattern().Match(label) is { Success: true } match ? match.Groups["v"].Value : null;

    [GeneratedRegex(
        @"^emr-(?<v>[0-9]+\.[0-9]+\.[0-9]+)(-java(8|11|17)|-java17-al2023|-spark-rapids|-spark-rapids-java8)?-(latest|[0-9]{8})$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
