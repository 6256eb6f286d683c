using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>The rules in the order in which they look at a write.</summary>
internal static class AdmissionRules
{
    public static IReadOnlyList<IAdmission> All(ObjectReader reader, IAuthorizer authorizer) =>
    [
        new NamespaceLifecycle(reader, CoreKinds.Namespaces),
        new ServiceAccountAdmission(reader),
        new PriorityAdmission(reader),
        new TolerationAdmission(),
        new DefaultStorageClass(reader),
        new RbacEscalation(reader, authorizer),
    ];
}
