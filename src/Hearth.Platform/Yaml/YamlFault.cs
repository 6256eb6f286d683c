namespace Hearth.Platform.Yaml;

/// <summary>Something that makes a file no single, plain YAML document.</summary>
internal sealed record YamlFault(string Message, YamlPosition Position);
