using System.Text;

namespace Hearth.Cli.Commands.Lint;

/// <summary>The page <c>docs/reference/lint.md</c>, written from the rules.</summary>
internal static class LintReference
{
    public static string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # What `hearth lint` looks for

            `hearth lint REQUEST.json` (or a folder) checks StartJobRun and CreateJobTemplate requests and the pod templates that they name, as files on this machine, against
            a platform declaration. A job template is checked as the job of its defaults; nothing is said about a parameter that has none. Nothing has to run. Findings have a place (`file:line:column`), a severity, the rule's id, and a way on.
            An `error` means that the job would not start or not do what it says; `hearth job run` looks for those first (`--no-lint` skips that).
            A `warning` means that something has no effect, or another one than meant. Exit codes: 0 no error, 1 errors, 2 the request cannot be read.

            A pod template or script `s3://BUCKET/…/FOLDER/scripts/FILE` is looked for as `FILE` in the folder `FOLDER` beside the request's own, then beside the request.
            Pods are built and placed by the code that the platform itself uses: sizes include Spark's memory overhead and the DaemonSets of the platform's add-ons.

            This page is generated from the rules.

            | rule | severity | finds | otherwise | way on |
            |---|---|---|---|---|

            """);
        foreach (var rule in LintRules.All)
        {
            page.Append($"| `{rule.Id}` | {LintReport.Word(rule.Severity)} | {Cell(rule.Finds)} | {Cell(rule.Because)} | {Cell(rule.Way)} |\n");
        }

        return page.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
