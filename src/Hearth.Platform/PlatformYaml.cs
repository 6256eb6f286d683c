using System.Text.Json.Nodes;
using Hearth.Platform.Fields;
using Hearth.Platform.Schema;
using Hearth.Platform.Validation;
using Hearth.Platform.Yaml;

namespace Hearth.Platform;

/// <summary>A declaration as text: read from YAML, printed as YAML or JSON, described by a JSON Schema.</summary>
public static class PlatformYaml
{
    /// <summary>
    /// Reads, completes and validates one document. Throws <see cref="PlatformException"/> with every fault, in the order of the file.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="change">What the caller knows better than the document, as the account; applied before names are derived and rules checked.</param>
    public static PlatformDeclaration Read(string text, string file, Func<PlatformDeclaration, PlatformDeclaration>? change = null)
    {
        var (root, yamlFaults) = YamlReader.Read(text);
        var faults = yamlFaults.Select(f => new PlatformFault(string.Empty, f.Message, At(file, f.Position))).ToList();
        if (root is null)
        {
            if (faults.Count == 0)
            {
                faults.Add(new PlatformFault(string.Empty, "the document is empty", new SourcePosition(file, 1, 1)));
            }

            throw new PlatformException(faults);
        }

        var context = new ReadContext();
        var declared = PlatformFields.Document.Read(root, string.Empty, context, new PlatformDeclaration());
        var complete = PlatformValidator.CompleteAndCheck(change?.Invoke(declared) ?? declared, context.Faults);
        faults.AddRange(context.Faults.All.Select(f => new PlatformFault(f.Path, f.Message, context.PositionOf(f.Path) is { } p ? At(file, p) : null)));
        if (faults.Count > 0)
        {
            throw new PlatformException([.. faults.OrderBy(f => f.Position?.Line ?? 0).ThenBy(f => f.Position?.Column ?? 0)]);
        }

        return complete;
    }

    /// <summary>The same rules for a declaration made in C#: completes it, or throws with every fault by field path.</summary>
    public static PlatformDeclaration Validate(PlatformDeclaration declared)
    {
        var faults = new Faults();
        var complete = PlatformValidator.CompleteAndCheck(declared, faults);
        return faults.Any
            ? throw new PlatformException([.. faults.All.Select(f => new PlatformFault(f.Path, f.Message))])
            : complete;
    }

    /// <summary>The whole document, defaults included; reading it gives the same declaration.</summary>
    public static JsonObject ToJson(PlatformDeclaration platform) => (JsonObject)PlatformFields.Document.Write(platform);

    /// <inheritdoc cref="ToJson"/>
    public static string ToYaml(PlatformDeclaration platform) => YamlWriter.Write(ToJson(platform));

    private static SourcePosition At(string file, YamlPosition position) => new(file, position.Line, position.Column);
}
