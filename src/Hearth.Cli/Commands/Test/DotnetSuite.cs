using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Test;

/// <summary>One xunit.v3 test project, already built: its program runs its tests and writes a result file.</summary>
internal sealed class DotnetSuite(string dotnet, string directory, string configuration, string? filter, ScratchDirectory scratch)
{
    /// <summary>Far above what a project may take; a hang must not stop the whole run.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(18);

    public async Task<SuiteResult> RunAsync(CancellationToken cancellation)
    {
        var name = Path.GetFileName(directory);
        var program = Path.Combine(directory, "bin", configuration, "net10.0", $"{name}.dll");
        if (!File.Exists(program))
        {
            return SuiteResult.Broken(name, $"{program} was not built", 0, string.Empty);
        }

        var results = Path.Combine(scratch.Path, $"{name}.xml");
        try
        {
            var outcome = await ProcessRunner.RunAsync(dotnet, Arguments(program, results), directory, Variables(), Deadline, cancellation);
            return outcome.TimedOut
                ? SuiteResult.Broken(name, $"did not end within {Deadline.TotalMinutes:0} minutes", outcome.Seconds, outcome.Output)
                : Read(name, results, outcome);
        }
        finally
        {
            File.Delete(results);
        }
    }

    // What runs this is the command as users have it, of the same sources: the end-to-end tests try that one.
    private IEnumerable<KeyValuePair<string, string>> Variables() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "hearth" ? [.. scratch.Variables, new("HEARTH_COMMAND", path)] : scratch.Variables;

    private List<string> Arguments(string program, string results)
    {
        List<string> arguments = ["exec", program, "-noColor", "-noLogo", "-xml", results];
        if (filter is not null)
        {
            arguments.AddRange(["-method", $"*{filter}*"]);
        }

        return arguments;
    }

    private static SuiteResult Read(string name, string results, ProcessOutcome outcome)
    {
        try
        {
            var assemblies = XDocument.Load(results).Root!.Elements("assembly").ToArray();
            var broken = SumOf(assemblies, "errors");
            var failed = SumOf(assemblies, "failed") + broken;
            var (passed, skipped) = (SumOf(assemblies, "passed"), SumOf(assemblies, "skipped") + SumOf(assemblies, "not-run"));
            var silentFailure = outcome.ExitCode != 0 && failed == 0 && passed + skipped > 0;
            return silentFailure
                ? SuiteResult.Broken(name, $"ended with exit code {outcome.ExitCode} though no test failed", outcome.Seconds, outcome.Output)
                : new SuiteResult(name, passed, failed, skipped, outcome.Seconds, outcome.Output);
        }
        catch (Exception error) when (error is IOException or XmlException)
        {
            // A project without tests writes nothing and says so with exit code 0 or 8 (nothing ran).
            return outcome.ExitCode is 0 or 8
                ? new SuiteResult(name, 0, 0, 0, outcome.Seconds, outcome.Output)
                : SuiteResult.Broken(name, $"ended with exit code {outcome.ExitCode} and no result", outcome.Seconds, outcome.Output);
        }
    }

    private static int SumOf(IEnumerable<XElement> assemblies, string attribute) =>
        assemblies.Sum(a => int.TryParse(a.Attribute(attribute)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);
}
