using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Why no instance type of a pool will do, in Karpenter's words (scheduling/nodeclaim.go): which criterion alone, or which pair, excludes everything.</summary>
internal static class Explanations
{
    private const string Details = ", requirements=";

    /// <param name="claim">The node that would be launched.</param>
    /// <param name="requirements">With what the pod demands.</param>
    /// <param name="requests">Of all its pods.</param>
    public static string NoType(OpenClaim claim, RequirementSet requirements, ResourceVector requests)
    {
        var (pool, candidates) = (claim.Pool, claim.Types);
        var matching = pool.Matching(requirements).And(candidates);
        var offered = pool.Offered(requirements).And(candidates);
        var fitting = claim.Daemons.Fitting(pool, requests, candidates);
        var reason = (matching.IsEmpty, fitting.IsEmpty, offered.IsEmpty) switch
        {
            (true, true, true) => "no instance type met the scheduling requirements or had enough resources or had a required offering",
            (true, true, false) => "no instance type met the scheduling requirements or had enough resources",
            (true, false, true) => "no instance type met the scheduling requirements or had a required offering",
            (false, true, true) => "no instance type had enough resources or had a required offering",
            (true, false, false) => "no instance type met all requirements",
            (false, true, false) => "no instance type has enough resources",
            (false, false, true) => "no instance type has the required offering",
            _ when matching.And(fitting).IsEmpty => "no instance type which met the scheduling requirements and had enough resources",
            _ when matching.And(offered).IsEmpty => "no instance type which met the scheduling requirements and had a required offering",
            _ when fitting.And(offered).IsEmpty => "no instance type which had enough resources and the required offering",
            _ => "no instance type met the requirements/resources/offering tuple",
        };
        return $"{reason}{Details}{requirements}, resources={requests + claim.Daemons.Least(candidates)}";
    }

    /// <summary>One pool's part of the message.</summary>
    public static PoolReason ForPool(string pool, ResourceVector daemons, string why)
    {
        return new(pool, Short(why), $"incompatible with nodepool \"{pool}\", daemonset overhead={daemons}, {why}");
    }

    /// <summary>The criterion alone: without the numbers, and without what the criterion says twice.</summary>
    private static string Short(string why)
    {
        var details = why.IndexOf(Details, StringComparison.Ordinal);
        var text = details < 0 ? why : why[..details];
        if (!text.StartsWith(RequirementSet.Incompatible, StringComparison.Ordinal))
        {
            return text;
        }

        var rest = text[RequirementSet.Incompatible.Length..];
        return rest.StartsWith("key ", StringComparison.Ordinal) && rest.IndexOf(", ", StringComparison.Ordinal) is > 0 and var end ? rest[(end + 2)..] : rest;
    }

    /// <summary>A pool that has reached its limits.</summary>
    public static PoolReason LimitsReached(string pool) => new(pool, "all available instance types exceed its limits", $"all available instance types exceed limits for nodepool: \"{pool}\"");
}
