using System.Globalization;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>A pod's state in one word and three numbers, as <c>kubectl get pods</c> has always shown it (printers, printPod).</summary>
internal sealed class PodSummary
{
    private readonly JsonElement _root;
    private int _initRestarts;

    private PodSummary(JsonElement root)
    {
        _root = root;
        Status = root.Text("status", "phase") ?? "";
    }

    public string Status { get; private set; }

    public int Ready { get; private set; }

    public int Total { get; private set; }

    public long Restarts { get; private set; }

    /// <summary>End of the newest run before the present one.</summary>
    public DateTimeOffset? LastRestart { get; private set; }

    public static PodSummary Of(JsonElement root)
    {
        var summary = new PodSummary(root);
        summary.Read();
        return summary;
    }

    private void Read()
    {
        var sidecars = _root.Items("spec", "initContainers").Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name")).ToHashSet(StringComparer.Ordinal);
        Total = _root.Count("spec", "containers") + sidecars.Count;
        if (_root.Text("status", "reason") is { Length: > 0 } reason)
        {
            Status = reason;
        }

        if (Condition("PodScheduled") is var scheduled && scheduled.Text("reason") == "SchedulingGated")
        {
            Status = "SchedulingGated";
        }

        var initializing = ReadInit(sidecars);
        if (!initializing || Condition("Initialized").Text("status") == "True")
        {
            ReadContainers();
        }
        else
        {
            Restarts = _initRestarts;
        }

        ReadDeletion();
    }

    /// <summary>True while an init container has work to do.</summary>
    private bool ReadInit(HashSet<string?> sidecars)
    {
        var statuses = _root.Items("status", "initContainerStatuses").ToList();
        var sidecarRestarts = 0L;
        var initializing = false;
        for (var i = 0; i < statuses.Count && !initializing; i++)
        {
            var status = statuses[i];
            var sidecar = sidecars.Contains(status.Text("name"));
            Count(status);
            _initRestarts += (int)(status.Number("restartCount") ?? 0);
            sidecarRestarts += sidecar ? status.Number("restartCount") ?? 0 : 0;
            var terminated = status.At("state", "terminated");
            if (terminated.ValueKind == JsonValueKind.Object && (terminated.Number("exitCode") ?? 0) == 0)
            {
                continue;
            }

            if (sidecar && status.IsTrue("started"))
            {
                Ready += status.IsTrue("ready") ? 1 : 0;
                continue;
            }

            initializing = true;
            Status = InitStatus(status, terminated, i);
        }

        Restarts = sidecarRestarts;
        return initializing;
    }

    private string InitStatus(JsonElement status, JsonElement terminated, int index)
    {
        if (terminated.ValueKind == JsonValueKind.Object)
        {
            return terminated.Text("reason") is { Length: > 0 } reason ? "Init:" + reason : "Init:" + Exit(terminated);
        }

        return status.Text("state", "waiting", "reason") is { Length: > 0 } waiting and not "PodInitializing"
            ? "Init:" + waiting
            : $"Init:{index}/{_root.Count("spec", "initContainers")}";
    }

    private void ReadContainers()
    {
        var running = false;
        foreach (var status in _root.Items("status", "containerStatuses").Reverse())
        {
            Restarts += status.Number("restartCount") ?? 0;
            Count(status);
            var terminated = status.At("state", "terminated");
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                Status = waiting;
            }
            else if (terminated.ValueKind == JsonValueKind.Object)
            {
                Status = terminated.Text("reason") is { Length: > 0 } reason ? reason : Exit(terminated);
            }
            else if (status.IsTrue("ready") && status.At("state", "running").ValueKind == JsonValueKind.Object)
            {
                running = true;
                Ready++;
            }
        }

        if (Status == "Completed" && running)
        {
            Status = Condition("Ready").Text("status") == "True" ? "Running" : "NotReady";
        }
    }

    private void ReadDeletion()
    {
        if (_root.Text("metadata", "deletionTimestamp") is null)
        {
            return;
        }

        if (_root.Text("status", "reason") == "NodeLost")
        {
            Status = "Unknown";
        }
        else if (_root.Text("status", "phase") is not ("Succeeded" or "Failed"))
        {
            Status = "Terminating";
        }
    }

    private void Count(JsonElement status)
    {
        if (DateTimeOffset.TryParse(status.Text("lastState", "terminated", "finishedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            && (LastRestart is null || end > LastRestart))
        {
            LastRestart = end;
        }
    }

    private JsonElement Condition(string type) => _root.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    private static string Exit(JsonElement terminated) =>
        terminated.Number("signal") is { } signal and not 0 ? $"Signal:{signal}" : $"ExitCode:{terminated.Number("exitCode") ?? 0}";
}
