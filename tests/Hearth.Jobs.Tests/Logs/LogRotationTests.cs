using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Tests.Logs;

public sealed class LogRotationTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var (head, body) in CaseFile.Read("log-rotation.txt"))
        {
            data.Add(head, string.Join('\n', body));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_log_is_cut_between_lines_and_the_oldest_files_go(string head, string expected)
    {
        await using var bucket = new Bucket();
        var chunks = head.Split(" | ");
        var rule = chunks[0].Split(' ').Select(int.Parse).ToArray();
        using (var log = bucket.Log(new LogRotation(rule[0], rule[1])))
        {
            foreach (var chunk in chunks[1..])
            {
                await log.AppendAsync(Encoding.UTF8.GetBytes(chunk.Replace('/', '\n')), TestContext.Current.CancellationToken);
            }

            await log.UploadAsync(TestContext.Current.CancellationToken);
        }

        bucket.Files("stdout").ShouldBe(expected.Split('\n').Select(l => l.Replace('/', '\n')));
        bucket.Spooled().ShouldBeEmpty();
    }

    [Fact]
    public async Task Uploads_between_rotations_end_with_the_same_objects_and_write_only_what_changed()
    {
        await using var bucket = new Bucket();
        using var log = bucket.Log(new LogRotation(2, 2));
        foreach (var line in (string[])["a\n", "b\n", "c\n", "d\n", "e\n"])
        {
            await log.AppendAsync(Encoding.UTF8.GetBytes(line), TestContext.Current.CancellationToken);
            await log.UploadAsync(TestContext.Current.CancellationToken);
            await log.UploadAsync(TestContext.Current.CancellationToken);
        }

        bucket.Files("stdout").ShouldBe(["e\n", "d\n", "c\n"]);
        bucket.Writes.ShouldBe(1 + 2 + 3 + 3 + 3);
    }

    [Fact]
    public async Task What_a_killed_platform_left_is_not_repeated()
    {
        await using var bucket = new Bucket();
        await bucket.LeaveAsync("of before\n");
        using var log = bucket.Log(null);
        await log.AppendAsync("now\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await log.UploadAsync(TestContext.Current.CancellationToken);
        bucket.Files("stdout").ShouldBe(["now\n"]);
    }

    private sealed class Bucket : IObjectWriter, IAsyncDisposable
    {
        private readonly DirectoryInfo _spool = Directory.CreateTempSubdirectory("hearth-rotation-");
        private readonly ConcurrentDictionary<string, string> _objects = new(StringComparer.Ordinal);

        public int Writes { get; private set; }

        private string Spool => Path.Combine(_spool.FullName, "stdout");

        public LogFile Log(LogRotation? rotation) => new(Spool, "s3://b/stdout", rotation, null, this);

        public Task LeaveAsync(string text) => File.WriteAllTextAsync(Spool, text);

        public async Task PutAsync(Uri uri, Stream content, string contentType, string? roleArn, CancellationToken ct)
        {
            using var reader = new StreamReader(new GZipStream(content, CompressionMode.Decompress));
            _objects[uri.ToString()] = await reader.ReadToEndAsync(ct);
            Writes++;
        }

        public IEnumerable<string> Files(string log)
        {
            _objects.Count.ShouldBe(Enumerable.Range(0, 60).Count(age => _objects.ContainsKey("s3://b/" + LogRotation.Name(log, age))));
            return Enumerable.Range(0, _objects.Count).Select(age => _objects["s3://b/" + LogRotation.Name(log, age)]);
        }

        public IEnumerable<string> Spooled() => _spool.EnumerateFiles().Select(f => f.Name);

        public ValueTask DisposeAsync()
        {
            _spool.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
