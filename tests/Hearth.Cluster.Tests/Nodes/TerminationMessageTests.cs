using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Pods;

namespace Hearth.Cluster.Tests.Nodes;

public sealed class TerminationMessageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-message").FullName;

    private string File => Path.Combine(_directory, "message");

    private string Log => Path.Combine(_directory, "0.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("/dev/termination-log", true)]
    [InlineData("/var/log/spark/error.log", true)]
    [InlineData("/var/log/spark/user/error.log", false)] // in a volume
    [InlineData("/var/log/spark/user", false)]
    [InlineData("relative", false)]
    public void The_file_is_mounted_outside_of_volumes(string path, bool mounts) =>
        (new TerminationMessage(File, path, false).Mount([new HostMount("/x", "/var/log/spark/user"), new HostMount("/y", "/opt/")]) is not null).ShouldBe(mounts);

    [Theory]
    [InlineData("said", false, true, "said")]
    [InlineData("said", true, true, "said")]
    [InlineData("", true, true, "line 120\nline 121\n")]
    [InlineData("", true, false, null)] // it did not fail
    [InlineData("", false, true, null)] // the policy is File
    public async Task A_failed_container_speaks_through_its_file_or_the_end_of_its_log(string said, bool fallsBack, bool failed, string? expected)
    {
        await System.IO.File.WriteAllTextAsync(File, said);
        await System.IO.File.WriteAllLinesAsync(Log, Enumerable.Range(1, 121).Select(i => $"2024-05-01T10:00:00Z stdout F line {i}"));

        var read = await new TerminationMessage(File, "/dev/termination-log", fallsBack).ReadAsync(failed, Log, TimeProvider.System);

        (read is { Length: > 30 } && expected is not null ? read[^expected.Length..] : read).ShouldBe(expected);
        (read?.Split('\n').Length ?? 0).ShouldBeLessThanOrEqualTo(81);
    }

    [Fact]
    public async Task A_message_is_cut_and_a_file_that_is_gone_says_nothing()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 10_000));
        (await new TerminationMessage(File, "/dev/termination-log", false).ReadAsync(false, Log, TimeProvider.System))!.Length.ShouldBe(4096);
        System.IO.File.Delete(File);
        (await new TerminationMessage(File, "/dev/termination-log", true).ReadAsync(true, Log, TimeProvider.System)).ShouldBeNull();
    }
}
