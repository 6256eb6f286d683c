namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>What somebody has to do, or may want to know, after the partition decided.</summary>
public abstract record CoreEffect;

/// <summary>Bind a pod.</summary>
public sealed record Placed(Ask Ask, string Node) : CoreEffect;

/// <summary>Delete a pod; say <see cref="Partition.Gone"/> when it is gone.</summary>
public sealed record Release(Ask Ask, ReleaseReason Reason, string Message) : CoreEffect;

/// <summary>A pod waits for room that a new node could give: autoscalers shall see it.</summary>
public sealed record Outstanding(Ask Ask) : CoreEffect;

/// <summary>A pod waits for its queue or its user, where no node helps.</summary>
public sealed record Skipped(Ask Ask, string Message) : CoreEffect;

/// <summary>Something about a pod that people may want to know.</summary>
public sealed record Told(Ask Ask, string Message) : CoreEffect;

/// <summary>An application came into a state.</summary>
public sealed record Changed(Application Application, ApplicationState State) : CoreEffect;
