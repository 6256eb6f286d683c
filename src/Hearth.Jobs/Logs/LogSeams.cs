namespace Hearth.Jobs.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Text">Without its newline.</param>
public readonly record struct LogLine(DateTimeOffset Time, string Text);

/// <summary>Keeps logs by group and stream, as CloudWatch Logs does.</summary>
public interface ILogStore
{
    /// <summary>Adds lines to a stream; group and stream are made when they are missing.</summary>
    Task AppendAsync(string group, string stream, IReadOnlyList<LogLine> lines, CancellationToken ct);
}
