using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests.Functions;

/// <summary>How an example is judged when its documented row alone does not decide it (<c>cases/functions/marks.txt</c>).</summary>
internal enum Mark
{
    /// <summary>The documented rows and types are the answer.</summary>
    None,

    /// <summary>Depends on the clock, the machine or a random generator: the number of rows and the types are the answer.</summary>
    Varies,

    /// <summary>Floating-point sums whose last digits depend on the order of the rows.</summary>
    Ulp,

    /// <summary>Spark leaves the order of what is put together open.</summary>
    Order,

    /// <summary>The documentation lost blanks at the ends.</summary>
    Trimmed,

    /// <summary>The example is written for <c>spark.sql.parser.escapedStringLiterals</c>.</summary>
    Escaped,

    /// <summary>The documented answer is the one of ANSI mode.</summary>
    Ansi,

    /// <summary>The example exists to raise an error.</summary>
    Raises,

    /// <summary>The documented answer was taken in Asia/Tokyo.</summary>
    Tokyo,

    /// <summary>A fragment: the relation it reads is not part of the example.</summary>
    Fragment,
}

/// <summary>An example query of Spark's function documentation.</summary>
/// <param name="Area">Group of functions.</param>
/// <param name="Core">False for areas that may be refused as a whole.</param>
/// <param name="Query">The query.</param>
/// <param name="Rows">Documented rows, columns separated by tabs.</param>
/// <param name="Columns">Documented column names and simple type names.</param>
/// <param name="Mark">How it is judged.</param>
internal sealed record FunctionCase(string Area, bool Core, string Query, string[] Rows, (string Name, string Type)[] Columns, Mark Mark)
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cases", "functions");

    public static IReadOnlyList<FunctionCase> All()
    {
        (Mark Mark, string Prefix)[] marks = [.. File.ReadLines(Path.Combine(Folder, "marks.txt")).Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', 2)).Select(p => (Enum.Parse<Mark>(p[0], ignoreCase: true), p[1]))];
        return [.. File.ReadLines(Path.Combine(Folder, "spark-function-cases.jsonl")).Select(line => Read(line, marks))];
    }

    private static FunctionCase Read(string line, (Mark Mark, string Prefix)[] marks)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        string query = json.GetProperty("query").GetString()!.TrimEnd(';');
        return new FunctionCase(
            json.GetProperty("area").GetString()!,
            json.GetProperty("core").GetBoolean(),
            query,
            [.. json.GetProperty("result").EnumerateArray().Select(r => r.GetString()!)],
            [.. json.GetProperty("columns").EnumerateArray().Select(c => (c.GetProperty("name").GetString()!, TypeName(c.GetProperty("type"))))],
            marks.FirstOrDefault(m => query.StartsWith(m.Prefix, StringComparison.Ordinal)).Mark);
    }

    // The examples write decimal(3, 2); types that Spark 3.5 lacks stay as they are written and match nothing.
    private static string TypeName(JsonElement type) => type.ValueKind == JsonValueKind.String
        ? type.GetString()!.Replace(", ", ",", StringComparison.Ordinal) is var name && Hearth.Engine.Sql.TypeNames.TryParse(name) is { } known ? known.SimpleName : type.GetString()!
        : TypeJson.Read(JsonDocument.Parse(type.GetRawText().Replace(", ", ",", StringComparison.Ordinal)).RootElement).SimpleName;
}
