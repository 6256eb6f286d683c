namespace Hearth.Engine.Sources;

/// <summary>Turns a path or URI of a job into a path of the local file system. The host may put its own in front of the built-in one.</summary>
public interface IPathResolver
{
    /// <summary>The local path, or null when this resolver does not know the scheme.</summary>
    /// <param name="path">A plain path or a URI such as <c>s3://bucket/key</c>; it may hold glob characters.</param>
    /// <exception cref="EngineException">The scheme is known, but the path is not allowed or not configured.</exception>
    string? Resolve(string path);
}

/// <summary>Plain paths, <c>file:</c> URIs, and <c>s3://</c>, <c>s3a://</c>, <c>s3n://</c> under a root directory in which buckets are directories.</summary>
/// <param name="s3Root">The root of the buckets (<c>spark.hearth.s3.root</c>), or null when there is none.</param>
public sealed class LocalPathResolver(string? s3Root) : IPathResolver
{
    /// <inheritdoc/>
    public string? Resolve(string path)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 1 || path.AsSpan(0, colon).ContainsAny('/', '*', '?'))
        {
            return Path.GetFullPath(path);
        }

        string rest = path[(colon + 1)..];
        return path[..colon] switch
        {
            "file" => Path.GetFullPath("/" + rest.TrimStart('/')),
            "s3" or "s3a" or "s3n" => S3(rest.TrimStart('/'), path),
            _ => null,
        };
    }

    private string S3(string rest, string path)
    {
        if (string.IsNullOrEmpty(s3Root))
        {
            throw new EngineException("PATH_NOT_FOUND", $"There is no object storage behind {path}.", hint: "start the job on a platform (`hearth up`), or set spark.hearth.s3.root to a directory that holds the buckets");
        }

        string root = Path.GetFullPath(s3Root);
        string full = Path.GetFullPath(Path.Combine(root, rest));
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new EngineException("PATH_NOT_FOUND", $"The path {path} leaves the object storage.", ErrorKind.IllegalArgumentException);
        }

        return ObjectLinks.Leads(root, full)
            ? throw new EngineException("PATH_NOT_FOUND", $"The path {path} goes through a symbolic link, which is no object.", ErrorKind.IllegalArgumentException)
            : full;
    }
}
