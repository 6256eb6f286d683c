namespace Hearth.Platform;

/// <summary>A place in a file; line and column count from 1.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>One thing that is wrong with a declaration.</summary>
/// <param name="Path">The field, as <c>spec.teams[1].namespace</c>; empty for the whole document.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Position">Where it is written, when the declaration came from a file.</param>
public sealed record PlatformFault(string Path, string Message, SourcePosition? Position = null)
{
    /// <summary><c>file:line:column: path: message</c>.</summary>
    public override string ToString()
    {
        var where = Position is { } position ? $"{position}: " : string.Empty;
        return Path.Length == 0 ? $"{where}{Message}" : $"{where}{Path}: {Message}";
    }
}

/// <summary>A declaration that cannot be used: every fault found, in the order of the file.</summary>
public sealed class PlatformException : Exception
{
    public PlatformException(IReadOnlyList<PlatformFault> faults, string? hint = null)
        : base(string.Join('\n', faults))
    {
        Faults = faults;
        Hint = hint;
    }

    public IReadOnlyList<PlatformFault> Faults { get; }

    /// <summary>How to go on, when there is more to say than the faults do.</summary>
    public string? Hint { get; }
}
