using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Endpoints;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>Brings managed endpoints from their request to their end, as <see cref="EndpointMachine"/> decides, and removes session credentials that have expired.</summary>
public sealed class ManagedEndpointController : IDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);
    private readonly IKubeClient _client;
    private readonly JobControllerOptions _options;
    private readonly Informer<ManagedEndpoint> _endpoints;
    private readonly Informer<EndpointSession> _sessions;
    private readonly WorkQueue _queue;
    private readonly WorkQueue _expiries;

    /// <summary>A controller for a cluster.</summary>
    public ManagedEndpointController(IKubeClient client, JobControllerOptions options)
    {
        _client = client;
        _options = options;
        _queue = new WorkQueue(options.Time);
        _expiries = new WorkQueue(options.Time);
        _endpoints = new Informer<ManagedEndpoint>(client, time: options.Time);
        _sessions = new Informer<EndpointSession>(client, time: options.Time);
        _endpoints.Changed += (_, endpoint) => _queue.Add($"{endpoint.Metadata.Namespace}/{endpoint.Id}");
        _sessions.Changed += (_, session) => _expiries.Add($"{session.Metadata.Namespace}/{session.Id}");
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informers = Task.WhenAll(_endpoints.RunAsync(ct), _sessions.RunAsync(ct));
        try
        {
            await Task.WhenAll(
                _queue.RunAsync(1, ReconcileAsync, (key, e) => _options.Log($"managed endpoint {key}: {e.Message}"), ct),
                _expiries.RunAsync(1, ExpireAsync, (key, e) => _options.Log($"session credentials {key}: {e.Message}"), ct)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The platform stops.
        }

        await informers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _expiries.Dispose();
    }

    private static (string Namespace, string Name) Split(string key) => (key[..key.IndexOf('/')], key[(key.IndexOf('/') + 1)..]);

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var (ns, name) = Split(key);
        if (await _client.FindAsync<ManagedEndpoint>(ns, name, ct).ConfigureAwait(false) is not { } endpoint)
        {
            return null;
        }

        var now = _options.Time.GetUtcNow();
        if (EndpointMachine.Next(endpoint, _options.Service, host => EndpointCertificates.New(host, now), now) is not { } next)
        {
            return null;
        }

        var status = JsonSerializer.SerializeToNode(endpoint with { Status = next }, ManagedEndpoint.Json)!["status"]!.DeepClone();
        await _client.PatchStatusAsync(endpoint, status.AsObject(), ct).ConfigureAwait(false);
        return AtOnce;
    }

    private async Task<TimeSpan?> ExpireAsync(string key, CancellationToken ct)
    {
        var (ns, name) = Split(key);
        if (await _client.FindAsync<EndpointSession>(ns, name, ct).ConfigureAwait(false) is not { } session)
        {
            return null;
        }

        var left = (session.Spec.ExpiresAt ?? DateTimeOffset.MinValue) - _options.Time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        await _client.DeleteIfExistsAsync(session.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        return null;
    }
}
