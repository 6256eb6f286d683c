using Hearth.Aws.Iam.Access;
using Hearth.Engine;
using Hearth.Engine.Sources;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>
/// What a session inside of the platform's process may touch: objects in the parts of buckets that somebody's policies allow as a whole, nothing else of
/// this machine. Jobs need no such guard, their container sees nothing else; a query of Athena runs here.
/// </summary>
/// <param name="grants">What is in every list is allowed.</param>
/// <param name="writes">Whether the statement writes: every place it touches must then be one that may be written.</param>
internal sealed class ObjectPaths(Func<IReadOnlyList<IReadOnlyList<BucketGrant>>> grants, bool writes) : IPathResolver
{
    private static readonly string[] Schemes = ["s3://", "s3a://", "s3n://"];

    /// <summary>The path is for the next resolver when it is allowed.</summary>
    /// <exception cref="EngineException">It is not.</exception>
    public string? Resolve(string path)
    {
        if (Schemes.FirstOrDefault(s => path.StartsWith(s, StringComparison.Ordinal)) is not { } scheme)
        {
            throw new EngineException("PATH_NOT_FOUND", $"{path} is not in a bucket: here only s3:// paths are read and written.", ErrorKind.IllegalArgumentException, "run the statement with `hearth query`, or copy the data to a bucket");
        }

        var rest = Fixed(path[scheme.Length..]);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..].Trim('/'));
        var below = key.Length == 0 ? "" : key + "/";
        if (rest.Split('/').Contains("..", StringComparer.Ordinal) || !grants().All(list => list.Any(g => g.Bucket == bucket && below.StartsWith(g.Prefix, StringComparison.Ordinal) && (g.Writable || !writes))))
        {
            throw new EngineException(
                "INSUFFICIENT_PERMISSIONS", $"Access denied: you may not {(writes ? "write" : "read")} all of {path}.", ErrorKind.IllegalArgumentException,
                writes ? "a statement that writes here may only touch places that you may write (s3:GetObject, s3:PutObject, s3:DeleteObject); run others as a job" : "your policies must allow s3:GetObject there without conditions");
        }

        return null;
    }

    // The directory before the first sign of a pattern.
    private static string Fixed(string path)
    {
        var sign = path.AsSpan().IndexOfAny("*?[{");
        return sign < 0 ? path : path[..(path.LastIndexOf('/', sign) is > 0 and var slash ? slash : 0)];
    }
}
