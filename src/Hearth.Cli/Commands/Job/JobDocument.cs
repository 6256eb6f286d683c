using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Commands.Job;

/// <summary>A job run as a document for programs.</summary>
internal static class JobDocument
{
    /// <summary>What a listing has.</summary>
    public static JsonObject Summary(JobRun run, Teams teams) => Clean(new JsonObject
    {
        ["id"] = run.Id,
        ["name"] = run.Spec.Name,
        ["team"] = teams.Of(run.Metadata.Namespace)?.Name,
        ["namespace"] = run.Metadata.Namespace,
        ["virtualClusterId"] = run.Spec.VirtualClusterId,
        ["state"] = JobText.State(run.State),
        ["stateDetails"] = run.Status?.StateDetails,
        ["failureReason"] = run.Status?.FailureReason is { } reason ? JsonSerializer.SerializeToNode(reason, JobsJson.Default.FailureReason) : null,
        ["createdAt"] = Time(run.Metadata.CreationTimestamp),
        ["startedAt"] = Time(run.Status?.StartedAt),
        ["finishedAt"] = Time(run.Status?.FinishedAt),
        ["attempt"] = run.Status?.Attempt,
        ["costUsd"] = run.Status?.Cost?.Usd,
    });

    /// <summary>Everything: the request in its own words, and what became of it.</summary>
    public static JsonObject Full(JobRun run, Teams teams)
    {
        var document = Summary(run, teams);
        document["request"] = JsonSerializer.SerializeToNode(run.Spec, JobsJson.Default.JobRunSpec);
        document["status"] = run.Status is null ? new JsonObject() : JsonSerializer.SerializeToNode(run.Status, JobsJson.Default.JobRunStatus);
        return document;
    }

    private static string? Time(DateTimeOffset? time) => time is { } t ? KubeTimeConverter.ToText(t) : null;

    private static JsonObject Clean(JsonObject document)
    {
        foreach (var name in document.Where(m => m.Value is null).Select(m => m.Key).ToArray())
        {
            document.Remove(name);
        }

        return document;
    }
}
