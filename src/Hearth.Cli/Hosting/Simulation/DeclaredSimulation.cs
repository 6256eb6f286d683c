using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cli.Hosting.Simulation;

/// <summary><c>spec.simulation</c> of a declaration as the simulated cloud and the planner take it: both read this, so that a plan is made for the cloud that the platform then runs on.</summary>
internal static class DeclaredSimulation
{
    /// <summary>Names of the faults that a declaration makes begin with it.</summary>
    public const string FaultPrefix = "declared-";

    /// <summary>An interruption is drawn once in this time.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    /// <summary>How spot prices are assumed, with the user's own.</summary>
    /// <exception cref="CliException">The file of prices cannot be read: exit code 2 with file and line.</exception>
    public static SpotPricing Spot(PlatformDeclaration platform)
    {
        var spot = platform.Simulation.Spot;
        var model = SpotPricing.Find(spot.Prices) ?? SpotPricing.Typical;
        return spot.PriceFile.Length == 0 ? model : model with { List = List(spot.PriceFile) };
    }

    /// <summary>The region's catalogue with these prices.</summary>
    /// <exception cref="CliException">As for <see cref="Spot"/>.</exception>
    public static RegionCatalog Catalog(PlatformDeclaration platform) => RegionCatalog.For(platform.Region, Spot(platform));

    /// <summary>Shortest and longest time from a launch until the node takes pods; null when the declaration does not say.</summary>
    public static (TimeSpan Shortest, TimeSpan Longest)? LaunchDelay(PlatformDeclaration platform)
    {
        var delay = platform.Simulation.LaunchDelay;
        if (!delay.IsDeclared)
        {
            return null;
        }

        var shortest = KarpenterDuration.Parse(delay.Shortest) ?? TimeSpan.Zero;
        return (shortest, delay.Longest.Length == 0 ? shortest : KarpenterDuration.Parse(delay.Longest) ?? shortest);
    }

    /// <summary>Capacity that is not there.</summary>
    public static IEnumerable<CloudFault> Gaps(PlatformDeclaration platform) => platform.Simulation.InsufficientCapacity.Select((gap, i) => new CloudFault
    {
        Metadata = new ObjectMeta { Name = string.Create(CultureInfo.InvariantCulture, $"{FaultPrefix}capacity-{i + 1}") },
        Spec = new CloudFaultSpec
        {
            Type = CloudFaultSpec.InsufficientCapacity, InstanceTypes = Listed(gap.InstanceTypes), Zones = Listed(gap.Zones), CapacityTypes = Listed(gap.CapacityTypes),
            Probability = gap.Probability, Seed = platform.Simulation.Seed,
        },
    });

    /// <summary>What the running platform gets: the gaps, and interruptions drawn once a minute so that they come as often as declared.</summary>
    public static IEnumerable<CloudFault> Faults(PlatformDeclaration platform)
    {
        var rate = platform.Simulation.Spot.InterruptionsPerHour;
        return rate <= 0 ? Gaps(platform) : Gaps(platform).Append(new CloudFault
        {
            Metadata = new ObjectMeta { Name = FaultPrefix + "interruptions" },
            Spec = new CloudFaultSpec
            {
                Type = CloudFaultSpec.SpotInterruption, Probability = 1 - Math.Exp(-rate * Round.TotalHours), Every = $"{Round.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s", Seed = platform.Simulation.Seed,
            },
        });
    }

    /// <summary>Takes back faults that an earlier declaration made and this one does not.</summary>
    public static async Task ForgetOthersAsync(IKubeClient client, PlatformDeclaration platform, CancellationToken ct)
    {
        var declared = Faults(platform).Select(f => f.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var fault in await client.ListAsync<CloudFault>(null, ListOptions.All, ct).ConfigureAwait(false))
        {
            if (fault.Metadata.Name!.StartsWith(FaultPrefix, StringComparison.Ordinal) && !declared.Contains(fault.Metadata.Name))
            {
                await client.DeleteIfExistsAsync(fault.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
            }
        }
    }

    private static IReadOnlyList<string>? Listed(IReadOnlyList<string> values) => values.Count == 0 ? null : values;

    private static SpotPriceList List(string file)
    {
        try
        {
            return SpotPriceList.Parse(File.ReadAllText(file), file);
        }
        catch (FormatException e)
        {
            throw CliException.BadInput($"spec.simulation.spot.priceFile: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"spec.simulation.spot.priceFile: cannot read {file}: {e.Message}", "The path is relative to where hearth is started.");
        }
    }
}
