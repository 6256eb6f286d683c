using Hearth.Kube.Core;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>What the kubelet decides about ended containers. Pure.</summary>
public static class RestartDecision
{
    /// <summary>First delay before a container is started again; it doubles to <see cref="LastBackOff"/> (kubelet: 10 s to 5 min).</summary>
    public static TimeSpan FirstBackOff { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest delay before a container is started again.</summary>
    public static TimeSpan LastBackOff { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A container that ran longer than this starts again with the first delay.</summary>
    public static TimeSpan ResetAfter { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a container that ended with <paramref name="exitCode"/> is started again.</summary>
    /// <param name="policy">The pod's restartPolicy: Always, OnFailure or Never.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="init">Init containers are not repeated once they succeeded, whatever the policy.</param>
    public static bool Restarts(string? policy, int exitCode, bool init) => policy switch
    {
        "Never" => false,
        "OnFailure" => exitCode != 0,
        _ => !init || exitCode != 0,
    };

    /// <summary>How long to wait before restart number <paramref name="restart"/> (1 is the first).</summary>
    public static TimeSpan BackOff(int restart)
    {
        var delay = FirstBackOff * Math.Pow(2, Math.Min(restart - 1, 10));
        return delay < LastBackOff ? delay : LastBackOff;
    }

    /// <summary>The phase of a pod from the state of its containers.</summary>
    public static string Phase(string? policy, IReadOnlyList<ContainerStatus> init, IReadOnlyList<ContainerStatus> containers)
    {
        if (init.Any(s => s.State?.Terminated is { ExitCode: not 0 } t && !Restarts(policy, t.ExitCode ?? 0, init: true)))
        {
            return "Failed";
        }

        if (containers.Count > 0 && containers.All(s => s.State?.Terminated is { } t && !Restarts(policy, t.ExitCode ?? 0, init: false)))
        {
            return containers.All(s => s.State!.Terminated!.ExitCode == 0) ? "Succeeded" : "Failed";
        }

        return containers.Any(s => s.State?.Running is not null || s.State?.Terminated is not null || s.RestartCount > 0) ? "Running" : "Pending";
    }
}
