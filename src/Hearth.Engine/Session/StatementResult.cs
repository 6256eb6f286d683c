using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>What a statement gives: a query that is not run yet, or the rows of a command that has run.</summary>
/// <param name="Relation">The query, or a <see cref="LocalRelation"/> of the command's rows.</param>
/// <param name="IsCommand">Whether it has run.</param>
public sealed record StatementResult(Relation Relation, bool IsCommand)
{
    /// <summary>A command without rows.</summary>
    internal static readonly StatementResult Nothing = new(new LocalRelation(new StructType([]), []), true);

    /// <summary>A command's rows.</summary>
    internal static StatementResult Rows(IEnumerable<object?[]> rows, params (string Name, SparkType Type)[] columns) =>
        new(new LocalRelation(new StructType(columns.Select(c => new StructField(c.Name, c.Type, false)).ToSeq()), [.. rows]), true);
}
