namespace Hearth.Jobs.Service;

/// <summary>
/// The front door of the room: everything that the EMR on EKS API (2020-10-01) can do, in its words. Requests are validated here
/// (<see cref="JobValidationException"/>), so that every client of any protocol gets the same answers. Who may call is decided before.
/// </summary>
public interface IJobService : IVirtualClusters, IJobRuns, IJobTemplates, IManagedEndpoints, ISecurityConfigurations, IResourceTags;

/// <summary>Who calls.</summary>
/// <param name="Arn">For example <c>arn:aws:sts::123456789012:assumed-role/team-a/alice</c>; becomes <c>createdBy</c>.</param>
public sealed record JobCaller(string Arn);

/// <summary>One page of a listing.</summary>
/// <param name="Items">The page.</param>
/// <param name="NextToken">Asks for the next page; null on the last.</param>
public sealed record JobPage<T>(IReadOnlyList<T> Items, string? NextToken);
