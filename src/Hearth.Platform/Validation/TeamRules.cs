using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>Each team has names of its own, and what it refers to exists.</summary>
internal static class TeamRules
{
    private const string Path = "spec.teams";

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        var teams = platform.Teams;
        var classes = platform.StorageClasses.Select(c => c.Name).ToArray();
        for (var i = 0; i < teams.Count; i++)
        {
            var path = FieldPath.Item(Path, i);
            Rules.Declared(teams[i].StorageClass, classes, $"{path}.storageClass", faults, "storage class");
            if (teams[i].Namespace.StartsWith("kube-", StringComparison.Ordinal))
            {
                faults.Add($"{path}.namespace", $"namespace '{teams[i].Namespace}' belongs to Kubernetes");
            }
        }

        Rules.Unique(teams, Path, faults, t => t.Name);
        // EMR on EKS allows one virtual cluster a namespace.
        Rules.Unique(teams, Path, faults, t => t.Namespace, "namespace", what: null, "name");
        Rules.Unique(teams, Path, faults, t => t.VirtualCluster, "virtualCluster", "virtual cluster", "name", "namespace");
        Rules.Unique(teams, Path, faults, t => t.Bucket, "bucket", what: null, "name", "namespace");
        Rules.Unique(teams, Path, faults, t => t.ExecutionRole.Name, "executionRole.name", "execution role", "name", "namespace");
        Rules.Unique(platform.Queues, "spec.queues", faults, q => q.Name);
    }
}
