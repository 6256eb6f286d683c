using System.Text;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.Tests.Store;

/// <summary>A store in a directory of its own that can be closed and opened again.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly Func<StoreOptions, StoreOptions> _configure;

    public StoreFixture(Func<StoreOptions, StoreOptions>? configure = null)
    {
        _configure = configure ?? (options => options);
        Directory = System.IO.Directory.CreateTempSubdirectory("hearth-store-").FullName;
        Store = Open();
    }

    public string Directory { get; }

    public ObjectStore Store { get; private set; }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(StoredValue? value) => value is { } some ? Encoding.UTF8.GetString(some.Value.Span) : "(none)";

    public async Task<long> Put(string key, string value, long? expected = null)
    {
        var result = await Store.PutAsync(key, Bytes(value), expected, CancellationToken.None);
        result.Committed.ShouldBeTrue();
        return result.Revision;
    }

    public ValueTask<WriteResult> TryPut(string key, string value, long? expected = null) =>
        Store.PutAsync(key, Bytes(value), expected, CancellationToken.None);

    public ValueTask<WriteResult> Delete(string key, long? expected = null) => Store.DeleteAsync(key, expected, CancellationToken.None);

    public string Keys(string prefix, long? atRevision = null) =>
        string.Join(' ', Store.List(prefix, atRevision: atRevision).Items.Select(item => $"{item.Key}={Text(item)}"));

    public async Task Reopen()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private ObjectStore Open() => ObjectStore.Open(_configure(new StoreOptions(Directory) { FlushToDisk = false }));
}
