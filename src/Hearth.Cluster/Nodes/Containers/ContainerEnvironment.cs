using System.Globalization;
using System.Text;
using Hearth.Kube.Core;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>Why a container cannot be configured, as the kubelet words it (<c>CreateContainerConfigError</c>).</summary>
public sealed class ContainerConfigException(string message) : Exception(message);

/// <summary>Looks up the settings a container refers to; null when the object is missing.</summary>
public sealed record ConfigLookup(
    Func<string, IReadOnlyDictionary<string, string>?> ConfigMap,
    Func<string, IReadOnlyDictionary<string, string>?> Secret);

/// <summary>Builds a container's variables and expands <c>$(NAME)</c>, as the kubelet does. Pure.</summary>
public static class ContainerEnvironment
{
    /// <summary>All variables: <paramref name="basis"/> (image and platform) first, then <c>envFrom</c>, then <c>env</c>.</summary>
    /// <exception cref="ContainerConfigException">A referred object or key is missing.</exception>
    public static Dictionary<string, string> Build(Pod pod, Container container, IEnumerable<KeyValuePair<string, string>> basis, ConfigLookup lookup)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in basis)
        {
            result[name] = value;
        }

        foreach (var source in container.EnvFrom ?? [])
        {
            AddAll(result, source, lookup);
        }

        foreach (var variable in container.Env ?? [])
        {
            if (Value(pod, container, variable, lookup) is { } value)
            {
                result[variable.Name!] = variable.ValueFrom is null ? Expand(value, result) : value;
            }
        }

        return result;
    }

    /// <summary>Replaces <c>$(NAME)</c> by the variable's value; <c>$$(NAME)</c> stays as <c>$(NAME)</c>, an unknown name as it is.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
                continue;
            }

            var end = text[i + 1] == '(' ? text.IndexOf(')', i + 2) : -1;
            if (end < 0)
            {
                result.Append('$');
                continue;
            }

            result.Append(variables.TryGetValue(text[(i + 2)..end], out var value) ? value : text[i..(end + 1)]);
            i = end;
        }

        return result.ToString();
    }

    /// <summary>A field of the pod as downward API names it, for example <c>status.podIP</c> or <c>metadata.labels['a']</c>.</summary>
    /// <exception cref="ContainerConfigException">No such field.</exception>
    public static string Field(Pod pod, string path) => path switch
    {
        "metadata.name" => pod.Metadata.Name ?? "",
        "metadata.namespace" => pod.Metadata.Namespace ?? "",
        "metadata.uid" => pod.Metadata.Uid ?? "",
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        "spec.nodeName" => pod.Spec?.NodeName ?? "",
        "spec.serviceAccountName" => pod.Spec?.ServiceAccountName ?? "",
        "status.podIP" or "status.podIPs" => pod.Status?.PodIP ?? "",
        "status.hostIP" or "status.hostIPs" => pod.Status?.HostIP ?? "",
        _ => Keyed(path, "metadata.labels", pod.Metadata.Labels)
            ?? Keyed(path, "metadata.annotations", pod.Metadata.Annotations)
            ?? throw new ContainerConfigException($"unsupported fieldPath: {path}"),
    };

    /// <summary>A resource of a container in units of its divisor, rounded up.</summary>
    public static string Resource(Container container, ResourceFieldSelector selector)
    {
        var name = selector.Resource ?? "";
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var set = name.StartsWith("limits.", StringComparison.Ordinal) ? container.Resources?.Limits : container.Resources?.Requests;
        var amount = set?.GetValueOrDefault(name[(dot + 1)..]) ?? Quantity.Zero;
        var divisor = selector.Divisor is { } d && d > Quantity.Zero ? d.Exact : 1m;
        return decimal.Ceiling(amount.Exact / divisor).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Value(Pod pod, Container container, EnvVar variable, ConfigLookup lookup)
    {
        if (variable.ValueFrom is not { } from)
        {
            return variable.Value ?? "";
        }

        if (from.FieldRef?.FieldPath is { } path)
        {
            return Field(pod, path);
        }

        if (from.ResourceFieldRef is { } resource)
        {
            return Resource(container, resource);
        }

        return from.ConfigMapKeyRef is { } map
            ? Key("configmap", map, lookup.ConfigMap)
            : from.SecretKeyRef is { } secret ? Key("secret", secret, lookup.Secret) : "";
    }

    private static string? Key(string kind, KeySelector selector, Func<string, IReadOnlyDictionary<string, string>?> find)
    {
        var data = find(selector.Name!);
        if (data is null)
        {
            return selector.Optional == true ? null : throw new ContainerConfigException($"{kind} \"{selector.Name}\" not found");
        }

        return data.TryGetValue(selector.Key!, out var value)
            ? value
            : selector.Optional == true ? null : throw new ContainerConfigException($"couldn't find key {selector.Key} in {kind} {selector.Name}");
    }

    private static void AddAll(Dictionary<string, string> result, EnvFromSource source, ConfigLookup lookup)
    {
        var (reference, data, kind) = source.ConfigMapRef is { } map
            ? (map, lookup.ConfigMap(map.Name!), "configmap")
            : (source.SecretRef!, lookup.Secret(source.SecretRef!.Name!), "secret");
        if (data is null)
        {
            if (reference.Optional != true)
            {
                throw new ContainerConfigException($"{kind} \"{reference.Name}\" not found");
            }

            return;
        }

        foreach (var (key, value) in data)
        {
            result[source.Prefix + key] = value;
        }
    }

    private static string? Keyed(string path, string prefix, IReadOnlyDictionary<string, string>? map) =>
        path.StartsWith(prefix + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? map?.GetValueOrDefault(path[(prefix.Length + 2)..^2]) ?? ""
            : null;

    private static string Lines(IReadOnlyDictionary<string, string>? map) =>
        string.Join('\n', (map ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}=\"{p.Value}\""));
}
