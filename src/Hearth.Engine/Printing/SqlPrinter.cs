using System.Globalization;
using System.Text;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>Prints typed plans as DuckDB SQL. Every column has the unique physical name of its attribute, so no reference needs a qualifier.</summary>
internal sealed partial class SqlPrinter
{
    private readonly StringBuilder _out = new();
    private readonly List<(BoundWithQuery Query, string Text)> _with = [];
    private readonly TimeZoneInfo _zone;
    private int _alias;

    private SqlPrinter(TimeZoneInfo zone) => _zone = zone;

    /// <summary>The statement whose result columns are the plan's output in order, each cast to the type that holds its Spark type.</summary>
    public static string PrintQuery(BoundPlan plan, TimeZoneInfo zone)
    {
        SqlPrinter printer = new(zone);
        printer.Plan(plan);
        string body = printer._out.ToString();
        StringBuilder text = new(body.Length + 256);
        if (printer._with.Count > 0)
        {
            text.Append("WITH ").AppendJoin(", ", printer._with.Select(w => $"{DuckTypes.Quote(w.Query.Name)} AS ({w.Text})")).Append(' ');
        }

        // The root: types as Spark has them, positions instead of names.
        if (plan.Output.Count == 0)
        {
            return text.Append("SELECT 1 FROM (").Append(body).Append(") q").ToString();
        }

        text.Append("SELECT ");
        for (int i = 0; i < plan.Output.Count; i++)
        {
            BoundAttribute column = plan.Output[i];
            text.Append(i == 0 ? "" : ", ").Append(TopCast(DuckTypes.Quote(column.PhysicalName), column.Type)).Append(" AS c").Append(i);
        }

        return text.Append(" FROM (").Append(body).Append(") q").ToString();
    }

    private static string TopCast(string value, SparkType type) => type == SparkType.Void || type.IsInterval ? value : $"CAST({value} AS {DuckTypes.NameOf(type)})";

    /// <summary>An expression without columns, for commands.</summary>
    public static string PrintExpression(BoundExpr expr, TimeZoneInfo zone)
    {
        SqlPrinter printer = new(zone);
        printer.Expr(expr);
        return printer._out.ToString();
    }

    private void Plan(BoundPlan plan)
    {
        switch (plan)
        {
            case BoundOneRow:
                _out.Append("SELECT 1 AS \"one\"");
                break;
            case BoundScan scan:
                Scan(scan);
                break;
            case BoundEmpty { Output.Count: 0 }:
                _out.Append("SELECT 1 WHERE false");
                break;
            case BoundEmpty empty:
                _out.Append("SELECT ").AppendJoin(", ", empty.Output.Select(a => $"CAST(NULL AS {DuckTypes.NameOf(a.Type)}) AS {DuckTypes.Quote(a.PhysicalName)}")).Append(" WHERE false");
                break;
            case BoundValues values:
                Values(values);
                break;
            case BoundProject project:
                Project(project);
                break;
            case BoundFilter filter:
                _out.Append("SELECT * FROM ");
                Sources(filter.In);
                _out.Append(" WHERE ");
                Expr(filter.Condition);
                break;
            case BoundGroup group:
                Group(group);
                break;
            case BoundJoin join:
                Join(join);
                break;
            case BoundSort sort:
                From("SELECT *", sort.In);
                _out.Append(" ORDER BY ");
                SortKeys(sort.Keys);
                break;
            case BoundLimit limit:
                Limit(limit);
                break;
            case BoundSetOperation operation:
                SetOperation(operation);
                break;
            case BoundDistinct distinct:
                Distinct(distinct);
                break;
            case BoundGenerate generate:
                Generate(generate);
                break;
            case BoundSample sample:
                From("SELECT *", sample.In);
                _out.Append(CultureInfo.InvariantCulture, $" USING SAMPLE {sample.Fraction * 100:0.######}% (bernoulli{(sample.Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $", {Math.Abs(seed % int.MaxValue)}") : "")})");
                break;
            case BoundWithReference reference:
                WithReference(reference);
                break;
            case BoundRepartition repartition:
                Plan(repartition.In);
                break;
            default:
                throw new InvalidOperationException($"No printing for {plan.GetType().Name}.");
        }
    }

