using System.Collections.Frozen;

namespace Hearth.Scheduling.Catalog;

/// <summary>
/// The EC2 instance types that Hearth ships with, their zones and on-demand prices (sources and dates: <c>Data/NOTICE.md</c>). Read on first use, in a few milliseconds.
/// </summary>
public sealed class Ec2Catalog
{
    /// <summary>Day of the packaged price tables.</summary>
    public const string PricesOf = "2026-07-20";

    private static readonly Lazy<Ec2Catalog> Shipped = new(Load);
    private readonly FrozenDictionary<string, CatalogRow> _rows;

    private Ec2Catalog(List<CatalogRow> rows)
    {
        _rows = rows.ToFrozenDictionary(r => r.Type.Name, StringComparer.Ordinal);
        Types = [.. rows.Select(r => r.Type)];
    }

    /// <summary>The shipped catalogue.</summary>
    public static Ec2Catalog Default => Shipped.Value;

    /// <summary>Every type, by name.</summary>
    public IReadOnlyList<InstanceType> Types { get; }

    /// <summary>A type by its name, or null.</summary>
    public InstanceType? Find(string name) => _rows.GetValueOrDefault(name)?.Type;

    internal CatalogRow Row(string name) => _rows[name];

    private static Ec2Catalog Load()
    {
        using var stream = typeof(Ec2Catalog).Assembly.GetManifestResourceStream("ec2-catalog.csv")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var rows = new List<CatalogRow>(1400);
        var words = new HashSet<string>(StringComparer.Ordinal);
        var header = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!header && !line.IsEmpty)
            {
                rows.Add(CatalogRow.Parse(line, words));
            }

            header = false;
        }

        return new Ec2Catalog(rows);
    }
}

/// <summary>One row of the table: a type, the zones that offer it and its prices (USD/h) by region.</summary>
internal sealed record CatalogRow(
    InstanceType Type, string ZonesUsEast1, string ZonesUsWest2, decimal? UsEast1, decimal? UsGovEast1, decimal? UsGovWest1)
{
    /// <summary>Reads the columns in the order that the header names.</summary>
    public static CatalogRow Parse(ReadOnlySpan<char> line, HashSet<string> words)
    {
        var row = new CsvRow(line);
        var name = row.Text();
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var type = new InstanceType
        {
            Name = name,
            Family = name[..dot],
            Size = name[(dot + 1)..],
            Vcpu = row.Number(),
            MemoryMiB = row.Number(),
            Arch = row.Word(words),
            Category = row.Word(words),
            Generation = row.Number(),
            Hypervisor = row.Word(words),
            MaxEnis = row.Number(),
            Ipv4PerEni = row.Number(),
            NetworkBaselineMbps = Baseline(ref row),
            LocalNvmeGb = row.Number(),
            LocalNvmeDisks = row.Number(),
            InstanceStoreGb = row.Number(),
            GpuCount = row.Number(),
            GpuName = row.Word(words),
            GpuManufacturer = row.Word(words),
            GpuMemoryMiB = row.Number(),
            AcceleratorCount = row.Number(),
            AcceleratorName = row.Word(words),
            AcceleratorManufacturer = row.Word(words),
            NeuronCores = row.Number(),
            PodEni = Branches(ref row),
            EbsBandwidthMbps = row.Number(),
            EbsOptimizedByDefault = row.Next() is "default",
            CpuManufacturer = row.Word(words),
            ClockMhz = row.Number(),
        };
        var flags = row.Next();
        var usage = row.Next();
        type = type with
        {
            BareMetal = flags.Contains('b'),
            EncryptionInTransit = flags.Contains('e'),
            CurrentGeneration = flags.Contains('c'),
            OffersOnDemand = usage.Contains('o'),
            OffersSpot = usage.Contains('s'),
        };
        return new(type, row.Word(words), row.Word(words), row.Decimal(), row.Decimal(), row.Decimal());
    }

    private static int Baseline(ref CsvRow row)
    {
        row.Next(); // peak bandwidth: no label and no decision needs it
        return row.Number();
    }

    private static int Branches(ref CsvRow row)
    {
        row.Next(); // EFA interfaces: advertised only when a node class configures them
        return row.Number();
    }
}
