using System.Text.Json;

namespace Hearth.Aws.Iam.Policy;

/// <summary>What a policy is for; it decides which members a statement may and must have.</summary>
public enum PolicyKind
{
    /// <summary>What a user, role or session may do: resources, no principal.</summary>
    Identity,

    /// <summary>Who may assume a role: principals, no resource.</summary>
    Trust,
}

/// <summary>Reads the JSON of policies. Source: IAM User Guide, "Grammar of the IAM JSON policy language".</summary>
public static class PolicyParser
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
    };

    /// <summary>Reads a policy.</summary>
    /// <exception cref="MalformedPolicyException">It is none.</exception>
    public static PolicyDocument Parse(string json, PolicyKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Document(document.RootElement, kind);
        }
        catch (JsonException)
        {
            throw new MalformedPolicyException("This policy contains invalid Json");
        }
    }

    private static PolicyDocument Document(JsonElement root, PolicyKind kind)
    {
        Require(root.ValueKind == JsonValueKind.Object, "a policy is a JSON object");
        foreach (var member in root.EnumerateObject())
        {
            Require(member.Name is "Version" or "Id" or "Statement", $"unknown member {member.Name}");
        }

        var version = root.TryGetProperty("Version", out var value) ? Text(value, "Version") : "2008-10-17";
        Require(version is PolicyDocument.CurrentVersion or "2008-10-17", $"Version must be {PolicyDocument.CurrentVersion} or 2008-10-17");
        Require(root.TryGetProperty("Statement", out var statements), "Statement is missing");
        JsonElement[] all = statements.ValueKind == JsonValueKind.Array ? [.. statements.EnumerateArray()] : [statements];
        Require(all.Length > 0, "Statement is empty");
        return new PolicyDocument(version, [.. all.Select((s, i) => StatementOf(s, kind, $"Statement[{i}]"))]);
    }

    private static Statement StatementOf(JsonElement json, PolicyKind kind, string path)
    {
        Require(json.ValueKind == JsonValueKind.Object, $"{path} is not an object");
        foreach (var member in json.EnumerateObject())
        {
            Require(Members.Contains(member.Name), $"{path} has the unknown member {member.Name}");
        }

        var statement = new Statement
        {
            Sid = json.TryGetProperty("Sid", out var sid) ? Text(sid, $"{path}.Sid") : null,
            Effect = EffectOf(json, path),
            Actions = Texts(json, "Action", path),
            NotActions = Texts(json, "NotAction", path),
            Resources = Texts(json, "Resource", path),
            NotResources = Texts(json, "NotResource", path),
            Principals = Principals(json, "Principal", path),
            NotPrincipals = Principals(json, "NotPrincipal", path),
            Conditions = ConditionParser.Read(json, path),
        };
        Check(statement, kind, path);
        return statement;
    }

    private static void Check(Statement statement, PolicyKind kind, string path)
    {
        if (statement.Actions is null == statement.NotActions is null)
        {
            throw new MalformedPolicyException($"Policy statement must contain actions. ({path}: exactly one of Action and NotAction)");
        }

        foreach (var action in (statement.Actions ?? statement.NotActions!).Where(a => a != "*" && !a.Contains(':', StringComparison.Ordinal)))
        {
            throw new MalformedPolicyException($"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. ({path}: {action})");
        }

        var hasResource = statement.Resources is not null || statement.NotResources is not null;
        var hasPrincipal = statement.Principals is not null || statement.NotPrincipals is not null;
        if (kind == PolicyKind.Trust)
        {
            Require(!hasResource, $"Has prohibited field {(statement.Resources is null ? "NotResource" : "Resource")} ({path})");
            Require(hasPrincipal, $"Missing required field Principal ({path})");
            return;
        }

        Require(!hasPrincipal, $"Policy document should not specify a principal. ({path})");
        Require(statement.Resources is null != statement.NotResources is null, $"Policy statement must contain resources. ({path}: exactly one of Resource and NotResource)");
        foreach (var resource in (statement.Resources ?? statement.NotResources!).Where(r => r != "*" && !r.StartsWith("arn:", StringComparison.Ordinal) && !r.StartsWith('*') && !r.StartsWith("${", StringComparison.Ordinal)))
        {
            throw new MalformedPolicyException($"Resource {resource} must be in ARN format or \"*\". ({path})");
        }
    }

    private static Effect EffectOf(JsonElement json, string path) =>
        !json.TryGetProperty("Effect", out var effect)
            ? throw new MalformedPolicyException($"Syntax errors in policy. ({path}.Effect is missing)")
            : Text(effect, $"{path}.Effect") switch
            {
                "Allow" => Effect.Allow,
                "Deny" => Effect.Deny,
                var other => throw new MalformedPolicyException($"Syntax errors in policy. ({path}.Effect is '{other}', not Allow or Deny)"),
            };

    private static PrincipalSet? Principals(JsonElement json, string name, string path)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            Require(value.GetString() == "*", $"{path}.{name} must be \"*\" or an object");
            return PrincipalSet.Everybody;
        }

        Require(value.ValueKind == JsonValueKind.Object, $"{path}.{name} must be \"*\" or an object");
        foreach (var member in value.EnumerateObject())
        {
            Require(member.Name is "AWS" or "Federated" or "Service" or "CanonicalUser", $"{path}.{name} has the unknown member {member.Name}");
        }

        var place = $"{path}.{name}";
        return new PrincipalSet(Texts(value, "AWS", place) ?? [], Texts(value, "Federated", place) ?? [], Texts(value, "Service", place) ?? []);
    }

    /// <summary>A text or a list of texts; null when there is no such member.</summary>
    internal static IReadOnlyList<string>? Texts(JsonElement json, string name, string path) =>
        json.TryGetProperty(name, out var value) ? TextsOf(value, $"{path}.{name}") : null;

    /// <summary>A text, number or flag, or a list of them.</summary>
    internal static IReadOnlyList<string> TextsOf(JsonElement value, string path)
    {
        IReadOnlyList<string> texts = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => Text(v, path))] : [Text(value, path)];
        Require(texts.Count > 0, $"{path} is empty");
        return texts;
    }

    /// <summary>Throws when a rule of the grammar is broken.</summary>
    internal static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new MalformedPolicyException(what.StartsWith("Policy ", StringComparison.Ordinal) || what.StartsWith("Has ", StringComparison.Ordinal) || what.StartsWith("Missing ", StringComparison.Ordinal)
                ? what
                : $"Syntax errors in policy. ({what})");
        }
    }

    private static string Text(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new MalformedPolicyException($"Syntax errors in policy. ({path} is not a text)"),
    };
}
