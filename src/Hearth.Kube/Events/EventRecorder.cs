using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Events;

/// <summary>What an event tells: reason in CamelCase, message as a sentence.</summary>
/// <param name="Reason">For example <c>FailedScheduling</c>.</param>
/// <param name="Message">For example <c>Successfully assigned ns/p to n</c>.</param>
/// <param name="Warning">Type Warning instead of Normal.</param>
/// <param name="FieldPath">Part of the object, for example <c>spec.containers{c}</c>.</param>
public sealed record EventText(string Reason, string Message, bool Warning = false, string? FieldPath = null)
{
    /// <summary>What was done or tried, in CamelCase; null for none.</summary>
    public string? Action { get; init; }
}

/// <summary>
/// Writes core/v1 events in the manner of client-go's recorder: the same event about the same object raises <c>count</c> and
/// <c>lastTimestamp</c> instead of adding an object. Recording never fails its caller: an event that cannot be written is dropped.
/// </summary>
public sealed class EventRecorder(IKubeClient client, string component, string? host, TimeProvider time)
{
    private const int Remembered = 4096;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ObjectRef Ref, int Count)> _known = new(StringComparer.Ordinal);

    /// <summary>Records an event about a typed object.</summary>
    public Task RecordAsync<T>(T about, EventText text, CancellationToken ct) where T : class, IKubeObject<T> =>
        RecordAsync(
            new ObjectReference
            {
                ApiVersion = T.Type.ApiVersion, Kind = T.Type.Kind, Namespace = about.Metadata.Namespace,
                Name = about.Metadata.Name, Uid = about.Metadata.Uid, ResourceVersion = about.Metadata.ResourceVersion,
            },
            text, ct);

    /// <summary>Records an event about an object.</summary>
    public async Task RecordAsync(ObjectReference about, EventText text, CancellationToken ct)
    {
        var key = $"{about.Kind}/{about.Namespace}/{about.Name}/{about.Uid}/{text.FieldPath}/{text.Reason}/{text.Message}";
        try
        {
            if (Repeated(key) is not { } known || !await CountAsync(known.Ref, known.Count, ct).ConfigureAwait(false))
            {
                await CreateAsync(key, about, text, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            // An event is a courtesy; losing one must not fail the work it speaks of.
        }
    }

    private (ObjectRef Ref, int Count)? Repeated(string key)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var known))
            {
                return null;
            }

            _known[key] = known with { Count = known.Count + 1 };
            return (known.Ref, known.Count + 1);
        }
    }

    private async Task<bool> CountAsync(ObjectRef target, int count, CancellationToken ct)
    {
        var patch = new JsonObject { ["count"] = count, ["lastTimestamp"] = KubeTimeConverter.ToText(time.GetUtcNow()) };
        try
        {
            await client.PatchAsync(target, KubePatch.Merge(patch), ct).ConfigureAwait(false);
            return true;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private async Task CreateAsync(string key, ObjectReference about, EventText text, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var created = await client.CreateAsync(
            new Event
            {
                Metadata = new ObjectMeta { Name = $"{about.Name}.{Guid.NewGuid().ToString("N")[..16]}", Namespace = about.Namespace ?? "default" },
                InvolvedObject = about with { FieldPath = text.FieldPath },
                Reason = text.Reason,
                Message = text.Message,
                Action = text.Action,
                EventType = text.Warning ? "Warning" : "Normal",
                Count = 1,
                FirstTimestamp = now,
                LastTimestamp = now,
                Source = new EventSource { Component = component, Host = host },
                ReportingComponent = component,
                ReportingInstance = host,
            },
            ct).ConfigureAwait(false);
        lock (_lock)
        {
            if (_known.Count >= Remembered)
            {
                _known.Clear();
            }

            _known[key] = (created.Ref(), 1);
        }
    }
}
