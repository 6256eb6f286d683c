using Hearth.Kube.Core;

namespace Hearth.Scheduling.Fit;

/// <summary>Taints of nodes and tolerations of pods.</summary>
public static class Taints
{
    public const string NoSchedule = "NoSchedule";
    public const string PreferNoSchedule = "PreferNoSchedule";
    public const string NoExecute = "NoExecute";

    /// <summary>Taint and label of cordoned nodes.</summary>
    public const string Unschedulable = "node.kubernetes.io/unschedulable";

    /// <summary>Whether one of the tolerations bears the taint.</summary>
    public static bool Tolerated(Taint taint, IReadOnlyList<Toleration> tolerations)
    {
        foreach (var toleration in tolerations)
        {
            if (Tolerates(toleration, taint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first taint that keeps pods away (NoSchedule or NoExecute) and is not tolerated, or null.</summary>
    public static Taint? FirstUntolerated(IReadOnlyList<Taint> taints, IReadOnlyList<Toleration> tolerations)
    {
        foreach (var taint in taints)
        {
            if (taint.Effect is NoSchedule or NoExecute && !Tolerated(taint, tolerations))
            {
                return taint;
            }
        }

        return null;
    }

    private static bool Tolerates(Toleration toleration, Taint taint)
    {
        if (!string.IsNullOrEmpty(toleration.Effect) && !string.Equals(toleration.Effect, taint.Effect, StringComparison.Ordinal))
        {
            return false;
        }

        var exists = string.Equals(toleration.Operator, "Exists", StringComparison.Ordinal);
        if (string.IsNullOrEmpty(toleration.Key))
        {
            return exists;
        }

        return string.Equals(toleration.Key, taint.Key, StringComparison.Ordinal)
            && (exists || string.Equals(toleration.Value ?? "", taint.Value ?? "", StringComparison.Ordinal));
    }
}
