using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>
/// Records in <c>metadata.managedFields</c> who set which field by writes that are not applies. Calls without a field manager (the platform's own controllers,
/// in process) are not recorded: their writes are many, and the entries would double the size of every pod.
/// </summary>
internal static class FieldOwnership
{
    /// <summary>A new object: everything belongs to the caller.</summary>
    public static void AfterCreate(ApiCall call, ResourceDefinition definition, JsonObject tree, DateTimeOffset now)
    {
        if (Manager(call, definition, null, now) is { } manager)
        {
            ManagedFields.Update(null, tree, manager, ApiPatching.Schema(definition));
        }
    }

    /// <summary>A changed object: what changed belongs to the caller now.</summary>
    public static void AfterUpdate(ApiCall call, ResourceDefinition definition, string? subresource, JsonObject tree, JsonObject old, DateTimeOffset now)
    {
        if (Manager(call, definition, subresource, now) is { } manager)
        {
            ManagedFields.Update(old, tree, manager, ApiPatching.Schema(definition));
        }
    }

    private static FieldManager? Manager(ApiCall call, ResourceDefinition definition, string? subresource, DateTimeOffset now) =>
        call.FieldManager is { } name ? new FieldManager(name, definition.Type.ApiVersion, now, subresource is "status" or "scale" ? subresource : "") : null;
}
