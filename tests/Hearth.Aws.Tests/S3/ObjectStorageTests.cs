using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

public sealed class ObjectStorageTests : IDisposable
{
    private readonly TemporaryStorage s3 = new();

    public static TheoryData<string> OddKeys() =>
    [
        "plain", "a/b/c", "/leading", "//two", "a//b", "a/", "a//", "..", "../../etc/passwd", "./x", "x/../y", "x/.", ".s3~e", ".s3~d/a", "%2e%2e/x",
        "with space/ü+%25/日本😀", new string('k', 1000), $"{new string('ü', 200)}/x", $"d/{new string('z', 300)}/{new string('z', 256)}", "ctrl\u0001\r\n", "back\\slash", "*?[x]",
    ];

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task Any_key_can_be_written_read_listed_and_deleted(string key)
    {
        await s3.PutAsync(key, "content");
        (await s3.ReadAsync(key)).ShouldBe("content");
        s3.Keys().ShouldBe([key]);
        await s3.Storage.DeleteAsync("data", key);
        (await s3.ReadAsync(key)).ShouldBeNull();
        Directory.EnumerateFileSystemEntries(s3.Bucket).ShouldBeEmpty();
        Directory.EnumerateFiles(Path.GetDirectoryName(s3.Root)!, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["bucket.json"]);
    }

    [Fact]
    public async Task All_of_them_live_side_by_side()
    {
        var keys = OddKeys().Select(row => row.Data).ToArray();
        foreach (var key in keys.Reverse())
        {
            await s3.PutAsync(key, "content of " + key);
        }
        foreach (var key in keys)
        {
            (await s3.ReadAsync(key)).ShouldBe("content of " + key);
        }
        s3.Keys().ShouldBe(keys.Order(Utf8Order.Instance));
    }

    [Fact]
    public async Task The_path_of_an_ordinary_object_is_its_key()
    {
        await s3.PutAsync("year=2024/part-0.parquet", "rows");
        File.ReadAllText(Path.Combine(s3.Bucket, "year=2024/part-0.parquet")).ShouldBe("rows");
        s3.Storage.LocalPath("data", "year=2024/part-0.parquet").ShouldBe(Path.Combine(s3.Bucket, "year=2024/part-0.parquet"));
    }

    [Theory]
    [InlineData("a", "a/b", "a/b/c", "a/")]
    [InlineData("a/b/c", "a/", "a/b", "a")]
    [InlineData("a/b", "a", "a/b/c", "a/")]
    public async Task A_key_may_be_the_prefix_of_another(params string[] keys)
    {
        foreach (var key in keys)
        {
            await s3.PutAsync(key, key);
        }
        s3.Keys().ShouldBe(["a", "a/", "a/b", "a/b/c"]);
        s3.Keys("a/").ShouldBe(["a/", "a/b", "a/b/c"]);
        foreach (var key in keys)
        {
            (await s3.ReadAsync(key)).ShouldBe(key);
            await s3.PutAsync(key, "again");
            (await s3.ReadAsync(key)).ShouldBe("again");
        }
        s3.Keys().Count.ShouldBe(4);
        foreach (var key in keys)
        {
            await s3.Storage.DeleteAsync("data", key);
        }
        Directory.EnumerateFileSystemEntries(s3.Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_that_others_write_change_and_remove_are_objects_at_once()
    {
        Directory.CreateDirectory(Path.Combine(s3.Bucket, "out"));
        File.WriteAllText(Path.Combine(s3.Bucket, "out/part-0.csv"), "1,2");
        var written = s3.Storage.Head("data", "out/part-0.csv")!;
        written.Size.ShouldBe(3);
        written.ETag.ShouldEndWith("-1");

        var put = await s3.PutAsync("out/part-0.csv", "3,4");
        put.ETag.ShouldBe("c6579aaf5457eee679bb88bc31162a3d");
        File.WriteAllText(Path.Combine(s3.Bucket, "out/part-0.csv"), "changed in place");
        var changed = s3.Storage.Head("data", "out/part-0.csv")!;
        changed.ETag.ShouldNotBe(put.ETag);
        changed.Size.ShouldBe(16);

        File.Delete(Path.Combine(s3.Bucket, "out/part-0.csv"));
        s3.Keys().ShouldBeEmpty();
        s3.Storage.DeleteBucket("data").ShouldBeTrue();
    }

    [Fact]
    public async Task Links_do_not_lead_out_of_a_bucket()
    {
        var secret = Directory.CreateTempSubdirectory("hearth-secret-");
        File.WriteAllText(Path.Combine(secret.FullName, "key"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(s3.Bucket, "door"), secret.FullName);
        File.CreateSymbolicLink(Path.Combine(s3.Bucket, "window"), Path.Combine(secret.FullName, "key"));
        (await s3.ReadAsync("door/key")).ShouldBeNull();
        (await s3.ReadAsync("window")).ShouldBeNull();
        s3.Keys().ShouldBeEmpty();
        await s3.PutAsync("door/planted");
        Directory.EnumerateFiles(secret.FullName).Count().ShouldBe(1);
        (await s3.ReadAsync("door/planted")).ShouldBe("x");
        secret.Delete(recursive: true);
    }

    [Fact]
    public async Task A_pipe_that_a_job_left_in_its_bucket_is_no_object_and_gives_way_to_one()
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(s3.Bucket, "pipe")))
        {
            await made.WaitForExitAsync();
        }
        (await s3.ReadAsync("pipe")).ShouldBeNull();
        s3.Keys().ShouldBeEmpty();
        await s3.PutAsync("pipe");
        (await s3.ReadAsync("pipe")).ShouldBe("x");
    }

