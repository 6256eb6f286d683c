using System.Reflection;
using Hearth.Platform.Text;

namespace Hearth.Platform;

/// <summary>Finds and reads a declaration: a built-in blueprint's name or a file.</summary>
public static class PlatformLoader
{
    /// <summary>What <c>hearth up</c> starts when nothing else is asked for.</summary>
    public const string DefaultBlueprint = "emr-eks-karpenter";

    private const string ResourcePrefix = "blueprints/";
    private const string Extension = ".yaml";

    /// <summary>A declaration is text written by people; anything beyond this is another kind of file.</summary>
    private const long MaxBytes = 4 << 20;

    private static Assembly Here => typeof(PlatformLoader).Assembly;

    /// <summary>Names of the built-in blueprints, the default one first.</summary>
    public static IReadOnlyList<string> Blueprints { get; } =
    [
        .. Here.GetManifestResourceNames()
            .Where(r => r.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(r => r[ResourcePrefix.Length..^Extension.Length])
            .OrderBy(n => string.Equals(n, DefaultBlueprint, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(n => n, StringComparer.Ordinal),
    ];

    /// <summary>
    /// A complete, valid declaration. Throws <see cref="PlatformException"/> with every fault found, or saying that there is
    /// no such blueprint or file. A built-in name wins over a file of that name; write <c>./name</c> for the file.
    /// </summary>
    /// <param name="nameOrPath">A built-in blueprint or a file.</param>
    /// <param name="change">As in <see cref="PlatformYaml.Read"/>.</param>
    public static PlatformDeclaration Load(string nameOrPath, Func<PlatformDeclaration, PlatformDeclaration>? change = null)
    {
        if (BlueprintText(nameOrPath) is { } builtIn)
        {
            return PlatformYaml.Read(builtIn, $"{ResourcePrefix}{nameOrPath}{Extension}", change);
        }

        return PlatformYaml.Read(ReadFile(nameOrPath), nameOrPath, change);
    }

    /// <summary>The text of a built-in blueprint, comments included; null when there is none of that name.</summary>
    public static string? BlueprintText(string name)
    {
        using var stream = Here.GetManifestResourceStream($"{ResourcePrefix}{name}{Extension}");
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string ReadFile(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw Unreadable($"{path} is a directory", $"Name the file in it, as {System.IO.Path.Combine(path, "platform.yaml")}.");
            }

            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw Missing(path);
            }

            return file.Length <= MaxBytes
                ? File.ReadAllText(path)
                : throw Unreadable($"{path} has {file.Length} bytes, more than a declaration can have ({MaxBytes})");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable($"cannot read {path}: {error.Message}");
        }
    }

    private static PlatformException Missing(string nameOrPath)
    {
        var looksLikePath = nameOrPath.Contains('/', StringComparison.Ordinal)
            || nameOrPath.EndsWith(".yaml", StringComparison.Ordinal)
            || nameOrPath.EndsWith(".yml", StringComparison.Ordinal);
        return looksLikePath
            ? Unreadable($"there is no file {nameOrPath}", $"Built-in blueprints: {string.Join(", ", Blueprints)}.")
            : Unreadable(
                $"unknown blueprint '{nameOrPath}'{(Nearest.Find(nameOrPath, Blueprints) is { } near ? $"; did you mean '{near}'?" : string.Empty)}",
                $"Built-in: {string.Join(", ", Blueprints)}. A file is named by its path, as ./platform.yaml.");
    }

    private static PlatformException Unreadable(string message, string? hint = null) => new([new PlatformFault(string.Empty, message)], hint);
}
