using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Access;

/// <summary>An object to be created when it is not there.</summary>
/// <param name="Type">Kind and place.</param>
/// <param name="Body">The whole object.</param>
public sealed record AccessObject(ResourceType Type, JsonObject Body);

/// <summary>
/// Service accounts and rights that job runs need in a team's namespace: what EMR on EKS itself makes there, and the role that lets it.
/// Source: EMR on EKS best practices, the Terraform EMR module, captures of live clusters.
/// </summary>
public static class TeamAccess
{
    /// <summary>The Kubernetes user that the EMR service acts as.</summary>
    public const string ServiceUser = "emr-containers";

    private const string Rbac = "rbac.authorization.k8s.io";
    private static readonly string[] All = ["get", "list", "watch", "describe", "create", "edit", "delete", "deletecollection", "annotate", "patch", "label"];
    private static readonly string[] Manage = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <summary>Everything for one team.</summary>
    /// <param name="ns">Namespace of the team.</param>
    /// <param name="roleArn">Execution role of its jobs.</param>
    /// <param name="accountId">Account used when the role's ARN names none.</param>
    public static IReadOnlyList<AccessObject> Objects(string ns, string roleArn, string accountId) => [.. ForService(ns), .. ForJobs(ns, roleArn, accountId)];

    /// <summary>What jobs with an execution role need: service accounts of submitter, driver and executor, and the driver's rights.</summary>
    public static IReadOnlyList<AccessObject> ForJobs(string ns, string roleArn, string accountId)
    {
        var account = EmrNames.AccountOf(roleArn) ?? accountId;
        var name = EmrNames.RoleName(roleArn);
        return
        [
            Account(ns, EmrNames.ServiceAccount("client", account, name), roleArn),
            Account(ns, EmrNames.ServiceAccount("driver", account, name), roleArn),
            Account(ns, EmrNames.ServiceAccount("executor", account, name), roleArn),
            Role(ns, EmrNames.Role("client"), ClientRules()),
            Binding(ns, EmrNames.RoleBinding("client", account, name), EmrNames.Role("client"), new Subject { Kind = "ServiceAccount", Name = EmrNames.ServiceAccount("client", account, name), Namespace = ns }),
            Role(ns, EmrNames.Role("driver"), DriverRules()),
            Binding(ns, EmrNames.RoleBinding("driver", account, name), EmrNames.Role("driver"), new Subject { Kind = "ServiceAccount", Name = EmrNames.ServiceAccount("driver", account, name), Namespace = ns }),
        ];
    }

    /// <summary>The role <c>emr-containers</c> and its binding to the service's user.</summary>
    public static IReadOnlyList<AccessObject> ForService(string ns) =>
    [
        Role(ns, ServiceUser, ServiceRules()),
        Binding(ns, ServiceUser, ServiceUser, new Subject { Kind = "User", ApiGroup = Rbac, Name = ServiceUser }),
    ];

    // The job runner reads its run, creates the driver with what belongs to it, and watches it.
    private static PolicyRule[] ClientRules() =>
    [
        Rule([EmrGroup.Name], ["jobruns"], ["get"]),
        Rule([""], ["pods"], ["get", "list", "watch", "create", "patch", "delete"]),
        Rule([""], ["services", "configmaps", "persistentvolumeclaims"], ["get", "create", "patch", "delete"]),
    ];

    // Spark lists by label and deletes collections; nothing else is needed to run executors.
    private static PolicyRule[] DriverRules() => [Rule([""], ["pods", "services", "configmaps", "persistentvolumeclaims"], Manage)];

    private static PolicyRule[] ServiceRules() =>
    [
        Rule([""], ["namespaces"], ["get"]),
        Rule([""], ["serviceaccounts", "services", "configmaps", "events", "pods", "pods/log"], All),
        Rule([""], ["secrets"], ["create", "patch", "delete", "watch"]),
        Rule(["apps"], ["statefulsets", "deployments"], All),
        Rule(["batch"], ["jobs"], All),
        Rule(["extensions", "networking.k8s.io"], ["ingresses"], All),
        Rule([Rbac], ["roles", "rolebindings"], All),
        Rule([""], ["persistentvolumeclaims"], All),
    ];

    private static PolicyRule Rule(string[] groups, string[] resources, string[] verbs) => new() { ApiGroups = groups, Resources = resources, Verbs = verbs };

    private static AccessObject Account(string ns, string name, string roleArn) => Of(new ServiceAccount
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = ns,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["emr-containers.amazonaws.com/created-by"] = "emr-containers" },
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["eks.amazonaws.com/role-arn"] = roleArn },
        },
    });

    private static AccessObject Role(string ns, string name, PolicyRule[] rules) => Of(new Role { Metadata = new ObjectMeta { Name = name, Namespace = ns }, Rules = rules });

    private static AccessObject Binding(string ns, string name, string role, Subject subject) => Of(new RoleBinding
    {
        Metadata = new ObjectMeta { Name = name, Namespace = ns },
        Subjects = [subject],
        RoleRef = new RoleRef { ApiGroup = Rbac, Kind = "Role", Name = role },
    });

    private static AccessObject Of<T>(T value) where T : class, IKubeObject<T> => new(T.Type, KubeJson.Write(value));
}
