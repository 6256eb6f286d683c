using System.Text.Json.Nodes;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>Our own rules of IAM policies, over templates as CloudFormation gets them.</summary>
internal static class IamRules
{
    /// <summary>ARNs of OIDC providers are the longest that CloudFormation fills in.</summary>
    private const int Longest = 120;

    private static readonly string[] Reading = ["Describe", "List", "Get", "Search", "BatchGet"];

    /// <summary>Every statement of every identity policy.</summary>
    public static IEnumerable<(Resource Resource, JsonObject Statement)> IdentityStatements(Templates templates) =>
        from resource in templates.All
        from policy in PoliciesOf(resource)
        from statement in Many(policy["Statement"])
        select (resource, statement!.AsObject());

    /// <summary>Trust policies; those that substitute the OIDC issuer are given as they read with it in place.</summary>
    public static IEnumerable<(Resource Role, JsonObject Statement)> Trusts(Templates templates) =>
        from role in templates.OfType("AWS::IAM::Role")
        let document = role.Properties["AssumeRolePolicyDocument"]!
        let text = document["Fn::Sub"]?[0]?.GetValue<string>()
        from statement in Many((text is null ? document : JsonNode.Parse(text)!)["Statement"])
        select (role, statement!.AsObject());

    /// <summary>What is wrong with a statement, or null.</summary>
    public static string? Fault(JsonObject statement)
    {
        string[] actions = [.. Many(statement["Action"]).Select(a => a!.ToString())];
        var onEverything = Many(statement["Resource"]).Any(r => r is JsonValue v && v.GetValue<string>() == "*");
        if (actions.FirstOrDefault(a => a == "*" || a.EndsWith(":*", StringComparison.Ordinal)) is { } all)
        {
            return $"allows {all}";
        }

        if (!onEverything)
        {
            return null;
        }

        var wild = actions.FirstOrDefault(a => a.Contains('*', StringComparison.Ordinal));
        var changing = statement["Condition"] is null ? actions.FirstOrDefault(a => !Reading.Any(r => a.Split(':')[1].StartsWith(r, StringComparison.Ordinal))) : null;
        return wild is not null ? $"{wild} on *" : changing is not null ? $"{changing} changes things on * without a condition" : null;
    }

    /// <summary>A document's size as IAM counts it, with what CloudFormation fills in at its longest.</summary>
    public static int Size(JsonNode document) => document["Fn::Sub"]?[0]?.GetValue<string>() is { } text
        ? text.Replace("${Issuer}", new string('x', Longest), StringComparison.Ordinal).Replace("${Provider}", new string('x', Longest), StringComparison.Ordinal).Length
        : Filled(document)!.ToJsonString().Length;

    private static JsonNode? Filled(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } o when o.Single().Key is "Ref" or "Fn::GetAtt" or "Fn::ImportValue" or "Fn::Join" => new string('x', Longest),
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Filled(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Filled)]),
        _ => node?.DeepClone(),
    };

    public static IEnumerable<JsonNode?> Many(JsonNode? node) => node switch { null => [], JsonArray array => array, _ => new List<JsonNode?> { node } };

    private static IEnumerable<JsonNode> PoliciesOf(Resource resource) => resource.Type switch
    {
        "AWS::IAM::Role" => Many(resource.Properties["Policies"]).Select(p => p!["PolicyDocument"]!),
        "AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy" => [resource.Properties["PolicyDocument"]!],
        _ => [],
    };
}
