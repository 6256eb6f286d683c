using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Keeps <c>metadata.managedFields</c>: who set which field.</summary>
internal interface IManagedFields
{
    /// <summary>A new object: everything belongs to the caller.</summary>
    void AfterCreate(ApiCall call, ResourceDefinition definition, JsonObject tree);

    /// <summary>A changed object: what changed belongs to the caller now.</summary>
    void AfterUpdate(ApiCall call, ResourceDefinition definition, string? subresource, JsonObject tree, JsonObject old);
}
