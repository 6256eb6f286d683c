using System.Text.Json;

namespace Hearth.Aws.Iam.Policy;

/// <summary>Reads the condition block of a statement.</summary>
internal static class ConditionParser
{
    private const string IfExists = "IfExists";

    public static IReadOnlyList<Condition> Read(JsonElement statement, string path)
    {
        if (!statement.TryGetProperty("Condition", out var block))
        {
            return [];
        }

        path += ".Condition";
        PolicyParser.Require(block.ValueKind == JsonValueKind.Object, $"{path} is not an object");
        var result = new List<Condition>();
        foreach (var clause in block.EnumerateObject())
        {
            var (name, quantifier, ifExists) = Split(clause.Name);
            PolicyParser.Require(ConditionOperators.Exists(name), $"{path} has the unknown operator {clause.Name}");
            PolicyParser.Require(clause.Value.ValueKind == JsonValueKind.Object, $"{path}.{clause.Name} is not an object");
            foreach (var key in clause.Value.EnumerateObject())
            {
                PolicyParser.Require(key.Name.Contains(':', StringComparison.Ordinal), $"{path}.{clause.Name} has the key {key.Name}, which names no vendor");
                result.Add(new Condition(name, quantifier, ifExists, key.Name, PolicyParser.TextsOf(key.Value, $"{path}.{clause.Name}.{key.Name}")));
            }
        }

        return result;
    }

    private static (string Name, SetQuantifier Quantifier, bool IfExists) Split(string text)
    {
        var quantifier = SetQuantifier.None;
        if (text.StartsWith("ForAnyValue:", StringComparison.Ordinal))
        {
            (quantifier, text) = (SetQuantifier.Any, text["ForAnyValue:".Length..]);
        }
        else if (text.StartsWith("ForAllValues:", StringComparison.Ordinal))
        {
            (quantifier, text) = (SetQuantifier.All, text["ForAllValues:".Length..]);
        }

        return text.EndsWith(IfExists, StringComparison.Ordinal) ? (text[..^IfExists.Length], quantifier, true) : (text, quantifier, false);
    }
}
