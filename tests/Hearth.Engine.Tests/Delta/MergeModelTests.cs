using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Tests.Delta;

/// <summary>MERGE INTO beside a model that goes through the rows one by one.</summary>
public sealed class MergeModelTests
{
    /// <summary>A row; a null key matches nothing.</summary>
    public sealed record Row(int? Id, int? V);

    /// <summary>A clause: which rows, a bound for the AND condition (null: none), what happens.</summary>
    public sealed record Clause(MergeWhen When, int? Below, bool Delete);

    /// <summary>A merge to try.</summary>
    public sealed record Attempt(Row[] Target, Row[] Source, Clause[] Clauses, int Files, bool Partitioned);

    private static readonly Gen<int?> Key = Gen.Frequency((8, Gen.Choose(0, 7).Select(n => (int?)n)), (1, Gen.Constant((int?)null)));
    private static readonly Gen<int?> Value = Gen.Frequency((6, Gen.Choose(0, 20).Select(n => (int?)n)), (1, Gen.Constant((int?)null)));

    private static readonly Gen<Row> Rows = from id in Key from v in Value select new Row(id, v);

    private static readonly Gen<Clause> Clauses =
        from when in Gen.Elements(MergeWhen.Matched, MergeWhen.NotMatched, MergeWhen.NotMatchedBySource)
        from below in Gen.Frequency((3, Gen.Choose(0, 20).Select(n => (int?)n)), (1, Gen.Constant((int?)null)))
        from delete in Gen.Elements(true, false)
        select new Clause(when, below, delete && when != MergeWhen.NotMatched);

    private static readonly Gen<Attempt> Attempts =
        from targets in Gen.Choose(0, 8)
        from target in Gen.ArrayOf(Rows, targets)
        from sources in Gen.Choose(0, 4)
        from source in Gen.ArrayOf(Rows, sources)
        from many in Gen.Choose(1, 4)
        from clauses in Gen.ArrayOf(Clauses, many)
        from files in Gen.Choose(1, 3)
        from partitioned in Gen.Elements(true, false)
        select new Attempt(target, source, [.. clauses.Where((c, i) => c.Below is not null || clauses.Skip(i + 1).All(d => d.When != c.When))], files, partitioned);

    [Fact]
    public void A_merge_does_what_the_model_does()
    {
        using EngineSession session = Sessions.Open("UTC", (EngineOptions.ThreadsKey, "2"));
        int number = 0;
        Prop.ForAll(Attempts.ToArbitrary(), attempt =>
        {
            if (attempt.Clauses.Length == 0)
            {
                return true;
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"m{number++}");
            session.Execute($"CREATE TABLE {name} (id INT, v INT) USING delta{(attempt.Partitioned ? " PARTITIONED BY (id)" : "")}");
            foreach (Row[] chunk in attempt.Target.Chunk(Math.Max(1, attempt.Target.Length / attempt.Files)))
            {
                session.Execute($"INSERT INTO {name} {Select(chunk)}");
            }

            string actual = Actual(session, name, attempt), expected = Model(attempt);
            return actual == expected ? true : throw new InvalidOperationException($"{Statement(name, attempt)}\ntarget {Text(attempt.Target)}\nmodel {expected}\nengine {actual}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static string Select(Row[] rows) => rows.Length == 0
        ? "SELECT CAST(NULL AS INT) AS id, CAST(NULL AS INT) AS v WHERE false"
        : $"SELECT CAST(id AS INT) AS id, CAST(v AS INT) AS v FROM VALUES {string.Join(", ", rows.Select(r => $"({Sql(r.Id)}, {Sql(r.V)})"))} AS r(id, v)";

    private static string Sql(int? n) => n is { } value ? value.ToString(CultureInfo.InvariantCulture) : "CAST(NULL AS INT)";

    private static string Statement(string name, Attempt attempt)
    {
        IEnumerable<string> clauses = attempt.Clauses.Select(c =>
        {
            string rows = c.When switch { MergeWhen.Matched => "MATCHED", MergeWhen.NotMatched => "NOT MATCHED", _ => "NOT MATCHED BY SOURCE" };
            string side = c.When == MergeWhen.NotMatched ? "s" : "t";
            string condition = c.Below is { } below ? string.Create(CultureInfo.InvariantCulture, $" AND {side}.v < {below}") : "";
            string action = c.Delete ? "DELETE" : c.When switch { MergeWhen.Matched => "UPDATE SET v = t.v + s.v", MergeWhen.NotMatched => "INSERT *", _ => "UPDATE SET v = t.v - 100" };
            return $"WHEN {rows}{condition} THEN {action}";
        });
        return $"MERGE INTO {name} t USING ({Select(attempt.Source)}) s ON t.id = s.id {string.Join(' ', clauses)}";
    }

    private static string Actual(EngineSession session, string name, Attempt attempt)
    {
        try
        {
            session.Execute(Statement(name, attempt));
        }
        catch (EngineException error)
        {
            return error.ErrorClass;
        }

        using QueryResult result = session.Run(session.Execute($"SELECT id, v FROM {name}").Relation);
        return Text(result.Rows().Select(r => new Row((int?)(long?)r[0], (int?)(long?)r[1])));
    }

    private static string Text(IEnumerable<Row> rows) => string.Join(' ', rows.Select(r => $"({r.Id?.ToString(CultureInfo.InvariantCulture) ?? "-"},{r.V?.ToString(CultureInfo.InvariantCulture) ?? "-"})").Order(StringComparer.Ordinal));

    private static string Model(Attempt attempt)
    {
        Clause[] Of(MergeWhen when) => [.. attempt.Clauses.Where(c => c.When == when)];
        bool onlyDelete = Of(MergeWhen.Matched) is [{ Below: null, Delete: true }];
        List<Row> left = [];
        foreach (Row target in attempt.Target)
        {
            Row[] matches = [.. attempt.Source.Where(s => s.Id is not null && s.Id == target.Id)];
            if (matches.Length > 1 && Of(MergeWhen.Matched).Length > 0 && !onlyDelete)
            {
                return "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE";
            }

            Clause? clause = Of(matches.Length > 0 ? MergeWhen.Matched : MergeWhen.NotMatchedBySource).FirstOrDefault(c => c.Below is null || target.V < c.Below);
            if (clause is not { Delete: true })
            {
                left.Add(clause is null ? target : target with { V = matches.Length > 0 ? target.V + matches[0].V : target.V - 100 });
            }
        }

        left.AddRange(attempt.Source.Where(s => !attempt.Target.Any(t => t.Id is not null && t.Id == s.Id) && Of(MergeWhen.NotMatched).Any(c => c.Below is null || s.V < c.Below)));
        return Text(left);
    }
}
