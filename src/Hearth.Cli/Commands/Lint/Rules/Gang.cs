using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>The task groups of a pod template as YuniKorn reads them, or why it goes on without a gang.</summary>
/// <param name="Groups">The groups; none when there is a problem.</param>
/// <param name="Problem">Why they cannot be read, or null.</param>
internal sealed record Gang(IReadOnlyList<TaskGroup> Groups, string? Problem)
{
    /// <summary>The groups of the driver's template, which is the one that counts; null when it has none.</summary>
    public static Gang? Of(TemplateFile? driver) => driver?.Annotations.GetValueOrDefault(YuniKornNames.TaskGroups) is { } text ? Read(text) : null;

    /// <summary>Reads an annotation.</summary>
    public static Gang Read(string text)
    {
        try
        {
            return new Gang(TaskGroupReader.Read(text), null);
        }
        catch (FormatException e)
        {
            // The JSON reader's place counts within the annotation; the finding's is the annotation itself.
            var cut = e.Message.IndexOf(" LineNumber", StringComparison.Ordinal);
            return new Gang([], (cut < 0 ? e.Message : e.Message[..cut]).TrimEnd('.'));
        }
    }
}
