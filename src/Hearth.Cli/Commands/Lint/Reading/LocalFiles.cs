namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>
/// Finds the local file that a request expects in S3. <c>s3://BUCKET/…/FOLDER/scripts/FILE</c> is <c>FILE</c> of the folder <c>FOLDER</c> beside the request's own
/// (as <c>hearth job run --upload FOLDER</c> puts it there), else <c>FILE</c> beside the request.
/// </summary>
internal sealed class LocalFiles(string requestFile)
{
    private const string Scripts = "scripts";
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(requestFile)) ?? "/";

    /// <summary>The file, as the user would name it, or null.</summary>
    public string? Find(string uri)
    {
        var steps = uri["s3://".Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (steps.Length < 2 || steps.Contains(".."))
        {
            return null;
        }

        var scripts = Array.LastIndexOf(steps, Scripts);
        var rest = scripts > 1 ? steps[(scripts + 1)..] : steps[^1..];
        string?[] candidates =
        [
            scripts > 1 && rest.Length > 0 ? Path.Combine([_folder, "..", steps[scripts - 1], .. rest]) : null,
            rest.Length > 0 ? Path.Combine([_folder, .. rest]) : null,
            rest.Length > 0 ? Path.Combine([_folder, Scripts, .. rest]) : null,
            Path.Combine(_folder, steps[^1]),
        ];
        return candidates.OfType<string>().Where(File.Exists).Select(Shown).FirstOrDefault();
    }

    /// <summary>Relative to the request as the user named it.</summary>
    private string Shown(string path)
    {
        var relative = Path.GetRelativePath(_folder, Path.GetFullPath(path));
        var named = Path.GetDirectoryName(requestFile);
        return string.IsNullOrEmpty(named) ? relative : Path.Combine(named, relative);
    }
}
