namespace Hearth.Jobs.Spark;

/// <summary>What a line of <c>spark-submit</c> (or <c>spark-sql</c>) options says.</summary>
/// <param name="Conf">Settings, options already turned into their keys; options win over <c>--conf</c>.</param>
/// <param name="MainClass"><c>--class</c>.</param>
/// <param name="SqlVariables"><c>--hivevar</c> and <c>--define</c> of <c>spark-sql</c> by name, <c>--hiveconf</c> by <c>hiveconf:NAME</c>.</param>
/// <param name="Warnings">Options that have no effect here, one sentence each.</param>
public sealed record SubmitParameters(
    SparkConf Conf, string? MainClass, IReadOnlyDictionary<string, string> SqlVariables, IReadOnlyList<string> Warnings)
{
    /// <summary><c>--properties-file</c>: settings below those of the line, above <c>spark-defaults</c>.</summary>
    public string? PropertiesFile { get; init; }

    /// <summary>An empty line.</summary>
    public static SubmitParameters None { get; } = new(SparkConf.Empty, null, new Dictionary<string, string>(StringComparer.Ordinal), []);
}

/// <summary>Which program reads the options.</summary>
public enum SubmitTool
{
    /// <summary><c>spark-submit</c>.</summary>
    SparkSubmit,

    /// <summary><c>spark-sql</c>, which also takes <c>-d</c>, <c>--hivevar</c>, <c>--hiveconf</c> and <c>--database</c>.</summary>
    SparkSql,
}

/// <summary>A line of options that <c>spark-submit</c> would refuse, or that needs what Hearth lacks.</summary>
public sealed class SubmitParametersException(string message) : Exception(message);
