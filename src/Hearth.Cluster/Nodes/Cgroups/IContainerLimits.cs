using Hearth.Cluster.Nodes.Sandbox;

namespace Hearth.Cluster.Nodes.Cgroups;

/// <summary>The kernel's bounds on one container.</summary>
public interface IContainerLimits
{
    /// <summary>The command line that enters the bounds before it becomes <paramref name="command"/>.</summary>
    HostCommand Enter(HostCommand command);

    /// <summary>Whether the kernel killed a process of the container for memory.</summary>
    bool WasOutOfMemory();

    /// <summary>Removes the bounds once the container has ended.</summary>
    void Remove();
}

/// <summary>Makes bounds where this machine lets us.</summary>
public interface ILimiter : IDisposable
{
    /// <summary>What is enforced, for status output: for example <c>memory and cpu (cgroup v2)</c> or why nothing is.</summary>
    string Description { get; }

    /// <summary>Bounds for a container, or null when nothing can be enforced or nothing is asked.</summary>
    /// <param name="id">Unique name of this run of the container.</param>
    /// <param name="memoryBytes">Memory limit, or null.</param>
    /// <param name="cpuMilli">CPU limit in millicores, or null.</param>
    IContainerLimits? Create(string id, long? memoryBytes, long? cpuMilli);
}