    [Fact]
    public async Task Of_many_that_put_if_absent_one_wins()
    {
        var absent = new WriteCondition { IfAbsent = true };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await s3.PutAsync("_delta_log/00000000000000000001.json", $"writer {i}", absent);
                return true;
            }
            catch (ObjectWriteException e) when (e.Refusal == WriteRefusal.ConditionFailed)
            {
                return false;
            }
        }));
        outcomes.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task A_write_with_an_ETag_needs_the_object_to_have_it()
    {
        var first = await s3.PutAsync("k", "1");
        var second = await s3.PutAsync("k", "2", new WriteCondition { IfMatch = first.ETag });
        (await Should.ThrowAsync<ObjectWriteException>(() => s3.PutAsync("k", "3", new WriteCondition { IfMatch = first.ETag }))).Refusal.ShouldBe(WriteRefusal.ConditionFailed);
        (await Should.ThrowAsync<ObjectWriteException>(() => s3.PutAsync("none", "3", new WriteCondition { IfMatch = first.ETag }))).Refusal.ShouldBe(WriteRefusal.NoSuchKey);
        second.LastModified.ShouldBeGreaterThanOrEqualTo(first.LastModified);
        (await s3.ReadAsync("k")).ShouldBe("2");
    }

    [Fact]
    public async Task Reading_goes_on_with_the_object_that_was_opened()
    {
        await s3.PutAsync("k", "old content");
        using var opened = s3.Storage.Open("data", "k")!;
        await s3.PutAsync("k", "new");
        using var memory = new MemoryStream();
        await opened.CopyToAsync(memory, 4, 7, CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(memory.ToArray()).ShouldBe("content");
    }

    [Fact]
    public async Task Writers_and_deleters_of_one_directory_do_not_hurt_each_other()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
        {
            var key = $"deep/er/{i % 7}/k";
            await s3.PutAsync(key + i);
            await s3.Storage.DeleteAsync("data", key + i, ct: ct);
        });
        Directory.EnumerateFileSystemEntries(s3.Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task Into_a_bucket_that_is_gone_nothing_is_written()
    {
        s3.Storage.DeleteBucket("data").ShouldBeTrue();
        (await Should.ThrowAsync<ObjectWriteException>(() => s3.PutAsync("k"))).Refusal.ShouldBe(WriteRefusal.NoSuchBucket);
        Directory.Exists(s3.Bucket).ShouldBeFalse();
    }

    public void Dispose() => s3.Dispose();
}
