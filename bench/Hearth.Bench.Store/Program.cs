using System.Globalization;

namespace Hearth.Bench.Store;

/// <summary>
/// What the store does beside named limits on the same machine, in the same run. Arguments: seconds for each measurement (default 1) and the directory to write in (default: a
/// temporary one). Run it in Release.
/// </summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        var parent = args.Length > 1 ? args[1] : Path.GetTempPath();
        var directory = Directory.CreateDirectory(Path.Combine(parent, $"hearth-bench-{Guid.NewGuid():N}")).FullName;
        try
        {
            await new WriteBench(Path.Combine(directory, "write"), TimeSpan.FromSeconds(seconds)).RunAsync();
            await new ReadBench(Path.Combine(directory, "read"), TimeSpan.FromSeconds(seconds)).RunAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

/// <summary>Lines of the report.</summary>
internal static class Report
{
    public static void Title(string text) => Console.WriteLine($"\n{text}");

    public static void Line(string what, double value, string unit, string comparison = "") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-52}{value,14:N0} {unit,-12}{comparison}"));

    public static string Ratio(double value, double limit, string of) => string.Create(CultureInfo.InvariantCulture, $"{value / limit:0.00} of {of}");
}
