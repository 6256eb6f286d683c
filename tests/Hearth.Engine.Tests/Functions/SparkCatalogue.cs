using Hearth.Engine.Functions;

namespace Hearth.Engine.Tests.Functions;

/// <summary>What is known about Spark's functions beside their examples.</summary>
internal static class SparkCatalogue
{
    private const string Seeded = "over a table a seed has no effect: other numbers than Spark's, and others in each run; without a table Spark's own";

    /// <summary>Functions whose answers are not Spark's own in every respect, and how.</summary>
    public static readonly IReadOnlyDictionary<string, string> Differences = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["rand"] = Seeded,
        ["random"] = Seeded,
        ["randn"] = Seeded,
        ["uniform"] = Seeded,
        ["randstr"] = "a seed is accepted, the text is another",
        ["shuffle"] = "a seed is accepted, the order is another",
        ["approx_count_distinct"] = "exact instead of approximate",
        ["approx_percentile"] = "exact instead of approximate",
        ["percentile_approx"] = "exact instead of approximate",
        ["monotonically_increasing_id"] = "there is one partition: 0, 1, 2, ..",
        ["spark_partition_id"] = "there is one partition: 0; refused after `repartition(n)`",
        ["version"] = "names the Spark version whose behaviour it has",
        ["collect_set"] = "the order is as open as in Spark, and another",
    };

    private static readonly string[] NewerWords = ["time'", "time '", "kll_", "theta_", "tuple_sketch", "current_time;", "current_time(", "make_time(", "to_time(", "time_", "approx_top_k", "collat", "measure(", "variant", "st_", "vector_"];

    /// <summary>Whether an example needs a later Spark than 3.5 (the TIME type, its sketches, collations, variants, spatial types) and is refused here.</summary>
    public static bool NeedsNewerSpark(FunctionOutcome outcome) => outcome.Verdict == Verdict.Refused
        && (NewerWords.Any(w => outcome.Case.Query.Contains(w, StringComparison.OrdinalIgnoreCase)) || outcome.Case.Query.EndsWith("current_time", StringComparison.Ordinal)
            || UnsupportedFunctions.All.Any(f => f.Value.StartsWith("Spark 4", StringComparison.Ordinal) && outcome.Case.Query.Contains(f.Key + "(", StringComparison.OrdinalIgnoreCase)));
}
