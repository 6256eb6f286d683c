using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Job;

/// <summary>A folder of scripts and pod templates that goes to <c>s3://BUCKET/NAME-OF-FOLDER/scripts/</c> before a job starts.</summary>
internal sealed class FolderUpload
{
    private static readonly EnumerationOptions Visible = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, MaxRecursionDepth = 32 };
    private readonly string _folder;
    private readonly IReadOnlyList<string> _files;

    private FolderUpload(string folder, IReadOnlyList<string> files) => (_folder, _files) = (folder, files);

    /// <summary>Where its files go, within a bucket.</summary>
    public string Prefix => $"{Path.GetFileName(_folder)}/scripts/";

    /// <summary>How many files it has; hidden ones and Python's caches do not count.</summary>
    public int Count => _files.Count;

    /// <exception cref="CliException">There is no such folder, or nothing in it: exit code 2.</exception>
    public static FolderUpload Of(string directory)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!Directory.Exists(folder))
        {
            throw CliException.BadInput($"--upload {directory}: there is no such folder");
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*", Visible).Where(f => !f.Contains("/__pycache__/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        return files.Length > 0 && Path.GetFileName(folder).Length > 0 ? new FolderUpload(folder, files) : throw CliException.BadInput($"--upload {directory}: there is no file in it");
    }

    public async Task RunAsync(IAwsClient aws, string bucket, CancellationToken ct)
    {
        foreach (var file in _files)
        {
            await aws.PutFileAsync(bucket, Prefix + Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/'), file, ct).ConfigureAwait(false);
        }
    }
}
