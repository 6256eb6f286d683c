using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Nodes: quantities in canonical form; a status write may bring labels and annotations, as kubelets do.</summary>
internal static class NodeRules
{
    public static void Default(JsonObject tree)
    {
        QuantityFields.Canonicalize(tree.At("status", "capacity"));
        QuantityFields.Canonicalize(tree.At("status", "allocatable"));
        tree.SetDefault("spec", new JsonObject());
    }

    public static void PrepareStatus(JsonObject tree, JsonObject old) => Default(tree);
}
