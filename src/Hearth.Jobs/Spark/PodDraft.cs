using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>
/// A pod in the making: a template whose Spark container has been taken out, to be filled and put back as the last one. Everything the template says
/// that Spark does not set stays as it is. Source: Spark 3.5.3, KubernetesUtils.loadPodFromTemplate and the builders.
/// </summary>
internal sealed class PodDraft
{
    private readonly JsonObject _pod;

    /// <summary>Starts from a template, which is not changed.</summary>
    /// <param name="template">A pod, or an empty object.</param>
    /// <param name="containerName">Name of the Spark container: sought in the template, given to a new one.</param>
    public PodDraft(JsonObject template, string containerName)
    {
        _pod = (JsonObject)template.DeepClone();
        _pod.Remove("status");
        _pod["apiVersion"] = "v1";
        _pod["kind"] = "Pod";
        Metadata = Child(_pod, "metadata");
        Spec = Child(_pod, "spec");
        var containers = Spec["containers"] as JsonArray;
        var main = PodTemplate.MainContainer(containers, containerName);
        Container = main < 0 ? [] : (JsonObject)containers![main]!;
        if (main >= 0)
        {
            containers!.RemoveAt(main);
        }

        if (Container["name"] is null)
        {
            Container["name"] = containerName;
        }
    }

    public JsonObject Metadata { get; }

    public JsonObject Spec { get; }

    public JsonObject Container { get; }

    /// <summary>The finished pod.</summary>
    public JsonObject Finish()
    {
        List(Spec, "containers").Add(Container);
        return _pod;
    }

    /// <summary>Mounts of the Spark container: volume name and path.</summary>
    public IEnumerable<(string Volume, string Path)> Mounts =>
        (Container["volumeMounts"] as JsonArray ?? []).Select(m => (m?["name"]?.ToString() ?? "", m?["mountPath"]?.ToString() ?? ""));

    public void Label(string key, string value) => Child(Metadata, "labels")[key] = value;

    public void Annotate(string key, string value) => Child(Metadata, "annotations")[key] = value;

    public void SelectNode(string key, string value) => Child(Spec, "nodeSelector")[key] = value;

    public void Env(string name, string value) => List(Container, "env").Add(new JsonObject { ["name"] = name, ["value"] = value });

    public void EnvFromField(string name, string fieldPath) =>
        EnvFrom(name, new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = fieldPath } });

    public void EnvFrom(string name, JsonObject source) => List(Container, "env").Add(new JsonObject { ["name"] = name, ["valueFrom"] = source });

    public void Port(string name, int number) =>
        List(Container, "ports").Add(new JsonObject { ["name"] = name, ["containerPort"] = number, ["protocol"] = "TCP" });

    public void Args(IEnumerable<string> words)
    {
        var args = List(Container, "args");
        foreach (var word in words)
        {
            args.Add(word);
        }
    }

    public void Volume(string name, string source, JsonObject details) => List(Spec, "volumes").Add(new JsonObject { ["name"] = name, [source] = details });

    public void Mount(string volume, string path, string? subPath = null, bool readOnly = false)
    {
        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = path };
        if (!string.IsNullOrEmpty(subPath))
        {
            mount["subPath"] = subPath;
        }

        if (readOnly)
        {
            mount["readOnly"] = true;
        }

        List(Container, "volumeMounts").Add(mount);
    }

    public void Request(string resource, string quantity) => Child(Child(Container, "resources"), "requests")[resource] = quantity;

    public void Limit(string resource, string quantity) => Child(Child(Container, "resources"), "limits")[resource] = quantity;

    public void Own(JsonObject ownerReference) => List(Metadata, "ownerReferences").Add(ownerReference);

    public void PullSecret(string name) => List(Spec, "imagePullSecrets").Add(new JsonObject { ["name"] = name });

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        return list;
    }
}
