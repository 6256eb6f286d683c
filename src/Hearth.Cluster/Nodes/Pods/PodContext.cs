using System.Globalization;
using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>What the agent gives every pod it runs.</summary>
internal sealed record NodeServices(
    IKubeClient Client, NodeAgentOptions Options, ISandbox Sandbox, ILimiter Limiter, IImageResolver Images,
    ProcessStarter Starter, PodAddresses Addresses, TimeProvider Time);

/// <summary>What the containers of one pod share.</summary>
internal sealed class PodContext(NodeServices services, Pod pod, EventRecorder events, Action changed)
{
    /// <summary>Time between looks for a missing setting.</summary>
    public static readonly TimeSpan ConfigRetry = TimeSpan.FromMilliseconds(500);

    public Pod Pod { get; } = pod;

    public NodeAgentOptions Options => services.Options;

    public ISandbox Sandbox => services.Sandbox;

    public ILimiter Limiter => services.Limiter;

    public IImageResolver Images => services.Images;

    public ProcessStarter Starter => services.Starter;

    public TimeProvider Time => services.Time;

    public Action Changed => changed;

    public IReadOnlyDictionary<string, string> Volumes { get; set; } = new Dictionary<string, string>();

    /// <summary>The pod's host name: its own wish, or its name cut to what a host name may have.</summary>
    public string Hostname
    {
        get
        {
            var name = Pod.Spec?.Hostname ?? Pod.Metadata.Name!;
            return name.Length <= 63 ? name : name[..63].TrimEnd('-', '.');
        }
    }

    /// <summary>Records an event about the pod; never fails.</summary>
    public Task EventAsync(EventText text) => events.RecordAsync(Pod, text, CancellationToken.None);

    /// <summary>An own writable directory that stands in for an image's working directory.</summary>
    public string WorkingDirectory(string container) =>
        Directory.CreateDirectory(Path.Combine(Options.PodDirectory(Pod), "work", container)).FullName;

    /// <summary>Variables before the container's own: system, platform, image.</summary>
    public IEnumerable<KeyValuePair<string, string>> BaseEnvironment(RuntimeBundle bundle)
    {
        var port = Options.ApiServerPort.ToString(CultureInfo.InvariantCulture);
        KeyValuePair<string, string>[] system =
        [
            new("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), new("HOME", "/home/hadoop"), new("LANG", "C.UTF-8"), new("HOSTNAME", Hostname),
            new("KUBERNETES_SERVICE_HOST", "127.0.0.1"), new("KUBERNETES_SERVICE_PORT", port), new("KUBERNETES_SERVICE_PORT_HTTPS", port),
        ];
        return system.Concat(Options.Environment).Concat(bundle.Environment);
    }

    /// <summary>Reads the ConfigMaps and Secrets that a container's variables refer to.</summary>
    public async Task<ConfigLookup> LookupAsync(Container container, CancellationToken ct)
    {
        var maps = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var secrets = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var from = container.EnvFrom ?? [];
        var single = (container.Env ?? []).Select(e => e.ValueFrom).OfType<EnvVarSource>().ToArray();
        foreach (var name in from.Select(s => s.ConfigMapRef?.Name).Concat(single.Select(s => s.ConfigMapKeyRef?.Name)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await services.Client.FindAsync<ConfigMap>(Pod.Metadata.Namespace, name, ct).ConfigureAwait(false) is { } map)
            {
                maps[name] = map.Data ?? new Dictionary<string, string>();
            }
        }

        foreach (var name in from.Select(s => s.SecretRef?.Name).Concat(single.Select(s => s.SecretKeyRef?.Name)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await services.Client.FindAsync<Secret>(Pod.Metadata.Namespace, name, ct).ConfigureAwait(false) is { } secret)
            {
                secrets[name] = (secret.Data ?? new Dictionary<string, string>())
                    .ToDictionary(p => p.Key, p => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(p.Value)), StringComparer.Ordinal);
            }
        }

        return new ConfigLookup(maps.GetValueOrDefault, secrets.GetValueOrDefault);
    }
}
