using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Analysis errors in Spark's words.</summary>
internal static class Errors
{
    public static EngineException UnresolvedColumn(IEnumerable<string> parts, IEnumerable<string> candidates, SourcePosition? at)
    {
        string name = Quote(parts);
        string[] near = [.. Nearest(parts.Last(), candidates).Take(5)];
        return near.Length == 0
            ? new EngineException("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", $"A column or function parameter with name {name} cannot be resolved.", position: at)
            : new EngineException("UNRESOLVED_COLUMN.WITH_SUGGESTION", $"A column or function parameter with name {name} cannot be resolved. Did you mean one of the following? [{string.Join(", ", near.Select(n => $"`{n.Replace(".", "`.`", StringComparison.Ordinal)}`"))}].", position: at);
    }

    public static EngineException Ambiguous(IEnumerable<string> parts, IEnumerable<string> references, SourcePosition? at) =>
        new("AMBIGUOUS_REFERENCE", $"Reference {Quote(parts)} is ambiguous, could be: [{string.Join(", ", references)}].", position: at);

    public static EngineException TableNotFound(IEnumerable<string> parts, IEnumerable<string> candidates, SourcePosition? at)
    {
        string[] near = [.. Nearest(parts.Last(), candidates).Take(3)];
        return new EngineException(
            "TABLE_OR_VIEW_NOT_FOUND",
            $"The table or view {Quote(parts)} cannot be found. Verify the spelling and correctness of the schema and catalog. If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog. To tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.",
            hint: near.Length == 0 ? null : $"known here: {string.Join(", ", near)}",
            position: at);
    }

    public static EngineException UnresolvedRoutine(string name, IEnumerable<string> candidates, SourcePosition? at)
    {
        string[] near = [.. Nearest(name, candidates).Where(c => Distance(c, name) <= 3 + (name.Length / 4)).Take(3)];
        return new EngineException(
            "UNRESOLVED_ROUTINE",
            $"Cannot resolve function `{name}` on search path [`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`].",
            hint: near.Length == 0 ? "the embedded engine may lack this function: run it with `--engine spark`" : $"did you mean {string.Join(", ", near)}? A function that only Spark has runs with `--engine spark`",
            position: at);
    }

    public static EngineException WrongArguments(string name, string expected, int actual, SourcePosition? at) =>
        new("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", $"The `{name}` requires {expected} parameters but the actual number is {actual}.", position: at);

    public static EngineException Mismatch(string subclass, string message, SourcePosition? at) => new($"DATATYPE_MISMATCH.{subclass}", message, position: at);

    public static EngineException Unsupported(string feature, SourcePosition? at = null, string? hint = null) =>
        new("UNSUPPORTED_FEATURE", $"The embedded engine does not run {feature}.", ErrorKind.UnsupportedOperationException, hint ?? "run it with `--engine spark`", at);

    public static string Quote(IEnumerable<string> parts) => string.Join('.', parts.Select(p => $"`{p}`"));

    public static string TypeOf(SparkType type) => $"\"{type.SqlName}\"";

    /// <summary>Candidates, nearest first.</summary>
    public static IEnumerable<string> Nearest(string name, IEnumerable<string> candidates) =>
        candidates.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(c => Distance(c, name)).ThenBy(c => c, StringComparer.Ordinal);

    /// <summary>Edit distance, upper and lower case alike; a qualified candidate counts by its last part.</summary>
    public static int Distance(string a, string b)
    {
        a = a[(a.LastIndexOf('.') + 1)..].ToLowerInvariant();
        b = b.ToLowerInvariant();
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
