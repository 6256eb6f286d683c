using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Test;

/// <summary>The tests of the Python front end, by the standard library's own runner.</summary>
internal sealed partial class PythonSuite(string home, string? filter, ScratchDirectory scratch)
{
    private const string Name = "python";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromMinutes(1);
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    public async Task<SuiteResult> RunAsync(CancellationToken cancellation)
    {
        List<string> arguments = ["-m", "unittest", "discover", "-s", Path.Combine("python", "tests"), "-t", "python"];
        if (filter is not null)
        {
            arguments.AddRange(["-k", filter]);
        }

        try
        {
            return Read(await ProcessRunner.RunAsync(await InterpreterAsync(cancellation), arguments, home, scratch.Variables, Deadline, cancellation));
        }
        catch (Win32Exception)
        {
            return SuiteResult.Broken(Name, "python3 was not found; install it (Debian/Ubuntu: apt-get install python3)", 0, string.Empty);
        }
    }

    /// <summary>The first interpreter that has pandas, which some tests are about; else the one on PATH. Debian's packages are the system's interpreter's only.</summary>
    private async Task<string> InterpreterAsync(CancellationToken cancellation)
    {
        foreach (var python in Interpreters.Where(p => !Path.IsPathRooted(p) || File.Exists(p)))
        {
            if ((await ProcessRunner.RunAsync(python, ["-c", "import pandas"], home, ProbeDeadline, cancellation)).ExitCode == 0)
            {
                return python;
            }
        }

        return Interpreters[0];
    }

    /// <summary>Reads the runner's last lines: "Ran 12 tests in 0.1s" and "FAILED (failures=1, errors=2, skipped=3)".</summary>
    internal static SuiteResult Read(ProcessOutcome outcome)
    {
        var ran = Ran().Match(outcome.Output);
        if (outcome.TimedOut || !ran.Success)
        {
            return SuiteResult.Broken(Name, outcome.TimedOut ? "did not end in time" : "did not report", outcome.Seconds, outcome.Output);
        }

        var total = Number(ran);
        var failed = Count(outcome.Output, Failures()) + Count(outcome.Output, Errors()) + Count(outcome.Output, Unexpected());
        var skipped = Count(outcome.Output, Skipped());
        const int nothingRan = 5; // Python 3.12's exit code for it
        if (outcome.ExitCode is not (0 or nothingRan) && failed == 0)
        {
            return SuiteResult.Broken(Name, $"ended with exit code {outcome.ExitCode}", outcome.Seconds, outcome.Output);
        }

        return new SuiteResult(Name, Math.Max(0, total - failed - skipped), failed, skipped, outcome.Seconds, outcome.Output);
    }

    private static int Count(string output, Regex kind)
    {
        var lastLine = output.TrimEnd().Split('\n')[^1];
        var match = kind.Match(lastLine);
        return match.Success ? Number(match) : 0;
    }

    private static int Number(Match match) => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Ran (?<n>\d+) tests? in ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ran();

    [GeneratedRegex(@"\bfailures=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failures();

    [GeneratedRegex(@"\berrors=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Errors();

    [GeneratedRegex(@"\bunexpected successes=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unexpected();

    [GeneratedRegex(@"\bskipped=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Skipped();
}
