using Hearth.Engine.Delta.Log;
using Hearth.Engine.Sources;

namespace Hearth.Engine.Delta.Read;

/// <summary>Where a table is.</summary>
/// <param name="Uri">Path or URI as the job names it, without a slash at the end.</param>
/// <param name="Root">Local directory.</param>
/// <param name="Resolve">Makes local paths of absolute ones in the log.</param>
internal sealed record TableLocation(string Uri, string Root, Func<string, string> Resolve)
{
    /// <summary>Whether the table is in object storage, where there are no links and nothing outside of the buckets.</summary>
    public bool Objects => ObjectLinks.IsObjectPath(Uri);

    /// <summary>The local file of a path of the log. A log cannot lead a reader out of the table's directory or out of the object storage.</summary>
    /// <exception cref="EngineException">The path leads elsewhere.</exception>
    public string FileOf(string logged)
    {
        string path = System.Uri.UnescapeDataString(logged);
        bool absolute = path.StartsWith('/') || HasScheme(path);
        if (absolute && Objects && !ObjectLinks.IsObjectPath(path))
        {
            throw Outside(logged);
        }

        string full = absolute ? Resolve(path) : Path.GetFullPath(Path.Combine(Root, path));
        bool inside = absolute || full.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && !(Objects && !absolute && ObjectLinks.Leads(Root, full)) ? full : throw Outside(logged);
    }

    // A colon also stands in the time of a partition directory.
    private static bool HasScheme(string path) => path.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon && path.AsSpan(0, colon).IndexOfAny('/', '=', ' ') < 0;

    private EngineException Outside(string path) => new("DELTA_INVALID_PATH", $"The log of {Uri} names the file {path}, which is not in the table.", ErrorKind.SparkRuntimeException);

    /// <summary>The absolute URI of a file of the table, as manifests have it.</summary>
    public string UriOf(string logged)
    {
        string path = System.Uri.UnescapeDataString(logged);
        if (HasScheme(path))
        {
            return path;
        }

        return path.StartsWith('/') ? $"file:{path}" : Objects ? $"{Uri}/{path}" : $"file:{Root}/{path}";
    }
}
