using System.Text.Json.Nodes;
using Hearth.Aws.Glue;
using Hearth.Aws.Http;

namespace Hearth.Aws.Athena;

/// <summary>Work groups and their tags.</summary>
internal static class WorkGroupOperations
{
    private const int LongestName = 128;
    private const string Engine = "Athena engine version 3";

    public static Task CreateAsync(AthenaCall call)
    {
        var name = call.Name("Name", LongestName);
        var team = call.Json.Http.Caller.Team;
        call.Authorize(name, team);
        var configuration = call.Json.Member("Configuration");
        Refuse(configuration);
        var group = new WorkGroup
        {
            Name = name,
            Description = call.Json.Text("Description"),
            OutputLocation = Location(call, configuration?.Member("ResultConfiguration")),
            Enforce = configuration?.Flag("EnforceWorkGroupConfiguration") ?? true,
            PublishMetrics = configuration?.Flag("PublishCloudWatchMetricsEnabled") ?? false,
            ScanLimit = configuration?.Long("BytesScannedCutoffPerQuery"),
            Created = call.Now,
            Team = team,
            Tags = Tags(call.Json.Items("Tags")),
        };
        return call.Store.WorkGroups.Add(name, group) ? call.Json.AnswerAsync() : throw AthenaCall.Invalid("WorkGroup is already created");
    }

    public static Task GetAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        var result = new JsonObject();
        if (group.OutputLocation is { } location)
        {
            result["OutputLocation"] = location;
        }

        var configuration = new JsonObject
        {
            ["ResultConfiguration"] = result,
            ["EnforceWorkGroupConfiguration"] = group.Enforce,
            ["PublishCloudWatchMetricsEnabled"] = group.PublishMetrics,
            ["RequesterPaysEnabled"] = false,
            ["EngineVersion"] = Version(),
        };
        if (group.ScanLimit is { } limit)
        {
            configuration["BytesScannedCutoffPerQuery"] = limit;
        }

