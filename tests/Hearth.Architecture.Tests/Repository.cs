namespace Hearth.Architecture.Tests;

/// <summary>The files of this repository, without what builds leave behind.</summary>
public static class Repository
{
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", "node_modules", ".hearth-build", "artifacts", "TestResults", "__pycache__", ".venv", "BenchmarkDotNet.Artifacts",
    };

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with '/', in order.</summary>
    public static IEnumerable<string> Files(params string[] extensions) =>
        Walk(Root)
            .Where(f => extensions.Length == 0 || extensions.Contains(Path.GetExtension(f)))
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string directory) =>
        Directory.EnumerateFiles(directory).Concat(
            Directory.EnumerateDirectories(directory).Where(d => !Ignored.Contains(Path.GetFileName(d))).SelectMany(Walk));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearth.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the repository");
        }

        return directory;
    }
}
