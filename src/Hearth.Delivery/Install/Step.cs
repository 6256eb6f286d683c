namespace Hearth.Delivery.Install;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>Deploys or destroys a CloudFormation stack.</summary>
    Stack,

    /// <summary>Applies rendered objects.</summary>
    Manifest,

    /// <summary>Installs or removes a chart.</summary>
    Chart,

    /// <summary>Calls AWS or Kubernetes otherwise; the runner knows it by its target.</summary>
    Action,
}

/// <summary>One step of an installation or a teardown. Every step may be run again: it then finds its work done.</summary>
/// <param name="Id">As <c>chart:karpenter</c>; unique in a plan, and what the saved state names.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Target">The stack, file, add-on or action.</param>
/// <param name="Title">For people.</param>
/// <param name="After">Ids of steps that must be done before.</param>
public sealed record Step(string Id, StepKind Kind, string Target, string Title, IReadOnlyList<string> After)
{
    public static Step Stack(string name, string title, params string[] after) => new($"stack:{name}", StepKind.Stack, name, title, after);

    public static Step Manifest(string file, string title, params string[] after) => new($"manifest:{file}", StepKind.Manifest, file, title, after);

    public static Step Chart(string addon, string title, params string[] after) => new($"chart:{addon}", StepKind.Chart, addon, title, after);

    public static Step Action(string name, string title, params string[] after) => new($"action:{name}", StepKind.Action, name, title, after);
}

/// <summary>Puts steps in an order in which each comes after all that it needs; otherwise as they were given. Pure.</summary>
public static class StepOrder
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming steps that wait for each other, or for one that is not there.</summary>
    public static IReadOnlyList<Step> Of(IReadOnlyList<Step> steps)
    {
        var known = steps.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        if (steps.SelectMany(s => s.After).FirstOrDefault(a => !known.Contains(a)) is { } missing)
        {
            throw new InvalidOperationException($"a step waits for {missing}, which is not part of the plan");
        }

        var (done, ordered, left) = (new HashSet<string>(StringComparer.Ordinal), new List<Step>(), steps.ToList());
        while (left.Count > 0)
        {
            var next = left.Find(s => s.After.All(done.Contains))
                ?? throw new InvalidOperationException($"steps wait for each other: {string.Join(", ", left.Select(s => s.Id))}");
            done.Add(next.Id);
            ordered.Add(next);
            left.Remove(next);
        }

        return ordered;
    }
}
