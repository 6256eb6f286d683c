using System.Text;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Tests.Nodes;

public sealed class ContainerLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-log").FullName;

    private string Path => System.IO.Path.Combine(_directory, "c", "0.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Lines_keep_their_bytes_and_streams()
    {
        using (var log = new ContainerLog(Path, TimeProvider.System))
        {
            await log.PumpAsync(Bytes("one\n\ttwo \n\nlast without newline"), "stdout");
            await log.PumpAsync(Bytes("grüße\n"), "stderr");
        }

        (await ReadAsync(new LogOptions())).ShouldBe("one\n\ttwo \n\nlast without newline\ngrüße\n");
        File.ReadAllLines(Path).Select(l => string.Join(' ', l.Split(' ')[1..3])).ShouldBe(["stdout F", "stdout F", "stdout F", "stdout F", "stderr F"]);
    }

    [Fact]
    public async Task A_long_line_is_split_in_the_file_and_whole_for_the_reader()
    {
        var line = new string('x', CriLog.MaxEntry * 2 + 5);
        using (var log = new ContainerLog(Path, TimeProvider.System))
        {
            await log.PumpAsync(Bytes(line + "\nnext\n"), "stdout");
        }

        (await ReadAsync(new LogOptions())).ShouldBe(line + "\nnext\n");
        File.ReadAllLines(Path).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "5\n")]
    [InlineData(3, "3\n4\n5\n")]
    [InlineData(9, "1\n2\n3\n4\n5\n")]
    public async Task The_tail_counts_lines_from_the_end(int lines, string expected)
    {
        using (var log = new ContainerLog(Path, TimeProvider.System))
        {
            await log.PumpAsync(Bytes("1\n2\n3\n4\n5\n"), "stdout");
        }

        (await ReadAsync(new LogOptions { TailLines = lines })).ShouldBe(expected);
    }

    [Fact]
    public async Task The_byte_limit_cuts_within_a_line()
    {
        using (var log = new ContainerLog(Path, TimeProvider.System))
        {
            await log.PumpAsync(Bytes("hello\nworld\n"), "stdout");
        }

        (await ReadAsync(new LogOptions { LimitBytes = 8 })).ShouldBe("hello\nwo");
    }

    [Fact]
    public async Task A_follower_sees_what_comes_and_ends_with_the_container()
    {
        var log = new ContainerLog(Path, TimeProvider.System);
        log.WriteLine("stdout", "first");
        await using var stream = LogReader.Open(Path, log, new LogOptions { Follow = true }, TimeProvider.System, CancellationToken.None);
        using var reader = new StreamReader(stream);

        (await reader.ReadLineAsync()).ShouldBe("first");
        log.WriteLine("stdout", "second");
        (await reader.ReadLineAsync()).ShouldBe("second");
        log.Dispose();
        (await reader.ReadLineAsync()).ShouldBeNull();
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<string> ReadAsync(LogOptions options)
    {
        await using var stream = LogReader.Open(Path, null, options, TimeProvider.System, CancellationToken.None);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
