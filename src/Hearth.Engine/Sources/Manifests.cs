namespace Hearth.Engine.Sources;

/// <summary>Tables of Hive's SymlinkTextInputFormat: the files named <c>manifest</c> below a directory hold a path of a data file a line.</summary>
internal static class Manifests
{
    public static FileListing List(IEnumerable<string> paths, Func<string, string> resolve, bool inferTypes)
    {
        List<string> files = [], roots = [];
        foreach (string path in paths)
        {
            string root = resolve(path);
            roots.Add(root);
            if (!Directory.Exists(root))
            {
                throw new EngineException("PATH_NOT_FOUND", $"Path does not exist: {path}.");
            }

            foreach (string manifest in Directory.EnumerateFiles(root, "manifest", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                files.AddRange(File.ReadLines(manifest).Where(l => l.Trim().Length > 0).Select(l => resolve(l.Trim())));
            }
        }

        return FileListing.OfFiles(files, inferTypes);
    }
}
