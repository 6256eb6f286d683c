using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Claims that name no storage class get the default one, when there is one. An empty name is a name.</summary>
internal sealed class DefaultStorageClass(ObjectReader reader) : IAdmission
{
    private const string Annotation = "storageclass.kubernetes.io/is-default-class";

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "persistentvolumeclaims") || request.Object.Obj("spec")?["storageClassName"] is not null)
        {
            return;
        }

        var newest = reader.All(OtherKinds.StorageClasses)
            .Where(c => c.Root.Text("metadata", "annotations", Annotation) == "true")
            .OrderByDescending(c => c.Root.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (newest is not null)
        {
            request.Object.Ensure("spec")["storageClassName"] = newest.Name;
        }
    }
}
