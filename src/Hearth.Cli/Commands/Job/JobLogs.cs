using System.IO.Compression;
using System.Text;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Jobs;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cli.Commands.Job;

/// <summary>One of the two streams of a container.</summary>
internal enum LogStream
{
    Stdout,
    Stderr,
}

/// <summary>Finds a container's log: in the pod while there is one, else in S3 where the job run keeps its logs.</summary>
internal sealed class JobLogs(JobPlatform platform)
{
    /// <summary>Opens a log.</summary>
    /// <exception cref="CliException">There is none, or not yet.</exception>
    public async Task<Stream> OpenAsync(JobRun run, string podName, LogStream stream, bool follow, CancellationToken ct, TimeSpan? since = null)
    {
        if (await platform.Kube.FindAsync<Pod>(run.Metadata.Namespace, podName, ct).ConfigureAwait(false) is { } pod)
        {
            try
            {
                var options = new LogOptions { Container = SparkContainer.Of(pod), Follow = follow, Stream = stream.ToString(), SinceSeconds = since is { } time ? (int)Math.Max(1, time.TotalSeconds) : null };
                return await platform.Kube.LogAsync(run.Metadata.Namespace!, podName, options, ct).ConfigureAwait(false);
            }
            catch (KubeException e) when (!SparkContainer.HasStarted(pod))
            {
                throw new CliException($"{e.Message}", $"`hearth job explain {run.Id}` says what it waits for; -f waits for the log.");
            }
            catch (KubeException e) when (e.Code != 403)
            {
                // The pod is an entry without files, as after its node has gone.
            }
        }

        return since is null
            ? await StoredAsync(run, podName, LogPlaces.Container(run, podName, Word(stream)), ct).ConfigureAwait(false)
            : throw new CliException($"the pod {podName} is gone, and its log in S3 has no times", "Leave out --since; --tail N prints the last lines.");
    }

    /// <summary>Opens the log of the job runner, which submits the driver.</summary>
    /// <exception cref="CliException">There has been none.</exception>
    public async Task<Stream> OpenRunnerAsync(JobRun run, LogStream stream, CancellationToken ct, TimeSpan? since = null)
    {
        var selector = $"{EmrNames.JobIdLabel}={run.Id},{EmrNames.ComponentLabel}=job.submitter";
        var live = await platform.Kube.ListAsync<Pod>(run.Metadata.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
        var name = live.OrderBy(p => p.Metadata.CreationTimestamp).LastOrDefault()?.Metadata.Name
            ?? run.Status?.Pods?.LastOrDefault(p => p.Name.StartsWith($"{run.Id}-", StringComparison.Ordinal))?.Name
            ?? throw new CliException($"the job runner of {run.Id} is gone", LogPlaces.S3Root(run) is { } root ? $"`aws s3 ls --recursive {root}control-logs/` lists what was kept." : null);
        return await OpenAsync(run, name, stream, follow: false, ct, since).ConfigureAwait(false);
    }

    /// <summary>The last lines of a log; none when there is no log.</summary>
    public async Task<IReadOnlyList<string>> TailAsync(JobRun run, string podName, LogStream stream, int count, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(await OpenAsync(run, podName, stream, follow: false, ct).ConfigureAwait(false), Encoding.UTF8);
            var lines = new Queue<string>();
            while (await reader.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
            {
                lines.Enqueue(line);
                if (lines.Count > count)
                {
                    lines.Dequeue();
                }
            }

            return [.. lines];
        }
        catch (Exception e) when (e is CliException or AwsClientException or IOException or InvalidDataException)
        {
            return [];
        }
    }

    private static string Word(LogStream stream) => stream == LogStream.Stdout ? "stdout" : "stderr";

    private async Task<Stream> StoredAsync(JobRun run, string podName, string place, CancellationToken ct)
    {
        if (LogPlaces.S3Root(run) is not { } root)
        {
            throw new CliException(
                $"the pod {podName} is gone, and job run {run.Id} kept no logs in S3",
                "Give configurationOverrides.monitoringConfiguration.s3MonitoringConfiguration.logUri in the request to keep them.");
        }

        var (bucket, prefix) = Split(root);
        var key = LogRotation.Name(prefix + place, 0);
        if (await FindAsync(bucket, key, ct).ConfigureAwait(false) is not { } current)
        {
            throw new CliException($"the pod {podName} is gone, and there is no log s3://{bucket}/{key}", $"`aws s3 ls --recursive {root}` lists what was kept.");
        }

        // The oldest of the closed files comes first.
        var closed = Enumerable.Range(1, LogPlaces.Rotation(run)?.Keep ?? 0).Reverse()
            .Select(age => (Func<CancellationToken, Task<Stream?>>)(c => FindAsync(bucket, LogRotation.Name(prefix + place, age), c)));
        return new JoinedStream(closed.Append(_ => Task.FromResult<Stream?>(current)));
    }

    private async Task<Stream?> FindAsync(string bucket, string key, CancellationToken ct)
    {
        try
        {
            return new GZipStream(await platform.Aws.GetObjectAsync(bucket, key, ct).ConfigureAwait(false), CompressionMode.Decompress);
        }
        catch (AwsClientException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static (string Bucket, string Prefix) Split(string uri)
    {
        var rest = uri["s3://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return (rest[..slash], rest[(slash + 1)..]);
    }
}
