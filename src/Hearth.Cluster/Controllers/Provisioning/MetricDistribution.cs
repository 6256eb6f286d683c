using System.Globalization;
using System.Text;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Observations of one series: a histogram with upper bounds, or without bounds a summary with quantiles of the last thousand.</summary>
internal sealed class MetricDistribution(IReadOnlyList<double> bounds)
{
    private const int Kept = 1000;
    private static readonly double[] Quantiles = [0, 0.5, 0.9, 0.99, 1];
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Count];
    private readonly Queue<double> _last = new();
    private double _sum;

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    public void Add(double value)
    {
        lock (_lock)
        {
            Count++;
            _sum += value;
            for (var i = 0; i < bounds.Count; i++)
            {
                _counts[i] += value <= bounds[i] ? 1 : 0;
            }

            if (bounds.Count == 0)
            {
                _last.Enqueue(value);
                if (_last.Count > Kept)
                {
                    _last.Dequeue();
                }
            }
        }
    }

    /// <summary>Its lines in the text format of Prometheus.</summary>
    public string Text(string name, string labels)
    {
        lock (_lock)
        {
            var text = new StringBuilder();
            for (var i = 0; i < bounds.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{With(labels, "le", bounds[i].ToString(CultureInfo.InvariantCulture))} {_counts[i]}\n");
            }

            if (bounds.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{With(labels, "le", "+Inf")} {Count}\n");
            }

            var sorted = _last.Order().ToArray();
            foreach (var quantile in bounds.Count == 0 ? Quantiles : [])
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{With(labels, "quantile", quantile.ToString(CultureInfo.InvariantCulture))} {sorted[(int)Math.Round(quantile * (sorted.Length - 1))]}\n");
            }

            return text.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {_sum}\n{name}_count{labels} {Count}\n").ToString();
        }
    }

    private static string With(string labels, string name, string value) => labels.Length == 0 ? $"{{{name}=\"{value}\"}}" : $"{labels[..^1]},{name}=\"{value}\"}}";
}
