using System.Text.Json.Nodes;

namespace Hearth.Aws.Iam.Declared;

/// <summary>Writes policies.</summary>
internal sealed class PolicyBuilder
{
    private readonly JsonArray statements = [];

    /// <summary>An allow.</summary>
    public PolicyBuilder Allow(string sid, IEnumerable<string> actions, IEnumerable<string> resources, JsonObject? condition = null)
    {
        var statement = new JsonObject { ["Sid"] = sid, ["Effect"] = "Allow", ["Action"] = List(actions), ["Resource"] = List(resources) };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        statements.Add((JsonNode)statement);
        return this;
    }

    /// <summary>Somebody who is trusted.</summary>
    public PolicyBuilder Trust(string sid, string action, JsonObject principal, JsonObject? condition = null)
    {
        var statement = new JsonObject { ["Sid"] = sid, ["Effect"] = "Allow", ["Principal"] = principal, ["Action"] = action };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        statements.Add((JsonNode)statement);
        return this;
    }

    /// <summary>The policy.</summary>
    public JsonObject Build() => new() { ["Version"] = "2012-10-17", ["Statement"] = statements };

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
