using System.Globalization;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests.Functions;

/// <summary>What became of an example.</summary>
internal enum Verdict
{
    Right,
    Refused,
    Wrong,
}

/// <summary>An example with its outcome.</summary>
/// <param name="Case">The example.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Detail">Why it is not right, or a difference in column names.</param>
internal sealed record FunctionOutcome(FunctionCase Case, Verdict Verdict, string Detail = "")
{
    /// <summary>Right, but a column has another automatic name.</summary>
    public bool OtherName => Verdict == Verdict.Right && Detail.Length > 0;
}

/// <summary>Runs examples in one engine.</summary>
internal sealed class FunctionCaseRunner(EngineSession session)
{
    public FunctionOutcome Run(FunctionCase example)
    {
        Settings(example.Mark, on: true);
        try
        {
            using QueryResult result = session.Run(session.Execute(example.Query).Relation);
            string[] rows = [.. result.Rows().Select(row => string.Join('\t', row.Select((v, i) => HiveText.Of(v, result.Schema.Fields[i].Type, session.Conf.Get("spark.sql.session.timeZone")!))))];
            return Judge(example, rows, result.Schema);
        }
        catch (EngineException error)
        {
            return error.ErrorClass == "UNSUPPORTED_FEATURE" || example.Mark == Mark.Fragment ? new FunctionOutcome(example, Verdict.Refused, error.Describe())
                : example.Mark == Mark.Raises ? new FunctionOutcome(example, Verdict.Right)
                : new FunctionOutcome(example, Verdict.Wrong, error.Describe());
        }
        finally
        {
            Settings(example.Mark, on: false);
        }
    }

    private void Settings(Mark mark, bool on)
    {
        switch (mark)
        {
            case Mark.Escaped:
                session.Conf.Set("spark.sql.parser.escapedStringLiterals", on ? "true" : "false");
                break;
            case Mark.Ansi:
                session.Conf.Set("spark.sql.ansi.enabled", on ? "true" : "false");
                break;
            case Mark.Tokyo:
                session.Conf.Set("spark.sql.session.timeZone", on ? "Asia/Tokyo" : "America/Los_Angeles");
                break;
        }
    }

    private static FunctionOutcome Judge(FunctionCase example, string[] rows, StructType schema)
    {
        string[] types = [.. schema.Fields.Select(f => f.Type.SimpleName)];
        if (!types.SequenceEqual(example.Columns.Select(c => c.Type), StringComparer.Ordinal))
        {
            return new FunctionOutcome(example, Verdict.Wrong, $"type {string.Join(", ", types)}, documented {string.Join(", ", example.Columns.Select(c => c.Type))}");
        }

        if (!SameRows(example, rows))
        {
            return new FunctionOutcome(example, Verdict.Wrong, $"got {string.Join(" | ", rows)}, documented {string.Join(" | ", example.Rows)}");
        }

        string[] names = [.. schema.Fields.Select(f => f.Name)];
        return new FunctionOutcome(example, Verdict.Right, names.SequenceEqual(example.Columns.Select(c => c.Name), StringComparer.Ordinal) ? "" : $"named {string.Join(", ", names)}, documented {string.Join(", ", example.Columns.Select(c => c.Name))}");
    }

    private static bool SameRows(FunctionCase example, string[] rows) => example.Mark switch
    {
        Mark.Varies => rows.Length == example.Rows.Length,
        Mark.Raises => false,
        Mark.Ulp => rows.Length == example.Rows.Length && rows.Zip(example.Rows).All(p => Near(p.First, p.Second)),
        Mark.Order => Sorted(rows.Select(r => string.Concat(r.Order()))).SequenceEqual(Sorted(example.Rows.Select(r => string.Concat(r.Order())))),
        Mark.Trimmed => Trimmed(rows).SequenceEqual(Trimmed(example.Rows)),
        _ => Sorted(rows).SequenceEqual(Sorted(example.Rows)),
    };

    private static IEnumerable<string> Trimmed(IEnumerable<string> rows) => Sorted(rows.Select(r => r.Trim()).Where(r => r.Length > 0));

    private static IEnumerable<string> Sorted(IEnumerable<string> rows) => rows.Order(StringComparer.Ordinal);

    private static bool Near(string a, string b) => a == b
        || (double.TryParse(a, CultureInfo.InvariantCulture, out double x) && double.TryParse(b, CultureInfo.InvariantCulture, out double y) && Math.Abs(x - y) <= Math.Abs(y) * 1e-14);
}
