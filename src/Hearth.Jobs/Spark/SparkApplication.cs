namespace Hearth.Jobs.Spark;

/// <summary>One Spark application on Kubernetes, as much of it as shapes its pods.</summary>
public sealed record SparkApplication
{
    /// <summary>All settings, defaults included.</summary>
    public required SparkConf Conf { get; init; }
    public required string Namespace { get; init; }

    /// <summary><c>spark.app.id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>spark.app.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For example <c>3.5.3</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Whether the program is Python, which needs more memory beside the heap.</summary>
    public required bool IsPython { get; init; }

    /// <summary><c>SPARK_USER</c>.</summary>
    public string User { get; init; } = "hadoop";

    /// <summary>Further labels of every pod.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
