using System.Globalization;
using System.Text;

namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>The page about what of the API is there, written from the tables that the contract test runs.</summary>
internal static class CoverageDocument
{
    /// <summary>Where it is kept.</summary>
    public const string Path = "docs/emr-api-coverage.md";

    /// <summary>The page as the tables have it now.</summary>
    public static string Render()
    {
        var (constraints, scenarios, operations) = (EmrCases.Constraints(), EmrCases.Scenarios(), EmrCases.Operations());
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # EMR on EKS API coverage

            Written from the tables of the contract test (`tests/Hearth.Aws.Tests/cases/emr`), which botocore runs against the endpoint; a test fails when this page is stale.
            API version 2020-10-01: {operations.Count} operations, {constraints.Count} cases of constraints, {scenarios.Count} scenarios. The test also compares the tables with botocore's own
            service model: a constrained member without a case fails it.

            | operation | constraint cases | members tried | errors tried | scenarios |
            |---|---|---|---|---|

            """);
        foreach (var operation in operations)
        {
            var cases = constraints.Where(c => c.Operation == operation).ToArray();
            var errors = scenarios.SelectMany(s => s.Errors).Where(e => e.Operation == operation).Select(e => e.Code).Append(cases.Length > 0 ? "ValidationException" : null).OfType<string>();
            text.Append(CultureInfo.InvariantCulture, $"| {operation} | {cases.Length} | {cases.Select(c => c.Member).Distinct(StringComparer.Ordinal).Count()} ");
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", errors.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))} | {scenarios.Count(s => s.Operations.Contains(operation))} |\n");
        }

        text.Append("\n## Constraint cases by kind\n\n| kind | cases |\n|---|---|\n");
        foreach (var kind in constraints.GroupBy(c => c.Kind, StringComparer.Ordinal).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {kind.Key} | {kind.Count()} |\n");
        }

        text.Append("\n## Scenarios\n\n");
        foreach (var (title, used, _) in scenarios)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {title} ({string.Join(", ", used.Order(StringComparer.Ordinal))})\n");
        }

        text.Append("""

            ## What differs from the service
            - Managed endpoints are a control plane: states, certificate, names and session credentials are there, and no Jupyter gateway listens at `serverUrl`. Each endpoint says so in `stateDetails`.
            - Endpoints of type `SPARK_CONNECT` are refused by name.
            - Security configurations are kept and shown; the embedded engine does not enforce them.
            - `kmsKeyArn` and `encryptionKeyArn` are kept and shown; nothing is encrypted with them, so `decryptionError` never appears.
            - A request that names a job template may not give role, release, driver or configuration as well ([decision](adr/0015-a-template-is-the-whole-of-its-job.md)).
            - Page tokens are bound to the listing and its filters.

            """);
        return text.ToString();
    }
}
