using System.Text.Json.Serialization;

namespace Hearth.Aws.Athena;

/// <summary>States of a query execution, in the words of Athena.</summary>
internal static class QueryState
{
    public const string Queued = "QUEUED";
    public const string Running = "RUNNING";
    public const string Succeeded = "SUCCEEDED";
    public const string Failed = "FAILED";
    public const string Cancelled = "CANCELLED";

    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsFinal(string state) => state is Succeeded or Failed or Cancelled;
}

/// <summary>One execution of a statement, as it is stored.</summary>
internal sealed record QueryExecution
{
    public required string Id { get; init; }
    public required string Sql { get; init; }
    public required string WorkGroup { get; init; }

    /// <summary>Catalog as the request named it; null for the caller's own.</summary>
    public string? Catalog { get; init; }

    public string? Database { get; init; }
    public IReadOnlyList<string> Parameters { get; init; } = [];
    public string? StatementType { get; init; }
    public string? Substatement { get; init; }

    /// <summary>Whether the result is a CSV file with a header.</summary>
    public bool HasRows { get; init; }

    /// <summary>URI of the result file.</summary>
    public required string Output { get; init; }

    public required string State { get; init; }
    public string? Reason { get; init; }

    /// <summary>Whether the statement was to blame for a failure.</summary>
    public bool IsUsersFault { get; init; }

    public required DateTimeOffset Submitted { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Completed { get; init; }
    public long OutputBytes { get; init; }
    public long OutputRows { get; init; }

    /// <summary>Bytes of files that it read.</summary>
    public long ScannedBytes { get; init; }
    public long? UpdateCount { get; init; }
    public IReadOnlyList<QueryColumn> Columns { get; init; } = [];

    /// <summary>Who started it.</summary>
    public required string Principal { get; init; }

    /// <summary>The starter's team; null for the administrator.</summary>
    public string? Team { get; init; }

    public string? ClientToken { get; init; }
}

/// <summary>A work group, as it is stored.</summary>
internal sealed record WorkGroup
{
    public const string Primary = "primary";

    public required string Name { get; init; }
    public string? Description { get; init; }
    public string State { get; init; } = "ENABLED";
    public string? OutputLocation { get; init; }

    /// <summary>Whether its settings win over those of the client.</summary>
    public bool Enforce { get; init; }

    public bool PublishMetrics { get; init; }
    public long? ScanLimit { get; init; }
    public DateTimeOffset Created { get; init; }
    public string? Team { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A statement that is kept under an id.</summary>
internal sealed record NamedQuery
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string Database { get; init; }
    public required string Sql { get; init; }
    public required string WorkGroup { get; init; }
    public string? Team { get; init; }
    public string? ClientToken { get; init; }
    public DateTimeOffset Created { get; init; }
}

/// <summary>A statement with question marks that EXECUTE fills.</summary>
internal sealed record PreparedStatement
{
    public required string Name { get; init; }
    public required string WorkGroup { get; init; }
    public required string Sql { get; init; }
    public string? Description { get; init; }
    public string? Team { get; init; }
    public DateTimeOffset Modified { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueryExecution))]
[JsonSerializable(typeof(WorkGroup))]
[JsonSerializable(typeof(NamedQuery))]
[JsonSerializable(typeof(PreparedStatement))]
internal sealed partial class AthenaJson : JsonSerializerContext;
