using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>Makes declared objects be there: creates what is missing, brings what exists to the declared fields, leaves the rest alone.</summary>
internal sealed class ObjectApplier(IKubeClient client, IResourceCatalog catalog)
{
    private static readonly TimeSpan DefinitionDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Applies an object of any kind the cluster serves.</summary>
    public async Task ApplyAsync(JsonObject item, CancellationToken ct)
    {
        var (apiVersion, kind) = (item["apiVersion"]!.GetValue<string>(), item["kind"]!.GetValue<string>());
        await ApplyAsync(await TypeAsync(apiVersion, kind, ct).ConfigureAwait(false), item, ct).ConfigureAwait(false);
    }

    /// <summary>Applies an object of a known kind.</summary>
    public async Task ApplyAsync(ResourceType type, JsonObject item, CancellationToken ct)
    {
        var ns = type.Namespaced ? item["metadata"]!["namespace"]?.GetValue<string>() : null;
        try
        {
            await client.CreateAsync(type, ns, item.DeepClone().AsObject(), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            var body = item.DeepClone().AsObject();
            body.Remove("status");
            await client.PatchAsync(new ObjectRef(type, ns, item["metadata"]!["name"]!.GetValue<string>()), new KubePatch(PatchType.Merge, body), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the cluster serves a kind whose definition was just applied.</summary>
    private async Task<ResourceType> TypeAsync(string apiVersion, string kind, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var types = await catalog.ListTypesAsync(ct).ConfigureAwait(false);
            if (types.FirstOrDefault(t => t.Kind == kind && t.ApiVersion == apiVersion) is { } type)
            {
                return type;
            }

            if (Stopwatch.GetElapsedTime(started) > DefinitionDeadline)
            {
                throw new InvalidOperationException($"the cluster does not serve {apiVersion} {kind}: its definition was not established in time");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), ct).ConfigureAwait(false);
        }
    }
}
