namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>What a person can do about a pod that no pool takes.</summary>
internal static class WaysOut
{
    /// <summary>One line for each kind of refusal, the cheapest to try first.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<PoolRefusal> refusals, string role) =>
        [.. refusals.GroupBy(r => r.Kind).OrderBy(g => g.Key).Select(g => Line(g.Key, Subjects(g), role)).OfType<string>()];

    private static string? Line(PoolRefusalKind kind, string subjects, string role) => kind switch
    {
        PoolRefusalKind.Taint => $"tolerate the taint in the pod template (spark.kubernetes.{role}.podTemplateFile): {subjects}",
        PoolRefusalKind.Requirement => $"change what the pod wants of its node (nodeSelector and affinity of the pod template, spark.kubernetes.{role}.node.selector.*): {subjects}",
        PoolRefusalKind.Size => $"ask for less (spark.{role}.cores, spark.{role}.memory, spark.{role}.memoryOverhead), or allow larger instance types in a pool",
        PoolRefusalKind.Limit => "wait until other jobs end, or raise the pool's limits (spec.limits)",
        PoolRefusalKind.Offering => "allow more zones, capacity types or instance types, in the pod template or in the pool",
        _ => null,
    };

    private static string Subjects(IEnumerable<PoolRefusal> refusals) => string.Join(", ", refusals.Select(r => r.Subject).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal));
}
