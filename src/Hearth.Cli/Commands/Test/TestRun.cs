using System.Diagnostics;
using System.Globalization;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Test;

/// <summary>One run of the tests of a clone.</summary>
internal sealed class TestRun(CliContext context, string home, string configuration, string? filter, string? project)
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(15);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var dotnet = DotnetSdk.Path(context);
        if (!await BuildAsync(dotnet, cancellation))
        {
            context.Print("0 passed, 1 failed, 0 skipped");
            return ExitCodes.Failure;
        }

        // Many tests leave files behind when they are stopped half-way; all of them go with the run.
        using var scratch = ScratchDirectory.Create("test");
        var results = new List<SuiteResult>();
        foreach (var directory in Directory.GetDirectories(Path.Combine(home, "tests"), "*.Tests").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(directory);
            if (Wanted(name))
            {
                Report(results, await new DotnetSuite(dotnet, directory, configuration, filter, scratch).RunAsync(cancellation));
            }
        }

        if (Wanted("python") && Directory.Exists(Path.Combine(home, "python", "tests")))
        {
            Report(results, await new PythonSuite(home, filter, scratch).RunAsync(cancellation));
        }

        return Summarise(results);
    }

    private bool Wanted(string name) => project is null || name.Contains(project, StringComparison.OrdinalIgnoreCase);

    private async Task<bool> BuildAsync(string dotnet, CancellationToken cancellation)
    {
        context.Say("building the solution ...");
        var compiler = new CompilerServer(dotnet, home);
        string[] arguments = ["build", "Hearth.slnx", "--configuration", configuration, "--nologo", "--verbosity", "quiet", "-nodeReuse:false", .. compiler.Arguments];
        ProcessOutcome build;
        try
        {
            build = await ProcessRunner.RunAsync(dotnet, arguments, home, BuildDeadline, cancellation);
        }
        finally
        {
            await compiler.StopAsync();
        }

        if (build.ExitCode == 0)
        {
            context.Say(Invariant($"built in {build.Seconds:0} s"));
            return true;
        }

        context.Print(build.Output.TrimEnd());
        context.Print(build.TimedOut ? "the build did not end in time" : "the build failed");
        return false;
    }

    private void Report(List<SuiteResult> results, SuiteResult result)
    {
        results.Add(result);
        if (result.Failed > 0)
        {
            context.Print(result.Output.TrimEnd());
        }

        context.Print(Invariant(
            $"{(result.Failed > 0 ? "FAIL" : "ok  ")} {result.Name,-32} {result.Passed,5} passed {result.Failed,4} failed {result.Skipped,4} skipped {result.Seconds,7:0.0} s"));
        context.Out.Flush();
    }

    private int Summarise(List<SuiteResult> results)
    {
        var (passed, failed, skipped) = (results.Sum(r => r.Passed), results.Sum(r => r.Failed), results.Sum(r => r.Skipped));
        if (passed + failed + skipped == 0)
        {
            context.Say("hearth: no test matches");
            failed = 1;
        }

        context.Print(Invariant($"{passed} passed, {failed} failed, {skipped} skipped"));
        return failed == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
