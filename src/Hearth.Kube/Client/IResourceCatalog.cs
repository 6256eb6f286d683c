using Hearth.Kube.Objects;

namespace Hearth.Kube.Client;

/// <summary>Which kinds a cluster serves: what discovery answers. Controllers that care for objects of every kind (garbage collection, namespace deletion) need it.</summary>
public interface IResourceCatalog
{
    /// <summary>
    /// Every kind that can be listed, watched and deleted, built-in and custom, once each in its preferred version; kinds that live only in answers
    /// (reviews, bindings) are left out. Changes as CustomResourceDefinitions come and go: ask again.
    /// </summary>
    Task<IReadOnlyList<ResourceType>> ListTypesAsync(CancellationToken ct);
}
