using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.Monitoring>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.monitoring</c> and <c>spec.queues[]</c>.</summary>
internal static class MonitoringFields
{
    private static readonly ObjectShape<QueueResources> Resources = new("QueueResources", "Amounts of a queue.", new(),
    [
        Table<QueueResources>.Field("memory", Texts.Quantity, r => r.Memory, (r, v) => r with { Memory = v }, "Memory, as 500G."),
        Table<QueueResources>.Field("vcore", Texts.Quantity, r => r.Vcore, (r, v) => r with { Vcore = v }, "Processors, as 50."),
    ]);

    public static ObjectShape<Queue> Queue { get; } = new("Queue", "A YuniKorn queue.", new(),
    [
        Table<Queue>.Field("name", Texts.QueueName, q => q.Name, (q, v) => q with { Name = v }, "Its full path; parents need no entry of their own.", required: true),
        Table<Queue>.Field("guaranteed", Resources, q => q.Guaranteed, (q, v) => q with { Guaranteed = v }, "What it always gets."),
        Table<Queue>.Field("max", Resources, q => q.Max, (q, v) => q with { Max = v }, "What it never exceeds."),
    ]);

    public static ObjectShape<Monitoring> Monitoring { get; } = new("Monitoring", "What is collected, and how long it is kept.", new(),
    [
        Of.Field("workspaceAlias", Texts.Any, m => m.WorkspaceAlias, (m, v) => m with { WorkspaceAlias = v }, "Alias of the Prometheus workspace; left out, `amp-ws-<platform>`."),
        Of.Field("scrapeInterval", Texts.Duration, m => m.ScrapeInterval, (m, v) => m with { ScrapeInterval = v }, "How often metrics are read."),
        Of.Field("retention", Texts.Duration, m => m.Retention, (m, v) => m with { Retention = v }, "How long the cluster's own Prometheus keeps samples."),
        Of.Field("controlPlaneLogs", Shapes.ListOf(TextShape.OneOf("api", "audit", "authenticator", "controllerManager", "scheduler")), m => m.ControlPlaneLogs, (m, v) => m with { ControlPlaneLogs = v }, "Control-plane logs that are kept."),
        Of.Field("controlPlaneLogRetentionDays", Shapes.Days, m => m.ControlPlaneLogRetentionDays, (m, v) => m with { ControlPlaneLogRetentionDays = v }, "How long they are kept."),
        Of.Field("eventLogBucket", Texts.Bucket, m => m.EventLogBucket, (m, v) => m with { EventLogBucket = v }, "Bucket of the Spark event logs; left out, `<platform>-emr-<account>-<region>`."),
    ]);
}
