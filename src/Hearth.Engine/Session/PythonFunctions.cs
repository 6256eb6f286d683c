using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hearth.Engine.Binding;
using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>Calls functions of the client's process over batches of rows.</summary>
internal interface IPythonWorker
{
    /// <summary>Calls a function.</summary>
    /// <param name="call">What to call: the function's id and the types of the arguments, as JSON.</param>
    /// <param name="rows">A JSON array of arguments a row.</param>
    /// <returns>A JSON text <c>{"v": value}</c> a row.</returns>
    /// <exception cref="EngineException">The function raised an exception, or the client is gone.</exception>
    IReadOnlyList<string?> Call(string call, IReadOnlyList<string?> rows);
}

/// <summary>The functions that the client registered: they are found by name as the built-in ones are.</summary>
internal sealed class PythonFunctions
{
    private readonly ConcurrentDictionary<string, FunctionDefinition> _functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The client's side; null until it offers to run functions.</summary>
    public IPythonWorker? Worker { get; set; }

    /// <summary>Names that were registered for SQL, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _functions.Keys.Where(n => !n.Contains('#', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The function, or null.</summary>
    public FunctionDefinition? Find(string name) => _functions.GetValueOrDefault(name);

    /// <summary>Adds or replaces a function.</summary>
    /// <param name="name">Name in SQL.</param>
    /// <param name="shown">Name in automatic column names.</param>
    /// <param name="id">The client's name for it.</param>
    /// <param name="type">Result type.</param>
    /// <param name="deterministic">Whether equal arguments give equal results.</param>
    public void Add(string name, string shown, string id, SparkType type, bool deterministic) =>
        _functions[name] = new FunctionDefinition(name, 0, FunctionDefinition.Any, call => Bind(call, id, type, deterministic)) { ShownName = shown };

    private static BoundCall Bind(FunctionCall call, string id, SparkType type, bool deterministic)
    {
        BoundExpr[] args = [.. call.Args];
        JsonObject what = new() { ["id"] = id, ["types"] = new JsonArray([.. args.Select(a => TypeJson.Write(a.Type))]) };
        string row = WireSql.Row([.. args.Select((a, i) => (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{{i}}}"), a.Type))], call.Binder.Binder.Session.Zone);
        string function = deterministic ? "hearth_python" : "hearth_python_volatile";
        BoundExpr answer = new BoundCall($"{function}({{0}}, {row.Replace("'[]'", "'[' || ']'", StringComparison.Ordinal)})", args.Length == 0 ? [new BoundLiteral(what.ToJsonString(), SparkType.String)] : [.. args, new BoundLiteral(what.ToJsonString(), SparkType.String)], SparkType.String, true);
        if (args.Length > 0)
        {
            answer = ((BoundCall)answer) with { Template = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{function}({{{args.Length}}}, {row})") };
        }

        return new BoundCall(WireSql.Read("{0}", type), [answer], type, true);
    }

    /// <summary>Registers the function of SQL that calls the client.</summary>
    public void Register(Duck.ManagedFunctions functions)
    {
        functions.AddBatch("hearth_python", isVolatile: false, Call);
        functions.AddBatch("hearth_python_volatile", isVolatile: true, Call);
    }

    private IReadOnlyList<string?> Call(string call, IReadOnlyList<string?> rows) => Worker is { } worker
        ? worker.Call(call, rows)
        : throw new EngineException("PYTHON_WORKER_UNAVAILABLE", "The Python process that has the function is not connected.", ErrorKind.SparkRuntimeException);
}
