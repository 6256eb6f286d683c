using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Simulation;

/// <summary>A node that was launched, while it is played.</summary>
internal sealed class SimulatedNode(NodeInfo info, string origin, string type, string zone, string capacityType, decimal price, TimeSpan launched)
{
    public NodeInfo Info => info;
    public string Origin => origin;
    public string Type => type;
    public string Zone => zone;
    public string CapacityType => capacityType;
    public decimal Price => price;

    /// <summary>It takes pods.</summary>
    public bool Ready { get; set; }
    public TimeSpan? Ended { get; set; }
    public bool Interrupted { get; set; }

    /// <summary>A command is about to take it away: nothing new goes to it.</summary>
    public bool Leaving { get; set; }

    /// <summary>Pods are expected on it until then.</summary>
    public TimeSpan ExpectedUntil { get; set; }

    /// <summary>Changes whenever a pod comes or goes: an end that was foreseen before is none.</summary>
    public int Version { get; set; }

    /// <summary>When the last pod came or went, or it became ready.</summary>
    public TimeSpan LastPodEvent { get; set; }
    public ResourceVector Capacity { get; init; }

    /// <summary>What every node of its pool runs.</summary>
    public IReadOnlyList<PodInfo> Daemons { get; init; } = [];

    /// <summary>Pods other than those that every node runs.</summary>
    public IEnumerable<PodInfo> Load => info.Pods.Where(p => Daemons.All(d => d.Key != p.Key));

    public bool IsEmpty => info.Pods.Count <= Daemons.Count && !Load.Any();

    public NodeOutcome Outcome(TimeSpan end) => new(info.Name, origin, type, capacityType, price, launched, Ended ?? end, Interrupted);

    /// <summary>Millicores times seconds that it offered.</summary>
    public double Offered(TimeSpan end) => info.Allocatable.MilliCpu * ((Ended ?? end) - launched).TotalSeconds;
}
