using System.Text.RegularExpressions;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Job;

/// <summary>A file of this machine that goes to <c>s3://TEAM-BUCKET/NAME/scripts/</c> before a job starts.</summary>
/// <param name="File">Path here; null when <paramref name="Text"/> is the content.</param>
/// <param name="Text">Content, or null.</param>
/// <param name="Name">File name there.</param>
internal sealed record ProgramFile(string? File, string? Text, string Name);

/// <summary>The program of a job that is given on the command line (<c>--script</c>, <c>--sql</c>, <c>--py-files</c>), and what has to be uploaded for it.</summary>
internal sealed partial class JobProgram
{
    private readonly List<ProgramFile> _files = [];
    private string _name = "";

    private JobProgram(string name) => _name = name;

    /// <summary>Name of the run.</summary>
    public string Name => _name;

    /// <summary>With <c>${S3_BUCKET}</c> in the place of the team's bucket.</summary>
    public string EntryPoint { get; private set; } = "";

    public bool IsSql { get; private init; }

    public IReadOnlyList<string> PyFiles { get; private set; } = [];

    /// <summary>What is to be uploaded.</summary>
    public IReadOnlyList<ProgramFile> Files => _files;

    /// <summary>A Python program: a file here, <c>s3://…</c> or <c>local:///…</c>.</summary>
    /// <exception cref="CliException">There is no such file.</exception>
    public static JobProgram OfScript(string script, IReadOnlyList<string> pyFiles, string? name)
    {
        var program = new JobProgram(name ?? Clean(Path.GetFileNameWithoutExtension(script)));
        program.EntryPoint = program.Place("--script", script);
        program.PyFiles = [.. pyFiles.SelectMany(f => f.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(f => program.Place("--py-files", f))];
        return program;
    }

    /// <summary>A SQL program: a file here, <c>s3://…</c>, or the statements themselves.</summary>
    /// <exception cref="CliException">It looks like a file, and there is none.</exception>
    public static JobProgram OfSql(string sql, string? name)
    {
        if (IsRemote(sql) || File.Exists(sql))
        {
            var program = new JobProgram(name ?? Clean(Path.GetFileNameWithoutExtension(sql))) { IsSql = true };
            program.EntryPoint = program.Place("--sql", sql);
            return program;
        }

        if (sql.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) && !sql.Any(char.IsWhiteSpace))
        {
            throw CliException.BadInput($"--sql {sql}: there is no such file", "Give a file, s3://BUCKET/KEY, or the statements themselves in quotes.");
        }

        var text = new JobProgram(name ?? "sql") { IsSql = true };
        text._files.Add(new ProgramFile(null, sql.TrimEnd().EndsWith(';') ? sql : sql + ";\n", "query.sql"));
        text.EntryPoint = text.Uri("query.sql");
        return text;
    }

    /// <summary>Uploads its files.</summary>
    public async Task UploadAsync(IAwsClient aws, string bucket, CancellationToken ct)
    {
        foreach (var file in _files)
        {
            var key = $"{Name}/scripts/{file.Name}";
            if (file.File is { } path)
            {
                await aws.PutFileAsync(bucket, key, path, ct).ConfigureAwait(false);
                continue;
            }

            var temporary = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(temporary, file.Text, ct).ConfigureAwait(false);
                await aws.PutFileAsync(bucket, key, temporary, ct).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }

    private static bool IsRemote(string program) => program.StartsWith("s3://", StringComparison.Ordinal) || program.StartsWith("local:///", StringComparison.Ordinal);

    private string Uri(string file) => $"${{S3_BUCKET}}/{Name}/scripts/{file}";

    private string Place(string option, string program)
    {
        if (IsRemote(program))
        {
            return program;
        }

        if (!File.Exists(program))
        {
            throw CliException.BadInput($"{option} {program}: there is no such file", "Give a file, s3://BUCKET/KEY, or local:///PATH of a file in the image.");
        }

        _files.Add(new ProgramFile(program, null, Path.GetFileName(program)));
        return Uri(Path.GetFileName(program));
    }

    /// <summary>A name as the service allows them.</summary>
    private static string Clean(string text)
    {
        var name = NotAllowed().Replace(text, "-");
        return name.Length == 0 ? "job" : name[..Math.Min(name.Length, 64)];
    }

    [GeneratedRegex("[^A-Za-z0-9._-]", RegexOptions.None, 1000)]
    private static partial Regex NotAllowed();
}
