using System.Text.Json.Nodes;
using Hearth.Kube.Core;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>What is to be done to the cluster, in this order.</summary>
public abstract record ShimAction;

/// <summary>Create a placeholder; tell <see cref="YuniKornShim.NotCreated"/> when that fails.</summary>
/// <param name="ApplicationId">Whose.</param>
/// <param name="Key">Its <c>namespace/name</c>.</param>
/// <param name="Body">The pod.</param>
public sealed record CreatePod(string ApplicationId, string Key, JsonObject Body) : ShimAction;

/// <summary>Delete a pod.</summary>
/// <param name="Pod">Which; its uid must still be the same.</param>
/// <param name="Now">Without its grace period.</param>
public sealed record DeletePod(Pod Pod, bool Now) : ShimAction;

/// <summary>Bind a pod; tell <see cref="YuniKornShim.NotBound"/> when that fails.</summary>
public sealed record BindPod(Pod Pod, string Node) : ShimAction;

/// <summary>End a pod that never ran: its whole status is replaced.</summary>
public sealed record FailPod(Pod Pod, string Reason, string Message) : ShimAction;

/// <summary>Set the condition PodScheduled to False.</summary>
public sealed record MarkPod(Pod Pod, string Reason, string Message) : ShimAction;

/// <summary>Record an event.</summary>
/// <param name="Pod">About which pod.</param>
/// <param name="Reason">For example <c>GangScheduling</c>.</param>
/// <param name="Action">For example <c>CreatingPlaceholders</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Warning">Type Warning instead of Normal.</param>
public sealed record RecordEvent(Pod Pod, string Reason, string Action, string Message, bool Warning = false) : ShimAction;
