using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>The <c>scale</c> sub-resource: an autoscaling/v1 Scale over the numbers that a kind names.</summary>
internal sealed class ScaleWrites(ObjectUpdater updater, ObjectReader reader)
{
    private static readonly ResourceDefinition ScaleKind = new() { Type = new ResourceType("autoscaling", "v1", "scales", "Scale", true) };

    /// <summary>The Scale of an object.</summary>
    public static JsonObject Read(ResourceDefinition definition, StoredObject found)
    {
        var paths = definition.Scale!;
        var scale = new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = found.Name,
                ["namespace"] = found.Namespace,
                ["uid"] = found.Uid,
                ["resourceVersion"] = JsonTree.Text(found.Revision),
                ["creationTimestamp"] = found.Root.Text("metadata", "creationTimestamp"),
            },
            ["spec"] = new JsonObject { ["replicas"] = found.Root.Number(paths.Replicas.Split('.')) ?? 0 },
            ["status"] = new JsonObject { ["replicas"] = found.Root.Number(paths.StatusReplicas.Split('.')) ?? 0 },
        };
        if (paths.Selector is { } selector)
        {
            scale["status"]!["selector"] = Selector(found.Root.At(selector.Split('.')));
        }

        return (JsonObject)JsonTree.Normalize(scale);
    }

    public Task<WriteAnswer> ReplaceAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, JsonObject body, CancellationToken ct) =>
        WriteAsync(call, definition, ns, name, _ => body, ct);

    public Task<WriteAnswer> PatchAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, KubePatch patch, CancellationToken ct) =>
        WriteAsync(call, definition, ns, name, scale => ApiPatching.Apply(ScaleKind, scale, patch.Type, patch.Body), ct);

    private async Task<WriteAnswer> WriteAsync(
        ApiCall call, ResourceDefinition definition, string? ns, string name, Func<JsonObject, JsonObject> edit, CancellationToken ct)
    {
        var path = definition.Scale!.Replicas.Split('.');
        var change = new ObjectChange("scale", current =>
        {
            var stored = reader.Get(definition, ns, name);
            var wanted = edit(Read(definition, stored));
            var replicas = wanted.Obj("spec").Int("replicas") ?? 0;
            if (replicas < 0)
            {
                var errors = new FieldErrors();
                errors.Invalid("spec.replicas", JsonValue.Create(replicas), "must be greater than or equal to 0");
                throw ApiErrors.Invalid(ScaleKind.Type, name, errors);
            }

            var holder = current;
            foreach (var part in path[..^1])
            {
                holder = holder.Ensure(part);
            }

            holder[path[^1]] = replicas;
            if (wanted.ResourceVersion() is { } version)
            {
                current.Meta()["resourceVersion"] = version;
            }

            return current;
        });
        var written = await updater.UpdateAsync(call, definition, ns, name, change, ct).ConfigureAwait(false);
        return new WriteAnswer(written, Read(definition, written));
    }

    private static string? Selector(JsonElement selector) => selector.ValueKind switch
    {
        JsonValueKind.String => selector.GetString(),
        JsonValueKind.Object => SelectorTree.Parse(JsonObject.Create(selector)).ToString(),
        _ => null,
    };
}
