using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>Refuses what an authorizer does not allow, in the words of Kubernetes.</summary>
internal sealed class Access(IAuthorizer authorizer)
{
    public IAuthorizer Authorizer => authorizer;

    /// <exception cref="KubeException">403.</exception>
    public void Require(UserInfo user, AccessRequest request)
    {
        if (!authorizer.IsAllowed(user, request, out _))
        {
            throw Denied(user, request);
        }
    }

    private static KubeException Denied(UserInfo user, AccessRequest request)
    {
        if (request.Path is { } path)
        {
            return new KubeException(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {request.Verb} path \"{path}\"", new System.Text.Json.Nodes.JsonObject());
        }

        var where = string.IsNullOrEmpty(request.Namespace) ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        var type = new ResourceType(request.Group, "", request.Resource, "", true);
        return ApiErrors.Forbidden(
            type, request.Name, $"User \"{user.Name}\" cannot {request.Verb} resource \"{request.QualifiedResource}\" in API group \"{request.Group}\" {where}");
    }
}
