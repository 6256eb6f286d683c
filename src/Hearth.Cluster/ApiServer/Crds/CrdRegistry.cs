using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>Keeps the catalogue in step with the CustomResourceDefinitions: a kind is served before the client that defined it gets its answer.</summary>
internal sealed class CrdRegistry(ObjectReader reader, ResourceCatalog catalog, IReadOnlyDictionary<string, ICustomResourceConverter> converters) : ICommitListener
{
    private readonly Lock _lock = new();

    /// <summary>Reads all definitions again.</summary>
    public void Reload()
    {
        lock (_lock)
        {
            catalog.SetCustom(reader.All(OtherKinds.CustomResourceDefinitions)
                .SelectMany(c => CustomDefinitions.Of(c.ToTree(), converters.GetValueOrDefault(c.Root.Text("spec", "group") ?? "")))
                .ToList());
        }
    }

    public ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (resource.Type == OtherKinds.CustomResourceDefinitions.Type)
        {
            Reload();
        }

        return ValueTask.CompletedTask;
    }
}
