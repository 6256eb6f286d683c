namespace Hearth.Scheduling.Fit;

/// <summary>Why one node does not take a pod, in kube-scheduler's words.</summary>
/// <param name="Reasons">What its first failing filter says; several when several resources are short.</param>
/// <param name="Resolvable">Whether removing pods from the node could help.</param>
public sealed record Refusal(IReadOnlyList<string> Reasons, bool Resolvable)
{
    public const string NodeUnschedulable = "node(s) were unschedulable";
    public const string NodeName = "node(s) didn't match the requested node name";
    public const string NodeAffinity = "node(s) didn't match Pod's node affinity/selector";
    public const string HostPorts = "node(s) didn't have free ports for the requested pod ports";
    public const string TooManyPods = "Too many pods";
    public const string VolumeAffinity = "node(s) had volume node affinity conflict";
    public const string PodAffinity = "node(s) didn't match pod affinity rules";
    public const string PodAntiAffinity = "node(s) didn't match pod anti-affinity rules";
    public const string ExistingAntiAffinity = "node(s) didn't satisfy existing pods anti-affinity rules";
    public const string Spread = "node(s) didn't match pod topology spread constraints";
    public const string SpreadLabel = "node(s) didn't match pod topology spread constraints (missing required label)";

    /// <summary>A refusal that removing pods cannot change.</summary>
    public static Refusal Final(string reason) => new([reason], false);

    /// <summary>A refusal that removing pods may change.</summary>
    public static Refusal Crowded(string reason) => new([reason], true);
}
