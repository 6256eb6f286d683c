using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.YuniKorn;

/// <summary>
/// Which application a pod belongs to, which queue it asks for, whose it is: the rules of YuniKorn 1.6 and later (yunikorn-k8shim, pkg/common/utils/utils.go).
/// </summary>
/// <param name="ApplicationId">Never empty: pods that name none share one application a namespace.</param>
/// <param name="Queue">What is asked for; empty when nothing is. The placement rules decide.</param>
/// <param name="User">Who the pod counts for.</param>
/// <param name="Groups">Groups of that user.</param>
/// <param name="TaskGroup">The group of its gang it takes a place of, or null.</param>
/// <param name="IsPlaceholder">It holds a place for another pod.</param>
/// <param name="AllowsPreemption">False: a last choice among victims.</param>
/// <param name="Conflicts">Keys that carry different values for the same thing.</param>
public sealed record PodIdentity(
    string ApplicationId, string Queue, string User, IReadOnlyList<string> Groups, string? TaskGroup, bool IsPlaceholder, bool AllowsPreemption, IReadOnlyList<string> Conflicts)
{
    /// <summary>Whether the application id came from a label or annotation, as against made up for the namespace.</summary>
    public bool NamesApplication { get; private init; }

    /// <summary>Reads a pod's metadata.</summary>
    public static PodIdentity Of(ObjectMeta pod)
    {
        string?[] applications =
        [
            pod.Label(YuniKornNames.ApplicationId), pod.Annotation(YuniKornNames.ApplicationId), pod.Label(YuniKornNames.OldApplicationId), pod.Label(YuniKornNames.SparkApplicationId),
        ];
        string?[] queues = [pod.Label(YuniKornNames.Queue), pod.Annotation(YuniKornNames.Queue), pod.Label(YuniKornNames.OldQueue)];
        var named = First(applications);
        var (user, groups) = Owner(pod.Annotation(YuniKornNames.UserInfo));
        var group = pod.Annotation(YuniKornNames.TaskGroupName);
        return new PodIdentity(
            named.Length > 0 ? named : $"yunikorn-{pod.Namespace}-autogen",
            First(queues),
            user,
            groups,
            string.IsNullOrEmpty(group) ? null : group,
            pod.Annotation(YuniKornNames.Placeholder) == "true" || pod.Annotation(YuniKornNames.OldPlaceholder) == "true",
            pod.Annotation(YuniKornNames.AllowPreemption) != "false",
Told(Differ(applications.AsSpan(..3)), Differ(queues))) { NamesApplication = named.Length > 0 };
    }

    private static string First(ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                return value;
            }
        }

        return "";
    }

    // The selector of Spark differs from a label that a template sets as a matter of course: it is no conflict.
    private static string[] Told(bool application, bool queue) => (application, queue) switch
    {
        (false, false) => [],
        (true, false) => [Conflict("application ID")],
        (false, true) => [Conflict("queue")],
        (true, true) => [Conflict("application ID"), Conflict("queue")],
    };

    private static string Conflict(string what) => $"labels and annotations of the pod carry different values for its {what}";

    private static bool Differ(ReadOnlySpan<string?> values)
    {
        string? known = null;
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                if (known is not null && !string.Equals(known, value, StringComparison.Ordinal))
                {
                    return true;
                }

                known = value;
            }
        }

        return false;
    }

    private static (string User, IReadOnlyList<string> Groups) Owner(string? annotation)
    {
        try
        {
            if (!string.IsNullOrEmpty(annotation) && JsonNode.Parse(annotation) is JsonObject json && json["user"]?.GetValue<string>() is { Length: > 0 } user)
            {
                return (user, [.. (json["groups"] as JsonArray ?? []).Select(g => g!.GetValue<string>())]);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // As upstream: an annotation that cannot be read counts as none.
        }

        return (YuniKornNames.DefaultUser, []);
    }
}
