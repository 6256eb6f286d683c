using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>One gang of a YuniKorn application.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">How many placeholders.</param>
/// <param name="Each">What each of them asks for.</param>
/// <param name="NodeSelector">Where they may be.</param>
internal sealed record TaskGroup(string Name, int Members, ResourceVector Each, IReadOnlyDictionary<string, string> NodeSelector);

/// <summary>
/// The annotation <c>yunikorn.apache.org/task-groups</c> as YuniKorn reads it: names of members match in any case, unknown ones are ignored.
/// Source: apache/yunikorn-k8shim, amprotocol.go and utils.go.
/// </summary>
/// <param name="Groups">The groups; none when there is a problem.</param>
/// <param name="Problem">Why YuniKorn goes on without gangs, or null.</param>
internal sealed record TaskGroups(IReadOnlyList<TaskGroup> Groups, string? Problem)
{
    public const string Annotation = "yunikorn.apache.org/task-groups";

    /// <summary>The groups of the driver's template, which is the one that counts; null when it has none.</summary>
    public static TaskGroups? Of(TemplateFile? driver) => driver?.Annotations.GetValueOrDefault(Annotation) is { } text ? Read(text) : null;

    public static TaskGroups Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonArray list
                ? new TaskGroups([.. list.Select(Group)], null)
                : new TaskGroups([], "it is no JSON list");
        }
        catch (JsonException e)
        {
            var cut = e.Message.IndexOf(" LineNumber", StringComparison.Ordinal);
            return new TaskGroups([], $"it is not valid JSON: {(cut < 0 ? e.Message : e.Message[..cut]).TrimEnd('.')}");
        }
        catch (FormatException e)
        {
            return new TaskGroups([], e.Message);
        }
    }

    private static TaskGroup Group(JsonNode? node, int index)
    {
        var map = (node as JsonObject ?? throw new FormatException(FormattableString.Invariant($"group {index + 1} is no JSON object")))
            .GroupBy(m => m.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(m => m.Key, m => m.Last().Value, StringComparer.OrdinalIgnoreCase);
        var name = map.GetValueOrDefault("name")?.ToString() is { Length: > 0 } given ? given : throw new FormatException(FormattableString.Invariant($"group {index + 1} has no name"));
        if (!int.TryParse(map.GetValueOrDefault("minMember")?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var members) || members <= 0)
        {
            throw new FormatException($"minMember of group {name} must be a number above 0");
        }

        var each = map.GetValueOrDefault("minResource") as JsonObject ?? throw new FormatException($"group {name} has no minResource");
        return new TaskGroup(name, members, Resources(name, each), Texts(map.GetValueOrDefault("nodeSelector")));
    }

    private static ResourceVector Resources(string group, JsonObject each)
    {
        var vector = ResourceVector.Zero;
        foreach (var (resource, amount) in each)
        {
            if (!Quantity.TryParse(amount?.ToString() ?? "", out var quantity) || quantity.MilliValue < 0)
            {
                throw new FormatException($"minResource.{resource} of group {group} is '{amount}', which is no quantity of 0 or more");
            }

            vector = vector.With(resource is "vcore" ? ResourceNames.Cpu : resource, resource is "cpu" or "vcore" ? quantity.MilliValue : quantity.Value);
        }

        return vector;
    }

    private static Dictionary<string, string> Texts(JsonNode? node) =>
        (node as JsonObject ?? []).ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "", StringComparer.Ordinal);
}
