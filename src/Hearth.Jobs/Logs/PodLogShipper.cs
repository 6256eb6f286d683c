using System.Text;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Storage;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Logs;

/// <summary>Follows the two streams of one Spark container and copies them to S3 and to the log store while it runs; ends with the container.</summary>
internal sealed class PodLogShipper(IKubeClient client, LogShipping shipping, JobRun run, string pod, string container)
{
    private static readonly TimeSpan FirstUpload = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastUpload = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    /// <summary>Copies until both streams have ended and everything is written.</summary>
    public Task RunAsync(CancellationToken ct) => shipping.SplitStreams
        ? Task.WhenAll(StreamAsync("stdout", "Stdout", ct), StreamAsync("stderr", "Stderr", ct))
        : Task.WhenAll(StreamAsync("stdout", null, ct), EmptyAsync("stderr", ct));

    private async Task StreamAsync(string name, string? stream, CancellationToken ct)
    {
        using var file = Target(name);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var uploads = file is null ? Task.CompletedTask : UploadsAsync(file, ended.Token);
        try
        {
            await FollowAsync(name, stream, file, ct).ConfigureAwait(false);
        }
        finally
        {
            await FlushAsync(name, ct).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await uploads.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (file is not null)
            {
                // The last words count most: they are written also while the platform stops.
                using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(10), shipping.Time);
                await UploadAsync(file, grace.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task EmptyAsync(string name, CancellationToken ct)
    {
        using var file = Target(name);
        if (file is not null)
        {
            await UploadAsync(file, ct).ConfigureAwait(false);
        }
    }

    private LogFile? Target(string name) => LogPlaces.S3Root(run) is { } root && shipping.Writer is { } writer
        ? new LogFile(Path.Combine(shipping.SpoolDirectory, run.Id, pod, name), $"{root}{LogPlaces.Container(run, pod, name)}", LogPlaces.Rotation(run), run.Spec.ExecutionRoleArn, writer)
        : null;

    private async Task FollowAsync(string name, string? stream, LogFile? file, CancellationToken ct)
    {
        var log = await OpenAsync(stream, ct).ConfigureAwait(false);
        if (log is null)
        {
            return;
        }

        await using (log.ConfigureAwait(false))
        {
            var lines = new LineCutter();
            var buffer = new byte[32 * 1024];
            int read;
            while ((read = await log.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
            {
                if (file is not null)
                {
                    await file.AppendAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
                }

                await StoreAsync(name, lines.Take(buffer.AsSpan(0, read)), ct).ConfigureAwait(false);
            }

            await StoreAsync(name, lines.Rest(), ct).ConfigureAwait(false);
        }
    }

    private async Task<Stream?> OpenAsync(string? stream, CancellationToken ct)
    {
        var options = new LogOptions { Container = container, Follow = true, Stream = stream };
        while (true)
        {
            try
            {
                return await client.LogAsync(run.Metadata.Namespace!, pod, options, ct).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound || e.Code == 501)
            {
                return null;
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                // The container is about to start, or the server is not there for a moment.
                await Task.Delay(Retry, shipping.Time, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task FlushAsync(string name, CancellationToken ct)
    {
        if (shipping.Store is { } store && LogPlaces.Group(run) is { } group)
        {
            try
            {
                await store.FlushAsync(group, LogStream(name), ct).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                shipping.Log($"logs of job run {run.Id}, pod {pod}: {e.Message}");
            }
        }
    }

    private string LogStream(string name) => $"{LogPlaces.StreamRoot(run)}/{LogPlaces.Container(run, pod, name)}";

    private async Task StoreAsync(string name, IReadOnlyList<string> lines, CancellationToken ct)
    {
        if (lines.Count > 0 && shipping.Store is { } store && LogPlaces.Group(run) is { } group)
        {
            var now = shipping.Time.GetUtcNow();
            try
            {
                await store.AppendAsync(group, LogStream(name), [.. lines.Select(l => new LogLine(now, l))], run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ObjectAccessException or IOException)
            {
                // The other copies of the log go on.
                shipping.Log($"logs of job run {run.Id}, pod {pod}: {e.Message}");
            }
        }
    }

    private async Task UploadsAsync(LogFile file, CancellationToken ct)
    {
        // Objects are rewritten whole, so the pauses grow with the life of the log up to EMR's two minutes.
        for (var pause = FirstUpload; ; pause = pause * 2 < LastUpload ? pause * 2 : LastUpload)
        {
            await Task.Delay(pause, shipping.Time, ct).ConfigureAwait(false);
            await UploadAsync(file, ct).ConfigureAwait(false);
        }
    }

    private async Task UploadAsync(LogFile file, CancellationToken ct)
    {
        try
        {
            await file.UploadAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectAccessException or IOException)
        {
            shipping.Log($"logs of job run {run.Id}, pod {pod}: {e.Message}");
        }
    }

    private sealed class LineCutter
    {
        private readonly MemoryStream _rest = new();

        public IReadOnlyList<string> Take(ReadOnlySpan<byte> bytes)
        {
            var lines = new List<string>();
            int newline;
            while ((newline = bytes.IndexOf((byte)'\n')) >= 0)
            {
                _rest.Write(bytes[..newline]);
                lines.Add(Text());
                bytes = bytes[(newline + 1)..];
            }

            _rest.Write(bytes);
            return lines;
        }

        public IReadOnlyList<string> Rest() => _rest.Length > 0 ? [Text()] : [];

        private string Text()
        {
            var text = Encoding.UTF8.GetString(_rest.GetBuffer(), 0, (int)_rest.Length);
            _rest.SetLength(0);
            return text;
        }
    }
}
