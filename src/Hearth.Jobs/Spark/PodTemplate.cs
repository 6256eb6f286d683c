using System.Text.Json.Nodes;
using Hearth.Kube.Yaml;

namespace Hearth.Jobs.Spark;

/// <summary>A pod template that cannot be used; the message has one sentence a fault.</summary>
public sealed class PodTemplateException(string message) : Exception(message);

/// <summary>Driver or executor.</summary>
public enum SparkRole
{
    /// <summary>Runs the program.</summary>
    Driver,

    /// <summary>Runs its tasks.</summary>
    Executor,
}

/// <summary>A checked pod template.</summary>
/// <param name="Pod">The pod as written, values of string maps as text.</param>
/// <param name="Warnings">What is odd but allowed.</param>
public sealed record PodTemplate(JsonObject Pod, IReadOnlyList<string> Warnings)
{
    /// <summary>No template: an empty pod.</summary>
    public static PodTemplate Empty => new([], []);

    /// <summary>Reads and checks a template: known fields, EMR's allow-lists and reserved names.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="role">Whose template it is.</param>
    /// <param name="rules">Which rules beyond Kubernetes' own.</param>
    /// <exception cref="PodTemplateException">It cannot be used.</exception>
    public static PodTemplate Parse(string text, SparkRole role, PodTemplateRules rules)
    {
        YamlDocument document;
        try
        {
            document = YamlJson.ParseObject(text);
        }
        catch (YamlJsonException e)
        {
            throw new PodTemplateException(e.Message);
        }

        var problems = Kind(document.Value).Concat(FieldTable.Pods.Problems(document.Value, "Pod", "")).ToList();
        if (problems.Count == 0)
        {
            problems.AddRange(rules.Problems(document.Value, role));
        }

        if (problems.Count > 0)
        {
            throw new PodTemplateException(string.Join("\n", problems));
        }

        PodTemplateText.StringValues(document.Value);
        return new PodTemplate(document.Value, [.. document.Warnings, .. MainContainerWarning(document.Value, role)]);
    }

    /// <summary>Index of the container that Spark takes over: the one with the usual name, else the first; -1 when there is none.</summary>
    public static int MainContainer(JsonArray? containers, string name)
    {
        if (containers is null || containers.Count == 0)
        {
            return -1;
        }

        for (var i = 0; i < containers.Count; i++)
        {
            if (containers[i]?["name"]?.ToString() == name)
            {
                return i;
            }
        }

        return 0;
    }

    private static IEnumerable<string> Kind(JsonObject pod) =>
        pod["kind"]?.ToString() is { } kind && kind != "Pod" ? [$"kind must be Pod, but is {kind}"] : [];

    private static IEnumerable<string> MainContainerWarning(JsonObject pod, SparkRole role)
    {
        var name = role == SparkRole.Driver ? SparkNames.DriverContainer : SparkNames.ExecutorContainer;
        var containers = pod["spec"]?["containers"] as JsonArray;
        var main = MainContainer(containers, name);
        return main >= 0 && containers![main]?["name"]?.ToString() is { } found && found != name
            ? [$"no container is named {name}; the first one, {found}, becomes the Spark container"]
            : [];
    }
}
