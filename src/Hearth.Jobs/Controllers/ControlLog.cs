using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Controllers;

/// <summary>Writes what EMR's submitter leaves behind: its own log, and a description of where the logs of the run are.</summary>
internal sealed class ControlLog(LogShipping shipping, string region)
{
    /// <summary>Writes both; a failure is only reported, because the run itself does not depend on them.</summary>
    public async Task WriteAsync(JobRun run, Submission submission, IReadOnlyList<string> warnings, CancellationToken ct)
    {
        var time = shipping.Time.GetUtcNow().UtcDateTime.ToString("yy/MM/dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        string[] lines =
        [
            .. warnings.Select(w => $"{time} WARN JobSubmitter: {w}"),
            $"{time} INFO JobSubmitter: Deployed Spark application {submission.Application.Name} with application ID {submission.Application.Id} into Kubernetes as {submission.DriverPodName} in namespace {submission.Application.Namespace}",
        ];
        try
        {
            await PutAsync(run, LogPlaces.Control(run, "stdout"), "", ct).ConfigureAwait(false);
            await PutAsync(run, LogPlaces.Control(run, "stderr"), string.Join('\n', lines) + "\n", ct).ConfigureAwait(false);
            await MetadataAsync(run, ct).ConfigureAwait(false);
            if (shipping.Store is { } store && LogPlaces.Group(run) is { } group)
            {
                var now = shipping.Time.GetUtcNow();
                await store.AppendAsync(group, $"{LogPlaces.StreamRoot(run)}/{LogPlaces.Control(run, "stderr")}", [.. lines.Select(l => new LogLine(now, l))], ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ObjectAccessException or IOException)
        {
            shipping.Log($"control logs of job run {run.Id}: {e.Message}");
        }
    }

    private async Task PutAsync(JobRun run, string path, string text, CancellationToken ct)
    {
        if (LogPlaces.S3Root(run) is not { } root || shipping.Writer is not { } writer)
        {
            return;
        }

        using var source = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var compressed = await Gzip.CompressAsync(source, ct).ConfigureAwait(false);
        await using (compressed.ConfigureAwait(false))
        {
            await writer.PutAsync(new Uri($"{root}{path}.gz"), compressed, "application/x-gzip", run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
        }
    }

    private async Task MetadataAsync(JobRun run, CancellationToken ct)
    {
        if (LogPlaces.S3Root(run) is not { } root || shipping.Writer is not { } writer)
        {
            return;
        }

        var uri = new Uri(root + LogPlaces.Metadata);
        var description = new JsonObject
        {
            ["region"] = region,
            ["job_id"] = run.Id,
            ["logging_bucket_name"] = uri.Host,
            ["logging_s3_metadata_path"] = uri.AbsolutePath.TrimStart('/'),
            ["cloudwatch_log_group_name"] = LogPlaces.Group(run),
            ["cloudwatch_log_metadata_stream"] = LogPlaces.Group(run) is null ? null : $"{LogPlaces.StreamRoot(run)}/{LogPlaces.Metadata}",
        };
        var content = new MemoryStream(Encoding.UTF8.GetBytes(description.ToJsonString()));
        await using (content.ConfigureAwait(false))
        {
            await writer.PutAsync(uri, content, "application/json", run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
        }
    }
}
