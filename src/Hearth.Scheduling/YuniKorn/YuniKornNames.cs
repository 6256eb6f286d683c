namespace Hearth.Scheduling.YuniKorn;

/// <summary>Labels, annotations and words of Apache YuniKorn (apache/yunikorn-k8shim, pkg/common/constants).</summary>
public static class YuniKornNames
{
    /// <summary>Its <c>schedulerName</c>.</summary>
    public const string Scheduler = "yunikorn";

    /// <summary>Label or annotation: the application a pod belongs to.</summary>
    public const string ApplicationId = "yunikorn.apache.org/app-id";

    /// <summary>The older label of the same meaning.</summary>
    public const string OldApplicationId = "applicationId";

    /// <summary>Label that Spark gives all pods of an application; counts when neither of the others is there.</summary>
    public const string SparkApplicationId = "spark-app-selector";

    /// <summary>Label or annotation: the queue that is asked for.</summary>
    public const string Queue = "yunikorn.apache.org/queue";

    /// <summary>The older label of the same meaning.</summary>
    public const string OldQueue = "queue";

    /// <summary>Annotation: <c>{"user":"x","groups":["g"]}</c>.</summary>
    public const string UserInfo = "yunikorn.apache.org/user.info";

    /// <summary>User of pods that name none.</summary>
    public const string DefaultUser = "nobody";

    /// <summary>Annotation: the gang, a JSON list; on the pod that begins the application.</summary>
    public const string TaskGroups = "yunikorn.apache.org/task-groups";

    /// <summary>Annotation: which group a pod takes a place of.</summary>
    public const string TaskGroupName = "yunikorn.apache.org/task-group-name";

    /// <summary>Annotation: blank-separated <c>key=value</c>; see <see cref="Gangs.PolicyParameters"/>.</summary>
    public const string PolicyParameters = "yunikorn.apache.org/schedulingPolicyParameters";

    /// <summary>Annotation: <c>"false"</c> makes a pod the last choice for preemption.</summary>
    public const string AllowPreemption = "yunikorn.apache.org/allow-preemption";

    /// <summary>Annotation of placeholder pods: <c>"true"</c>.</summary>
    public const string Placeholder = "internal.yunikorn.apache.org/placeholder";

    /// <summary>The same before 1.6.</summary>
    public const string OldPlaceholder = "yunikorn.apache.org/placeholder";

    /// <summary>Annotation of namespaces: JSON of quantities, the max of queues that are made for them.</summary>
    public const string NamespaceQuota = "yunikorn.apache.org/namespace.quota";

    /// <summary>Annotation of namespaces: JSON of quantities, the guaranteed share of queues that are made for them.</summary>
    public const string NamespaceGuaranteed = "yunikorn.apache.org/namespace.guaranteed";

    /// <summary>Annotation of namespaces: parent of the queue that is made for them.</summary>
    public const string ParentQueue = "yunikorn.apache.org/parentqueue";

    /// <summary>Queue text's key in the ConfigMaps <c>yunikorn-defaults</c> and <c>yunikorn-configs</c>.</summary>
    public const string QueuesKey = "queues.yaml";

    /// <summary>ConfigMap of the installation.</summary>
    public const string DefaultsMap = "yunikorn-defaults";

    /// <summary>ConfigMap of the user; its keys win.</summary>
    public const string ConfigsMap = "yunikorn-configs";

    /// <summary>Resource name of processors in queues; a queue's <c>cpu</c> is another resource, and limits nothing.</summary>
    public const string Vcore = "vcore";

    /// <summary>All annotations and labels that YuniKorn reads from pods.</summary>
    public static IReadOnlyList<string> OfPods { get; } = [ApplicationId, Queue, UserInfo, TaskGroups, TaskGroupName, PolicyParameters, AllowPreemption, Placeholder, OldPlaceholder];
}
