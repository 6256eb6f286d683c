using System.Globalization;

namespace Hearth.Bench.Platform;

/// <summary>What the whole idle platform holds in memory, beside an empty web server of the same runtime.</summary>
internal sealed class MemoryBench(BenchOptions options, Report report)
{
    private const string Part = "Idle memory, 10 s after ready";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        await using var platform = await UpPlatform.StartAsync(options);
        await using var bare = Child.Start(Environment.ProcessPath!, [BareServer.Argument]);
        await bare.LineAsync(BareServer.Ready, TimeSpan.FromSeconds(30));
        await Task.Delay(Settling);
        var (empty, whole) = (Read(bare.Id), Read(platform.Pid));
        report.Add(new Figure(Part, "bare: empty Kestrel process, PSS", empty.Pss, "MiB"));
        report.Add(new Figure(Part, "bare: empty Kestrel process, RSS", empty.Rss, "MiB"));
        report.Add(new Figure(Part, "platform, PSS", whole.Pss, "MiB", ("empty Kestrel", empty.Pss)));
        report.Add(new Figure(Part, "platform, RSS", whole.Rss, "MiB", ("empty Kestrel", empty.Rss)));
        report.Add(new Figure(Part, "platform, private and written (anonymous)", whole.Anonymous, "MiB", ("empty Kestrel", empty.Anonymous)));
    }

    /// <summary>MiB, from the kernel's account of the process.</summary>
    private static (double Rss, double Pss, double Anonymous) Read(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/smaps_rollup");
        return (Value("Rss:"), Value("Pss:"), Value("Anonymous:"));

        double Value(string name) => double.Parse(
            lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
