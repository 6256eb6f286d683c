using System.Collections.Frozen;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>All functions the engine knows, by name.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, FunctionDefinition> Definitions = Build();

    /// <summary>Names, sorted; operators are not among them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Definitions.Keys.Where(n => char.IsLetter(n[0]) && !n.StartsWith("hearth_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The function, or null.</summary>
    public static FunctionDefinition? Find(string name) => Definitions.GetValueOrDefault(name);

    private static FrozenDictionary<string, FunctionDefinition> Build()
    {
        FunctionList list = new();
        Operators.AddTo(list);
        MathFunctions.AddTo(list);
        StringFunctions.AddTo(list);
        RegexFunctions.AddTo(list);
        DateFunctions.AddTo(list);
        TimestampFunctions.AddTo(list);
        ConditionalFunctions.AddTo(list);
        ArrayFunctions.AddTo(list);
        MapFunctions.AddTo(list);
        JsonFunctions.AddTo(list);
        AggregateFunctions.AddTo(list);
        WindowFunctions.AddTo(list);
        Generators.AddTo(list);
        MiscFunctions.AddTo(list);
        RandomFunctions.AddTo(list);
        HashFunctions.AddTo(list);
        TextExtras.AddTo(list);
        CsvFunctions.AddTo(list);
        NumberText.AddTo(list);
        BinaryFunctions.AddTo(list);
        StructUpdates.AddTo(list);
        return list.All.ToFrozenDictionary(d => d.Name, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>Collects definitions in a compact form.</summary>
internal sealed class FunctionList
{
    private readonly Dictionary<string, FunctionDefinition> _all = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<FunctionDefinition> All => _all.Values;

    public void Add(FunctionDefinition definition) => _all.Add(definition.Name, definition);

    /// <summary>Scalar function of fixed argument types; names separated by blanks are synonyms.</summary>
    public void Scalar(string names, SparkType result, string template, params SparkType[] types)
    {
        foreach (string name in names.Split(' '))
        {
            Add(new FunctionDefinition(name, types.Length, types.Length, call =>
            {
                BoundExpr[] args = [.. types.Select((type, i) => call.As(i, type))];
                return FunctionCall.Make(template, result, args);
            }));
        }
    }

    /// <summary>As <see cref="Scalar"/>, NULL also for arguments that are not.</summary>
    public void Partial(string names, SparkType result, string template, params SparkType[] types)
    {
        foreach (string name in names.Split(' '))
        {
            Add(new FunctionDefinition(name, types.Length, types.Length, call => new BoundCall(template, types.Select((type, i) => call.As(i, type)).ToSeq(), result, true)));
        }
    }

    /// <summary>Gives names to the arguments of functions that are known.</summary>
    public void Names(string names, params string[] parameters)
    {
        foreach (string name in names.Split(' '))
        {
            _all[name] = _all[name] with { Parameters = parameters };
        }
    }

    /// <summary>A function with typing of its own.</summary>
    public void Custom(string names, int min, int max, Func<FunctionCall, BoundExpr> bind, string? shown = null, string[]? defaults = null, Func<string[], string>? pretty = null)
    {
        foreach (string name in names.Split(' '))
        {
            Add(new FunctionDefinition(name, min, max, bind) { ShownName = shown, Defaults = defaults ?? [], Pretty = pretty });
        }
    }

    /// <summary>An aggregate function.</summary>
    public void Aggregate(string names, int min, int max, Func<FunctionCall, BoundExpr> bind, string? shown = null, string[]? defaults = null, int shownArguments = FunctionDefinition.Any)
    {
        foreach (string name in names.Split(' '))
        {
            Add(new FunctionDefinition(name, min, max, bind) { Aggregate = true, ShownName = shown, Defaults = defaults ?? [], ShownArguments = shownArguments });
        }
    }
}
