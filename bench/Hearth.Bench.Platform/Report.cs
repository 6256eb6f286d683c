using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Bench.Platform;

/// <summary>One measured figure.</summary>
/// <param name="Part">Which benchmark.</param>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure: the median where there were rounds.</param>
/// <param name="Unit"><c>s</c> or <c>MiB</c>.</param>
/// <param name="Beside">The figure to compare with, and its name; null for one that others are compared with.</param>
/// <param name="Spread">Least and greatest of the rounds; null for a single one.</param>
internal sealed record Figure(string Part, string What, double Value, string Unit, (string Name, double Value)? Beside = null, (double Least, double Most)? Spread = null);

/// <summary>Collects figures and prints them as one table or as JSON.</summary>
internal sealed class Report
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _notes = [];

    public void Add(Figure figure) => _figures.Add(figure);

    /// <summary>A part that could not be measured, and why.</summary>
    public void Note(string line) => _notes.Add(line);

    /// <summary>The machine, and what else it had to do: times count for little when others work on it.</summary>
    private readonly string _machine = string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0:0} GiB, load at the start {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");

    /// <summary>True when every asked part gave its figures.</summary>
    public bool IsComplete => _notes.Count == 0;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Adds the median of rounds with its spread; returns the median.</summary>
    public double AddMedian(string part, string what, IReadOnlyCollection<double> rounds, string unit, (string Name, double Value)? beside = null)
    {
        var median = Median(rounds);
        Add(new Figure(part, what, median, unit, beside, rounds.Count > 1 ? (rounds.Min(), rounds.Max()) : null));
        return median;
    }

    public void Print(TextWriter output)
    {
        var what = Math.Max(30, _figures.Select(f => f.What.Length).DefaultIfEmpty(0).Max());
        string? part = null;
        output.WriteLine($"{_machine}\n");
        foreach (var figure in _figures)
        {
            if (figure.Part != part)
            {
                output.WriteLine($"{(part is null ? "" : "\n")}{part = figure.Part}");
            }

            var spread = figure.Spread is { } s ? $"({Text(s.Least)} .. {Text(s.Most)})" : "";
            var beside = figure.Beside is { } b ? string.Create(CultureInfo.InvariantCulture, $"{figure.Value / b.Value:0.00} x {b.Name}") : "";
            output.WriteLine($"  {figure.What.PadRight(what)} {Text(figure.Value),9} {figure.Unit,-4} {spread,-20} {beside}".TrimEnd());
        }

        foreach (var note in _notes)
        {
            output.WriteLine($"\nnot measured: {note}");
        }
    }

    public JsonObject ToJson() => new()
    {
        ["machine"] = _machine,
        ["figures"] = new JsonArray([.. _figures.Select(ToJson)]),
        ["notMeasured"] = new JsonArray([.. _notes.Select(n => JsonValue.Create(n))]),
    };

    private static JsonNode ToJson(Figure figure)
    {
        var json = new JsonObject { ["part"] = figure.Part, ["what"] = figure.What, ["value"] = figure.Value, ["unit"] = figure.Unit };
        if (figure.Spread is { } spread)
        {
            (json["least"], json["most"]) = (spread.Least, spread.Most);
        }

        if (figure.Beside is { } beside)
        {
            (json["beside"], json["besideValue"], json["ratio"]) = (beside.Name, beside.Value, figure.Value / beside.Value);
        }

        return json;
    }

    private static string Text(double value) => value.ToString(value < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}
