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

    /// <summary>The names of a plan's columns, those that only a qualified name reaches among them.</summary>
    public Scope(BoundPlan plan, Scope? outer)
        : this(plan.Output, outer) => Hidden = plan.Hidden;

    /// <summary>Columns that only a qualified name reaches.</summary>
    public Seq<BoundAttribute> Hidden { get; init; } = [];

    public Seq<BoundAttribute> Columns { get; } = columns;

    public Scope? Outer { get; } = outer;

    /// <summary>Aliases to the left in the same select list.</summary>
    public Dictionary<string, BoundExpr>? LateralAliases { get; init; }

    /// <summary>Arguments of the SQL function whose body this is; columns come first.</summary>
    public IReadOnlyDictionary<string, BoundExpr>? Arguments { get; init; }

    /// <summary>Name of that function: it qualifies arguments.</summary>
    public string FunctionName { get; init; } = "";

    /// <summary>The argument of a function, and how many name parts it took; null when there is none.</summary>
    public (BoundExpr Value, int Used)? Argument(Seq<string> parts) => Arguments is null ? null
        : parts.Count > 1 && string.Equals(parts[0], FunctionName, StringComparison.OrdinalIgnoreCase) && Arguments.TryGetValue(parts[1], out BoundExpr? qualified) ? (qualified, 2)
        : Arguments.TryGetValue(parts[0], out BoundExpr? plain) ? (plain, 1)
        : null;

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
            IEnumerable<BoundAttribute> named = Named(parts[qualifiers]);
            named = qualifiers == 0 || Hidden.Count == 0 ? named : named.Concat(Hidden.Where(c => string.Equals(c.Name, parts[qualifiers], StringComparison.OrdinalIgnoreCase)));
            BoundAttribute[] found = [.. named.Where(c => Matches(c.Qualifier, parts, qualifiers)).Distinct()];
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
    public IEnumerable<BoundAttribute> Star(Seq<string> qualifier) =>
        (qualifier.Count == 0 ? Columns : Hidden.Concat(Columns)).Where(c => Matches(c.Qualifier, qualifier, qualifier.Count));
}
