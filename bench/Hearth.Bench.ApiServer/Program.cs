using System.Globalization;

namespace Hearth.Bench.ApiServer;

/// <summary>
/// What the API server does beside named limits on the same machine, in the same run. Argument: number of pods (default 5000). Run it in Release.
/// </summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        var pods = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5000;
        var directory = Directory.CreateTempSubdirectory("hearth-bench-").FullName;
        try
        {
            await using var bench = new BenchCluster(directory);
            await bench.StartAsync();
            await new WriteBench(bench, pods).RunAsync();
            await new ListBench(bench, pods).RunAsync();
            await new WatchBench(bench, watches: 20, changes: 1000).RunAsync();
            Report.Line("Memory of the process, settled", GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024.0, "MiB managed");
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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-58}{value,12:N1} {unit,-12}{comparison}"));

    public static string Ratio(double value, double limit, string of) => string.Create(CultureInfo.InvariantCulture, $"{value / limit:0.00} of {of}");
}
