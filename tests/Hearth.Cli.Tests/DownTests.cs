using System.Diagnostics;
using System.Globalization;

namespace Hearth.Cli.Tests;

public sealed class DownTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Down_without_a_platform_says_so_and_succeeds()
    {
        await File.WriteAllTextAsync(_directory.In("endpoints.json"), "{}");

        var outcome = await CliHarness.Run("down", "--data-dir", _directory.Path);

        outcome.ShouldBe(new CliOutcome(0, $"no platform runs on {_directory.Path}\n", string.Empty));
        File.Exists(_directory.In("endpoints.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Down_of_a_directory_that_does_not_exist_says_that_nothing_runs()
    {
        var nowhere = _directory.In("nowhere");

        var outcome = await CliHarness.Run("down", "--data-dir", nowhere);

        outcome.ShouldBe(new CliOutcome(0, $"no platform runs on {nowhere}\n", string.Empty));
        Directory.Exists(nowhere).ShouldBeFalse();
    }

    [Fact]
    public async Task Down_ends_the_process_that_holds_the_lock_and_waits_for_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock (util-linux)");
        using var holder = Process.Start("/usr/bin/flock", ["--no-fork", _directory.In("hearth.lock"), "sleep", "60"]);
        await File.WriteAllTextAsync(_directory.In("hearth.pid"), holder.Id.ToString(CultureInfo.InvariantCulture));
        await HeldAsync();

        var outcome = await CliHarness.Run("down", "--data-dir", _directory.Path);

        outcome.ShouldBe(new CliOutcome(0, $"stopped; the data stays in {_directory.Path}\n", string.Empty));
        await holder.WaitForExitAsync();
    }

    [Fact]
    public async Task A_process_that_only_has_the_number_is_left_alone()
    {
        using var stranger = Process.Start("sleep", ["60"]);
        await File.WriteAllTextAsync(_directory.In("hearth.lock"), string.Empty);
        await File.WriteAllTextAsync(_directory.In("hearth.pid"), stranger.Id.ToString(CultureInfo.InvariantCulture));

        var outcome = await CliHarness.Run("down", "--data-dir", _directory.Path);

        outcome.Out.ShouldStartWith("no platform runs on");
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
        await stranger.WaitForExitAsync();
    }

    private async Task HeldAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!Hosting.DataDirectoryLock.IsHeld(new Hosting.DataDirectory(_directory.Path)))
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
