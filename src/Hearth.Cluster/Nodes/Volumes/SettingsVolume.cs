using System.Text.Json.Nodes;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Nodes.Volumes;

/// <summary>Writes the files of configMap, secret, downwardAPI and projected volumes.</summary>
internal sealed class SettingsVolume(IKubeClient client, Pod pod, string directory)
{
    private const long DefaultTokenSeconds = 3600;

    public async Task<string> WriteAsync(Volume volume, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        switch (volume)
        {
            case { ConfigMap: { } map }:
                await ConfigMapAsync(map.Name!, map.Items, map.Optional, ct).ConfigureAwait(false);
                break;
            case { Secret: { } secret }:
                await SecretAsync(secret.SecretName!, secret.Items, secret.Optional, ct).ConfigureAwait(false);
                break;
            case { DownwardAPI: { } downward }:
                await DownwardAsync(downward, ct).ConfigureAwait(false);
                break;
            case { Projected: { } projected }:
                foreach (var source in projected.Sources ?? [])
                {
                    await ProjectAsync(source, ct).ConfigureAwait(false);
                }

                break;
        }

        return directory;
    }

    private async Task ProjectAsync(VolumeProjection source, CancellationToken ct)
    {
        if (source.ConfigMap is { } map)
        {
            await ConfigMapAsync(map.Name!, map.Items, map.Optional, ct).ConfigureAwait(false);
        }

        if (source.Secret is { } secret)
        {
            await SecretAsync(secret.Name!, secret.Items, secret.Optional, ct).ConfigureAwait(false);
        }

        if (source.DownwardAPI is { } downward)
        {
            await DownwardAsync(downward, ct).ConfigureAwait(false);
        }

        if (source.ServiceAccountToken is { } token)
        {
            await TokenAsync(token, ct).ConfigureAwait(false);
        }
    }

    private async Task ConfigMapAsync(string name, IReadOnlyList<KeyToPath>? items, bool? optional, CancellationToken ct)
    {
        var map = await client.FindAsync<ConfigMap>(pod.Metadata.Namespace, name, ct).ConfigureAwait(false);
        if (map is null)
        {
            Missing("configmap", name, optional);
            return;
        }

        var files = (map.Data ?? new Dictionary<string, string>()).ToDictionary(p => p.Key, p => System.Text.Encoding.UTF8.GetBytes(p.Value), StringComparer.Ordinal);
        foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, string>())
        {
            files[key] = Convert.FromBase64String(value);
        }

        await WriteAsync(files, items, "configmap", name, optional, ct).ConfigureAwait(false);
    }

    private async Task SecretAsync(string name, IReadOnlyList<KeyToPath>? items, bool? optional, CancellationToken ct)
    {
        var secret = await client.FindAsync<Secret>(pod.Metadata.Namespace, name, ct).ConfigureAwait(false);
        if (secret is null)
        {
            Missing("secret", name, optional);
            return;
        }

        var files = (secret.Data ?? new Dictionary<string, string>()).ToDictionary(p => p.Key, p => Convert.FromBase64String(p.Value), StringComparer.Ordinal);
        await WriteAsync(files, items, "secret", name, optional, ct).ConfigureAwait(false);
    }

    private async Task DownwardAsync(DownwardVolumeSource source, CancellationToken ct)
    {
        foreach (var item in source.Items ?? [])
        {
            var text = item.FieldRef?.FieldPath is { } path
                ? ContainerEnvironment.Field(pod, path)
                : ContainerEnvironment.Resource(pod.Spec!.Containers!.First(c => c.Name == item.ResourceFieldRef!.ContainerName), item.ResourceFieldRef!);
            await FileAsync(item.Path!, System.Text.Encoding.UTF8.GetBytes(text), ct).ConfigureAwait(false);
        }
    }

    private async Task TokenAsync(TokenProjection token, CancellationToken ct)
    {
        var account = new ObjectRef(ServiceAccount.Type, pod.Metadata.Namespace, pod.Spec!.ServiceAccountName ?? "default");
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject
            {
                ["audiences"] = token.Audience is { } audience ? new JsonArray(audience) : null,
                ["expirationSeconds"] = token.ExpirationSeconds ?? DefaultTokenSeconds,
                ["boundObjectRef"] = new JsonObject { ["kind"] = "Pod", ["apiVersion"] = "v1", ["name"] = pod.Metadata.Name, ["uid"] = pod.Metadata.Uid },
            },
        };
        try
        {
            var answer = await client.PostAsync(account, "token", request, ct).ConfigureAwait(false);
            await FileAsync(token.Path!, System.Text.Encoding.UTF8.GetBytes(answer["status"]!["token"]!.GetValue<string>()), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            throw new VolumeException($"failed to fetch token: {e.Message}");
        }
    }

    private async Task WriteAsync(Dictionary<string, byte[]> files, IReadOnlyList<KeyToPath>? items, string kind, string name, bool? optional, CancellationToken ct)
    {
        foreach (var item in items ?? [.. files.Keys.Select(k => new KeyToPath { Key = k, Path = k })])
        {
            if (files.TryGetValue(item.Key!, out var content))
            {
                await FileAsync(item.Path!, content, ct).ConfigureAwait(false);
            }
            else if (optional != true)
            {
                throw new VolumeException($"{kind} \"{name}\" has no key {item.Key}");
            }
        }
    }

    private async Task FileAsync(string relative, byte[] content, CancellationToken ct)
    {
        var path = VolumeMounter.Inside(directory, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, content, ct).ConfigureAwait(false);
    }

    private static void Missing(string kind, string name, bool? optional)
    {
        if (optional != true)
        {
            throw new VolumeException($"{kind} \"{name}\" not found");
        }
    }
}
