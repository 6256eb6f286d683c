using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Records in <c>metadata.managedFields</c> who set which field by writes that are not applies.</summary>
internal static class FieldOwnership
{
    /// <summary>A new object: everything belongs to the caller.</summary>
    public static void AfterCreate(ApiCall call, ResourceDefinition definition, JsonObject tree, DateTimeOffset now) =>
        ManagedFields.Update(null, tree, Manager(call, definition, null, now), ApiPatching.Schema(definition));

    /// <summary>A changed object: what changed belongs to the caller now.</summary>
    public static void AfterUpdate(ApiCall call, ResourceDefinition definition, string? subresource, JsonObject tree, JsonObject old, DateTimeOffset now) =>
        ManagedFields.Update(old, tree, Manager(call, definition, subresource, now), ApiPatching.Schema(definition));

    private static FieldManager Manager(ApiCall call, ResourceDefinition definition, string? subresource, DateTimeOffset now) =>
        new(call.FieldManager, definition.Type.ApiVersion, now, subresource is "status" or "scale" ? subresource : "");
}
