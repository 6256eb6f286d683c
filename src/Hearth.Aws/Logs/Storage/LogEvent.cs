namespace Hearth.Aws.Logs.Storage;

/// <summary>Where an event stands in its stream: by time, then in the order of arrival.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Sequence">Number of the event in its stream, from 1.</param>
public readonly record struct LogPosition(long Timestamp, long Sequence) : IComparable<LogPosition>
{
    /// <summary>Before everything.</summary>
    public static LogPosition Start { get; } = new(long.MinValue, 0);

    /// <summary>After everything.</summary>
    public static LogPosition End { get; } = new(long.MaxValue, long.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Timestamp != other.Timestamp ? Timestamp.CompareTo(other.Timestamp) : Sequence.CompareTo(other.Sequence);
}

/// <summary>One event.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Ingestion">When it arrived, milliseconds since 1970.</param>
/// <param name="Message">The text.</param>
public sealed record LogEvent(LogPosition Position, long Ingestion, string Message);

/// <summary>An event to be added.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Message">The text.</param>
public readonly record struct NewLogEvent(long Timestamp, string Message);

/// <summary>A stream at a glance; times in milliseconds since 1970.</summary>
public sealed record LogStreamInfo(string Name, long Created, long? FirstEvent, long? LastEvent, long? LastIngestion);

/// <summary>What is known of a group.</summary>
public sealed record LogGroupInfo
{
    public required string Name { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>Days that events are kept; null for ever.</summary>
    public int? RetentionDays { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
