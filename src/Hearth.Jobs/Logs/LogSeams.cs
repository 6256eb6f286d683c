namespace Hearth.Jobs.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Text">Without its newline.</param>
public readonly record struct LogLine(DateTimeOffset Time, string Text);

/// <summary>Keeps logs by group and stream, as CloudWatch Logs does.</summary>
public interface ILogStore
{
    /// <summary>Adds lines to a stream; group and stream are made when they are missing and the role may make them.</summary>
    /// <param name="group">The log group.</param>
    /// <param name="stream">The stream in it.</param>
    /// <param name="lines">What to add; with no lines the stream is only made.</param>
    /// <param name="roleArn">Execution role that writes; null for the platform itself.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="Storage.ObjectAccessException">The role may not.</exception>
    Task AppendAsync(string group, string stream, IReadOnlyList<LogLine> lines, string? roleArn, CancellationToken ct);

    /// <summary>Completes when what was added to a stream survives a power cut; at once when there is no such stream.</summary>
    Task FlushAsync(string group, string stream, CancellationToken ct);
}
