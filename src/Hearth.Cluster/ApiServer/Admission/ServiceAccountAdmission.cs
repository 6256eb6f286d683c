using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Every pod runs as a service account that exists; its token is mounted unless pod or account refuse it.</summary>
internal sealed class ServiceAccountAdmission(ObjectReader reader) : IAdmission
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const long TokenSeconds = 3607;

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods"))
        {
            return;
        }

        var spec = request.Object.Ensure("spec");
        var name = MetaTree.NullIfEmpty(spec.Str("serviceAccountName")) ?? "default";
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var account = reader.Find(CoreKinds.ServiceAccounts, request.Namespace, name)
            ?? throw ApiErrors.Forbidden(
                request.Resource.Type, request.Name, $"error looking up service account {request.Namespace}/{name}: serviceaccount \"{name}\" not found");
        var mounts = spec.Bool("automountServiceAccountToken") ?? account.Root.At("automountServiceAccountToken").ValueKind != System.Text.Json.JsonValueKind.False;
        if (mounts)
        {
            MountToken(spec);
        }

        if (spec["imagePullSecrets"] is null && account.Root.Count("imagePullSecrets") > 0)
        {
            spec["imagePullSecrets"] = JsonArray.Create(account.Root.At("imagePullSecrets"))!.DeepClone();
        }
    }

    private static void MountToken(JsonObject spec)
    {
        string? volume = null;
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            if (container.Objects("volumeMounts").Any(m => m.Str("mountPath") == MountPath))
            {
                continue;
            }

            volume ??= $"kube-api-access-{NameGenerator.Suffix()}";
            if (container["volumeMounts"] is not JsonArray mounts)
            {
                container["volumeMounts"] = mounts = [];
            }

            mounts.Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
        }

        if (volume is null)
        {
            return;
        }

        if (spec["volumes"] is not JsonArray volumes)
        {
            spec["volumes"] = volumes = [];
        }

        volumes.Add((JsonNode)TokenVolume(volume));
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
            ["defaultMode"] = 420L,
        },
    };
}
