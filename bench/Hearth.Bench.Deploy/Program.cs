using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;
using Hearth.Delivery.Plan;
using Hearth.Platform;

namespace Hearth.Bench.Deploy;

/// <summary>
/// What synthesis and planning cost. The peer is a CDK app with one empty stack, started in the same way in the same run: what is above it is ours, what is
/// below is the .NET runtime, Node and loading the CDK.
/// </summary>
internal static class Program
{
    private const int Rounds = 3;

    public static int Main(string[] args)
    {
        if (args is ["empty", var directory])
        {
            var app = new App(new AppProps { Outdir = directory, AnalyticsReporting = false });
            _ = new Stack(app, "Empty");
            app.Synth();
            return 0;
        }

        var own = Path.Combine(AppContext.BaseDirectory, "Hearth.Bench.Deploy.dll");
        var deploy = Path.Combine(AppContext.BaseDirectory, "Hearth.Deploy.dll");
        foreach (var (name, cache) in new[] { ("cold (the CDK is unpacked)", false), ("warm", true) })
        {
            var empty = Best(cache, d => [own, "empty", d]);
            Line($"empty app, {name}", Invariant($"{empty.TotalSeconds:0.00} s"));
            foreach (var blueprint in PlatformLoader.Blueprints)
            {
                var took = Best(cache, d => [deploy, blueprint, d]);
                Line($"{blueprint}, {name}", Invariant($"{took.TotalSeconds:0.00} s, {took / empty:0.00} x the empty app"));
            }
        }

        foreach (var blueprint in PlatformLoader.Blueprints)
        {
            Sizes(blueprint, deploy);
        }

        return 0;
    }

    private static void Sizes(string blueprint, string deploy)
    {
        var directory = NewDirectory();
        Run(cache: true, [deploy, blueprint, directory]);
        var files = Directory.GetFiles(directory, "*.template.json");
        Line($"{blueprint}, templates", string.Join(", ", files.Select(f => Invariant($"{Path.GetFileName(f)[..^".template.json".Length]} {new FileInfo(f).Length / 1024.0:0} KiB"))) + " (limit 1024)");
        var templates = files.Select(f => JsonNode.Parse(File.ReadAllText(f))!.AsObject()).ToArray();
        Line($"{blueprint}, resources", string.Join(", ", files.Zip(templates, (f, t) => Invariant($"{Path.GetFileName(f)[..^".template.json".Length]} {t["Resources"]!.AsObject().Count}"))) + " (limit 500)");
        var platform = PlatformLoader.Load(blueprint);
        Line($"{blueprint}, no-change plan", Invariant($"{Milliseconds(() => PlanText.Lines([.. templates.Select(t => new StackPlan("s", true, TemplateDiff.Of(t, t)))], CostEstimate.Of(platform, DateOnly.FromDateTime(DateTime.UtcNow))).Count()):0.0} ms"));
        Line($"{blueprint}, rendering", Invariant($"{Milliseconds(() => Rendering.Of(platform, StackOutputs.None).Count):0.0} ms"));
        Directory.Delete(directory, recursive: true);
    }

    private static double Milliseconds(Func<int> work)
    {
        work();
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        });
    }

    private static TimeSpan Best(bool cache, Func<string, string[]> arguments) => Enumerable.Range(0, Rounds).Min(_ =>
    {
        var directory = NewDirectory();
        var took = Run(cache, arguments(directory));
        Directory.Delete(directory, recursive: true);
        return took;
    });

    private static TimeSpan Run(bool cache, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["JSII_RUNTIME_PACKAGE_CACHE"] = cache ? "enabled" : "disabled";
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started) : throw new InvalidOperationException(error);
    }

    private static string NewDirectory() => Directory.CreateTempSubdirectory("hearth-bench-deploy-").FullName;

    private static void Line(string what, string result) => Console.WriteLine($"{what,-58} {result}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
