namespace Hearth.Platform;

/// <summary>
/// A platform as it is declared: the single source of truth that is realised embedded (<c>hearth up</c>) or on AWS
/// (<c>hearth deploy</c>). Immutable; property defaults are what a YAML file that leaves the field out means.
/// Empty names are derived by <see cref="PlatformDefaults"/>; everything that <see cref="PlatformLoader"/> returns is complete.
/// </summary>
public sealed record PlatformDeclaration
{
    /// <summary>The platform's name, which is the EKS cluster's and the prefix of most other names.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>AWS region, as <c>us-west-2</c>.</summary>
    public string Region { get; init; } = "us-west-2";

    /// <summary>AWS account, 12 digits. The default is only good for the embedded platform.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>Kubernetes minor version, as <c>1.33</c>.</summary>
    public string KubernetesVersion { get; init; } = "1.33";

    public EngineSettings Engine { get; init; } = new();

    public Network Network { get; init; } = new();

    /// <summary>Managed node groups: nodes that are there from the start (or scaled by the cluster autoscaler).</summary>
    public IReadOnlyList<NodeGroup> NodeGroups { get; init; } = [];

    /// <summary>Karpenter node pools: nodes that are launched when pods need them.</summary>
    public IReadOnlyList<NodePool> NodePools { get; init; } = [];

    public IReadOnlyList<Team> Teams { get; init; } = [];

    public IReadOnlyList<StorageClass> StorageClasses { get; init; } = [];

    /// <summary>Switches by add-on name (a name of <see cref="AddonCatalog"/>); an add-on that is not named keeps its default.</summary>
    public IReadOnlyDictionary<string, AddonSwitch> Addons { get; init; } = Empty.Map<AddonSwitch>();

    /// <summary>Queues of the YuniKorn scheduler; used when that add-on is on.</summary>
    public IReadOnlyList<Queue> Queues { get; init; } = [];

    public Monitoring Monitoring { get; init; } = new();

    /// <summary>EMR Studio; AWS only.</summary>
    public Studio Studio { get; init; } = new();

    public SandboxSettings Sandbox { get; init; } = new();

    /// <summary>How the simulated cloud behaves; embedded and in plans only.</summary>
    public SimulationSettings Simulation { get; init; } = new();

    /// <summary>Tags that every AWS resource gets.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Empty.Map<string>();

    /// <summary>True when the add-on is on, by its switch or by its default.</summary>
    public bool IsEnabled(string addon) =>
        Addons.TryGetValue(addon, out var value) ? value.Enabled : AddonCatalog.Find(addon)?.EnabledByDefault ?? false;
}

/// <summary>What runs the jobs.</summary>
public sealed record EngineSettings
{
    /// <summary><c>embedded</c> (Hearth's own) or <c>spark</c> (Apache Spark, where installed); a job may ask for the other.</summary>
    public string Default { get; init; } = "embedded";

    /// <summary>The release a job gets that names none, as <c>emr-7.9.0-latest</c>.</summary>
    public string ReleaseLabel { get; init; } = "emr-7.9.0-latest";

    /// <summary>Where Apache Spark is; empty takes SPARK_HOME or an installed pyspark.</summary>
    public string SparkHome { get; init; } = string.Empty;
}

/// <summary>How containers are kept apart from the machine on the embedded platform.</summary>
public sealed record SandboxSettings
{
    /// <summary><c>bubblewrap</c> or <c>none</c>; the command line may only be asked for <c>none</c> by name.</summary>
    public string Mode { get; init; } = "bubblewrap";

    /// <summary>Host processors that all containers together may use; 0 is all of them.</summary>
    public int MaxCpus { get; init; }

    /// <summary>Host memory that all containers together may use, as a quantity (<c>8Gi</c>); empty is all of it.</summary>
    public string MaxMemory { get; init; } = string.Empty;
}

internal static class Empty
{
    public static IReadOnlyDictionary<string, T> Map<T>() => System.Collections.Frozen.FrozenDictionary<string, T>.Empty;
}
