using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Resource lists (<c>{cpu: ..., memory: ...}</c>) inside objects.</summary>
internal static class QuantityFields
{
    /// <summary>Rewrites every quantity in its canonical form (<c>0.5</c> to <c>500m</c>); what is not one stays for validation to find.</summary>
    public static void Canonicalize(JsonObject? list)
    {
        foreach (var (name, node) in list?.ToArray() ?? [])
        {
            if (JsonTree.Scalar(node) is { } text && Quantity.TryParse(text, out var quantity))
            {
                var canonical = quantity.ToString();
                if (!string.Equals(JsonTree.Text(node), canonical, StringComparison.Ordinal))
                {
                    list![name] = canonical;
                }
            }
        }
    }

    /// <summary>The quantities of a list; unreadable ones are left out.</summary>
    public static IEnumerable<(string Name, Quantity Amount)> Read(JsonObject? list)
    {
        foreach (var (name, node) in list ?? [])
        {
            if (JsonTree.Scalar(node) is { } text && Quantity.TryParse(text, out var quantity))
            {
                yield return (name, quantity);
            }
        }
    }

    /// <summary>Finds values that are not quantities, or negative ones.</summary>
    public static void Validate(JsonObject? list, string field, FieldErrors errors)
    {
        foreach (var (name, node) in list ?? [])
        {
            if (!Quantity.TryParse(JsonTree.Scalar(node), out var quantity))
            {
                errors.Invalid($"{field}[{name}]", node, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            }
            else if (quantity < Quantity.Zero)
            {
                errors.Invalid($"{field}[{name}]", node, "must be greater than or equal to 0");
            }
        }
    }
}
