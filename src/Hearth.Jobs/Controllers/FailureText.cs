using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Controllers;

/// <summary>Finds, in what a program wrote last, the words that tell a person why it failed.</summary>
internal static partial class FailureText
{
    private const string Traceback = "Traceback (most recent call last):";

    /// <summary>
    /// The exception that ended a Python program, with the place in the script where it was raised, or the last line that speaks of an error.
    /// Null when nothing does.
    /// </summary>
    public static string? Cause(string? output)
    {
        var lines = (output ?? "").Split('\n').Select(l => l.TrimEnd()).ToArray();
        var start = Array.FindLastIndex(lines, l => l.EndsWith(Traceback, StringComparison.Ordinal));
        if (start >= 0 && Exception(lines[(start + 1)..]) is { } exception)
        {
            return exception;
        }

        return lines.LastOrDefault(l => ErrorWord().IsMatch(l) && !Progress().IsMatch(l))?.Trim() ?? lines.LastOrDefault(l => l.Trim().Length > 0 && !Progress().IsMatch(l))?.Trim();
    }

    /// <summary>What an exit code means when the program said nothing better. Source: Spark 3.5.3, SparkExitCode and ExecutorExitCode.</summary>
    public static string ExitCode(int code) => code switch
    {
        1 => "exit code 1: an exception in the program, or a configuration error",
        11 => "exit code 11: too many executors failed",
        10 or 50 or 51 => $"exit code {Text(code)}: an uncaught exception",
        52 => "exit code 52: out of memory",
        53 => "exit code 53: no disk directory could be made",
        126 => "exit code 126: the command cannot be executed",
        127 => "exit code 127: the command was not found",
        137 => "exit code 137: killed (SIGKILL), often for lack of memory",
        139 => "exit code 139: a segmentation fault (SIGSEGV)",
        143 => "exit code 143: terminated (SIGTERM)",
        _ => $"exit code {Text(code)}",
    };

    private static string? Exception(string[] lines)
    {
        // Frames are indented; the exception is the first line that is not. Its message may go on below.
        var at = Array.FindIndex(lines, l => l.Length > 0 && !char.IsWhiteSpace(l[0]));
        if (at < 0)
        {
            return null;
        }

        var frame = lines[..at].Select(l => Frame().Match(l)).LastOrDefault(m => m.Success && !IsLibrary(m.Groups["file"].Value));
        var place = frame is null ? "" : $" ({FileName(frame.Groups["file"].Value)}, line {frame.Groups["line"].Value})";
        return lines[at].Trim() + place;
    }

    private static bool IsLibrary(string file) =>
        file.StartsWith('<') || file.Contains("/pyspark/", StringComparison.Ordinal) || file.Contains("/site-packages/", StringComparison.Ordinal) || file.Contains("/lib/python", StringComparison.Ordinal);

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("""^\s+File "(?<file>[^"]+)", line (?<line>[0-9]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Frame();

    // Spark's log lines below the level of an error say what went on, not what went wrong.
    [GeneratedRegex("^[0-9]{2}/[0-9]{2}/[0-9]{2} [0-9:]{8} (TRACE|DEBUG|INFO|WARN) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Progress();

    [GeneratedRegex("(Error|Exception|Fail|error:)", RegexOptions.None, 1000)]
    private static partial Regex ErrorWord();
}
