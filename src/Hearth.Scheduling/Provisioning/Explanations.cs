using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Why no instance type of a pool will do, in Karpenter's words (scheduling/nodeclaim.go): which criterion alone, or which pair, excludes everything.</summary>
internal static class Explanations
{
    public static string NoType(PoolInfo pool, TypeSet candidates, RequirementSet requirements, ResourceVector requests)
    {
        var matching = pool.Matching(requirements).And(candidates);
        var offered = pool.Offered(requirements).And(candidates);
        var fitting = pool.Fitting(requests, candidates);
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
        return $"{reason}, requirements={requirements}, resources={requests}";
    }

    /// <summary>One pool's part of the message.</summary>
    public static string ForPool(string pool, ResourceVector daemons, string why) =>
        $"incompatible with nodepool \"{pool}\", daemonset overhead={daemons}, {why}";

    /// <summary>A pool that has reached its limits.</summary>
    public static string LimitsReached(string pool) => $"all available instance types exceed limits for nodepool: \"{pool}\"";
}
