namespace Hearth.Platform.Schema;

/// <summary>
/// Collects what is wrong by field path. The first fault of a field stands; a second one would only repeat it. Of a field
/// that is of the wrong kind altogether nothing further is said.
/// </summary>
internal sealed class Faults
{
    private readonly List<(string Path, string Message)> _all = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public IReadOnlyList<(string Path, string Message)> All => _all;

    public bool Any => _all.Count > 0;

    public void Add(string path, string message)
    {
        for (var outer = path; outer.Length > 0;)
        {
            outer = FieldPath.Parent(outer);
            if (_paths.Contains(outer))
            {
                return;
            }
        }

        if (_paths.Add(path))
        {
            _all.Add((path, message));
        }
    }

    /// <summary>Whether this field itself is at fault already.</summary>
    public bool Has(string path) => _paths.Contains(path);
}
