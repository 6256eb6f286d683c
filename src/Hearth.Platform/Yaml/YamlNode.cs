namespace Hearth.Platform.Yaml;

/// <summary>A line and column, counted from 1.</summary>
internal readonly record struct YamlPosition(int Line, int Column);

/// <summary>A piece of a YAML document that knows where it was written.</summary>
internal abstract record YamlNode(YamlPosition Position)
{
    /// <summary>For messages: what it is.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar with its text as written; <paramref name="Plain"/> when it was not quoted.</summary>
internal sealed record YamlScalar(string Text, bool Plain, YamlPosition Position) : YamlNode(Position)
{
    /// <summary>Nothing: an empty value, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNull ? "nothing" : $"'{Text}'";
}

internal sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries, YamlPosition Position) : YamlNode(Position)
{
    public override string Kind => "a mapping";
}

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, YamlPosition Position) : YamlNode(Position)
{
    public override string Kind => "a list";
}
