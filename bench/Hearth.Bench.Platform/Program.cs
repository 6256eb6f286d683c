using Hearth.Aws.Client;
using Hearth.Bench.Platform;
using Hearth.Engine;
using Hearth.Kube.Client;

if (args is [BareServer.Argument])
{
    await BareServer.RunAsync();
    return 0;
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

var report = new Report();
(string Name, Func<Task> Run)[] parts =
[
    ("up", new UpBench(options, report).RunAsync),
    ("job", new JobBench(options, report).RunAsync),
    ("requests", new RequestBench(options, report).RunAsync),
    ("runs", new RunsBench(options, report).RunAsync),
    ("memory", new MemoryBench(options, report).RunAsync),
    ("taxi", new TaxiBench(options, report).RunAsync),
    ("demo", new DemoBench(options, report).RunAsync),
];
foreach (var (name, run) in parts.Where(p => options.Parts.Contains(p.Name)))
{
    try
    {
        await run();
    }
    catch (Exception e) when (e is BenchException or AwsClientException or KubeException or EngineException or IOException or HttpRequestException or System.ComponentModel.Win32Exception)
    {
        report.Note($"{name}: {e.Message}");
    }
}

if (options.Json)
{
    Console.WriteLine(report.ToJson());
}
else
{
    report.Print(Console.Out);
}

return report.IsComplete ? 0 : 1;
