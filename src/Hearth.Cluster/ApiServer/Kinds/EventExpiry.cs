using System.Globalization;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Events live for an hour after they were last seen, as everywhere.</summary>
internal sealed class EventExpiry(ObjectReader reader, ObjectRemover remover) : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));
    private Task _running = Task.CompletedTask;

    /// <summary>Looks now and then until disposed.</summary>
    public void Start() => _running = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);

    /// <summary>Removes what is old now.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var oldest = reader.Time.GetUtcNow() - Lifetime;
        foreach (var item in reader.All(CoreKinds.Events).Where(e => LastSeen(e.Root) < oldest))
        {
            try
            {
                await remover.DeleteAsync(_call, CoreKinds.Events, item.Namespace, item.Name, new RemoveOptions { Uid = item.Uid }, ct).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound || e.IsConflict)
            {
                // Gone, or a new one of the same name.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, reader.Time);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false))
        {
            await SweepAsync(ct).ConfigureAwait(false);
        }
    }

    private static DateTimeOffset LastSeen(JsonElement root)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var text in (string?[])[root.Text("series", "lastObservedTime"), root.Text("lastTimestamp"), root.Text("eventTime"), root.Text("metadata", "creationTimestamp")])
        {
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time > latest)
            {
                latest = time;
            }
        }

        return latest;
    }
}
