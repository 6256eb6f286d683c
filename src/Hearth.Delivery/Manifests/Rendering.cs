using System.Text;
using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Platform;
using Hearth.Platform.Yaml;

namespace Hearth.Delivery.Manifests;

/// <summary>A file of a rendered folder.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Text">What is in it.</param>
public sealed record RenderedFile(string Path, string Text);

/// <summary>
/// A declaration as a folder for GitOps: numbered in the order they are applied, one file a concern, charts with pinned versions in one file and
/// values in a file each. Pure: the same declaration always gives the same text.
/// </summary>
public static class Rendering
{
    /// <summary>All files.</summary>
    /// <param name="platform">Complete and valid.</param>
    /// <param name="outputs">Outputs of the deployed stacks, or <see cref="StackOutputs.None"/>.</param>
    public static IReadOnlyList<RenderedFile> Of(PlatformDeclaration platform, StackOutputs outputs)
    {
        var objects = PlatformObjects.Of(platform).ToArray();
        List<RenderedFile> files =
        [
            File(platform, "10-namespaces.yaml", objects.Where(Kind("Namespace", "ResourceQuota"))),
            File(platform, "20-rbac.yaml", platform.Teams.SelectMany(AwsObjects.ServiceAccess).Concat(objects.Where(Kind("ClusterRole", "RoleBinding")))),
            File(platform, "30-storage-classes.yaml", objects.Where(Kind("StorageClass"))),
            File(platform, "40-priority-classes.yaml", AwsObjects.Priorities()),
        ];
        if (platform.IsEnabled("karpenter") && platform.NodePools.Count > 0)
        {
            files.Add(File(platform, "60-node-pools.yaml", objects.Where(Kind("NodePool", "EC2NodeClass"))));
        }

        if (platform.IsEnabled("aws-fsx-csi-driver"))
        {
            files.Add(File(platform, "70-lustre.yaml", AwsObjects.Lustre(outputs)));
        }

        if (platform.IsEnabled("kube-prometheus-stack"))
        {
            files.Add(File(platform, "80-monitors.yaml", SparkMonitors.Of(platform)));
        }

        Chart[] charts = [.. ChartCatalog.Enabled(platform)];
        files.Add(new RenderedFile("charts.yaml", YamlWriter.Write(ChartList(platform, charts))));
        if (charts.Length > 0)
        {
            files.Add(new RenderedFile("install-charts.sh", Script(platform, charts)));
        }

        files.AddRange(charts.Select(c => new RenderedFile($"values/{c.Addon}.yaml", YamlWriter.Write(c.Values(platform, outputs)))));
        return [.. files.Where(f => f.Text.Length > 0)];
    }

    /// <summary>Objects of one rendered file, in order.</summary>
    internal static string Documents(IEnumerable<JsonObject> objects)
    {
        var text = new StringBuilder();
        foreach (var item in objects)
        {
            text.Append(text.Length > 0 ? "---\n" : "").Append(YamlWriter.Write(item));
        }

        return text.ToString();
    }

    private static RenderedFile File(PlatformDeclaration platform, string path, IEnumerable<JsonObject> objects) => new(path, Documents(objects.Select(o => PlatformObjects.Labelled(o, platform.Name))));

    private static Func<JsonObject, bool> Kind(params string[] kinds) => o => kinds.Contains(o["kind"]!.GetValue<string>(), StringComparer.Ordinal);

    /// <summary>The charts in the order in which they need each other, for people without GitOps.</summary>
    private static string Script(PlatformDeclaration platform, Chart[] charts) => string.Join('\n',
    [
        "#!/bin/sh", "# Installs the platform's charts with the current kubectl context. Needs Helm 3: https://helm.sh/docs/intro/install", "set -e", "cd \"$(dirname \"$0\")\"",
        .. charts.Select(c => ToolCalls.InstallLine(c, c.Version(platform), $"values/{c.Addon}.yaml")), "",
    ]);

    private static JsonObject ChartList(PlatformDeclaration platform, Chart[] charts) => new()
    {
        ["charts"] = new JsonArray([.. charts.Select(c => (JsonNode)new JsonObject
        {
            ["release"] = c.Release, ["namespace"] = c.Entry.Namespace, ["repository"] = c.Repository, ["chart"] = c.Name, ["version"] = c.Version(platform), ["values"] = $"values/{c.Addon}.yaml",
        })]),
    };
}
