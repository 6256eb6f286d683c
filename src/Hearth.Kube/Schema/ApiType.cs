namespace Hearth.Kube.Schema;

/// <summary>A structure of the Kubernetes API.</summary>
public sealed class ApiType
{
    private readonly Dictionary<string, ApiField> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ApiField> _byNumber = [];
    private readonly List<ApiField> _fields = [];

    internal ApiType(string name, bool isAtomic)
    {
        Name = name;
        IsAtomic = isAtomic;
    }

    /// <summary>Without its package, for example <c>PodSpec</c>.</summary>
    public string Name { get; }

    /// <summary>Server-side apply treats the whole structure as one value.</summary>
    public bool IsAtomic { get; }

    /// <summary>In the order of their definition; inlined structures are fields of their own here.</summary>
    public IReadOnlyList<ApiField> Fields => _fields;

    /// <summary>The field of that JSON name, also when it belongs to an inlined structure; null when there is none.</summary>
    public ApiField? Find(string jsonName)
    {
        if (_byName.TryGetValue(jsonName, out var field))
        {
            return field;
        }

        return _fields.Where(candidate => candidate.IsInline).Select(inline => inline.Type?.Find(jsonName)).FirstOrDefault(found => found is not null);
    }

    internal ApiField? Find(int number) => _byNumber.GetValueOrDefault(number);

    internal void Add(ApiField field)
    {
        _fields.Add(field);
        _byNumber[field.Number] = field;
        if (!field.IsInline)
        {
            _byName[field.Name] = field;
        }
    }
}