    private void From(string select, BoundPlan input)
    {
        _out.Append(select).Append(" FROM ");
        Source(input);
    }

    private void Source(BoundPlan input)
    {
        _out.Append('(');
        Plan(input);
        _out.Append(") t").Append(++_alias);
    }

    private void Scan(BoundScan scan)
    {
        _out.Append("SELECT ");
        for (int i = 0; i < scan.Output.Count; i++)
        {
            _out.Append(i == 0 ? "" : ", ").Append(scan.Columns[i]).Append(" AS ").Append(DuckTypes.Quote(scan.Output[i].PhysicalName));
        }

        if (scan.Output.Count == 0)
        {
            _out.Append("1 AS \"one\"");
        }

        _out.Append(" FROM ").Append(scan.LateFrom?.Invoke() ?? scan.FromSql);
    }

    private void Values(BoundValues values)
    {
        _out.Append("SELECT * FROM (VALUES ");
        for (int i = 0; i < values.Rows.Count; i++)
        {
            _out.Append(i == 0 ? "(" : ", (");
            for (int j = 0; j < values.Output.Count; j++)
            {
                _out.Append(j == 0 ? "" : ", ");
                BoundExpr value = values.Rows[i][j];
                bool typed = i == 0 && !(values.Output[j].Type == SparkType.Void) && !values.Output[j].Type.IsInterval;
                if (typed)
                {
                    _out.Append("CAST(");
                }

                Expr(value);
                if (typed)
                {
                    _out.Append(" AS ").Append(DuckTypes.NameOf(values.Output[j].Type)).Append(')');
                }
            }

            _out.Append(')');
        }

        _out.Append(") v").Append(++_alias).Append('(').AppendJoin(", ", values.Output.Select(a => DuckTypes.Quote(a.PhysicalName))).Append(')');
    }

    private void Project(BoundProject project)
    {
        _out.Append("SELECT ");
        for (int i = 0; i < project.Items.Count; i++)
        {
            _out.Append(i == 0 ? "" : ", ");
            Expr(project.Items[i]);
            _out.Append(" AS ").Append(DuckTypes.Quote(project.Output[i].PhysicalName));
        }

        foreach (BoundAttribute kept in project.Kept)
        {
            _out.Append(", ").Append(DuckTypes.Quote(kept.PhysicalName));
        }

        if (project.Items.Count == 0)
        {
            _out.Append("1 AS \"one\"");
        }

        if (project.In is BoundOneRow)
        {
            return;
        }

        _out.Append(" FROM ");
        Source(project.In);
    }

    private void Group(BoundGroup group)
    {
        // Grouping sets need plain columns as keys: computed keys are projected first.
        bool project = group.Sets is not null;
        string KeyName(int i) => DuckTypes.Quote($"_k{i}#{group.Output[i].Id}");
        _out.Append("SELECT ");
        for (int i = 0; i < group.Output.Count; i++)
        {
            _out.Append(i == 0 ? "" : ", ");
            if (i >= group.Keys.Count)
            {
                Aggregate(group, group.Aggregates[i - group.Keys.Count], KeyName);
            }
            else if (project)
            {
                _out.Append(KeyName(i));
            }
            else
            {
                Expr(group.Keys[i]);
            }

            _out.Append(" AS ").Append(DuckTypes.Quote(group.Output[i].PhysicalName));
        }

        if (group.Output.Count == 0)
        {
            _out.Append(group.Keys.Count == 0 && group.Sets is null ? "count(*) AS \"one\"" : "1 AS \"one\"");
        }

        _out.Append(" FROM ");
        if (project)
        {
            _out.Append("(SELECT *");
            for (int i = 0; i < group.Keys.Count; i++)
            {
                _out.Append(", ");
                Expr(group.Keys[i]);
                _out.Append(" AS ").Append(KeyName(i));
            }

            _out.Append(" FROM ");
            Source(group.In);
            _out.Append(") g").Append(++_alias).Append(" GROUP BY GROUPING SETS (")
                .AppendJoin(", ", group.Sets!.Select(set => $"({string.Join(", ", set.Select(KeyName))})")).Append(')')
                // Spark expands the rows first: no rows, no groups, not even the one of all rows.
                .Append(" HAVING count(*) > 0");
            return;
        }

        Source(group.In);
        if (group.Keys.Count > 0)
        {
            // By position: a key that is constant or repeats stays valid.
            _out.Append(" GROUP BY ").AppendJoin(", ", Enumerable.Range(1, group.Keys.Count));
        }
    }

