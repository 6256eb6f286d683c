using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>All queues: those of the configuration, and those that placement rules make on the way.</summary>
public sealed class QueueTree
{
    /// <summary>Where applications go that run already and that no rule places, after a restart.</summary>
    public const string Recovery = "@recovery@";

    /// <summary>From a configuration.</summary>
    public QueueTree(QueueConfig root)
    {
        Root = new QueueNode(QueueConfig.RootName, null, root, managed: true);
        Merge(Root, root);
    }

    /// <summary>The queue above all others.</summary>
    public QueueNode Root { get; }

    /// <summary>A queue by its path in lower case, or null.</summary>
    public QueueNode? Find(string path)
    {
        var parts = path.Split('.');
        var queue = parts[0] == QueueConfig.RootName ? Root : null;
        foreach (var part in parts.Skip(1))
        {
            queue = queue?.Child(part);
        }

        return queue;
    }

    /// <summary>Takes a new configuration: queues that are no longer in it drain.</summary>
    public void Reconfigure(QueueConfig root)
    {
        Root.Apply(root);
        Merge(Root, root);
        Clean();
    }

    /// <summary>Makes a queue with the missing ones above it; null where one of them is a leaf, and cannot have children.</summary>
    /// <param name="path">From root.</param>
    /// <param name="shape">Amounts of the last queue, over its parent's template; null for none.</param>
    public QueueNode? Create(string path, QueueConfig? shape = null)
    {
        var parts = path.Split('.');
        var queue = Root;
        for (var i = 1; i < parts.Length; i++)
        {
            if (queue.Child(parts[i]) is { } known)
            {
                queue = known;
                continue;
            }

            if (queue != Root && queue.IsLeaf)
            {
                return null;
            }

            queue = AddUnmanaged(queue, parts[i], last: i == parts.Length - 1, shape);
        }

        return queue;
    }

    /// <summary>Removes drained and unmanaged queues that hold nothing.</summary>
    public void Clean()
    {
        foreach (var queue in Root.Downward().Reverse().ToArray())
        {
            if (queue.Parent is { } parent && queue.Applications.Count == 0 && queue.Children.Count == 0 && (!queue.IsManaged || queue.State == QueueState.Draining))
            {
                parent.Remove(queue);
            }
        }
    }

    private static QueueNode AddUnmanaged(QueueNode parent, string name, bool last, QueueConfig? shape)
    {
        var template = parent.Upward().Select(q => q.Config.ChildTemplate).FirstOrDefault(t => t is not null);
        var config = last
            ? new QueueConfig
            {
                Name = name,
                Properties = template?.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal),
                MaxApplications = template?.MaxApplications ?? 0,
                Max = shape is { Max.IsEmpty: false } ? shape.Max : template?.Max ?? QueueAmounts.None,
                Guaranteed = shape is { Guaranteed.IsEmpty: false } ? shape.Guaranteed : template?.Guaranteed ?? QueueAmounts.None,
            }
            : new QueueConfig { Name = name, Parent = true };
        var queue = new QueueNode(name, parent, config, managed: false);
        parent.Add(queue);
        return queue;
    }

    private static void Merge(QueueNode node, QueueConfig config)
    {
        foreach (var gone in node.Children.Where(c => c.IsManaged && config.Queues.All(q => q.Name != c.Name)))
        {
            foreach (var queue in gone.Downward())
            {
                queue.State = QueueState.Draining;
            }
        }

        foreach (var child in config.Queues)
        {
            var known = node.Child(child.Name);
            if (known is null)
            {
                node.Add(known = new QueueNode(child.Name, node, child, managed: true));
            }
            else
            {
                known.Apply(child);
            }

            Merge(known, child);
        }
    }
}
