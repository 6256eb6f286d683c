using Hearth.Jobs.Access;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Service;
using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Controllers;

/// <summary>What the job controllers are given by the place they run in.</summary>
public sealed record JobControllerOptions
{
    public required SubmissionOptions Submission { get; init; }

    /// <summary>Where pod templates are read from.</summary>
    public required IObjectReader Objects { get; init; }
    public required LogShipping Logs { get; init; }

    /// <summary>Names and places as the service tells them: the same options as its own.</summary>
    public JobServiceOptions Service { get; init; } = new() { Region = "us-east-1", AccountId = "000000000000", ClusterName = "hearth" };

    /// <summary>What execution roles may do; null trusts every role.</summary>
    public IExecutionRoles? Roles { get; init; }

    /// <summary>AWS region, for the description of where logs are.</summary>
    public string Region { get; init; } = "";

    /// <summary>How long the pod of an ended driver stays for <c>kubectl</c>.</summary>
    public TimeSpan DriverRetention { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a driver may be without a node before its state details say so.</summary>
    public TimeSpan UnscheduledNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a job runner may have no pod before the events of its Job are read for why.</summary>
    public TimeSpan RefusalNotice { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a run may wait for a slot of its virtual cluster. Source: EMR on EKS Development Guide, virtual clusters.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an image may be unobtainable before the run fails.</summary>
    public TimeSpan ImageGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often cost and progress of a running job are brought up to date when nothing else happens.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Job runs worked on at a time.</summary>
    public int Workers { get; init; } = 4;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes one line about something that went wrong.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
