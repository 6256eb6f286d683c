namespace Hearth.Engine.Sql;

/// <summary>Values for <c>?</c> and <c>:name</c> in a statement.</summary>
public sealed record SqlParameters(IReadOnlyList<Expr> Positional, IReadOnlyDictionary<string, Expr> Named)
{
    /// <summary>A backslash in a string is a backslash (<c>spark.sql.parser.escapedStringLiterals</c>).</summary>
    public bool EscapedLiterals { get; init; }

    public static readonly SqlParameters None = new([], new Dictionary<string, Expr>(StringComparer.Ordinal));
}
