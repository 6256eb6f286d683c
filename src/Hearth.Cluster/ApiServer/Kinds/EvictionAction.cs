using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>
/// Evicts a pod (<c>POST pods/x/eviction</c>): a deletion that disruption budgets may refuse with 429. A finished, deleted or unready pod needs no budget.
/// </summary>
internal sealed class EvictionAction(WriteServices services, ObjectUpdater updater, ObjectRemover remover) : ISubresourceAction
{
    private const string Refused = "Cannot evict pod as it would violate the pod's disruption budget.";

    public async Task<JsonObject> PostAsync(ApiCall call, string? ns, string name, JsonObject body, CancellationToken ct)
    {
        var pod = services.Reader.Get(CoreKinds.Pods, ns, name);
        var options = Options(body);
        if (NeedsBudget(pod.Root))
        {
            await SpendBudgetAsync(call, ns, pod, ct).ConfigureAwait(false);
        }

        if (!call.DryRun)
        {
            await MarkDisruptedAsync(call, ns, name, ct).ConfigureAwait(false);
        }

        await remover.DeleteAsync(call, CoreKinds.Pods, ns, name, options, ct).ConfigureAwait(false);
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
    }

    private static RemoveOptions Options(JsonObject body)
    {
        var options = body.Obj("deleteOptions");
        return new RemoveOptions
        {
            GracePeriodSeconds = options.Int("gracePeriodSeconds"),
            PropagationPolicy = options.Str("propagationPolicy"),
            Uid = options.At("preconditions").Str("uid"),
            ResourceVersion = options.At("preconditions").Str("resourceVersion"),
        };
    }

    private static bool NeedsBudget(JsonElement pod) =>
        pod.Text("status", "phase") is not ("Succeeded" or "Failed" or "Pending") && pod.Text("metadata", "deletionTimestamp") is null;

    private async Task SpendBudgetAsync(ApiCall call, string? ns, StoredObject pod, CancellationToken ct)
    {
        var budgets = services.Reader.All(OtherKinds.PodDisruptionBudgets, ns)
            .Where(b => Selects(b, pod)).ToList();
        if (budgets.Count > 1)
        {
            throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (budgets.Count == 0)
        {
            return;
        }

        var budget = budgets[0];
        var change = new ObjectChange("status", tree =>
        {
            var status = tree.Ensure("status");
            var allowed = status.Int("disruptionsAllowed") ?? 0;
            if (allowed <= 0 || (status.Int("observedGeneration") ?? 0) < (tree.Generation() ?? 0))
            {
                throw ApiErrors.TooManyRequests(Refused, 10, new JsonArray(ApiErrors.Cause(
                    "DisruptionBudget",
                    $"The disruption budget {budget.Name} needs {status.Int("desiredHealthy") ?? 0} healthy pods and has {status.Int("currentHealthy") ?? 0} currently",
                    null)));
            }

            status["disruptionsAllowed"] = allowed - 1;
            status.Ensure("disruptedPods")[pod.Name] = KubeTimeConverter.ToText(services.Now);
            return tree;
        });
        await updater.UpdateAsync(call, OtherKinds.PodDisruptionBudgets, ns, budget.Name, change, ct).ConfigureAwait(false);
    }

    private static bool Selects(StoredObject budget, StoredObject pod)
    {
        var selector = budget.Root.At("spec", "selector");
        return selector.ValueKind == JsonValueKind.Object && SelectorTree.Parse(JsonObject.Create(selector)).Matches(pod.Document.Labels);
    }

    private async Task MarkDisruptedAsync(ApiCall call, string? ns, string name, CancellationToken ct)
    {
        var change = new ObjectChange("status", tree =>
        {
            var status = tree.Ensure("status");
            PodRules.SetCondition(status, "DisruptionTarget", "True", services.Now);
            var condition = status.Objects("conditions").First(c => c.Str("type") == "DisruptionTarget");
            condition["reason"] = "EvictionByEvictionAPI";
            condition["message"] = "Eviction API: evicting";
            return tree;
        });
        await updater.UpdateAsync(call, CoreKinds.Pods, ns, name, change, ct).ConfigureAwait(false);
    }
}
