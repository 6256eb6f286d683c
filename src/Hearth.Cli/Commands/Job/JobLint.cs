using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Lint;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Job;

/// <summary>What <c>hearth lint</c> would call an error, before a job is submitted.</summary>
internal static class JobLint
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="CliException">There are errors: exit code 2.</exception>
    public static void Check(JobRequestFile file, PlatformDeclaration? platform, string team)
    {
        var known = platform?.Teams.Any(t => t.Name == team) == true ? team : null;
        var errors = LintRules.Check(LintReader.Read(file, platform, known)).Where(f => f.Rule.Severity == Severity.Error).ToArray();
        if (errors.Length > 0)
        {
            var lines = errors.Select(e => $"{e.Place}: {e.Message} [{e.Rule.Id}]\n    {e.Way}");
            throw CliException.BadInput($"this job would not run as written\n{string.Join('\n', lines)}", "--no-lint submits it all the same.");
        }
    }
}
