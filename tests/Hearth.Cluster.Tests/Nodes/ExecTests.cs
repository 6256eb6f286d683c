using System.Text;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Tests.Nodes;

/// <summary>Further processes in running containers: real sandboxes, entered.</summary>
public sealed class ExecTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-exec").FullName;
    private readonly ProcessStarter _starter = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _starter.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task It_is_in_the_container_as_its_user_with_its_files_processes_and_variables()
    {
        await using var container = await StartAsync(999, variables: new() { ["PATH"] = "/usr/bin:/bin", ["SAID"] = "it's \"fine\"\nreally $HOME" });

        var (code, output, _) = await RunAsync(container, "cat /tmp/mark /data/volume; echo \"$SAID\"; id -u; hostname; cat /proc/2/comm; exit 3");

        output.ShouldBe("marked\nfrom the volume\nit's \"fine\"\nreally $HOME\n999\nbox\nsh\n");
        code.ShouldBe(3);
    }

    [Fact]
    public async Task A_variable_whose_name_no_shell_can_say_is_there_too()
    {
        await using var container = await StartAsync(999, variables: new() { ["PATH"] = "/usr/bin:/bin", ["spark.conf"] = "a b" });
        await using var session = await container.ExecAsync(_starter, new ExecCommand(["env"], Stdin: false, Tty: false), _directory);

        (await new StreamReader(session.Stdout).ReadToEndAsync(Ct)).ShouldContain("spark.conf=a b\n");
    }

    [Fact]
    public async Task It_has_no_more_rights_than_the_container()
    {
        await using var container = await StartAsync(999);
        var secret = Path.Combine(_directory, "secret");
        File.WriteAllText(secret, "of this machine");

        var (_, output, _) = await RunAsync(container, $"grep -E 'Cap(Inh|Prm|Eff|Amb)|NoNewPrivs' /proc/self/status; test -e {secret} || echo hidden; touch /usr/x 2>/dev/null || echo read-only");

        output.ShouldBe("CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nhidden\nread-only\n");
    }

    [Fact]
    public async Task In_a_container_of_root_it_has_no_rights_either()
    {
        await using var container = await StartAsync(0);

        (await RunAsync(container, "id -u; grep CapEff /proc/self/status")).Output.ShouldBe("0\nCapEff:\t0000000000000000\n");
    }

    [Fact]
    public async Task Root_enters_no_container_whose_mounts_its_program_could_change()
    {
        await using var container = await StartAsync(0, group: 0);
        if (Environment.IsPrivilegedProcess)
        {
            var refused = await Should.ThrowAsync<SandboxEntryException>(() => container.ExecAsync(_starter, new ExecCommand(["id"], Stdin: false, Tty: false), _directory));
            refused.Message.ShouldContain("runAsUser");
        }
        else
        {
            (await RunAsync(container, "id -u; grep CapEff /proc/self/status")).Output.ShouldBe("0\nCapEff:\t0000000000000000\n");
        }
    }

    [Fact]
    public async Task Input_goes_in_and_errors_come_out_apart()
    {
        await using var container = await StartAsync(999);
        await using var session = await container.ExecAsync(_starter, new ExecCommand(["sh", "-c", "tr a-z A-Z; echo no >&2"], Stdin: true, Tty: false), _directory);

        await session.Stdin!.WriteAsync(Encoding.UTF8.GetBytes("hello"), Ct);
        await session.Stdin.DisposeAsync();

        (await new StreamReader(session.Stdout).ReadToEndAsync(Ct)).ShouldBe("HELLO");
        (await new StreamReader(session.Stderr!).ReadToEndAsync(Ct)).ShouldBe("no\n");
        (await session.Exited.WaitAsync(Deadline, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task A_terminal_has_a_size_echoes_and_interrupts()
    {
        await using var container = await StartAsync(999);
        await using var session = await container.ExecAsync(_starter, new ExecCommand(["sh", "-c", "trap 'stty size; echo $TERM; exit 7' INT; echo ready; while true; do sleep 0.05; done"], Stdin: true, Tty: true), _directory);
        using var output = new StreamReader(session.Stdout);
        session.Stderr.ShouldBeNull();

        (await output.ReadLineAsync(Ct)).ShouldBe("ready");
        session.Resize(132, 43);
        await session.Stdin!.WriteAsync((byte[])[3], Ct); // Ctrl-C

        (await output.ReadToEndAsync(Ct)).ReplaceLineEndings("\n").ShouldBe("^C43 132\nxterm\n");
        (await session.Exited.WaitAsync(Deadline, Ct)).ShouldBe(7);
    }

    [Fact]
    public async Task A_shell_on_a_terminal_ends_though_it_leaves_something_behind()
    {
        await using var container = await StartAsync(999);
        await using var session = await container.ExecAsync(_starter, new ExecCommand(["bash", "-c", "sleep 1000 & echo left"], Stdin: true, Tty: true), _directory);

        (await new StreamReader(session.Stdout).ReadToEndAsync(Ct).WaitAsync(Deadline, Ct)).ReplaceLineEndings("\n").ShouldBe("left\n");
    }

    [Fact]
    public async Task A_session_that_is_left_ends_its_processes_and_the_container_goes_on()
    {
        await using var container = await StartAsync(999);
        var session = await container.ExecAsync(_starter, new ExecCommand(["sh", "-c", "echo $$; sleep 1000"], Stdin: false, Tty: false), _directory);
        var pid = await new StreamReader(session.Stdout).ReadLineAsync(Ct);
        await session.DisposeAsync();

        (await RunAsync(container, $"for i in $(seq 500); do test -e /proc/{pid} || break; sleep 0.02; done; test -e /proc/{pid} || echo gone")).Output.ShouldBe("gone\n");
        container.Exited.IsCompleted.ShouldBeFalse();
        Directory.GetFiles(_directory, ".exec-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task It_counts_against_the_containers_memory_limit()
    {
        using var limiter = Limiter.Detect($"test-exec-{Environment.ProcessId}");
        var limits = limiter.Create("exec", 64 << 20, null);
        Assert.SkipWhen(limits is null, $"needs a writable cgroup hierarchy ({limiter.Description})");
        await using var container = await StartAsync(999, limits);

        (await RunAsync(container, "python3 -c 'x = bytearray(256 << 20); print(len(x))'")).Code.ShouldBe(137);
    }

    [Fact]
    public async Task A_container_that_has_ended_cannot_be_entered()
    {
        await using var container = await StartAsync(999);
        container.Kill();
        await container.Exited.WaitAsync(Deadline, Ct);

        await Should.ThrowAsync<SandboxEntryException>(() => container.ExecAsync(_starter, new ExecCommand(["id"], Stdin: false, Tty: false), _directory));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(ContainerProcess container, string script)
    {
        await using var session = await container.ExecAsync(_starter, new ExecCommand(["sh", "-c", script], Stdin: false, Tty: false), _directory);
        var errors = new StreamReader(session.Stderr!).ReadToEndAsync(Ct);
        var output = await new StreamReader(session.Stdout).ReadToEndAsync(Ct);
        return (await session.Exited.WaitAsync(Deadline, Ct), output, await errors);
    }

    private async Task<ContainerProcess> StartAsync(long user, IContainerLimits? limits = null, Dictionary<string, string>? variables = null, long group = 1000)
    {
        var (bwrap, problem) = await SandboxProbe.FindAsync(Ct);
        Assert.SkipWhen(bwrap is null, $"needs bubblewrap: {problem}");
        var etc = Path.Combine(_directory, "etc");
        ContainerEtc.Write(etc);
        var volume = Directory.CreateDirectory(Path.Combine(_directory, "volume")).FullName;
        File.WriteAllText(Path.Combine(volume, "volume"), "from the volume\n");
        string[] script = ["sh", "-c", "echo marked > /tmp/mark; echo ready; while true; do sleep 1000; done"];
        var command = new ContainerCommand(script, variables ?? new() { ["PATH"] = "/usr/bin:/bin" }, "/", [new HostMount(volume, "/data", Writable: true)], "box", user, group);
        var log = new ContainerLog(Path.Combine(_directory, "log", "0.log"), TimeProvider.System);
        var container = await ContainerProcess.StartAsync(_starter, new BubblewrapSandbox(bwrap!, etc), command, log, limits);
        await using var started = LogReader.Open(container.Log.Path, container.Log, new LogOptions { Follow = true }, TimeProvider.System, Ct);
        (await new StreamReader(started).ReadLineAsync(Ct)).ShouldBe("ready");
        return container;
    }
}
