using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>One default class at most, and the add-on that makes each class's volumes is on.</summary>
internal static class StorageRules
{
    private const string Path = "spec.storageClasses";

    // Which add-on serves which provisioner.
    private static readonly (string Provisioner, string Addon)[] Drivers =
    [
        ("ebs.csi.aws.com", "aws-ebs-csi-driver"),
        ("fsx.csi.aws.com", "aws-fsx-csi-driver"),
    ];

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        var classes = platform.StorageClasses;
        Rules.Unique(classes, Path, faults, c => c.Name);
        string? first = null;
        for (var i = 0; i < classes.Count; i++)
        {
            var path = FieldPath.Item(Path, i);
            if (classes[i].Default && first is not null)
            {
                faults.Add($"{path}.default", $"'{first}' is the default class already");
            }

            first ??= classes[i].Default ? classes[i].Name : null;
            foreach (var (provisioner, addon) in Drivers)
            {
                if (string.Equals(classes[i].Provisioner, provisioner, StringComparison.Ordinal) && !platform.IsEnabled(addon))
                {
                    faults.Add($"{path}.provisioner", $"{provisioner} needs the add-on {addon}, which is off");
                }
            }
        }
    }
}
