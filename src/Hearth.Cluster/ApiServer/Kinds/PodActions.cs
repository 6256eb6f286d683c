using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Binds a pod to a node: <c>POST pods/x/binding</c>.</summary>
internal sealed class BindingAction(WriteServices services, ObjectUpdater updater) : ISubresourceAction
{
    public async Task<JsonObject> PostAsync(ApiCall call, string? ns, string name, JsonObject body, CancellationToken ct)
    {
        var target = body.Obj("target");
        if (string.IsNullOrEmpty(target.Str("name")) || target.Str("kind") is not (null or "" or "Node"))
        {
            var errors = new FieldErrors();
            errors.Required("target.name");
            throw ApiErrors.Invalid(CoreKinds.Bindings.Type, name, errors);
        }

        if (MetaTree.NullIfEmpty(body.Namespace()) is { } other && other != ns)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        var change = new ObjectChange("binding", pod => PodRules.Bind(pod, body, services.Now));
        await updater.UpdateAsync(call, CoreKinds.Pods, ns, name, change, ct).ConfigureAwait(false);
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
    }
}

/// <summary><c>POST bindings</c>: the same, the pod named by the body.</summary>
internal sealed class BindingResource(BindingAction action) : IVirtualResource
{
    public Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct) =>
        action.PostAsync(call, ns, body.Name() ?? "", body, ct);
}
