using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

/// <summary>A store in a directory of its own with the bucket <c>data</c>, removed afterwards.</summary>
internal sealed class TemporaryStorage : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-s3-");

    public TemporaryStorage(TimeProvider? time = null)
    {
        Storage = ObjectStorage.Open(Root, Path.Combine(directory.FullName, "metadata"), time ?? TimeProvider.System);
        Storage.CreateBucket("data").ShouldBeTrue();
    }

    public string Root => Path.Combine(directory.FullName, "buckets");

    public string Bucket => Path.Combine(Root, "data");

    public ObjectStorage Storage { get; }

    public Task<ObjectInfo> PutAsync(string key, string text = "x", WriteCondition? condition = null) =>
        Storage.PutAsync("data", key, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), condition: condition);

    public async Task<string?> ReadAsync(string key)
    {
        using var opened = Storage.Open("data", key);
        if (opened is null)
        {
            return null;
        }
        using var memory = new MemoryStream();
        await opened.CopyToAsync(memory, 0, opened.Info.Size, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }

    public IReadOnlyList<string> Keys(string prefix = "") => [.. Storage.List("data", new ListQuery { Prefix = prefix }).Objects.Select(o => o.Key)];

    public void Dispose()
    {
        Storage.Dispose();
        directory.Delete(recursive: true);
    }
}
