namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>What every container shares: users as EMR images name them, name look-ups without the host's services, and the sandbox's system call filter.</summary>
public static class ContainerEtc
{
    /// <summary>File names, relative to the directory.</summary>
    public static IReadOnlyList<string> Files { get; } = ["passwd", "group", "nsswitch.conf"];

    /// <summary>Writes the files; an existing directory is brought up to date.</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "passwd"),
            "root:x:0:0:root:/root:/bin/sh\nspark:x:185:185:spark:/home/hadoop:/bin/sh\nhadoop:x:999:1000:hadoop:/home/hadoop:/bin/sh\nuser:x:1000:1000:user:/home/hadoop:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        File.WriteAllText(Path.Combine(directory, "group"), "root:x:0:\nspark:x:185:\nhadoop:x:1000:\nnogroup:x:65534:\n");
        File.WriteAllText(Path.Combine(directory, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
        OwnershipFilter.Write(directory);
    }
}
