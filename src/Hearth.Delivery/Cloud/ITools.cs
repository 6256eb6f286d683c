namespace Hearth.Delivery.Cloud;

/// <summary>A program to run.</summary>
/// <param name="Program">As <c>aws</c>.</param>
/// <param name="Arguments">One each; never through a shell.</param>
/// <param name="Input">Text for its standard input; null closes it.</param>
public sealed record ToolCall(string Program, IReadOnlyList<string> Arguments, string? Input = null)
{
    /// <summary>Lines of its standard output are progress, too, and not only those of standard error.</summary>
    public bool OutputIsProgress { get; init; }

    /// <summary>For people, shortened.</summary>
    public override string ToString() => $"{Program} {string.Join(' ', Arguments.Take(4))}";
}

/// <summary>How a program ended.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>The one way out of this room: AWS, Kubernetes and Helm are reached through their own programs, with the user's own configuration.</summary>
public interface ITools
{
    /// <summary>True when the program can be found.</summary>
    bool Has(string program);

    /// <summary>Runs a program to its end. Throws only <see cref="OperationCanceledException"/>; then the program has been interrupted, given time to put things right, and stopped.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="line">Told each line of standard error, and with <see cref="ToolCall.OutputIsProgress"/> of standard output, as it comes.</param>
    /// <param name="cancellation">Stops the program.</param>
    Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation);
}

/// <summary>Something that must be put right before going on: what, where, how.</summary>
public sealed class DeliveryException(string message, string? hint = null, bool badInput = false) : Exception(message)
{
    /// <summary>How to go on.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The input is wrong, not the world.</summary>
    public bool BadInput { get; } = badInput;
}
