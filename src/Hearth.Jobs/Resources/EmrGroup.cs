using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>The API group of Hearth's job objects and the names that objects carry.</summary>
public static class EmrGroup
{
    /// <summary>Group of the custom resources.</summary>
    public const string Name = "emr.hearth.dev";

    /// <summary>Served and stored version.</summary>
    public const string Version = "v1";

    /// <summary>Finalizer of a job run: deleting one cancels it first.</summary>
    public const string CancelFinalizer = "emr.hearth.dev/cancel";

    /// <summary>Annotation of a driver pod: a JSON object that the driver keeps current, copied to the job run's status.</summary>
    public const string ProgressAnnotation = "emr.hearth.dev/progress";

    /// <summary>Virtual clusters: cluster-scoped, because they register namespaces and outlive them in listings.</summary>
    public static ResourceType VirtualClusters { get; } = new(Name, Version, "virtualclusters", "VirtualCluster", false);

    /// <summary>Job runs, in the namespace of their virtual cluster.</summary>
    public static ResourceType JobRuns { get; } = new(Name, Version, "jobruns", "JobRun", true);

    /// <summary>Job templates: cluster-scoped, as they belong to no virtual cluster.</summary>
    public static ResourceType JobTemplates { get; } = new(Name, Version, "jobtemplates", "JobTemplate", false);

    /// <summary>Managed endpoints, in the namespace of their virtual cluster.</summary>
    public static ResourceType ManagedEndpoints { get; } = new(Name, Version, "managedendpoints", "ManagedEndpoint", true);

    /// <summary>Session credentials of managed endpoints, in the namespace of their endpoint.</summary>
    public static ResourceType EndpointSessions { get; } = new(Name, Version, "endpointsessions", "EndpointSession", true);

    /// <summary>Security configurations: cluster-scoped, as they belong to no virtual cluster.</summary>
    public static ResourceType SecurityConfigurations { get; } = new(Name, Version, "securityconfigurations", "SecurityConfiguration", false);

    /// <summary>Annotation of everything that a request made: a digest of the request, so that a client token used again for another one is noticed.</summary>
    public const string RequestAnnotation = "emr.hearth.dev/request";
}
