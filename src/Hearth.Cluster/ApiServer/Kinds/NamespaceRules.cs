using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Namespaces stay until the namespace controller has emptied them and takes the finalizer out of their spec.</summary>
internal static class NamespaceRules
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    public static ResourceStrategy Strategy { get; } = new()
    {
        Name = NameRule.Label,
        Default = tree => tree.Meta().Ensure("labels")[NameLabel] = tree.Name(),
        PrepareCreate = (tree, _, _) =>
        {
            tree["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            tree["status"] = new JsonObject { ["phase"] = "Active" };
        },
        PrepareUpdate = (tree, old) => tree.SetOrRemove("spec", old["spec"]?.DeepClone()),
        Holds = tree => tree.Obj("spec").Strings("finalizers").Count > 0,
        OnDeleting = tree => tree.Ensure("status")["phase"] = "Terminating",
    };

    /// <summary>The <c>finalize</c> sub-resource: takes over <c>spec.finalizers</c>, and nothing else.</summary>
    public static JsonObject Finalize(JsonObject current, JsonObject body)
    {
        var finalizers = body.Obj("spec").Arr("finalizers");
        var spec = current.Ensure("spec");
        spec.SetOrRemove("finalizers", finalizers is { Count: > 0 } ? finalizers.DeepClone() : null);
        return current;
    }
}
