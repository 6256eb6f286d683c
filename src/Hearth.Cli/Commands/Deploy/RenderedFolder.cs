using Hearth.Delivery.Manifests;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>Writes rendered files. Files that an earlier rendering left and that are not rendered any more go; anything else stays.</summary>
internal static class RenderedFolder
{
    private const string Index = ".hearth-rendered";

    public static void Write(string directory, IReadOnlyList<RenderedFile> files)
    {
        Directory.CreateDirectory(directory);
        var index = Path.Combine(directory, Index);
        foreach (var old in File.Exists(index) ? File.ReadAllLines(index).Except(files.Select(f => f.Path), StringComparer.Ordinal) : [])
        {
            File.Delete(Path.Combine(directory, old));
        }

        foreach (var file in files)
        {
            var path = Path.Combine(directory, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
        }

        File.WriteAllLines(index, files.Select(f => f.Path));
    }
}
