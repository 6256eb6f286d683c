namespace Hearth.Platform.Jobs;

/// <summary>The pod templates of the default job configurations: selectors and tolerations of the nodes that each is cut for.</summary>
public static class PodTemplates
{
    private const string Prefix = "pod-templates/";

    /// <summary>File names, as <c>critical-driver.yaml</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. DefaultJobs.Names.SelectMany(Of)];

    /// <summary>The two templates of a configuration.</summary>
    /// <param name="configuration">One of <see cref="DefaultJobs.Names"/>.</param>
    public static IReadOnlyList<string> Of(string configuration) => [$"{configuration}-driver.yaml", $"{configuration}-executor.yaml"];

    /// <summary>What is in a file. Throws <see cref="ArgumentOutOfRangeException"/> when there is none such.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Text(string name)
    {
        using var stream = typeof(PodTemplates).Assembly.GetManifestResourceStream($"{Prefix}{name}") ?? throw new ArgumentOutOfRangeException(nameof(name), name, "no such pod template");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
