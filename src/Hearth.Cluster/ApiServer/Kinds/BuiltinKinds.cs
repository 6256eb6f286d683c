using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Every kind that is there without a custom resource definition.</summary>
internal static class BuiltinKinds
{
    public static IReadOnlyList<ResourceDefinition> Definitions() =>
    [
        .. CoreKinds.Definitions(), .. AppsKinds.Definitions(), .. RbacKinds.Definitions(), .. OtherKinds.Definitions(), .. ReviewKinds.Definitions(),
    ];
}
