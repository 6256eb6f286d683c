using System.Text.Json.Nodes;
using Hearth.Kube.Yaml;

namespace Hearth.Scheduling.YuniKorn.Configuration;

/// <summary>
/// Reads a queue text (<c>queues.yaml</c>) as YuniKorn does: unknown fields are errors, then the rules of <see cref="ConfigRules"/>
/// (yunikorn-core, pkg/common/configs).
/// </summary>
public static class QueuesYaml
{
    /// <summary>The partition of a text; an empty text gives the default.</summary>
    /// <exception cref="FormatException">It cannot be read or breaks a rule; the message names the path.</exception>
    public static PartitionConfig Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return PartitionConfig.Default;
        }

        try
        {
            return Read(YamlJson.ParseObject(text).Value);
        }
        catch (YamlJsonException e)
        {
            throw new FormatException($"{YuniKornNames.QueuesKey}: {e.Message}");
        }
    }

    private static PartitionConfig Read(JsonObject document)
    {
        var root = new ConfigMapping(document, YuniKornNames.QueuesKey);
        var partitions = root.Each("partitions", Partition);
        root.Done();
        var partition = partitions.Count == 1 ? partitions[0]
            : throw new FormatException($"{YuniKornNames.QueuesKey}.partitions: exactly one partition, named '{PartitionConfig.DefaultName}', was expected");
        ConfigRules.Check(partition);
        return partition;
    }

    private static PartitionConfig Partition(ConfigMapping yaml)
    {
        var name = yaml.Text("name");
        if (!string.Equals(name, PartitionConfig.DefaultName, StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"{yaml.Path}.name: the Kubernetes shim supports only the partition '{PartitionConfig.DefaultName}', not '{name}'");
        }

        var sort = yaml.Child("nodesortpolicy", NodeSort) ?? (false, PartitionConfig.Default.ResourceWeights).AsBox();
        var preemption = yaml.Child("preemption", Preemption);
        yaml.Child("usergroupresolver", Resolver);
        yaml.Texts("statedumpfilepath");
        var partition = new PartitionConfig
        {
            PlacementRules = yaml.Each("placementrules", Rule),
            Root = Root(yaml.Each("queues", Queue)) with { Limits = yaml.Each("limits", Limit) },
            BinPacking = sort.Value.Item1,
            ResourceWeights = sort.Value.Item2,
            Preemption = preemption?.Value ?? true,
        };
        yaml.Done();
        return partition;
    }

    private static Box<(bool, IReadOnlyDictionary<string, double>)> NodeSort(ConfigMapping yaml)
    {
        var type = yaml.Text("type");
        if (type is not ("" or "fair" or "binpacking"))
        {
            throw new FormatException($"{yaml.Path}.type: '{type}' is none of fair, binpacking");
        }

        var weights = yaml.Map("resourceweights").ToDictionary(
            p => p.Key,
            p => double.TryParse(p.Value, System.Globalization.CultureInfo.InvariantCulture, out var w) && w >= 0 ? w : throw new FormatException($"{yaml.Path}.resourceweights.{p.Key}: no weight"),
            StringComparer.Ordinal);
        yaml.Done();
        return (type == "binpacking", weights.Count > 0 ? weights : PartitionConfig.Default.ResourceWeights).AsBox();
    }

    private static Box<bool> Preemption(ConfigMapping yaml)
    {
        var enabled = yaml.Flag("enabled", true);
        yaml.Flag("quotapreemptionenabled");
        yaml.Done();
        return enabled.AsBox();
    }

    private static Box<string> Resolver(ConfigMapping yaml)
    {
        var type = yaml.Text("type");
        yaml.Done();
        return type.AsBox();
    }

    /// <summary>The root, put above the queues when the text does not name it.</summary>
    private static QueueConfig Root(IReadOnlyList<QueueConfig> queues) =>
        queues is [{ Name: QueueConfig.RootName } root] ? root with { Parent = true } : new QueueConfig { Name = QueueConfig.RootName, Parent = true, Queues = queues };

    private static QueueConfig Queue(ConfigMapping yaml)
    {
        var resources = yaml.Child("resources", Resources);
        var queue = new QueueConfig
        {
            Name = yaml.Text("name").ToLowerInvariant(),
            Parent = yaml.Flag("parent"),
            Queues = yaml.Each("queues", Queue),
            MaxApplications = yaml.Count("maxapplications"),
            Properties = yaml.Map("properties"),
            AdminAcl = yaml.Text("adminacl"),
            SubmitAcl = yaml.Text("submitacl"),
            Guaranteed = resources?.Value.Guaranteed ?? QueueAmounts.None,
            Max = resources?.Value.Max ?? QueueAmounts.None,
            Limits = yaml.Each("limits", Limit),
            ChildTemplate = yaml.Child("childtemplate", Template),
        };
        yaml.Done();
        return queue;
    }

    private static QueueConfig Template(ConfigMapping yaml)
    {
        var resources = yaml.Child("resources", Resources);
        var template = new QueueConfig
        {
            Name = "",
            MaxApplications = yaml.Count("maxapplications"),
            Properties = yaml.Map("properties"),
            Guaranteed = resources?.Value.Guaranteed ?? QueueAmounts.None,
            Max = resources?.Value.Max ?? QueueAmounts.None,
        };
        yaml.Done();
        return template;
    }

    private static Box<(QueueAmounts Guaranteed, QueueAmounts Max)> Resources(ConfigMapping yaml)
    {
        var amounts = (yaml.Amounts("guaranteed"), yaml.Amounts("max"));
        yaml.Done();
        return amounts.AsBox();
    }

    private static LimitConfig Limit(ConfigMapping yaml)
    {
        var limit = new LimitConfig
        {
            Name = yaml.Text("limit"), Users = yaml.Texts("users"), Groups = yaml.Texts("groups"),
            MaxApplications = yaml.Count("maxapplications"), MaxResources = yaml.Amounts("maxresources"),
        };
        yaml.Done();
        return limit;
    }

    private static PlacementRule Rule(ConfigMapping yaml)
    {
        var rule = new PlacementRule
        {
            Name = yaml.Text("name"), Create = yaml.Flag("create"), Value = yaml.Text("value"), Parent = yaml.Child("parent", Rule), Filter = yaml.Child("filter", Filter),
        };
        yaml.Done();
        return rule;
    }

    private static RuleFilter Filter(ConfigMapping yaml)
    {
        var type = yaml.Text("type");
        var filter = new RuleFilter(
            type is "" or "allow" || (type is "deny" ? false : throw new FormatException($"{yaml.Path}.type: '{type}' is none of allow, deny")),
            yaml.Texts("users"), yaml.Texts("groups"));
        yaml.Done();
        return filter;
    }
}

/// <summary>A value where a reference is wanted.</summary>
internal sealed record Box<T>(T Value);

/// <summary>Makes boxes.</summary>
internal static class Boxes
{
    public static Box<T> AsBox<T>(this T value) => new(value);
}
