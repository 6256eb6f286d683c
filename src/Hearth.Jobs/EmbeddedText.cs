namespace Hearth.Jobs;

/// <summary>Text files that the assembly carries.</summary>
internal static class EmbeddedText
{
    /// <summary>Reads one by its file name.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no embedded file {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
