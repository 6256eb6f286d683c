using Hearth.Cluster.ApiServer.Admission.Quota;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>The rules in the order in which they look at a write.</summary>
internal static class AdmissionRules
{
    public static IReadOnlyList<IAdmission> All(ObjectReader reader, IAuthorizer authorizer, QuotaLedger quotas, bool yunikorn) =>
    [
        new NamespaceLifecycle(reader, CoreKinds.Namespaces),
        new ServiceAccountAdmission(reader),
        new WebIdentityAdmission(reader),
        new PriorityAdmission(reader),
        new TolerationAdmission(),
        .. yunikorn ? [new YuniKornAdmission()] : Array.Empty<IAdmission>(),
        new LimitRangeAdmission(reader),
        new DefaultStorageClass(reader),
        new RbacEscalation(reader, authorizer),
        new QuotaAdmission(quotas),
    ];
}
