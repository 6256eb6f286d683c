using System.Diagnostics;
using Hearth.Cli.Commands.Test;

namespace Hearth.Cli.Tests;

public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Output_of_both_streams_and_the_exit_code_are_kept()
    {
        var outcome = await ProcessRunner.RunAsync("/bin/sh", ["-c", "echo a; echo b >&2; exit 3"], "/", Long, CancellationToken.None);

        outcome.ExitCode.ShouldBe(3);
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task Standard_input_is_empty() =>
        (await ProcessRunner.RunAsync("cat", [], "/", Long, CancellationToken.None)).ShouldSatisfyAllConditions(o => o.ExitCode.ShouldBe(0), o => o.Output.ShouldBeEmpty());

    [Fact]
    public async Task A_deadline_ends_it()
    {
        var outcome = await ProcessRunner.RunAsync("sleep", ["60"], "/", TimeSpan.FromMilliseconds(50), CancellationToken.None);

        outcome.TimedOut.ShouldBeTrue();
    }

    [Fact]
    public async Task Something_left_behind_with_the_output_open_does_not_hold_it_up()
    {
        var outcome = await ProcessRunner.RunAsync("/bin/sh", ["-c", "sleep 60 & echo $!"], "/", Long, CancellationToken.None);

        outcome.ExitCode.ShouldBe(0);
        using var left = Process.GetProcessById(int.Parse(outcome.Output, System.Globalization.CultureInfo.InvariantCulture));
        left.HasExited.ShouldBeFalse();
        left.Kill();
    }
}
