using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Tests;

public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Up_announces_itself_and_stops_cleanly_when_asked_to()
    {
        var platform = new FakePlatform();
        using var ctrlC = new CancellationTokenSource();
        var up = new CliHarness { Hosts = platform }.RunAsync(ctrlC.Token, Up());

        var options = await platform.Started.WaitAsync(Deadline);
        await EndpointsAsync();
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_directory.In("endpoints.json"));
        var status = await CliHarness.Run("status", "--output", "json", "--data-dir", _directory.Path);
        await ctrlC.CancelAsync();
        var outcome = await up.WaitAsync(Deadline);

        options.Platform.Name.ShouldBe("emr-eks-karpenter");
        JsonNode.Parse(status.Out)!["state"]!.GetValue<string>().ShouldBe("running");
        JsonNode.Parse(status.Out)!["pid"]!.GetValue<int>().ShouldBe(Environment.ProcessId);
        status.ExitCode.ShouldBe(0);
        mode.ShouldBe(OperatingSystem.IsWindows() ? default : UnixFileMode.UserRead | UnixFileMode.UserWrite);
        platform.Stopped.ShouldBeTrue();
        outcome.ExitCode.ShouldBe(0);
        outcome.Out.ShouldContain("Kubernetes  https://127.0.0.1:6443");
        outcome.Out.ShouldContain("export AWS_ENDPOINT_URL=http://127.0.0.1:4566");
        File.Exists(_directory.In("endpoints.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_up_on_the_same_directory_says_who_holds_it()
    {
        var platform = new FakePlatform();
        using var ctrlC = new CancellationTokenSource();
        var first = new CliHarness { Hosts = platform }.RunAsync(ctrlC.Token, Up());
        await platform.Started.WaitAsync(Deadline);

        var second = await CliHarness.Run(Up());
        await ctrlC.CancelAsync();
        await first.WaitAsync(Deadline);

        second.ExitCode.ShouldBe(ExitCodes.Failure);
        second.Error.ShouldStartWith($"hearth: the data directory {_directory.Path} is in use by process {Environment.ProcessId}\n");
    }

    [Fact]
    public async Task A_port_in_use_says_how_to_get_a_free_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var platform = new FakePlatform();

        var outcome = await new CliHarness { Hosts = platform }.RunAsync(CancellationToken.None, ["up", "--data-dir", _directory.Path, "--kubernetes-port", $"{port}"]);

        outcome.ShouldBe(new CliOutcome(
            ExitCodes.Failure, string.Empty, $"hearth: port {port} is in use\nUse --kubernetes-port 0 for a free one, or --kubernetes-port N for another.\n"));
        platform.Started.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_directory_of_a_newer_version_is_left_alone()
    {
        await File.WriteAllTextAsync(_directory.In("version"), "2\n");

        var outcome = await CliHarness.Run(Up());

        outcome.ExitCode.ShouldBe(ExitCodes.Failure);
        outcome.Error.ShouldStartWith($"hearth: {_directory.Path} was written by a newer Hearth (format 2; this version knows up to 1)\n");
        Directory.GetFileSystemEntries(_directory.Path).ShouldBe([_directory.In("version")]);
    }

    [Fact]
    public async Task A_directory_of_something_else_is_left_alone()
    {
        await File.WriteAllTextAsync(_directory.In("version"), "PostgreSQL 16\n");

        (await CliHarness.Run(Up())).Error.ShouldContain("says 'PostgreSQL 16', which is not a format number");
    }

    [Fact]
    public async Task A_failed_start_stops_what_was_started_and_frees_the_directory()
    {
        var platform = new FakePlatform { Failure = new CliException("no engine", "Install it.") };

        var outcome = await new CliHarness { Hosts = platform }.RunAsync(CancellationToken.None, Up());
        var status = await CliHarness.Run("status", "--data-dir", _directory.Path);

        outcome.ShouldBe(new CliOutcome(ExitCodes.Failure, string.Empty, "hearth: no engine\nInstall it.\n"));
        platform.Stopped.ShouldBeTrue();
        status.Out.ShouldContain("stopped");
        status.ExitCode.ShouldBe(ExitCodes.Failure);
    }

    [Fact]
    public async Task The_data_directory_is_its_owners_only()
    {
        var inside = _directory.In("new");

        await new CliHarness { Hosts = new FakePlatform { Failure = new CliException("stop here") } }
            .RunAsync(CancellationToken.None, "up", "--data-dir", inside, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0");

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(inside).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string[] Up() => ["up", "--data-dir", _directory.Path, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0"];

    private async Task EndpointsAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!File.Exists(_directory.In("endpoints.json")))
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
