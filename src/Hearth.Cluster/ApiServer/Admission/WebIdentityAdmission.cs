using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>
/// What EKS's pod identity webhook does: a pod whose service account names an IAM role gets a token for STS and the variables by which AWS SDKs find
/// both. Source: github.com/aws/amazon-eks-pod-identity-webhook.
/// </summary>
internal sealed class WebIdentityAdmission(ObjectReader reader) : IAdmission
{
    private const string RoleAnnotation = "eks.amazonaws.com/role-arn";
    private const string Volume = "aws-iam-token";
    private const string MountPath = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
    private const string Audience = "sts.amazonaws.com";
    private const long TokenSeconds = 86_400;

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods"))
        {
            return;
        }

        var spec = request.Object.Ensure("spec");
        var name = MetaTree.NullIfEmpty(spec.Str("serviceAccountName")) ?? "default";
        if (reader.Find(CoreKinds.ServiceAccounts, request.Namespace, name)?.Root.Text("metadata", "annotations", RoleAnnotation) is not { Length: > 0 } role)
        {
            return;
        }

        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            AddEnv(container, "AWS_STS_REGIONAL_ENDPOINTS", "regional");
            AddEnv(container, "AWS_ROLE_ARN", role);
            AddEnv(container, "AWS_WEB_IDENTITY_TOKEN_FILE", $"{MountPath}/token");
            if (!container.Objects("volumeMounts").Any(m => m.Str("mountPath") == MountPath))
            {
                List(container, "volumeMounts").Add((JsonNode)new JsonObject { ["name"] = Volume, ["readOnly"] = true, ["mountPath"] = MountPath });
            }
        }

        if (!spec.Objects("volumes").Any(v => v.Str("name") == Volume))
        {
            List(spec, "volumes").Add((JsonNode)TokenVolume());
        }
    }

    private static void AddEnv(JsonObject container, string name, string value)
    {
        if (!container.Objects("env").Any(e => e.Str("name") == name))
        {
            List(container, "env").Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
        }
    }

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        return list;
    }

    private static JsonObject TokenVolume() => new()
    {
        ["name"] = Volume,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(new JsonObject
            {
                ["serviceAccountToken"] = new JsonObject { ["audience"] = Audience, ["expirationSeconds"] = TokenSeconds, ["path"] = "token" },
            }),
            ["defaultMode"] = 420L,
        },
    };
}
