using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.StorageClass>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.storageClasses[]</c>.</summary>
internal static class StorageFields
{
    public static ObjectShape<StorageClass> StorageClass { get; } = new("StorageClass", "A Kubernetes StorageClass.", new(),
    [
        Of.Field("name", Texts.Subdomain, c => c.Name, (c, v) => c with { Name = v }, "Its name.", required: true),
        Of.Field("provisioner", Texts.LabelKey, c => c.Provisioner, (c, v) => c with { Provisioner = v }, "Who makes its volumes."),
        Of.Field("default", Shapes.Bool, c => c.Default, (c, v) => c with { Default = v }, "Whether volumes that name no class get this one."),
        Of.Field("reclaimPolicy", TextShape.OneOf("Delete", "Retain"), c => c.ReclaimPolicy, (c, v) => c with { ReclaimPolicy = v }, "What happens to a volume whose claim goes."),
        Of.Field("volumeBindingMode", TextShape.OneOf("WaitForFirstConsumer", "Immediate"), c => c.VolumeBindingMode, (c, v) => c with { VolumeBindingMode = v }, "When volumes are made."),
        Of.Field("allowVolumeExpansion", Shapes.Bool, c => c.AllowVolumeExpansion, (c, v) => c with { AllowVolumeExpansion = v }, "Whether claims may grow."),
        Of.Field("parameters", Shapes.Tags, c => c.Parameters, (c, v) => c with { Parameters = v }, "The provisioner's parameters."),
        Of.Field("mountOptions", Shapes.Texts, c => c.MountOptions, (c, v) => c with { MountOptions = v }, "Mount options."),
    ]);
}
