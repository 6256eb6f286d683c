using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.Karpenter;

/// <summary>
/// Hashes that tell whether a pool's template or a class has changed since a node was made from it. As upstream: lists count as sets, and what is absent, empty or
/// zero counts as the same. The numbers themselves are Hearth's own.
/// </summary>
public static class ObjectHash
{
    /// <summary>Version of the way NodePools are hashed; hashes of other versions are not compared.</summary>
    public const string NodePoolVersion = "v3";

    /// <summary>Version of the way EC2NodeClasses are hashed.</summary>
    public const string NodeClassVersion = "v4";

    private static readonly string[] NotStatic = ["subnetSelectorTerms", "securityGroupSelectorTerms", "amiSelectorTerms", "capacityReservationSelectorTerms", "role", "instanceProfile"];

    /// <summary>Of <c>spec.template</c>. Requirements are not in it: nodes are compared with those themselves.</summary>
    public static string OfTemplate(NodePool pool)
    {
        var template = KubeJson.Write(new NodePool { Spec = new() { Template = pool.Spec?.Template } })["spec"]?["template"]?.AsObject() ?? [];
        template["spec"]?.AsObject().Remove("requirements");
        return Text(template);
    }

    /// <summary>Of the fields of a class that are not looked up in the account.</summary>
    public static string OfStaticFields(Ec2NodeClass nodeClass)
    {
        var spec = Spec(nodeClass);
        foreach (var name in NotStatic)
        {
            spec.Remove(name);
        }

        return Text(spec);
    }

    /// <summary>Of one list of selector terms, for example <c>subnetSelectorTerms</c>: stands for what they would find.</summary>
    public static string OfTerms(Ec2NodeClass nodeClass, string terms) => Text(Spec(nodeClass)[terms]);

    /// <summary>Images that a class selects: those it names by id, else one made-up id for all its terms.</summary>
    public static IReadOnlyList<string> Images(Ec2NodeClass nodeClass)
    {
        var named = (nodeClass.Spec?.AmiSelectorTerms ?? []).Select(t => t.Id).OfType<string>().ToArray();
        return named.Length > 0 ? named : [$"ami-{Fnv($"{nodeClass.Spec?.AmiFamily}/{OfTerms(nodeClass, "amiSelectorTerms")}").ToString("x16", CultureInfo.InvariantCulture)}0"];
    }

    /// <summary>FNV-1a with 64 bits: the same in every run.</summary>
    public static ulong Fnv(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }

    private static JsonObject Spec(Ec2NodeClass nodeClass) => KubeJson.Write(nodeClass)["spec"]?.DeepClone().AsObject() ?? [];

    private static string Text(JsonNode? node) => Fnv(Canonical(node)).ToString(CultureInfo.InvariantCulture);

    private static string Canonical(JsonNode? node) => node switch
    {
        null => "",
        JsonObject map => Join('{', map.Where(p => !IsNothing(p.Value)).Select(p => $"{p.Key}={Canonical(p.Value)}")),
        JsonArray list => Join('[', list.Select(Canonical)),
        _ => node.ToJsonString(),
    };

    private static string Join(char mark, IEnumerable<string> parts) => mark + string.Join(';', parts.Order(StringComparer.Ordinal)) + mark;

    private static bool IsNothing(JsonNode? node) => node switch
    {
        null => true,
        JsonObject map => map.All(p => IsNothing(p.Value)),
        JsonArray list => list.Count == 0,
        _ => node.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => node.GetValue<string>().Length == 0,
            JsonValueKind.Number => node.ToJsonString() == "0",
            _ => false,
        },
    };
}
