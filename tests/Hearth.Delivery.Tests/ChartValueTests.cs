using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

/// <summary>
/// Helm takes any value and says nothing about one that its chart does not know. So every key that is set is held against the keys of the pinned chart's own
/// values.yaml: <c>cases/chart-values.txt</c>. A new version or key is looked up there first.
/// </summary>
public sealed class ChartValueTests
{
    private static readonly Dictionary<string, (string Versions, string[] Keys)> Charts = Read();

    public static TheoryData<string> Addons => [.. ChartCatalog.All.Select(c => c.Addon)];

    [Theory]
    [MemberData(nameof(Addons))]
    public void Every_value_that_is_set_is_one_of_its_charts(string addon)
    {
        var chart = ChartCatalog.All.Single(c => c.Addon == addon);
        foreach (var platform in Platforms())
        {
            Charts[addon].Versions.Split(' ').ShouldContain(chart.Version(platform), $"look up the values of {addon} {chart.Version(platform)}");
            Paths(chart.Values(platform, StackOutputs.None), "").Where(p => !Charts[addon].Keys.Any(k => Covers(k, p))).ShouldBeEmpty();
        }
    }

    [Fact]
    public void No_chart_is_listed_that_is_not_installed() => Charts.Keys.ShouldBe(ChartCatalog.All.Select(c => c.Addon), ignoreOrder: true);

    /// <summary>Both blueprints with everything on, with the Pod Identity agent and without it.</summary>
    private static IEnumerable<PlatformDeclaration> Platforms() =>
        from blueprint in PlatformLoader.Blueprints
        from agent in new[] { true, false }
        let platform = PlatformLoader.Load(blueprint)
        select platform with { Addons = AddonCatalog.All.ToDictionary(a => a.Name, a => new AddonSwitch { Enabled = a.Name != "eks-pod-identity-agent" || agent, Version = platform.Addons.GetValueOrDefault(a.Name)?.Version ?? "" }) };

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node is JsonObject { Count: > 0 } o
        ? o.SelectMany(p => Paths(p.Value, path.Length == 0 ? p.Key : $"{path}/{p.Key}"))
        : path.Length == 0 ? [] : [path];

    /// <summary>A key that ends in <c>/*</c> is a free map or a list of the chart.</summary>
    private static bool Covers(string key, string path) => key == path || (key.EndsWith("/*", StringComparison.Ordinal) && (path == key[..^2] || path.StartsWith(key[..^1], StringComparison.Ordinal)));

    private static Dictionary<string, (string, string[])> Read()
    {
        var charts = new Dictionary<string, (string Versions, List<string> Keys)>(StringComparer.Ordinal);
        var addon = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "chart-values.txt")).Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith("##", StringComparison.Ordinal)))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                var words = line[2..].Split(' ', 2);
                charts.Add(addon = words[0], (words[1], []));
            }
            else
            {
                charts[addon].Keys.Add(line);
            }
        }

        return charts.ToDictionary(c => c.Key, c => (c.Value.Versions, c.Value.Keys.ToArray()), StringComparer.Ordinal);
    }
}
