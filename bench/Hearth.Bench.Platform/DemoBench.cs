using System.Globalization;

namespace Hearth.Bench.Platform;

/// <summary><c>hearth demo</c> from its start to its end, once.</summary>
internal sealed class DemoBench(BenchOptions options, Report report)
{
    /// <summary>What the product promises on two cores, in seconds.</summary>
    private const double Named = 20;

    public async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("hearth-bench-demo-");
        try
        {
            var rows = options.Rows.ToString(CultureInfo.InvariantCulture);
            var (seconds, output) = await Child.RunAsync(options.Hearth, ["demo", "--data-dir", directory.FullName, "--rows", rows], TimeSpan.FromMinutes(2));
            if (options.Trace)
            {
                await Console.Error.WriteLineAsync(output);
            }

            report.Add(new Figure("hearth demo", $"start to end, {options.Rows:N0} rows", seconds, "s", ("the 20 s promised on two cores", Named)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
