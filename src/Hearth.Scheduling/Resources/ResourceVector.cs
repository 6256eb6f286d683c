using System.Text;
using Hearth.Kube.Quantities;

namespace Hearth.Scheduling.Resources;

/// <summary>
/// An amount of every resource at once: what a pod asks for, what a node has. CPU in millicores, memory and ephemeral storage in bytes, pods and extended
/// resources (GPUs and the like) as counts. Components may be negative after a subtraction.
/// </summary>
public readonly struct ResourceVector : IEquatable<ResourceVector>
{
    private readonly ExtendedResources? _extended;

    /// <summary>From its parts.</summary>
    public ResourceVector(long milliCpu, long memory, long ephemeralStorage = 0, long pods = 0)
        : this(milliCpu, memory, ephemeralStorage, pods, null)
    {
    }

    private ResourceVector(long milliCpu, long memory, long ephemeralStorage, long pods, ExtendedResources? extended)
    {
        MilliCpu = milliCpu;
        Memory = memory;
        EphemeralStorage = ephemeralStorage;
        Pods = pods;
        _extended = extended is { IsEmpty: true } ? null : extended;
    }

    /// <summary>Nothing of anything.</summary>
    public static ResourceVector Zero => default;

    /// <summary>Millicores.</summary>
    public long MilliCpu { get; }

    /// <summary>Bytes.</summary>
    public long Memory { get; }

    /// <summary>Bytes.</summary>
    public long EphemeralStorage { get; }

    /// <summary>Number of pods.</summary>
    public long Pods { get; }

    /// <summary>Extended resources that are not zero, by name, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Extended => _extended?.Items ?? [];

    /// <summary>The amount of one resource by its name (millicores for cpu).</summary>
    public long this[string name] => name switch
    {
        ResourceNames.Cpu => MilliCpu,
        ResourceNames.Memory => Memory,
        ResourceNames.EphemeralStorage => EphemeralStorage,
        ResourceNames.Pods => Pods,
        _ => _extended?.Find(name) ?? 0,
    };

    /// <summary>From a resource list of a pod or node; parts of a unit are rounded up.</summary>
    public static ResourceVector From(IReadOnlyDictionary<string, Quantity>? list)
    {
        if (list is null || list.Count == 0)
        {
            return default;
        }

        var vector = default(ResourceVector);
        foreach (var (name, quantity) in list)
        {
            vector = vector.With(name, string.Equals(name, ResourceNames.Cpu, StringComparison.Ordinal) ? quantity.MilliValue : quantity.Value);
        }

        return vector;
    }

    /// <summary>The same with another amount of one resource.</summary>
    public ResourceVector With(string name, long amount) => name switch
    {
        ResourceNames.Cpu => new(amount, Memory, EphemeralStorage, Pods, _extended),
        ResourceNames.Memory => new(MilliCpu, amount, EphemeralStorage, Pods, _extended),
        ResourceNames.EphemeralStorage => new(MilliCpu, Memory, amount, Pods, _extended),
        ResourceNames.Pods => new(MilliCpu, Memory, EphemeralStorage, amount, _extended),
        _ => new(MilliCpu, Memory, EphemeralStorage, Pods, (_extended ?? ExtendedResources.None).With(name, amount)),
    };

    /// <summary>Sum.</summary>
    public static ResourceVector operator +(ResourceVector a, ResourceVector b) => new(
        a.MilliCpu + b.MilliCpu, a.Memory + b.Memory, a.EphemeralStorage + b.EphemeralStorage, a.Pods + b.Pods,
        b._extended is null ? a._extended : a._extended is null ? b._extended : a._extended.Merge(b._extended, static (x, y) => x + y));

    /// <summary>Difference.</summary>
    public static ResourceVector operator -(ResourceVector a, ResourceVector b) => new(
        a.MilliCpu - b.MilliCpu, a.Memory - b.Memory, a.EphemeralStorage - b.EphemeralStorage, a.Pods - b.Pods,
        b._extended is null ? a._extended : (a._extended ?? ExtendedResources.None).Merge(b._extended, static (x, y) => x - y));

    /// <summary>So many times as much.</summary>
    public ResourceVector Times(long count) => new(
        MilliCpu * count, Memory * count, EphemeralStorage * count, Pods * count, _extended?.Merge(ExtendedResources.None, (x, _) => x * count));

    /// <summary>The larger of each component.</summary>
    public static ResourceVector Max(ResourceVector a, ResourceVector b) => new(
        Math.Max(a.MilliCpu, b.MilliCpu), Math.Max(a.Memory, b.Memory), Math.Max(a.EphemeralStorage, b.EphemeralStorage), Math.Max(a.Pods, b.Pods),
        b._extended is null && a._extended is null ? null : (a._extended ?? ExtendedResources.None).Merge(b._extended ?? ExtendedResources.None, Math.Max));

    /// <summary>The smaller of each component.</summary>
    public static ResourceVector Min(ResourceVector a, ResourceVector b) => new(
        Math.Min(a.MilliCpu, b.MilliCpu), Math.Min(a.Memory, b.Memory), Math.Min(a.EphemeralStorage, b.EphemeralStorage), Math.Min(a.Pods, b.Pods),
        b._extended is null && a._extended is null ? null : (a._extended ?? ExtendedResources.None).Merge(b._extended ?? ExtendedResources.None, Math.Min));

    /// <summary>Each component, but not below zero.</summary>
    public ResourceVector Floor() => Max(this, default);

    /// <summary>Whether every component is at most that of <paramref name="available"/>.</summary>
    public bool FitsIn(in ResourceVector available) =>
        MilliCpu <= available.MilliCpu && Memory <= available.Memory && Pods <= available.Pods && EphemeralStorage <= available.EphemeralStorage
        && (_extended is null || _extended.FitsIn(available._extended));

    /// <summary>Names of the resources that are not zero, cpu and memory first.</summary>
    public IEnumerable<string> Names()
    {
        if (MilliCpu != 0)
        {
            yield return ResourceNames.Cpu;
        }

        if (Memory != 0)
        {
            yield return ResourceNames.Memory;
        }

        if (EphemeralStorage != 0)
        {
            yield return ResourceNames.EphemeralStorage;
        }

        if (Pods != 0)
        {
            yield return ResourceNames.Pods;
        }

        foreach (var (name, _) in Extended)
        {
            yield return name;
        }
    }

    /// <summary>One component as a quantity.</summary>
    public Quantity Quantity(string name) => name switch
    {
        ResourceNames.Cpu => Kube.Quantities.Quantity.FromMilli(MilliCpu),
        ResourceNames.Memory => Kube.Quantities.Quantity.FromBytes(Memory),
        ResourceNames.EphemeralStorage => Kube.Quantities.Quantity.FromBytes(EphemeralStorage),
        _ => new Quantity(this[name]),
    };

    /// <summary>A resource list of everything that is not zero.</summary>
    public IReadOnlyDictionary<string, Quantity> ToQuantities()
    {
        var list = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var name in Names())
        {
            list[name] = Quantity(name);
        }

        return list;
    }

    /// <inheritdoc/>
    public bool Equals(ResourceVector other) =>
        MilliCpu == other.MilliCpu && Memory == other.Memory && EphemeralStorage == other.EphemeralStorage && Pods == other.Pods
        && Extended.SequenceEqual(other.Extended);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ResourceVector other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MilliCpu, Memory, EphemeralStorage, Pods, Extended.Count);

    /// <summary>Same amounts.</summary>
    public static bool operator ==(ResourceVector a, ResourceVector b) => a.Equals(b);

    /// <summary>Different amounts.</summary>
    public static bool operator !=(ResourceVector a, ResourceVector b) => !a.Equals(b);

    /// <summary>As JSON of quantities, for example <c>{"cpu":"1200m","memory":"2Gi","pods":"1"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (var name in Names())
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(name).Append("\":\"").Append(Quantity(name)).Append('"');
        }

        return text.Append('}').ToString();
    }
}
