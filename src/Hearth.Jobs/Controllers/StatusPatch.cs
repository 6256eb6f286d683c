using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Controllers;

/// <summary>The smallest merge patch that turns one status into another.</summary>
internal static class StatusPatch
{
    /// <summary>The patch of <c>status</c>, or null when nothing differs.</summary>
    public static JsonObject? Between(JobRunStatus? old, JobRunStatus next)
    {
        var patch = Difference(Node(old ?? new JobRunStatus()), Node(next));
        return patch.Count == 0 ? null : patch;
    }

    private static JsonObject Node(JobRunStatus status) => JsonSerializer.SerializeToNode(status, JobsJson.Default.JobRunStatus)!.AsObject();

    private static JsonObject Difference(JsonObject old, JsonObject next)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in next)
        {
            if (JsonNode.DeepEquals(old[name], value))
            {
                continue;
            }

            patch[name] = old[name] is JsonObject before && value is JsonObject after ? Difference(before, after) : value?.DeepClone();
        }

        foreach (var (name, _) in old.Where(o => !next.ContainsKey(o.Key)))
        {
            patch[name] = null;
        }

        return patch;
    }
}
