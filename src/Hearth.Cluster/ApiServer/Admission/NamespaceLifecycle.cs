using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Core;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Objects are created only in namespaces that exist and stay; the first namespaces are never deleted.</summary>
internal sealed class NamespaceLifecycle(ObjectReader reader, ResourceDefinition namespaces) : IAdmission
{
    private static readonly string[] Protected = ["default", "kube-system", "kube-public"];

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation == AdmissionOperation.Create && request.Namespace is { } ns)
        {
            CheckCreate(request, ns);
        }
        else if (request.Operation == AdmissionOperation.Delete && request.Is("", "namespaces") && Protected.Contains(request.Name, StringComparer.Ordinal))
        {
            throw ApiErrors.Forbidden(Namespace.Type, request.Name, "this namespace may not be deleted");
        }
    }

    private void CheckCreate(AdmissionRequest request, string ns)
    {
        var found = reader.Find(namespaces, null, ns) ?? throw ApiErrors.NotFound(Namespace.Type, ns);
        if (found.Root.Text("metadata", "deletionTimestamp") is null)
        {
            return;
        }

        var message = $"unable to create new content in namespace {ns} because it is being terminated";
        throw ApiErrors.Forbidden(request.Resource.Type, request.Name, message, new JsonArray(
            ApiErrors.Cause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")));
    }
}
