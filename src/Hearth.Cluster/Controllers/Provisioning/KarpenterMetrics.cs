using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Karpenter's metrics under upstream's names (prefix <c>karpenter_</c>), in the text format of Prometheus. Only what happens here is counted.</summary>
public sealed class KarpenterMetrics
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, double>> _values = new(StringComparer.Ordinal);

    /// <summary>One more.</summary>
    /// <param name="name">Without the prefix; ends in <c>_total</c>.</param>
    /// <param name="labels">Names and values.</param>
    public void Count(string name, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Family(name).AddOrUpdate(Labels(labels), 1, static (_, known) => known + 1);

    /// <summary>The present value of a gauge.</summary>
    public void Set(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Family(name)[Labels(labels)] = value;

    /// <summary>One value, 0 when nothing was counted.</summary>
    public double Value(string name, params ReadOnlySpan<(string Name, string Value)> labels) => Family(name).GetValueOrDefault(Labels(labels));

    /// <summary>Everything, as <c>/metrics</c> answers it.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (name, values) in _values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            text.Append("# TYPE karpenter_").Append(name).Append(name.EndsWith("_total", StringComparison.Ordinal) ? " counter\n" : " gauge\n");
            foreach (var (labels, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"karpenter_{name}{labels} {value}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Answers <c>GET /metrics</c> behind the Kubernetes API's service proxy.</summary>
    public async Task AnswerAsync(HttpContext context, string path)
    {
        var found = path.TrimEnd('/') == "/metrics";
        context.Response.StatusCode = found ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(found ? Text() : "only /metrics is served here\n", context.RequestAborted).ConfigureAwait(false);
    }

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
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }
}
