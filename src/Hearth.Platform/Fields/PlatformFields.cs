using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.PlatformDeclaration>;

namespace Hearth.Platform.Fields;

/// <summary>The document <c>platform.yaml</c>.</summary>
internal static class PlatformFields
{
    public const string ApiVersion = "hearth.dev/v1";
    public const string Kind = "Platform";

    private static readonly ObjectShape<EngineSettings> Engine = new("Engine", "What runs the jobs.", new(),
    [
        Table<EngineSettings>.Field("default", TextShape.OneOf("embedded", "spark"), e => e.Default, (e, v) => e with { Default = v },
            "The embedded engine, or Apache Spark where it is installed. A job may ask for the other."),
        Table<EngineSettings>.Field("releaseLabel", Texts.ReleaseLabel, e => e.ReleaseLabel, (e, v) => e with { ReleaseLabel = v },
            "The release of a job that names none."),
        Table<EngineSettings>.Field("sparkHome", Texts.Any, e => e.SparkHome, (e, v) => e with { SparkHome = v },
            "Where Apache Spark is; left out, SPARK_HOME or an installed pyspark."),
    ]);

    private static readonly ObjectShape<SandboxSettings> Sandbox = new("Sandbox", "How containers are kept apart from the machine on the embedded platform.", new(),
    [
        Table<SandboxSettings>.Field("mode", TextShape.OneOf("bubblewrap", "none"), s => s.Mode, (s, v) => s with { Mode = v },
            "`bubblewrap` isolates each container; `none` runs plain processes and is only for code that you would run yourself."),
        Table<SandboxSettings>.Field("maxCpus", new IntShape(0, 4096), s => s.MaxCpus, (s, v) => s with { MaxCpus = v },
            "Host processors that all containers together may use; 0 is all of them."),
        Table<SandboxSettings>.Field("maxMemory", Texts.Quantity, s => s.MaxMemory, (s, v) => s with { MaxMemory = v },
            "Host memory that all containers together may use; left out, all of it."),
    ]);

    private static readonly ObjectShape<AddonSwitch> Addon = new("Addon", "Whether an add-on is wanted.", new(),
    [
        Table<AddonSwitch>.Field("enabled", Shapes.Bool, a => a.Enabled, (a, v) => a with { Enabled = v }, "On or off."),
        Table<AddonSwitch>.Field("version", Texts.Any, a => a.Version, (a, v) => a with { Version = v }, "Version on AWS; left out, the catalogue's."),
    ]);

    private static readonly ObjectShape<PlatformDeclaration> Metadata = new("Metadata", "What the platform is called.", new(),
    [
        Of.Field("name", Texts.ClusterName, p => p.Name, (p, v) => p with { Name = v }, "The platform's name; also the EKS cluster's, and the prefix of most other names.", required: true),
    ]);

    private static readonly ObjectShape<PlatformDeclaration> Spec = new("Spec", "What the platform has.", new(),
    [
        Of.Field("region", Texts.Region, p => p.Region, (p, v) => p with { Region = v }, "AWS region."),
        Of.Field("accountId", Texts.Account, p => p.AccountId, (p, v) => p with { AccountId = v }, "AWS account. The default is only good for the embedded platform."),
        Of.Field("kubernetesVersion", Texts.KubernetesVersion, p => p.KubernetesVersion, (p, v) => p with { KubernetesVersion = v }, "Kubernetes minor version."),
        Of.Field("engine", Engine, p => p.Engine, (p, v) => p with { Engine = v }, "What runs the jobs."),
        Of.Field("network", NetworkFields.Network, p => p.Network, (p, v) => p with { Network = v }, "The VPC, its zones and subnets."),
        Of.Field("nodeGroups", new ListShape<NodeGroup>(NodeGroupFields.NodeGroup, new()), p => p.NodeGroups, (p, v) => p with { NodeGroups = v }, "Managed node groups: nodes that are there from the start."),
        Of.Field("nodePools", new ListShape<NodePool>(NodePoolFields.NodePool, new()), p => p.NodePools, (p, v) => p with { NodePools = v }, "Karpenter node pools: nodes that are launched when pods need them."),
        Of.Field("teams", new ListShape<Team>(TeamFields.Team, new()), p => p.Teams, (p, v) => p with { Teams = v }, "Data teams, each with a namespace, a virtual cluster, a role and a bucket."),
        Of.Field("storageClasses", new ListShape<StorageClass>(StorageFields.StorageClass, new()), p => p.StorageClasses, (p, v) => p with { StorageClasses = v }, "Kubernetes storage classes."),
        Of.Field("addons", new MapShape<AddonSwitch>(key: null, Addon, new(), AddonCatalog.Names, "add-on"), p => p.Addons, (p, v) => p with { Addons = v }, "Add-on switches; an add-on that is not named keeps its default (`hearth platform addons`)."),
        Of.Field("queues", new ListShape<Queue>(MonitoringFields.Queue, new()), p => p.Queues, (p, v) => p with { Queues = v }, "YuniKorn queues; used when that add-on is on."),
        Of.Field("monitoring", MonitoringFields.Monitoring, p => p.Monitoring, (p, v) => p with { Monitoring = v }, "What is collected, and how long it is kept."),
        Of.Field("studio", StudioFields.Studio, p => p.Studio, (p, v) => p with { Studio = v }, "EMR Studio on AWS; left out, none."),
        Of.Field("sandbox", Sandbox, p => p.Sandbox, (p, v) => p with { Sandbox = v }, "How containers are kept apart on the embedded platform."),
        Of.Field("simulation", SimulationFields.Simulation, p => p.Simulation, (p, v) => p with { Simulation = v }, "How the simulated cloud behaves, embedded and in plans."),
        Of.Field("tags", Shapes.Tags, p => p.Tags, (p, v) => p with { Tags = v }, "Tags that every AWS resource gets."),
    ]);

    /// <summary>The whole document.</summary>
    public static ObjectShape<PlatformDeclaration> Document { get; } = new("Platform", "A Spark data platform, declared once and realised embedded or on AWS.", new(),
    [
        Of.Constant("apiVersion", ApiVersion, "The format of this document."),
        Of.Constant("kind", Kind, "What this document declares."),
        Of.Field("metadata", Metadata, p => p, (_, v) => v, "What the platform is called.", required: true),
        Of.Field("spec", Spec, p => p, (_, v) => v, "What the platform has."),
    ]);
}
