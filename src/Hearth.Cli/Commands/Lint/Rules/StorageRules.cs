using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Claims that <c>spark.kubernetes.*.volumes.persistentVolumeClaim.*</c> asks for.</summary>
internal static class StorageRules
{
    /// <summary>A storage class that the platform does not have.</summary>
    public static LintRule UnknownClass { get; } = new(
        "storage-class-unknown",
        Severity.Error,
        "A volume asks for a storage class that the platform does not declare.",
        "The claim stays Pending, and with it the pod, until the run times out.",
        "Use a class of spec.storageClasses, or declare it.",
        subject => from claim in Claims(subject)
                   let name = claim.Options.GetValueOrDefault("storageClass")
                   where name is not null && subject.Platform is not null && subject.Platform.StorageClasses.All(c => c.Name != name)
                   select new Fault(subject.Setting($"{claim.Prefix}.options.storageClass"), Nearest.Describe($"storage class {name} is not declared", name, [.. subject.Platform!.StorageClasses.Select(c => c.Name)])));

    /// <summary>A claim on demand that Spark will not make.</summary>
    public static LintRule OnDemand { get; } = new(
        "on-demand-claim-incomplete",
        Severity.Error,
        "A volume has `claimName=OnDemand` without `storageClass` or without `sizeLimit`.",
        "Spark creates the claim only when both are given; the pod then waits for a claim that nobody makes.",
        "Give both options.",
        subject => from claim in Claims(subject)
                   where claim.Options.GetValueOrDefault("claimName") == "OnDemand"
                   from missing in new[] { "storageClass", "sizeLimit" }
                   where !claim.Options.ContainsKey(missing)
                   select new Fault(subject.Setting($"{claim.Prefix}.options.claimName"), $"{claim.Prefix}.options.{missing} is missing: Spark makes no claim without it"));

    private static IEnumerable<(string Prefix, IReadOnlyDictionary<string, string> Options)> Claims(LintSubject subject)
    {
        foreach (var word in (string[])["driver", "executor"])
        {
            var prefix = $"spark.kubernetes.{word}.volumes.persistentVolumeClaim.";
            foreach (var volume in subject.Settings.User.Below(prefix).GroupBy(p => p.Key.Split('.')[0]))
            {
                const string options = ".options.";
                yield return ($"{prefix}{volume.Key}", volume.Where(p => p.Key.Contains(options, StringComparison.Ordinal))
                    .ToDictionary(p => p.Key[(p.Key.IndexOf(options, StringComparison.Ordinal) + options.Length)..], p => p.Value, StringComparer.Ordinal));
            }
        }
    }
}
