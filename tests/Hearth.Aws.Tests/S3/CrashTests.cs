using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

/// <summary>A process that writes, copies, joins, replaces and deletes objects is killed at any moment, many times over the same directories.</summary>
public sealed class CrashTests
{
    private const string Variable = "HEARTH_TEST_S3_WRITER";
    private const int Rounds = 12;
    private const int Keys = 8;

    [Fact]
    public async Task What_was_acknowledged_is_there_whole_with_its_metadata()
    {
        var directory = Directory.CreateTempSubdirectory("hearth-crash-");
        var random = new Random(7);
        var acknowledged = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            await WriteUntilKilledAsync(directory.FullName, random.Next(1, 200), acknowledged);
            using var storage = Open(directory.FullName);
            foreach (var (key, version) in acknowledged.ToArray())
            {
                var (found, whole) = await ReadAsync(storage, key);
                whole.ShouldBeTrue($"{key} is torn in round {round}");
                found.ShouldBeGreaterThanOrEqualTo(version, $"{key} went back in round {round}");
                acknowledged[key] = found;
            }
            storage.List("crash", new ListQuery()).Objects.ShouldAllBe(o => o.Key.StartsWith("deep/"));
            CheckUploads(storage, round);
        }
        acknowledged.Values.Sum().ShouldBeGreaterThan(Rounds);
        directory.Delete(recursive: true);
    }

    /// <summary>An upload that a kill left is as complete as it was: it can be listed and aborted.</summary>
    private static void CheckUploads(ObjectStorage storage, int round)
    {
        var uploads = new MultipartUploads(storage);
        foreach (var upload in uploads.List("crash"))
        {
            uploads.Parts("crash", upload.UploadId).ShouldAllBe(p => p.Size > 0);
            uploads.Remove("crash", upload.UploadId).ShouldBeTrue($"round {round}");
        }
        uploads.List("crash").ShouldBeEmpty();
    }

    /// <summary>The writer: not a test of its own, but what the child process runs until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Write_until_killed()
    {
        var directory = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "is started by another test");
        var storage = Open(directory!);
        storage.CreateBucket("crash");
        await using var output = Console.OpenStandardOutput();
        var uploads = new MultipartUploads(storage);
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(i => Task.Run(() =>
            WriteForeverAsync(storage, $"deep/{i % 3}/key{i}", output, (i % 4) switch { 1 => Join(uploads), 2 => Copied, _ => Put }))));
    }

    /// <summary>One way to make an object of a version.</summary>
    private delegate Task Write(ObjectStorage storage, string key, byte[] content, string type);

    private static Task Put(ObjectStorage storage, string key, byte[] content, string type) => storage.PutAsync("crash", key, new MemoryStream(content), type);

    /// <summary>As CopyObject does it: from an object, through staged bytes.</summary>
    private static async Task Copied(ObjectStorage storage, string key, byte[] content, string type)
    {
        await storage.PutAsync("crash", key + ".gone", new MemoryStream(content), type);
        using var source = storage.Open("crash", key + ".gone")!;
        await using var staged = await storage.StageAsync(source.Stream(), source.Info.Size, null, sha256: false, CancellationToken.None);
        await storage.CommitAsync(staged, "crash", key, source.Info.Metadata, WriteCondition.None, CancellationToken.None);
    }

    /// <summary>As CompleteMultipartUpload does it: parts, joined, then the upload forgotten.</summary>
    private static Write Join(MultipartUploads uploads) => async (storage, key, content, type) =>
    {
        var upload = uploads.Create("crash", key, new ObjectMetadata { ContentType = type }, null);
        var number = 0;
        foreach (var piece in content.Chunk(1 + (content.Length / 3)))
        {
            await using var staged = await storage.StageAsync(new MemoryStream(piece), piece.Length, null, sha256: false, CancellationToken.None);
            uploads.AddPart("crash", upload.UploadId, ++number, staged, null).ShouldNotBeNull();
        }
        await using var joined = await uploads.JoinAsync(uploads.Parts("crash", upload.UploadId), CancellationToken.None);
        await storage.CommitAsync(joined, "crash", key, upload.Metadata with { ETag = "x-1", UploadId = upload.UploadId }, WriteCondition.None, CancellationToken.None);
        uploads.Remove("crash", upload.UploadId);
    };

    private static async Task WriteForeverAsync(ObjectStorage storage, string key, Stream output, Write write)
    {
        var (version, _) = await ReadAsync(storage, key);
        while (true)
        {
            version++;
            var facts = Content(version);
            await write(storage, key, facts, "text/v" + version.ToString(CultureInfo.InvariantCulture));
            await output.WriteAsync(Encoding.ASCII.GetBytes($"{key} {version}\n"));
            var other = key + ".gone";
            await storage.PutAsync("crash", other, new MemoryStream(facts));
            await storage.DeleteAsync("crash", other);
        }
    }

    private static async Task WriteUntilKilledAsync(string directory, int lines, Dictionary<string, int> acknowledged)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        }
        foreach (var argument in (string[])["-noColor", "-explicit", "only", "-method", $"{typeof(CrashTests).FullName}.{nameof(Write_until_killed)}"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[Variable] = directory;
        using var writer = Process.Start(start)!;
        var seen = 0;
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
        {
            var fields = line.Split(' ');
            if (fields.Length != 2 || !fields[0].StartsWith("deep/", StringComparison.Ordinal))
            {
                continue;
            }
            acknowledged[fields[0]] = int.Parse(fields[1], CultureInfo.InvariantCulture);
            if (++seen == lines)
            {
                writer.Kill();
            }
        }
        await writer.WaitForExitAsync();
        seen.ShouldBeGreaterThanOrEqualTo(lines);
    }

    private static async Task<(int Version, bool Whole)> ReadAsync(ObjectStorage storage, string key)
    {
        using var opened = storage.Open("crash", key);
        if (opened is null)
        {
            return (0, false);
        }
        using var memory = new MemoryStream();
        await opened.CopyToAsync(memory, 0, opened.Info.Size, CancellationToken.None);
        var type = opened.Info.Metadata.ContentType ?? "";
        return type.StartsWith("text/v", StringComparison.Ordinal) && int.TryParse(type[6..], CultureInfo.InvariantCulture, out var version)
            ? (version, memory.ToArray().AsSpan().SequenceEqual(Content(version)))
            : (0, false);
    }

    private static byte[] Content(int version) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"version {version};", 1 + ((version * 37) % 3000))));

    private static ObjectStorage Open(string directory) =>
        ObjectStorage.Open(Path.Combine(directory, "buckets"), Path.Combine(directory, "metadata"), TimeProvider.System);
}
