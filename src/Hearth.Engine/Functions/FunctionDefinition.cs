using Hearth.Engine.Plans;

namespace Hearth.Engine.Functions;

/// <summary>A Spark function: how many arguments it takes, and how a call becomes a typed expression.</summary>
/// <param name="Name">Name, lower case.</param>
/// <param name="Min">Least number of arguments.</param>
/// <param name="Max">Greatest number of arguments.</param>
/// <param name="Binder">Types a call.</param>
internal sealed record FunctionDefinition(string Name, int Min, int Max, Func<FunctionCall, BoundExpr> Binder)
{
    public const int Any = int.MaxValue;

    /// <summary>Aggregates rows, or works on a window.</summary>
    public bool Aggregate { get; init; }

    /// <summary>Name in automatic column names, when it is not the name as written.</summary>
    public string? ShownName { get; init; }

    /// <summary>Texts of all arguments with defaults, printed in automatic column names for those that were left out.</summary>
    public string[] Defaults { get; init; } = [];

    /// <summary>Names of all arguments, where Spark has them.</summary>
    public string[] Parameters { get; init; } = [];

    /// <summary>How many arguments automatic names show: flags such as ignoreNulls are left out.</summary>
    public int ShownArguments { get; init; } = Any;

    /// <summary>The whole automatic name.</summary>
    public Func<string[], string>? Pretty { get; init; }

    /// <summary>The statement that made it, when it gives a table.</summary>
    public Sql.CreateFunction? Table { get; init; }

    public BoundExpr Bind(FunctionCall call)
    {
        int count = call.Count;
        if (count >= Min && count <= Max)
        {
            return Binder(call);
        }

        string expected = Min == Max ? $"{Min}" : Max == Any ? $"> {Min - 1}" : Max - Min == 1 ? $"[{Min}, {Max}]" : $"[{string.Join(", ", Enumerable.Range(Min, Max - Min + 1))}]";
        throw Binding.Errors.WrongArguments(call.Name, expected, count, call.At);
    }
}
