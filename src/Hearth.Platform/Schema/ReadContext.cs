using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>What reading leaves behind besides the value: faults, and where each field was written.</summary>
internal sealed class ReadContext
{
    private readonly Dictionary<string, YamlPosition> _positions = new(StringComparer.Ordinal);

    public Faults Faults { get; } = new();

    public void Wrote(string path, YamlPosition position) => _positions.TryAdd(path, position);

    /// <summary>A fault at a place of its own (an unknown key), not at the field's value.</summary>
    public void Fault(string path, string message, YamlPosition position)
    {
        _positions.TryAdd(path, position);
        Faults.Add(path, message);
    }

    /// <summary>Where the field is written, or the nearest thing around it.</summary>
    public YamlPosition? PositionOf(string path)
    {
        for (var current = path; ; current = FieldPath.Parent(current))
        {
            if (_positions.TryGetValue(current, out var position))
            {
                return position;
            }

            if (current.Length == 0)
            {
                return null;
            }
        }
    }
}