        var written = Summary(group);
        written.Remove("EngineVersion");
        written["Configuration"] = configuration;
        return call.Json.AnswerAsync(new JsonObject { ["WorkGroup"] = written });
    }

    public static Task ListAsync(AthenaCall call)
    {
        var (page, token) = call.Page(
            [.. call.Store.WorkGroups.All.Where(g => call.Allows(g.Name, call.TeamOf(g), "athena:GetWorkGroup")).OrderBy(g => g.Name, StringComparer.Ordinal)], 50);
        return call.Json.AnswerPageAsync("WorkGroups", page.Select(Summary), token);
    }

    public static Task UpdateAsync(AthenaCall call)
    {
        var group = Changeable(call);
        var updates = call.Json.Member("ConfigurationUpdates");
        Refuse(updates);
        var results = updates?.Member("ResultConfigurationUpdates");
        var location = Location(call, results);
        var state = call.Json.Text("State");
        if (state is not (null or "ENABLED" or "DISABLED"))
        {
            throw call.Json.Broken("State", $"'{state}'", "Member must satisfy enum value set: [ENABLED, DISABLED]");
        }

        call.Store.WorkGroups.Change(group.Name, g => g with
        {
            Description = call.Json.Text("Description") ?? g.Description,
            State = state ?? g.State,
            OutputLocation = results?.Flag("RemoveOutputLocation") is true ? null : location ?? g.OutputLocation,
            Enforce = updates?.Flag("EnforceWorkGroupConfiguration") ?? g.Enforce,
            PublishMetrics = updates?.Flag("PublishCloudWatchMetricsEnabled") ?? g.PublishMetrics,
            ScanLimit = updates?.Flag("RemoveBytesScannedCutoffPerQuery") is true ? null : updates?.Long("BytesScannedCutoffPerQuery") ?? g.ScanLimit,
        });
        return call.Json.AnswerAsync();
    }

    public static Task DeleteAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        if (group.Name is WorkGroup.Primary)
        {
            throw AthenaCall.Invalid("The primary WorkGroup cannot be deleted.");
        }

        NamedQuery[] named = [.. call.Store.Named.All.Where(q => q.WorkGroup == group.Name)];
        PreparedStatement[] prepared = [.. call.Store.Prepared.All.Where(q => q.WorkGroup == group.Name)];
        QueryExecution[] executions = [.. call.Store.Executions.All.Where(e => e.WorkGroup == group.Name)];
        if (call.Json.Flag("RecursiveDeleteOption") is not true && named.Length + prepared.Length + executions.Length > 0)
        {
            throw AthenaCall.Invalid($"WorkGroup {group.Name} is not empty. Set RecursiveDeleteOption to delete it with its queries.");
        }

        Array.ForEach(named, q => call.Store.Named.Remove(q.Id));
        Array.ForEach(prepared, q => call.Store.Prepared.Remove(PreparedOperations.Key(q.WorkGroup, q.Name)));
        foreach (var execution in executions)
        {
            call.Settings.Runner.Stop(execution.Id);
            call.Store.Executions.Remove(execution.Id);
        }

        call.Store.WorkGroups.Remove(group.Name);
        return call.Json.AnswerAsync();
    }

    public static Task TagsAsync(AthenaCall call)
    {
        var group = OfArn(call);
        return call.Json.AnswerPageAsync("Tags", group.Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new JsonObject { ["Key"] = t.Key, ["Value"] = t.Value }), null);
    }

    public static Task TagAsync(AthenaCall call)
    {
        var added = Tags(call.Json.Items("Tags"));
        call.Store.WorkGroups.Change(OfArn(call).Name, g => g with { Tags = g.Tags.Where(t => !added.ContainsKey(t.Key)).Concat(added).ToDictionary(StringComparer.Ordinal) });
        return call.Json.AnswerAsync();
    }

    public static Task UntagAsync(AthenaCall call)
    {
        var keys = call.Json.Texts("TagKeys");
        call.Store.WorkGroups.Change(OfArn(call).Name, g => g with { Tags = g.Tags.Where(t => !keys.Contains(t.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal) });
        return call.Json.AnswerAsync();
    }

    public static Task EnginesAsync(AthenaCall call) => call.Json.AnswerPageAsync("EngineVersions", [Version()], null);

    // Everybody shares the primary work group, so only the administrator changes it.
    private static WorkGroup Changeable(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        if (group.Name is WorkGroup.Primary)
        {
            call.Authorize(group.Name, team: null);
        }

        return group;
    }

    private static WorkGroup OfArn(AthenaCall call)
    {
        var arn = call.Json.Required("ResourceARN");
        var start = call.ArnOf("");
        var group = arn.StartsWith(start, StringComparison.Ordinal) ? call.Store.WorkGroups.Find(arn[start.Length..]) : null;
        call.Authorize(group?.Name ?? "*", group is null ? call.Json.Http.Caller.Team : call.TeamOf(group));
        return group ?? throw new AwsException(400, "ResourceNotFoundException", $"There is no work group {arn}.");
    }

    private static string? Location(AthenaCall call, JsonMembers? results)
    {
        var location = results?.Text("OutputLocation");
        if (location is not null)
        {
            StartOperation.CheckLocation(call, location);
        }

        return location;
    }

    private static void Refuse(JsonMembers? configuration)
    {
        foreach (var name in (string[])["ExecutionRole", "CustomerContentEncryptionConfiguration", "IdentityCenterConfiguration", "ManagedQueryResultsConfiguration"])
        {
            if (configuration?.Body[name] is not null)
            {
                throw AwsException.NotImplemented($"work groups with {name}", "Leave it out.");
            }
        }
    }

    private static Dictionary<string, string> Tags(IReadOnlyList<JsonMembers> tags) => tags.GroupBy(t => t.Required("Key"), StringComparer.Ordinal).ToDictionary(t => t.Key, t => t.Last().Text("Value") ?? "", StringComparer.Ordinal);

    private static JsonObject Version() => new() { ["SelectedEngineVersion"] = "AUTO", ["EffectiveEngineVersion"] = Engine };

    private static JsonObject Summary(WorkGroup group)
    {
        var written = new JsonObject { ["Name"] = group.Name, ["State"] = group.State, ["CreationTime"] = GlueTable.Seconds(group.Created), ["EngineVersion"] = Version() };
        if (group.Description is { } description)
        {
            written["Description"] = description;
        }

        return written;
    }
}
