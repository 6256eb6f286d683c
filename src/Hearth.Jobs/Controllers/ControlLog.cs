using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Controllers;

/// <summary>Writes what EMR leaves beside the logs themselves: a description of where the logs of the run are.</summary>
internal sealed class ControlLog(LogShipping shipping, string region)
{
    /// <summary>Writes it; a failure is only reported, because the run itself does not depend on it.</summary>
    public async Task WriteAsync(JobRun run, CancellationToken ct)
    {
        try
        {
            await MetadataAsync(run, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectAccessException or IOException)
        {
            shipping.Log($"description of the logs of job run {run.Id}: {e.Message}");
        }
    }

    private async Task MetadataAsync(JobRun run, CancellationToken ct)
    {
        var (root, group) = (LogPlaces.S3Root(run), LogPlaces.Group(run));
        var uri = root is null ? null : new Uri(root + LogPlaces.Metadata);
        var stream = group is null ? null : $"{LogPlaces.StreamRoot(run)}/{LogPlaces.Metadata}";
        var description = new JsonObject
        {
            ["region"] = region,
            ["job_id"] = run.Id,
            ["logging_bucket_name"] = uri?.Host,
            ["logging_s3_metadata_path"] = uri?.AbsolutePath.TrimStart('/'),
            ["cloudwatch_log_group_name"] = group,
            ["cloudwatch_log_metadata_stream"] = stream,
        }.ToJsonString();
        if (group is not null && shipping.Store is { } store)
        {
            await store.AppendAsync(group, stream!, [new LogLine(shipping.Time.GetUtcNow(), description)], run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
        }

        if (uri is null || shipping.Writer is not { } writer)
        {
            return;
        }

        var content = new MemoryStream(Encoding.UTF8.GetBytes(description));
        await using (content.ConfigureAwait(false))
        {
            await writer.PutAsync(uri, content, "application/json", run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
        }
    }
}