    private void Aggregate(BoundGroup group, BoundExpr aggregate, Func<int, string> keyName)
    {
        if (aggregate is not BoundGrouping grouping)
        {
            Expr(aggregate);
            return;
        }

        string[] keys = [.. grouping.Keys.Select(key => group.Keys.ToList().IndexOf(key) is >= 0 and var i
            ? keyName(i)
            : throw new EngineException("GROUPING_COLUMN_MISMATCH", "A column of grouping() is not a grouping column."))];
        _out.Append(group.Sets is null
            ? "CAST(0 AS BIGINT)"
            : $"CAST(grouping({string.Join(", ", keys)}) AS {DuckTypes.NameOf(grouping.Type)})");
    }

    private void Limit(BoundLimit limit)
    {
        From("SELECT *", limit.In);
        if (limit.Count is { } count)
        {
            _out.Append(" LIMIT ").Append(count);
        }

        if (limit.Offset is { } offset)
        {
            _out.Append(" OFFSET ").Append(offset);
        }
    }

    private void SetOperation(BoundSetOperation operation)
    {
        string word = operation.Operator switch { SetOperator.Union => "UNION", SetOperator.Intersect => "INTERSECT", _ => "EXCEPT" };
        Branch(operation.Left, operation.Output);
        _out.Append(' ').Append(word).Append(operation.All ? " ALL " : " ");
        Branch(operation.Right, operation.Output);
    }

    private void Branch(BoundPlan branch, Seq<BoundAttribute> names)
    {
        _out.Append("(SELECT ").AppendJoin(", ", branch.Output.Select((a, i) => $"{DuckTypes.Quote(a.PhysicalName)} AS {DuckTypes.Quote(names[i].PhysicalName)}")).Append(" FROM ");
        Source(branch);
        _out.Append(')');
    }

    private void Distinct(BoundDistinct distinct)
    {
        string keys = distinct.Keys is null ? "" : $" ON ({string.Join(", ", distinct.Keys.Select(k => DuckTypes.Quote(k.PhysicalName)))})";
        From($"SELECT DISTINCT{keys} {Columns(distinct.Output)}", distinct.In);
    }

    private static string Columns(Seq<BoundAttribute> columns) => columns.Count == 0 ? "1" : string.Join(", ", columns.Select(a => DuckTypes.Quote(a.PhysicalName)));

    private void WithReference(BoundWithReference reference)
    {
        if (!_with.Any(w => ReferenceEquals(w.Query, reference.Query)))
        {
            // Printed on its own, so that the definitions it needs come before it.
            StringBuilder saved = new(_out.ToString());
            _out.Clear();
            Plan(reference.Query.Plan);
            string text = _out.ToString();
            _out.Clear().Append(saved);
            _with.Add((reference.Query, text));
        }

        Seq<BoundAttribute> inner = reference.Query.Plan.Output;
        _out.Append("SELECT ").AppendJoin(", ", reference.Output.Select((a, i) => $"{DuckTypes.Quote(inner[i].PhysicalName)} AS {DuckTypes.Quote(a.PhysicalName)}"))
            .Append(" FROM ").Append(DuckTypes.Quote(reference.Query.Name));
    }

    private void SortKeys(Seq<BoundSortKey> keys)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            _out.Append(i == 0 ? "" : ", ");
            // A constant key would be read as a position.
            if (keys[i].Value is BoundLiteral)
            {
                _out.Append("NULL");
            }
            else
            {
                Expr(keys[i].Value);
            }

            _out.Append(keys[i].Ascending ? " ASC" : " DESC").Append(keys[i].NullsFirst ? " NULLS FIRST" : " NULLS LAST");
        }
    }
}
