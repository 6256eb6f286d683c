using System.IO.Compression;
using System.Text;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cluster.Controllers.YuniKorn;

/// <summary>Watches the ConfigMaps <c>yunikorn-defaults</c> and <c>yunikorn-configs</c> and gives the queue text to the scheduler, again with each change.</summary>
public sealed class QueueConfiguration
{
    /// <summary>Namespace of the scheduler.</summary>
    public const string Namespace = "yunikorn";

    private readonly Informer<ConfigMap> _maps;
    private readonly YuniKornScheduler _scheduler;

    /// <summary>Subscribes; <see cref="RunAsync"/> starts.</summary>
    public QueueConfiguration(IKubeClient client, YuniKornScheduler scheduler, TimeProvider time)
    {
        _scheduler = scheduler;
        _maps = new Informer<ConfigMap>(client, Namespace, time: time);
        _maps.Changed += (_, _) => Apply();
    }

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => _maps.RunAsync(ct);

    private void Apply() => _scheduler.Configure(Text(YuniKornNames.ConfigsMap) ?? Text(YuniKornNames.DefaultsMap) ?? "");

    private string? Text(string name)
    {
        var map = _maps.Find(Namespace, name);
        if (map?.Data?.TryGetValue(YuniKornNames.QueuesKey, out var text) == true)
        {
            return text;
        }

        return map?.BinaryData?.TryGetValue(YuniKornNames.QueuesKey + ".gz", out var packed) == true ? Unpack(packed) : null;
    }

    private static string? Unpack(string packed)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            using var reader = new StreamReader(gzip, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return null;
        }
    }
}
