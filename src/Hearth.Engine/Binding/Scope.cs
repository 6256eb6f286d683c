using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>The names an expression may use.</summary>
/// <param name="columns">Columns of the input.</param>
/// <param name="outer">Scope around a subquery, or null.</param>
internal sealed class Scope(Seq<BoundAttribute> columns, Scope? outer = null)
{
    private ILookup<string, BoundAttribute>? _byName;

    public Seq<BoundAttribute> Columns { get; } = columns;

    public Scope? Outer { get; } = outer;

    /// <summary>Aliases to the left in the same select list.</summary>
    public Dictionary<string, BoundExpr>? LateralAliases { get; init; }

    /// <summary>WINDOW definitions.</summary>
    public Seq<NamedWindow> Windows { get; init; } = [];

    /// <summary>Grouping keys, for grouping_id() without arguments.</summary>
    public Seq<BoundExpr> GroupingKeys { get; init; } = [];

    public IEnumerable<BoundAttribute> Named(string name) => (_byName ??= Columns.ToLookup(c => c.Name, StringComparer.OrdinalIgnoreCase))[name];

    /// <summary>Finds a column by name parts. What is left of the parts are struct fields.</summary>
    /// <exception cref="EngineException">AMBIGUOUS_REFERENCE.</exception>
    public (BoundAttribute Column, int Used)? Find(Seq<string> parts, SourcePosition? at)
    {
        for (int qualifiers = Math.Min(parts.Count - 1, 3); qualifiers >= 0; qualifiers--)
        {
            BoundAttribute[] found = [.. Named(parts[qualifiers]).Where(c => Matches(c.Qualifier, parts, qualifiers)).Distinct()];
            if (found.Length == 1)
            {
                return (found[0], qualifiers + 1);
            }

            if (found.Length > 1)
            {
                throw Errors.Ambiguous(parts, found.Select(c => Errors.Quote([.. c.Qualifier, c.Name])), at);
            }
        }

        return null;
    }

    private static bool Matches(Seq<string> qualifier, Seq<string> parts, int count)
    {
        if (count > qualifier.Count)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!string.Equals(qualifier[qualifier.Count - count + i], parts[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Columns that <c>name.*</c> stands for.</summary>
    public IEnumerable<BoundAttribute> Star(Seq<string> qualifier) => Columns.Where(c => Matches(c.Qualifier, qualifier, qualifier.Count));
}
