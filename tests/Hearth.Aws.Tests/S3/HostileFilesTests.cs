using System.Runtime.InteropServices;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

/// <summary>A job may put anything into its bucket's directory: what is no plain file is no object, and nothing is followed or waited for.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private readonly TemporaryStorage temporary = new();
    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory("hearth-outside-");

    [Fact]
    public async Task Links_lead_nowhere()
    {
        File.WriteAllText(Path.Combine(outside.FullName, "secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(temporary.Bucket, "file"), Path.Combine(outside.FullName, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(temporary.Bucket, "dir"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(temporary.Bucket, "loop"), "loop");
        Directory.CreateDirectory(Path.Combine(temporary.Bucket, "real"));
        Directory.CreateSymbolicLink(Path.Combine(temporary.Bucket, "real/up"), "../..");

        temporary.Keys().ShouldBeEmpty();
        foreach (var key in (string[])["file", "dir/secret", "loop", "real/up/data/file"])
        {
            temporary.Storage.Head("data", key).ShouldBeNull(key);
            temporary.Storage.LocalPath("data", key).ShouldBeNull(key);
        }
        await temporary.PutAsync("file", "new");
        await temporary.PutAsync("dir/secret", "new");
        await temporary.Storage.DeleteAsync("data", "dir/secret");
        (await temporary.ReadAsync("file")).ShouldBe("new");
        File.ReadAllText(Path.Combine(outside.FullName, "secret")).ShouldBe("secret");
    }

    [Fact]
    public async Task Pipes_and_devices_neither_block_nor_appear()
    {
        MakeNode("pipe", Fifo).ShouldBe(0);
        Directory.CreateDirectory(Path.Combine(temporary.Bucket, "sub"));
        MakeNode("sub/pipe", Fifo).ShouldBe(0);
        if (MakeNode("zero", Character, (1 << 8) | 5) == 0)
        {
            temporary.Storage.Head("data", "zero").ShouldBeNull();
        }
        temporary.Keys().ShouldBeEmpty();
        temporary.Storage.List("data", new ListQuery { Delimiter = "/" }).CommonPrefixes.ShouldBeEmpty();
        temporary.Storage.Head("data", "pipe").ShouldBeNull();
        temporary.Storage.DeleteBucket("data").ShouldBeFalse();
        await temporary.PutAsync("pipe", "an object now");
        temporary.Keys().ShouldBe(["pipe"]);
    }

    [Fact]
    public async Task Names_that_no_key_can_have_are_left_out()
    {
        await temporary.PutAsync("fine");
        MakeRaw("bad\u00ff\u00fename");
        var deep = temporary.Bucket;
        for (var i = 0; i < 30; i++)
        {
            deep = Path.Combine(deep, new string('d', 60));
            Directory.CreateDirectory(deep);
        }
        File.WriteAllText(Path.Combine(deep, "unreachable"), "");
        File.WriteAllText(Path.Combine(temporary.Bucket, ".s3~x-unknown"), "");
        File.WriteAllText(Path.Combine(temporary.Bucket, ".s3~eplain"), "not how this key is written");
        temporary.Keys().ShouldBe(["fine"]);
        temporary.Storage.DeleteBucket("data").ShouldBeFalse();
        Native.unlink(Raw("bad\u00ff\u00fename")).ShouldBe(0);
    }

    [Fact]
    public async Task A_directory_that_turns_into_a_link_again_and_again_is_never_followed()
    {
        File.WriteAllText(Path.Combine(outside.FullName, "leaked"), "secret");
        var (place, aside) = (Path.Combine(temporary.Bucket, "flip"), Path.Combine(temporary.Bucket, "aside"));
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "inside"), "");
        Directory.CreateSymbolicLink(Path.Combine(temporary.Bucket, "link"), outside.FullName);
        using var stop = new CancellationTokenSource();
        var flipping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Rename(place, aside);
                Rename(Path.Combine(temporary.Bucket, "link"), place);
                Rename(place, Path.Combine(temporary.Bucket, "link"));
                Rename(aside, place);
            }
        });
        for (var i = 0; i < 2000; i++)
        {
            temporary.Keys("flip/").ShouldNotContain("flip/leaked");
            temporary.Keys().ShouldNotContain("flip/leaked");
            temporary.Storage.Head("data", "flip/leaked").ShouldBeNull();
            if (i % 100 == 0)
            {
                await temporary.PutAsync("flip/written", "x");
            }
        }
        await stop.CancelAsync();
        await flipping;
        Directory.GetFiles(outside.FullName).Select(Path.GetFileName).ShouldBe(["leaked"]);
    }

    public void Dispose()
    {
        temporary.Dispose();
        outside.Delete(recursive: true);
    }

    private const uint Fifo = 0x1000 | 0x1a4;
    private const uint Character = 0x2000 | 0x1a4;

    private int MakeNode(string name, uint mode, ulong device = 0) => Native.mknod(Path.Combine(temporary.Bucket, name), mode, device);

    /// <summary>A file whose name is those bytes, which are not UTF-8.</summary>
    private void MakeRaw(string latin1)
    {
        var file = Native.creat(Raw(latin1), 0x1a4);
        file.ShouldBeGreaterThan(0);
        _ = Native.close(file);
    }

    private byte[] Raw(string latin1) => [.. System.Text.Encoding.UTF8.GetBytes(temporary.Bucket + "/"), .. System.Text.Encoding.Latin1.GetBytes(latin1), 0];

    private static void Rename(string from, string to) => Native.rename(from, to);

    private static class Native
    {
        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int mknod(string path, uint mode, ulong device);

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int rename(string from, string to);

        [DllImport("libc", SetLastError = true)]
        public static extern int creat(byte[] path, uint mode);

        [DllImport("libc", SetLastError = true)]
        public static extern int unlink(byte[] path);

        [DllImport("libc", SetLastError = true)]
        public static extern int close(int file);
    }
}
