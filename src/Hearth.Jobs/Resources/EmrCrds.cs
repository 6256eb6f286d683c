using System.Text.Json.Nodes;
using Hearth.Kube.Yaml;

namespace Hearth.Jobs.Resources;

/// <summary>The custom resource definitions of the group <c>emr.hearth.dev</c>, ready to be applied to any cluster.</summary>
public static class EmrCrds
{
    private static readonly string[] Names = ["virtualclusters.yaml", "jobruns.yaml", "jobtemplates.yaml", "managedendpoints.yaml", "endpointsessions.yaml", "securityconfigurations.yaml"];

    /// <summary>Every definition, as <c>apiextensions.k8s.io/v1</c> objects.</summary>
    public static IReadOnlyList<JsonObject> All() => [.. Names.Select(n => YamlJson.ParseObject(Text(n)).Value)];

    /// <summary>The manifests as one YAML text.</summary>
    public static string Manifest() => string.Join("---\n", Names.Select(Text));

    private static string Text(string name) => EmbeddedText.Read(name);
}
