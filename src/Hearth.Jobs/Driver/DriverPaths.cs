using System.Formats.Tar;
using System.IO.Compression;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver;

/// <summary>Brings programs and files into the driver's container: from <c>s3://</c>, <c>local://</c>, <c>file:</c> or a plain path.</summary>
/// <param name="s3Root">Directory in which buckets are directories; null when there are none.</param>
/// <param name="home">Directory of the installation, whose <c>samples</c> stand for Spark's examples; null when unknown.</param>
/// <param name="scratch">Directory for copies.</param>
public sealed class DriverPaths(string? s3Root, string? home, string scratch)
{
    private const string SparkExamples = "/usr/lib/spark/examples/src/main/python/";

    /// <summary>A local path for a URI; objects of S3 are copied, so that a program cannot change under its own feet.</summary>
    /// <exception cref="DriverException">It does not exist or cannot be read from here.</exception>
    public string Localize(string uri)
    {
        var source = Find(uri);
        if (!IsRemote(uri))
        {
            return source;
        }

        Directory.CreateDirectory(scratch);
        var copy = Path.Combine(scratch, Path.GetFileName(source));
        File.Copy(source, copy, overwrite: true);
        return copy;
    }

    /// <summary>Puts <c>spark.files</c> and the content of <c>spark.archives</c> into a directory, the program's working directory.</summary>
    /// <exception cref="DriverException">One of them does not exist or cannot be unpacked.</exception>
    public void Provide(SparkConf conf, string directory)
    {
        foreach (var (uri, name) in List(conf.Get("spark.files")).Select(Aliased))
        {
            File.Copy(Find(uri), Inside(directory, name, uri), overwrite: true);
        }

        foreach (var (uri, name) in List(conf.Get("spark.archives")).Select(Aliased))
        {
            Unpack(Find(uri), Inside(directory, name, uri));
        }
    }

    // "URI#alias" gives the copy a name of its own.
    private static (string Uri, string Name) Aliased(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var uri = hash < 0 ? text : text[..hash];
        return (uri, hash < 0 ? uri[(uri.LastIndexOf('/') + 1)..] : text[(hash + 1)..]);
    }

    private static string Inside(string directory, string name, string uri)
    {
        var target = Path.GetFullPath(Path.Combine(directory, name));
        return target.StartsWith(Path.GetFullPath(directory).TrimEnd('/') + "/", StringComparison.Ordinal)
            ? target
            : throw new DriverException($"{uri}: the name '{name}' leaves the working directory");
    }

    /// <summary>A comma-separated list.</summary>
    public static IReadOnlyList<string> List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Whether a URI names an object of S3.</summary>
    public static bool IsRemote(string uri) => uri.StartsWith("s3", StringComparison.Ordinal) && uri.Contains("://", StringComparison.Ordinal);

    /// <summary>The path in this container of a file or directory that may not exist yet.</summary>
    /// <exception cref="DriverException">It cannot be reached from here.</exception>
    public string Place(string uri) => Path.GetFullPath(Map(uri));

    private string Find(string uri)
    {
        var path = Place(uri);
        return File.Exists(path) ? path : throw new DriverException($"{uri} does not exist{(IsRemote(uri) ? ", or the execution role may not read it" : "")}");
    }

    private string Map(string uri)
    {
        var scheme = uri.IndexOf(':', StringComparison.Ordinal);
        if (scheme < 0)
        {
            return uri;
        }

        var rest = uri[(scheme + 1)..];
        return uri[..scheme] switch
        {
            "s3" or "s3a" or "s3n" => Bucket(uri, rest.TrimStart('/')),
            "local" => Local("/" + rest.TrimStart('/')),
            "file" => "/" + rest.TrimStart('/'),
            var other => throw new DriverException($"{uri}: a driver cannot read from {other}: use s3://, local:// or file://"),
        };
    }

    private string Bucket(string uri, string rest)
    {
        if (string.IsNullOrEmpty(s3Root))
        {
            throw new DriverException($"{uri} cannot be read: spark.hearth.s3.root is not set, so this driver sees no buckets");
        }

        var root = Path.GetFullPath(s3Root);
        var path = Path.GetFullPath(Path.Combine(root, rest));
        return path.StartsWith(root + "/", StringComparison.Ordinal) ? path : throw new DriverException($"{uri} leaves the object storage");
    }

    // A file of the image wins; without Spark's own image the examples are the installation's samples (pi.py is samples/pi/pi.py).
    private string Local(string path)
    {
        if (File.Exists(path) || home is null || !path.StartsWith(SparkExamples, StringComparison.Ordinal))
        {
            return path;
        }

        var name = path[SparkExamples.Length..];
        var sample = Path.Combine(home, "samples", Path.GetFileNameWithoutExtension(name), name);
        return File.Exists(sample) ? sample : path;
    }

    private static void Unpack(string archive, string target)
    {
        Directory.CreateDirectory(target);
        try
        {
            if (archive.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || archive.EndsWith(".jar", StringComparison.OrdinalIgnoreCase))
            {
                ZipFile.ExtractToDirectory(archive, target, overwriteFiles: true);
                return;
            }

            using var file = File.OpenRead(archive);
            using Stream tar = archive.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? file : new GZipStream(file, CompressionMode.Decompress);
            TarFile.ExtractToDirectory(tar, target, overwriteFiles: true);
        }
        catch (InvalidDataException e)
        {
            throw new DriverException($"{archive} cannot be unpacked: {e.Message} (zip, jar, tar, tar.gz and tgz can)");
        }
    }
}
