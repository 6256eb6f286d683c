using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Client;

/// <summary>Typed reads and the usual writes over <see cref="IKubeClient"/>.</summary>
public static class TypedKubeClient
{
    /// <summary>The reference of a typed object.</summary>
    public static ObjectRef Ref<T>(this T value) where T : class, IKubeObject<T> =>
        new(T.Type, T.Type.Namespaced ? value.Metadata.Namespace : null, value.Metadata.Name!);

    /// <summary>Reads one object.</summary>
    public static async Task<T> GetAsync<T>(this IKubeClient client, string? ns, string name, CancellationToken ct) where T : class, IKubeObject<T> =>
        KubeJson.Read<T>(await client.GetAsync(new ObjectRef(T.Type, ns, name), ct).ConfigureAwait(false));

    /// <summary>Reads one object, or null when there is none.</summary>
    public static async Task<T?> FindAsync<T>(this IKubeClient client, string? ns, string name, CancellationToken ct) where T : class, IKubeObject<T>
    {
        try
        {
            return await client.GetAsync<T>(ns, name, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads a collection.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(this IKubeClient client, string? ns, ListOptions options, CancellationToken ct) where T : class, IKubeObject<T>
    {
        var list = await client.ListAsync(T.Type, ns, options, ct).ConfigureAwait(false);
        return [.. list.Items.Select(KubeJson.Read<T>)];
    }

    /// <summary>Creates an object.</summary>
    public static async Task<T> CreateAsync<T>(this IKubeClient client, T value, CancellationToken ct) where T : class, IKubeObject<T> =>
        KubeJson.Read<T>(await client.CreateAsync(T.Type, value.Metadata.Namespace, KubeJson.Write(value), ct).ConfigureAwait(false));

    /// <summary>Merge-patches the status; the content of <c>status</c> is given.</summary>
    public static async Task<T> PatchStatusAsync<T>(this IKubeClient client, T value, JsonObject status, CancellationToken ct) where T : class, IKubeObject<T> =>
        KubeJson.Read<T>(await client.PatchAsync(value.Ref(), KubePatch.Status(status), ct).ConfigureAwait(false));

    /// <summary>Deletes; true when there was something to delete.</summary>
    public static async Task<bool> DeleteIfExistsAsync(this IKubeClient client, ObjectRef target, DeleteOptions options, CancellationToken ct)
    {
        try
        {
            await client.DeleteAsync(target, options, ct).ConfigureAwait(false);
            return true;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Streams typed changes; bookmarks are left out.</summary>
    public static async IAsyncEnumerable<(WatchEventType Type, T Object)> WatchAsync<T>(
        this IKubeClient client, string? ns, WatchOptions options, [EnumeratorCancellation] CancellationToken ct) where T : class, IKubeObject<T>
    {
        await foreach (var change in client.WatchAsync(T.Type, ns, options, ct).ConfigureAwait(false))
        {
            if (change.Type != WatchEventType.Bookmark)
            {
                yield return (change.Type, KubeJson.Read<T>(change.Object));
            }
        }
    }
}
