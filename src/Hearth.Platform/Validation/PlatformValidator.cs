using Hearth.Platform.Fields;
using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>All rules in their order: each field by its table, then derived names, then what parts say about each other.</summary>
internal static class PlatformValidator
{
    /// <summary>The completed declaration; <paramref name="faults"/> gets everything that is wrong with it.</summary>
    public static PlatformDeclaration CompleteAndCheck(PlatformDeclaration declared, Faults faults)
    {
        PlatformFields.Document.Check(declared, string.Empty, faults);
        var complete = PlatformDefaults.Complete(declared);
        if (!faults.Has("metadata.name") && !faults.Has("spec.region") && !faults.Has("spec.accountId"))
        {
            CheckDerived(complete, faults);
        }

        NetworkRules.Check(complete, faults);
        NodeRules.Check(complete, faults);
        TeamRules.Check(complete, faults);
        StorageRules.Check(complete, faults);
        StudioRules.Check(complete, faults);
        SimulationRules.Check(complete, faults);
        return complete;
    }

    /// <summary>Derived names may be too long. A name made from a wrong one says nothing new.</summary>
    private static void CheckDerived(PlatformDeclaration complete, Faults faults)
    {
        var derived = new Faults();
        PlatformFields.Document.Check(complete, string.Empty, derived);
        foreach (var (path, message) in derived.All.Where(f => !faults.Has(Sibling(f.Path, "name"))))
        {
            if (!faults.Has(path))
            {
                faults.Add(path, $"{message} (derived; give a shorter one)");
            }
        }
    }

    private static string Sibling(string path, string name)
    {
        var parent = FieldPath.Parent(path);
        return path.EndsWith(".executionRole.name", StringComparison.Ordinal)
            ? FieldPath.Child(FieldPath.Parent(parent), name)
            : FieldPath.Child(parent, name);
    }
}
