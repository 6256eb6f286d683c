using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>One value of a gauge that is read when somebody asks.</summary>
/// <param name="Name">Without the prefix.</param>
/// <param name="Value">The value.</param>
/// <param name="Labels">Names and values.</param>
public sealed record MetricSample(string Name, double Value, params (string Name, string Value)[] Labels);

/// <summary>
/// Karpenter's metrics under upstream's names (prefix <c>karpenter_</c>), types and labels, in the text format of Prometheus (<see cref="KarpenterMetricCatalog"/>).
/// Only what happens here is counted.
/// </summary>
public sealed class KarpenterMetrics
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, double>> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, MetricDistribution>> _distributions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Func<IEnumerable<MetricSample>>> _sources = new();

    /// <summary>One more.</summary>
    /// <param name="name">Without the prefix; ends in <c>_total</c>.</param>
    /// <param name="labels">Names and values.</param>
    public void Count(string name, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Family(name).AddOrUpdate(Labels(labels), 1, static (_, known) => known + 1);

    /// <summary>One more nodeclaim was disrupted.</summary>
    public void Disrupted(NodeClaim claim, string reason) => Count(
        "nodeclaims_disrupted_total", ("reason", reason), ("nodepool", claim.Metadata.Label(KarpenterLabels.NodePool) ?? ""), ("capacity_type", claim.Metadata.Label(KarpenterLabels.CapacityType) ?? ""));

    /// <summary>The present value of a gauge.</summary>
    public void Set(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Family(name)[Labels(labels)] = value;

    /// <summary>Something took so long.</summary>
    public void Observe(string name, TimeSpan duration, params ReadOnlySpan<(string Name, string Value)> labels) =>
        _distributions.GetOrAdd(name, static _ => new(StringComparer.Ordinal))
            .GetOrAdd(Labels(labels), static (_, n) => new MetricDistribution(KarpenterMetricCatalog.BucketsOf(n)), name)
            .Add(Math.Max(0, duration.TotalSeconds));

    /// <summary>Gauges that are worked out whenever somebody asks.</summary>
    public void AddSource(Func<IEnumerable<MetricSample>> source) => _sources.Enqueue(source);

    /// <summary>One value of a counter or gauge, 0 when nothing was counted; how many observations of a histogram.</summary>
    public double Value(string name, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var key = Labels(labels);
        return _distributions.TryGetValue(name, out var known) ? known.GetValueOrDefault(key)?.Count ?? 0 : Family(name).GetValueOrDefault(key);
    }

    /// <summary>Everything, as <c>/metrics</c> answers it.</summary>
    public string Text()
    {
        var families = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (name, values) in _values)
        {
            foreach (var (labels, value) in values)
            {
                Add(name, labels, Line(name, labels, value));
            }
        }

        foreach (var sample in _sources.SelectMany(s => s()))
        {
            var labels = Labels(sample.Labels);
            Add(sample.Name, labels, Line(sample.Name, labels, sample.Value));
        }

        foreach (var (name, series) in _distributions)
        {
            foreach (var (labels, distribution) in series)
            {
                Add(name, labels, distribution.Text($"karpenter_{name}", labels));
            }
        }

        var text = new StringBuilder();
        foreach (var (name, series) in families)
        {
            text.Append("# HELP karpenter_").Append(name).Append(' ').Append(KarpenterMetricCatalog.HelpOf(name)).Append('\n');
            text.Append("# TYPE karpenter_").Append(name).Append(' ').Append(KarpenterMetricCatalog.TypeOf(name)).Append('\n').AppendJoin("", series.Values);
        }

        return text.ToString();

        void Add(string name, string labels, string lines)
        {
            if (!families.TryGetValue(name, out var series))
            {
                families[name] = series = new(StringComparer.Ordinal);
            }

            series[labels] = lines;
        }
    }

    /// <summary>Answers <c>GET /metrics</c> behind the Kubernetes API's service proxy.</summary>
    public async Task AnswerAsync(HttpContext context, string path)
    {
        var found = path.TrimEnd('/') == "/metrics";
        context.Response.StatusCode = found ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(found ? Text() : "only /metrics is served here\n", context.RequestAborted).ConfigureAwait(false);
    }

    private static string Line(string name, string labels, double value) => string.Create(CultureInfo.InvariantCulture, $"karpenter_{name}{labels} {value}\n");

    private ConcurrentDictionary<string, double> Family(string name) => _values.GetOrAdd(name, static _ => new(StringComparer.Ordinal));

    private static string Labels(ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }
}
