namespace Hearth.Engine.Sources;

/// <summary>
/// Object storage has no symbolic links. Jobs write buckets in place, so one may plant a link there; a reader outside the job's sandbox
/// (<c>hearth query</c>) must not follow it to files of the machine.
/// </summary>
internal static class ObjectLinks
{
    /// <summary>Whether a path or URI of a job names objects.</summary>
    public static bool IsObjectPath(string path) =>
        path.StartsWith("s3:", StringComparison.Ordinal) || path.StartsWith("s3a:", StringComparison.Ordinal) || path.StartsWith("s3n:", StringComparison.Ordinal);

    /// <summary>Whether an entry is a link, wherever it leads.</summary>
    public static bool Is(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>Whether a part of <paramref name="path"/> below <paramref name="root"/> is a link. Parts that do not exist (yet), patterns among them, are none.</summary>
    public static bool Leads(string root, string path)
    {
        if (root == path)
        {
            return false;
        }

        string at = root;
        foreach (string part in Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar))
        {
            at = Path.Combine(at, part);
            if (Is(at))
            {
                return true;
            }
        }

        return false;
    }
}
