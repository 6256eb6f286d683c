using System.Globalization;

namespace Hearth.Engine.Functions;

/// <summary>Steps of a JSON path.</summary>
internal enum JsonStepKind
{
    Field,
    Index,
    Every,
}

/// <summary>A step: a field by name, an element by index, or every element.</summary>
internal sealed record JsonStep(JsonStepKind Kind, string Name = "", int Index = 0);

/// <summary>The paths of get_json_object: <c>$.name</c>, <c>['name']</c>, <c>[n]</c>, <c>[*]</c>.</summary>
internal static class JsonPath
{
    /// <summary>The steps, or null when it is no path.</summary>
    public static IReadOnlyList<JsonStep>? Of(string path)
    {
        if (!path.StartsWith('$'))
        {
            return null;
        }

        List<JsonStep> steps = [];
        for (int at = 1; at < path.Length;)
        {
            if (Next(path, ref at) is not { } step)
            {
                return null;
            }

            steps.Add(step);
        }

        return steps;
    }

    private static JsonStep? Next(string path, ref int at)
    {
        if (path[at] == '.')
        {
            int end = path.AsSpan(at + 1).IndexOfAny('.', '[') is var n && n < 0 ? path.Length : at + 1 + n;
            string name = path[(at + 1)..end];
            at = end;
            return name.Length == 0 || name == "*" ? null : new JsonStep(JsonStepKind.Field, name);
        }

        if (path[at] != '[' || path.IndexOf(']', at) is not (> 0 and var close))
        {
            return null;
        }

        if (path[at + 1] == '\'')
        {
            close = path.IndexOf("']", at, StringComparison.Ordinal) + 1;
            if (close == 0)
            {
                return null;
            }
        }

        string inside = path[(at + 1)..close];
        at = close + 1;
        return inside == "*" ? new JsonStep(JsonStepKind.Every)
            : inside.Length > 1 && inside[0] == '\'' && inside[^1] == '\'' ? new JsonStep(JsonStepKind.Field, inside[1..^1])
            : int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? new JsonStep(JsonStepKind.Index, Index: index)
            : null;
    }
}
