using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Simulation;
using Hearth.Cli.Output;
using Hearth.Delivery.Manifests;
using Hearth.Kube.Core;
using Hearth.Platform;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Simulation;
using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Cli.Commands.Plan;

/// <summary>One way to run a trace, and what becomes of it.</summary>
internal sealed record TraceOffer(string Name, SimulationResult Result)
{
    /// <summary>Every job was done.</summary>
    public bool Fits => Result.Jobs.All(j => j.Finished is not null);

    /// <summary>Why not, of the first job that was not done.</summary>
    public string? Refusal => Result.Jobs.FirstOrDefault(j => j.Finished is null) is { } job ? $"{job.Submission.Name}: {job.Problem}" : null;
}

/// <summary>Plays a trace as the platform is declared, and in other ways.</summary>
internal static class TracePlan
{
    private const int MostQueues = 16;

    public static int Run(CliContext context, TraceSettings settings, PlatformDeclaration platform, bool withDaemons, OutputFormat format)
    {
        var request = Request(settings, platform, withDaemons, TraceFile.Read(settings.File, platform));
        var report = new TraceReport(settings, request, Offers(request), Alone(request));
        ListingWriter.Write(context, format, report.Listing());
        if (format == OutputFormat.Table)
        {
            if (report.Alone.Count > 0)
            {
                ListingWriter.Write(context, format, report.Queues());
            }

            foreach (var note in report.Notes())
            {
                context.Print(note);
            }
        }

        return report.Offers[0].Fits ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static SimulationRequest Request(TraceSettings settings, PlatformDeclaration platform, bool withDaemons, IReadOnlyList<Submission> submissions)
    {
        var target = PlanTarget.Of(platform, withDaemons);
        var request = new SimulationRequest
        {
            Submissions = submissions,
            Pools = target.Pools,
            Nodes = target.Groups.Count > 0 ? [] : target.Nodes, // nodes of groups that shrink are played, too
            Groups = [.. target.Groups.Select(g => g with { State = g.State with { Present = 0 } })],
            Queues = platform.IsEnabled("yunikorn") ? QueuesYaml.Read(QueueText.Of(platform)) : null,
            Disruption = target.Pools.Where(p => p.Pool.Source is not null).ToDictionary(p => p.Pool.Name, p => PoolDisruption.From(p.Pool.Source!), StringComparer.Ordinal),
            Daemons = target.Daemons,
            Faults = [.. DeclaredSimulation.Gaps(platform)],
            SpotInterruptionsPerHour = settings.SpotInterruptions,
            Seed = settings.Seed,
        };
        return DeclaredSimulation.LaunchDelay(platform) is { } delay ? request with { BootTime = delay } : request;
    }

    private static List<TraceOffer> Offers(SimulationRequest request)
    {
        var offers = new List<TraceOffer> { new("as declared", TraceSimulator.Run(request)) };
        foreach (var capacity in request.Pools.Count > 0 ? new[] { KarpenterLabels.OnDemand, KarpenterLabels.Spot } : [])
        {
            offers.Add(new($"all {capacity}", TraceSimulator.Run(request with { Submissions = [.. request.Submissions.Select(s => On(s, capacity))] })));
        }

        if (request.Queues is not null)
        {
            offers.Add(new("default scheduler", TraceSimulator.Run(request with { Queues = null })));
        }

        return offers;
    }

    /// <summary>Mean slowdown of each queue's jobs with the platform to themselves; none for a single queue, or for too many to play one by one.</summary>
    private static Dictionary<string, double> Alone(SimulationRequest request)
    {
        var queues = request.Submissions.GroupBy(s => s.Queue, StringComparer.Ordinal).ToArray();
        return queues.Length is < 2 or > MostQueues
            ? new(StringComparer.Ordinal)
            : queues.SelectMany(q => TraceSimulator.Run(request with { Submissions = [.. q] }).Slowdowns).ToDictionary(StringComparer.Ordinal);
    }

    private static Submission On(Submission submission, string capacity) =>
        submission with { Driver = On(submission.Driver, capacity), Executor = On(submission.Executor, capacity) };

    private static Pod On(Pod pod, string capacity) => pod with
    {
        Spec = pod.Spec! with
        {
            NodeSelector = new Dictionary<string, string>(pod.Spec.NodeSelector ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [KarpenterLabels.CapacityType] = capacity },
        },
    };
}
