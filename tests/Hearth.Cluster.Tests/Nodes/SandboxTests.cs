using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Tests.Nodes;

/// <summary>Real processes in real sandboxes.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-box").FullName;
    private readonly ProcessStarter _starter = new();

    public void Dispose()
    {
        _starter.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_container_sees_its_volumes_and_user_but_not_the_machine()
    {
        var secret = Path.Combine(_directory, "secret");
        File.WriteAllText(secret, "s");
        var volume = Directory.CreateDirectory(Path.Combine(_directory, "volume")).FullName;
        File.WriteAllText(Path.Combine(volume, "in.txt"), "from the volume");

        var (exit, output) = await RunAsync(
            ["sh", "-c", $"cat /data/in.txt; echo; id -u; hostname; echo out > /data/out.txt; test -e {secret} || echo hidden; ls /root 2>/dev/null | wc -l; env | grep -c SECRET"],
            [new HostMount(volume, "/data", Writable: true)]);

        output.ShouldBe("from the volume\n999\nbox\nhidden\n0\n0\n");
        exit.ExitCode.ShouldBe(1);
        File.ReadAllText(Path.Combine(volume, "out.txt")).ShouldBe("out\n");
    }

    [Fact]
    public async Task A_read_only_volume_cannot_be_written()
    {
        var (exit, output) = await RunAsync(["sh", "-c", "echo x > /data/f 2>/dev/null; echo $?"], [new HostMount(_directory, "/data")]);

        exit.ExitCode.ShouldBe(0);
        output.ShouldNotBe("0\n");
    }

    [Fact]
    public async Task Changing_the_owner_of_a_file_succeeds_and_changes_nothing()
    {
        var volume = Directory.CreateDirectory(Path.Combine(_directory, "volume")).FullName;
        File.WriteAllText(Path.Combine(volume, "f"), "x");

        var (exit, output) = await RunAsync(["sh", "-c", "chown -R 0:1000 /data && chgrp 5 /data/f && stat -c %u /data/f"], [new HostMount(volume, "/data", Writable: true)]);

        exit.ExitCode.ShouldBe(0);
        output.ShouldBe("999\n");
    }

    [Fact]
    public async Task Variables_of_a_container_rule_nothing_outside_of_it()
    {
        // The loader writes its report wherever it is told: by a program outside of the sandbox it would appear on this machine.
        var report = Path.Combine(_directory, "loader");
        var variables = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LD_DEBUG"] = "libs", ["LD_DEBUG_OUTPUT"] = report, ["MINE"] = "a b\nc" };

        var (_, output) = await RunAsync(["sh", "-c", "echo \"$MINE\""], [], variables);

        output.ShouldContain("a b\nc\n");
        Directory.GetFiles(_directory, "loader*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Variables_are_not_among_the_arguments_that_every_user_of_the_machine_can_read()
    {
        var variables = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["PASSWORD"] = "not-for-ps" };

        var (_, output) = await RunAsync(["sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline; echo; echo $PASSWORD"], [], variables);

        output.Split("not-for-ps").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_mount_path_cannot_climb_out_while_the_sandbox_is_made()
    {
        var volume = Directory.CreateDirectory(Path.Combine(_directory, "volume")).FullName;
        var outside = Path.Combine(_directory, "made-outside");

        var (exit, _) = await RunAsync(["true"], [new HostMount(volume, "/../oldroot" + outside, Writable: true)]);

        exit.ExitCode.ShouldBe(0);
        Directory.Exists(outside).ShouldBeFalse();
    }

    [Fact]
    public async Task A_variable_with_a_NUL_is_refused() =>
        await Should.ThrowAsync<ContainerConfigException>(() => RunAsync(["true"], [], new Dictionary<string, string> { ["A"] = "x\0--bind\0/\0/host" }));

    [Fact]
    public async Task A_container_sees_no_private_keys_of_the_machine() =>
        (await RunAsync(["sh", "-c", "ls -d /etc/ssl/private /etc/pki/tls/private 2>/dev/null; echo end"], [])).Output.ShouldBe("end\n");

    [Fact]
    public async Task A_container_cannot_change_the_settings_of_the_kernel()
    {
        // Writes back what it read: harmless where it succeeds.
        var (_, output) = await RunAsync(
            ["sh", "-c", "for f in kernel/core_pattern kernel/hostname vm/swappiness; do cat /proc/sys/$f > /tmp/v; (cat /tmp/v > /proc/sys/$f) 2>/dev/null && echo wrote $f; done; cat /proc/keys 2>/dev/null | wc -c; echo end"], []);

        output.ShouldBe("0\nend\n");
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("true", 0)]
    public async Task Exit_codes_arrive(string script, int expected) =>
        (await RunAsync(["sh", "-c", script], [])).Exit.ExitCode.ShouldBe(expected);

    [Fact]
    public async Task Termination_reaches_the_command_and_its_handler_runs()
    {
        await using var process = await StartAsync(["sh", "-c", "trap 'echo bye; exit 9' TERM; echo ready; while true; do sleep 0.05; done"], []);
        await WaitForAsync(process, "ready");

        await process.StopAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        (await process.Exited).ExitCode.ShouldBe(9);
        (await ReadAsync(process.Log.Path)).ShouldEndWith("bye\n");
    }

    [Fact]
    public async Task A_container_that_ignores_termination_is_killed_after_the_grace()
    {
        await using var process = await StartAsync(["sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.05; done"], []);
        await WaitForAsync(process, "ready");

        await process.StopAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        (await process.Exited).ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task A_container_over_its_memory_limit_ends_as_out_of_memory()
    {
        using var limiter = Limiter.Detect($"test-{Environment.ProcessId}");
        var limits = limiter.Create("oom", 32 << 20, null);
        Assert.SkipWhen(limits is null, $"needs a writable cgroup hierarchy ({limiter.Description})");

        await using var process = await StartAsync(["python3", "-c", "x = bytearray(256 << 20); print(len(x))"], [], limits);
        var exit = await process.Exited.WaitAsync(TimeSpan.FromSeconds(60));

        exit.ShouldBe(new ContainerExit(137, OutOfMemory: true));
    }

    [Fact]
    public void Groups_that_a_killed_platform_left_go_with_the_next_start_and_all_with_the_end()
    {
        var name = $"test-left-{Environment.ProcessId}";
        var killed = Limiter.Detect(name);
        Assert.SkipWhen(killed.Create("container", 32 << 20, 100) is null, $"needs a writable cgroup hierarchy ({killed.Description})");
        Groups(name).SelectMany(Directory.GetDirectories).ShouldNotBeEmpty();

        using (Limiter.Detect(name))
        {
            Groups(name).SelectMany(Directory.GetDirectories).ShouldBeEmpty();
        }

        Groups(name).ShouldBeEmpty();
    }

    private static IEnumerable<string> Groups(string name) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"hearth-{name}", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true }).ToArray();

    private static async Task WaitForAsync(ContainerProcess process, string line)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = LogReader.Open(process.Log.Path, process.Log, new LogOptions { Follow = true }, TimeProvider.System, deadline.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(deadline.Token) is { } read && read != line)
        {
        }
    }

    private async Task<(ContainerExit Exit, string Output)> RunAsync(string[] arguments, HostMount[] mounts, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = await StartAsync(arguments, mounts, environment: environment);
        var exit = await process.Exited.WaitAsync(TimeSpan.FromSeconds(60));
        return (exit, await ReadAsync(process.Log.Path));
    }

    private static async Task<string> ReadAsync(string path)
    {
        await using var stream = LogReader.Open(path, null, new LogOptions(), TimeProvider.System, CancellationToken.None);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<ContainerProcess> StartAsync(string[] arguments, HostMount[] mounts, IContainerLimits? limits = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (bwrap, problem) = await SandboxProbe.FindAsync(CancellationToken.None);
        Assert.SkipWhen(bwrap is null, $"needs bubblewrap: {problem}");
        var etc = Path.Combine(_directory, "etc");
        ContainerEtc.Write(etc);
        var command = new ContainerCommand(arguments, environment ?? new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, "/", mounts, "box", 999, 1000);
        var log = new ContainerLog(Path.Combine(_directory, Guid.NewGuid().ToString("N"), "0.log"), TimeProvider.System);
        return await ContainerProcess.StartAsync(_starter, new BubblewrapSandbox(bwrap!, etc), command, log, limits);
    }
}
