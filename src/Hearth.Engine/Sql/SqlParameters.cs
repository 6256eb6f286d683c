namespace Hearth.Engine.Sql;

/// <summary>Values for <c>?</c> and <c>:name</c> in a statement.</summary>
public sealed record SqlParameters(IReadOnlyList<Expr> Positional, IReadOnlyDictionary<string, Expr> Named)
{
    public static readonly SqlParameters None = new([], new Dictionary<string, Expr>(StringComparer.Ordinal));
}
