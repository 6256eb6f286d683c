using System.Globalization;
using Hearth.Cluster.Nodes.Sandbox;

namespace Hearth.Cluster.Nodes.Cgroups;

/// <summary>Finds the cgroup hierarchy this machine lets us write to: version 2, version 1, or none.</summary>
public static class Limiter
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>The best limiter of this machine. <paramref name="name"/> separates several platforms on one
    /// machine; what an earlier run of the same name left behind is removed.</summary>
    public static ILimiter Detect(string name)
    {
        if (File.Exists($"{Root}/cgroup.controllers"))
        {
            return V2(name);
        }

        return Directory.Exists($"{Root}/memory") && Directory.Exists($"{Root}/cpu") ? V1(name) : new NoLimiter("no cgroup hierarchy is mounted");
    }

    private static ILimiter V2(string name)
    {
        var own = OwnGroup();
        var parent = $"{Root}{own}";
        var controllers = Try(() => File.ReadAllText($"{parent}/cgroup.controllers")) ?? "";
        if (!controllers.Contains("memory", StringComparison.Ordinal))
        {
            return new NoLimiter("the memory controller is not delegated to this user (cgroup v2)");
        }

        // A group with processes cannot hand controllers to children unless it is the root: we are then limited to what systemd delegated.
        var group = $"{parent}/hearth-{name}";
        var failure = Attempt(() =>
        {
            File.WriteAllText($"{parent}/cgroup.subtree_control", "+memory +cpu");
            Directory.CreateDirectory(group);
            File.WriteAllText($"{group}/cgroup.subtree_control", "+memory +cpu");
        });
        return failure is null ? new GroupLimiter("memory and cpu (cgroup v2)", [group], v2: true) : new NoLimiter($"cgroup v2 is not writable here ({failure})");
    }

    private static ILimiter V1(string name)
    {
        string[] groups = [$"{Root}/memory/hearth-{name}", $"{Root}/cpu/hearth-{name}"];
        var failure = Attempt(() => Array.ForEach(groups, g => Directory.CreateDirectory(g)));
        return failure is null ? new GroupLimiter("memory and cpu (cgroup v1)", groups, v2: false) : new NoLimiter($"cgroup v1 is not writable here ({failure})");
    }

    private static string OwnGroup()
    {
        var line = (Try(() => File.ReadAllText("/proc/self/cgroup")) ?? "").Split('\n').FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal));
        return line is null || line == "0::/" ? "" : line[3..];
    }

    private static string? Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}

/// <summary>Enforces nothing and says why.</summary>
internal sealed class NoLimiter(string why) : ILimiter
{
    public string Description => $"limits are not enforced: {why}";

    public IContainerLimits? Create(string id, long? memoryBytes, long? cpuMilli) => null;

    public void Dispose()
    {
    }
}

/// <summary>Makes one group a container, under one parent (v2) or one a controller (v1).</summary>
internal sealed class GroupLimiter : ILimiter
{
    private const int PeriodMicroseconds = 100_000;

    private readonly IReadOnlyList<string> parents;
    private readonly bool v2;

    public GroupLimiter(string description, IReadOnlyList<string> parents, bool v2)
    {
        (Description, this.parents, this.v2) = (description, parents, v2);
        Sweep();
    }

    public string Description { get; }

    public void Dispose()
    {
        Sweep();
        foreach (var parent in parents)
        {
            TryRemove(parent);
        }
    }

    public IContainerLimits? Create(string id, long? memoryBytes, long? cpuMilli)
    {
        if (memoryBytes is null && cpuMilli is null)
        {
            return null;
        }

        var groups = parents.Select(p => Path.Combine(p, id)).ToArray();
        foreach (var group in groups)
        {
            Directory.CreateDirectory(group);
        }

        if (memoryBytes is { } memory)
        {
            Write(groups[0], v2 ? "memory.max" : "memory.limit_in_bytes", memory);
        }

        if (cpuMilli is { } cpu)
        {
            var quota = Math.Max(1000, cpu * PeriodMicroseconds / 1000);
            if (v2)
            {
                File.WriteAllText(Path.Combine(groups[0], "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
            }
            else
            {
                Write(groups[1], "cpu.cfs_quota_us", quota);
            }
        }

        return new Group(groups, v2);
    }

    /// <summary>Removes the groups of containers that are gone. A group with processes in it cannot be removed, so nothing that lives is hurt.</summary>
    private void Sweep()
    {
        foreach (var group in parents.Where(Directory.Exists).SelectMany(Directory.GetDirectories))
        {
            TryRemove(group);
        }
    }

    private static void TryRemove(string group)
    {
        try
        {
            Directory.Delete(group);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Processes are still in it: it goes with the next start.
        }
    }

    private static void Write(string group, string file, long value) =>
        File.WriteAllText(Path.Combine(group, file), value.ToString(CultureInfo.InvariantCulture));

    private sealed class Group(string[] groups, bool v2) : IContainerLimits
    {
        // The shell enters the groups as itself and then becomes the container: no moment outside its bounds, no race with its children.
        public HostCommand Enter(HostCommand command)
        {
            var enter = string.Concat(Enumerable.Range(0, groups.Length).Select(i => $"echo $$ > \"${{{i + 1}}}/cgroup.procs\" || exit 125; "));
            return command with { Program = "/bin/sh", Arguments = ["-c", $"{enter}shift {groups.Length}; exec \"$@\"", "hearth-container", .. groups, command.Program, .. command.Arguments] };
        }

        public bool WasOutOfMemory()
        {
            var file = Path.Combine(groups[0], v2 ? "memory.events" : "memory.oom_control");
            try
            {
                return File.ReadLines(file).Any(l => l.StartsWith("oom_kill ", StringComparison.Ordinal) && l != "oom_kill 0");
            }
            catch (IOException)
            {
                return false;
            }
        }

        public void Remove()
        {
            foreach (var group in groups)
            {
                TryRemove(group);
            }
        }
    }
}
