using System.Diagnostics;
using System.Globalization;
using Hearth.Aws.S3.Storage;

namespace Hearth.Bench.S3;

/// <summary>
/// S3 over HTTP beside plain file copies of the same bytes with the same durability, and beside moto_server where it is installed, in the
/// same run. Arguments: MiB of the large object (default 64), small objects (default 2000), keys to list (default 100000). Run it in Release.
/// </summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        int Number(int index, int missing) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : missing;
        var directory = Directory.CreateTempSubdirectory("hearth-bench-s3-").FullName;
        try
        {
            var started = Stopwatch.GetTimestamp();
            await using var server = await BenchServer.StartAsync(directory);
            Report.Line("start of the endpoint", Stopwatch.GetElapsedTime(started).TotalMilliseconds, "ms");
            await LargeAsync(server, directory, (long)Number(0, 64) << 20);
            using var moto = await MotoServer.TryStartAsync();
            foreach (var clients in (int[])[1, 16])
            {
                await SmallAsync(server, moto, directory, Number(1, 2000), clients);
            }
            await ListAsync(server, directory, Number(2, 100_000));
            Report.Line("managed heap at the end", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, "MiB");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task LargeAsync(BenchServer server, string directory, long size)
    {
        var source = Path.Combine(directory, "source");
        var block = new byte[1 << 20];
        new Random(1).NextBytes(block);
        await using (var file = File.Create(source))
        {
            for (long written = 0; written < size; written += block.Length)
            {
                await file.WriteAsync(block);
            }
        }
        var mib = size / 1048576.0;
        Report.Title(string.Create(CultureInfo.InvariantCulture, $"one object of {mib:0} MiB (MiB/s)"));
        var copy = mib / Time(() => Copy(source, Path.Combine(directory, "copy")));
        var putUnsigned = mib / await TimeAsync(() => server.Client.PutFileAsync("large", source, "UNSIGNED-PAYLOAD"));
        var hash = BenchClient.HashOf(source);
        var putSigned = mib / await TimeAsync(() => server.Client.PutFileAsync("large", source, hash));
        var get = mib / await TimeAsync(() => server.Client.GetAsync("large"));
        var read = mib / Time(() => Read(source));
        Report.Line("plain copy with fsync", copy, "MiB/s");
        Report.Line("PUT, payload not signed (MD5 for the ETag)", putUnsigned, "MiB/s", Report.Ratio(putUnsigned, copy, "plain copy"));
        Report.Line("PUT, payload signed (MD5 and SHA-256)", putSigned, "MiB/s", Report.Ratio(putSigned, copy, "plain copy"));
        Report.Line("plain read", read, "MiB/s");
        Report.Line("GET", get, "MiB/s", Report.Ratio(get, read, "plain read"));
    }

    private static async Task SmallAsync(BenchServer server, MotoServer? moto, string directory, int count, int clients)
    {
        Report.Title(string.Create(CultureInfo.InvariantCulture, $"{count} objects of 4 KiB, {clients} at a time (objects/s)"));
        var bytes = new byte[4096];
        var plain = Directory.CreateDirectory(Path.Combine(directory, $"plain{clients}")).FullName;
        async Task<double> Rate(Func<string, Task> action) => count / await TimeAsync(() => Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = clients }, async (i, _) => await action($"{clients}-{i:D6}")));
        var files = await Rate(name =>
        {
            WriteDurably(Path.Combine(plain, name), bytes);
            return Task.CompletedTask;
        });
        var put = await Rate(name => server.Client.PutAsync("small/" + name, bytes));
        var get = await Rate(name => server.Client.GetAsync("small/" + name));
        Report.Line("plain files: write, fsync, rename, fsync of directory", files, "files/s");
        Report.Line("PUT", put, "objects/s", Report.Ratio(put, files, "plain files"));
        Report.Line("GET", get, "objects/s");
        if (moto is not null)
        {
            var motoPut = await Rate(name => moto.Client.PutAsync("small/" + name, bytes));
            var motoGet = await Rate(name => moto.Client.GetAsync("small/" + name));
            Report.Line("moto_server PUT (in memory)", motoPut, "objects/s", Report.Ratio(put, motoPut, "moto_server is Hearth's"));
            Report.Line("moto_server GET", motoGet, "objects/s", Report.Ratio(get, motoGet, "moto_server is Hearth's"));
        }
    }

    private static async Task ListAsync(BenchServer server, string directory, int count)
    {
        Report.Title(string.Create(CultureInfo.InvariantCulture, $"listing {count} keys of one prefix in pages of 1000 (keys/s)"));
        var prefix = Directory.CreateDirectory(Path.Combine(directory, "s3/bench/many")).FullName;
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(prefix, i.ToString("D7", CultureInfo.InvariantCulture)), []);
        }
        await Task.Delay(200);
        var plain = count / Time(() => _ = new DirectoryInfo(prefix).EnumerateFiles().Sum(f => f.Length));
        var list = count / Time(() => ListAll(server.Storage, count));
        var wire = count / await TimeAsync(() => server.Client.ListAllAsync("many/", count));
        Report.Line("plain directory read with stat, unsorted", plain, "keys/s");
        Report.Line("ObjectStorage.List", list, "keys/s", Report.Ratio(list, plain, "plain read"));
        Report.Line("ListObjectsV2", wire, "keys/s", Report.Ratio(wire, plain, "plain read"));
    }

    private static void ListAll(ObjectStorage storage, int count)
    {
        var seen = 0;
        ListPage page;
        string? after = null;
        do
        {
            page = storage.List("bench", new ListQuery { Prefix = "many/", After = after });
            seen += page.Objects.Count;
            after = page.Last;
        }
        while (page.IsTruncated);
        Trace.Assert(seen == count);
    }

    private static void Copy(string from, string to)
    {
        var buffer = new byte[1 << 20];
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        int read;
        while ((read = source.Read(buffer)) > 0)
        {
            target.Write(buffer, 0, read);
        }
        target.Flush(flushToDisk: true);
    }

    private static void Read(string path)
    {
        var buffer = new byte[1 << 20];
        using var source = File.OpenRead(path);
        while (source.Read(buffer) > 0)
        {
        }
    }

    private static void WriteDurably(string path, byte[] bytes)
    {
        using (var file = File.Create(path + ".new"))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path);
        Durable.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Lines of the report.</summary>
internal static class Report
{
    public static void Title(string text) => Console.WriteLine($"\n{text}");

    public static void Line(string what, double value, string unit, string comparison = "") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-52}{value,14:N0} {unit,-12}{comparison}"));

    public static string Ratio(double value, double limit, string of) => string.Create(CultureInfo.InvariantCulture, $"{value / limit:0.00} of {of}");
}
