using System.Globalization;

namespace Hearth.Engine.Session;

/// <summary>The release of Spark that a session stands for: what <c>version()</c> says, and whose defaults hold.</summary>
/// <param name="Version">For example <c>3.5.3</c> or <c>4.1.1</c>.</param>
/// <param name="Major">Its first number.</param>
public sealed record SparkRelease(string Version, int Major)
{
    /// <summary>The setting that names the release; a driver gets it from the job's release label.</summary>
    public const string Key = "spark.hearth.spark.version";

    /// <summary>The release of a session that names none.</summary>
    public static SparkRelease Default { get; } = new("3.5.3", 3);

    /// <summary>Whether bad values raise errors unless told otherwise. Source: Spark's SQL migration guide, 3.5 to 4.0.</summary>
    public bool AnsiByDefault => Major >= 4;

    /// <summary>How text that only the old parser reads is treated unless told otherwise. Source: Spark's SQL migration guide, 3.5 to 4.0.</summary>
    public string TimeParserPolicy => Major >= 4 ? "CORRECTED" : "EXCEPTION";

    /// <summary>Reads a version such as <c>3.5.5-amzn-0</c>.</summary>
    /// <exception cref="EngineException">It is not one of Spark 3 or 4: another Spark has other results.</exception>
    public static SparkRelease Parse(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major is >= 2 and <= 4 && version.Contains('.', StringComparison.Ordinal)
            ? new SparkRelease(version, major)
            : throw new EngineException("INVALID_CONF_VALUE", $"{Key} must be a version of Spark 3 or 4 such as 3.5.3 or 4.0.0, but it is '{version}'.", ErrorKind.IllegalArgumentException);
}
