using System.Diagnostics;
using Hearth.Aws.S3.Api;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

/// <summary>A disk of four megabytes that fills up. Needs to mount one.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-full-");
    private bool mounted;
    private ObjectStorage? storage;

    public ValueTask InitializeAsync()
    {
        mounted = Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.FullName);
        Assert.SkipUnless(mounted, "needs the right to mount a tmpfs");
        storage = ObjectStorage.Open(Path.Combine(directory.FullName, "s3"), Path.Combine(directory.FullName, "metadata"), TimeProvider.System);
        storage.CreateBucket("data");
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_500_000)]
    public async Task A_full_disk_is_named_and_loses_nothing(int size)
    {
        var kept = 0;
        IOException? full = null;
        while (full is null)
        {
            try
            {
                await PutAsync($"k{kept}", size);
                kept++;
            }
            catch (IOException e)
            {
                full = e;
            }
        }
        full.HResult.ShouldBe(Posix.DiskFull, full.ToString());
        kept.ShouldBeGreaterThan(0);
        (await Should.ThrowAsync<IOException>(() => PutAsync("k0", 3_900_000))).HResult.ShouldBe(Posix.DiskFull);
        var listed = storage!.List("data", new ListQuery()).Objects;
        listed.Count.ShouldBe(kept);
        listed.ShouldAllBe(o => o.Size == size && o.Metadata.ContentType == "text/full");
        Directory.GetFiles(Path.Combine(directory.FullName, "s3/.staging")).ShouldBeEmpty();

        await storage.DeleteAsync("data", "k0");
        storage.Head("data", "k0").ShouldBeNull();
        await PutAsync("again", size);
    }

    [Fact]
    public async Task An_upload_that_does_not_fit_together_can_still_be_aborted()
    {
        var uploads = new MultipartUploads(storage!);
        var upload = uploads.Create("data", "big", new ObjectMetadata(), null);
        for (var number = 1; number <= 2; number++)
        {
            await using var staged = await storage!.StageAsync(new MemoryStream(new byte[1_500_000]), 1_500_000, null, sha256: false, CancellationToken.None);
            uploads.AddPart("data", upload.UploadId, number, staged, null).ShouldNotBeNull();
        }
        var error = await Should.ThrowAsync<IOException>(() => uploads.JoinAsync(uploads.Parts("data", upload.UploadId), CancellationToken.None));
        error.HResult.ShouldBe(Posix.DiskFull, error.ToString());
        uploads.Parts("data", upload.UploadId).Count.ShouldBe(2);
        Directory.GetFiles(Path.Combine(directory.FullName, "s3/.staging")).ShouldBeEmpty();
        uploads.Remove("data", upload.UploadId).ShouldBeTrue();
        await PutAsync("fits", 3_000_000);
    }

    public ValueTask DisposeAsync()
    {
        storage?.Dispose();
        if (mounted)
        {
            Run("umount", directory.FullName);
        }
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PutAsync(string key, int size)
    {
        await using var staged = await storage!.StageAsync(new MemoryStream(new byte[size]), size, null, sha256: false, CancellationToken.None);
        await storage.CommitAsync(staged, "data", key, new ObjectMetadata { ETag = staged.Digests.ETag, ContentType = "text/full" }, WriteCondition.None, CancellationToken.None);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
