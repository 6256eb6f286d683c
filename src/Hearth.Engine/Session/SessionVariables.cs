using System.Collections.Concurrent;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>A variable of a session.</summary>
/// <param name="Type">Type.</param>
/// <param name="Value">Value, as literals keep it.</param>
/// <param name="Default">What SET .. = DEFAULT computes; null is NULL.</param>
internal sealed record SessionVariable(SparkType Type, object? Value, Expr? Default);

/// <summary>Variables and functions of a session.</summary>
internal sealed class SessionVariables
{
    private readonly ConcurrentDictionary<string, SessionVariable> _variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions made by CREATE TEMPORARY FUNCTION.</summary>
    public ConcurrentDictionary<string, CreateFunction> Functions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name without its qualifier; null when the qualifier is not that of variables.</summary>
    public static string? Unqualified(Seq<string> name) => name.Count switch
    {
        1 => name[0],
        2 when Is(name[0], "session") => name[1],
        3 when Is(name[0], "system") && Is(name[1], "session") => name[2],
        _ => null,
    };

    /// <summary>The variable, or null.</summary>
    public SessionVariable? Find(Seq<string> name) => Unqualified(name) is { } own ? _variables.GetValueOrDefault(own) : null;

    /// <summary>A variable at the start of a name that may go on with fields.</summary>
    public (BoundExpr Value, int Used)? Resolve(Seq<string> name)
    {
        for (int used = Math.Min(name.Count, 3); used > 0 && !_variables.IsEmpty; used--)
        {
            if (Find(name.Take(used).ToSeq()) is { } found)
            {
                return (new BoundLiteral(found.Value, found.Type), used);
            }
        }

        return null;
    }

    public void Set(string name, SessionVariable variable) => _variables[name] = variable;

    public bool Remove(string name) => _variables.TryRemove(name, out _);

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
