using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>An application that asks to be taken.</summary>
public sealed record ApplicationRequest
{
    public required string Id { get; init; }

    /// <summary>The queue it asks for; may be empty.</summary>
    public string Queue { get; init; } = "";
    public string User { get; init; } = YuniKornNames.DefaultUser;
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What placement rules of the kind <c>tag</c> look at: <c>namespace</c> and others.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Amounts for a queue that is made for it, from annotations of its namespace; null for none.</summary>
    public QueueConfig? QueueShape { get; init; }

    /// <summary>Its gang; empty for none.</summary>
    public IReadOnlyList<TaskGroup> Gang { get; init; } = [];
    public PolicyParameters Policy { get; init; } = PolicyParameters.Default;

    /// <summary>It runs already and is taken over after a restart: it is never rejected.</summary>
    public bool Recovered { get; init; }

    /// <summary>What its placeholders take together.</summary>
    public ResourceVector PlaceholderAsk => TaskGroup.Total(Gang);
}
