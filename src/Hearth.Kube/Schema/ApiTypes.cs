using System.Reflection;

namespace Hearth.Kube.Schema;

/// <summary>
/// The built-in Kubernetes types: fields, their protobuf numbers and how they merge. Read from the embedded tables <c>Schema/types/*.txt</c>, which hold
/// facts of the public type definitions (k8s.io/api and k8s.io/apimachinery).
/// </summary>
public sealed class ApiTypes
{
    private static readonly Lazy<ApiTypes> Loaded = new(LoadEmbedded);
    private readonly Dictionary<string, ApiType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiVersion, string Kind), ApiType> _kinds = [];

    private ApiTypes()
    {
    }

    /// <summary>All built-in types; read on first use.</summary>
    public static ApiTypes BuiltIn => Loaded.Value;

    /// <summary>Every kind with its apiVersion.</summary>
    public IEnumerable<(string ApiVersion, string Kind)> Kinds => _kinds.Keys;

    /// <summary>The type of a kind, null when it is not built in. Option kinds (DeleteOptions ...) exist in every group and version.</summary>
    /// <param name="apiVersion">For example <c>v1</c> or <c>apps/v1</c>.</param>
    /// <param name="kind">For example <c>Deployment</c>.</param>
    public ApiType? FindKind(string apiVersion, string kind) =>
        _kinds.GetValueOrDefault((apiVersion, kind)) ?? _kinds.GetValueOrDefault(("meta.k8s.io/v1", kind));

    /// <summary>A type by its qualified name such as <c>core/v1.PodSpec</c>.</summary>
    public ApiType? FindType(string qualifiedName) => _types.GetValueOrDefault(qualifiedName);

    internal static ApiTypes Parse(IEnumerable<string> tables)
    {
        var types = new ApiTypes();
        foreach (var table in tables)
        {
            types.ReadTable(table);
        }

        return types;
    }

    private static ApiTypes LoadEmbedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return Parse(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Hearth.Kube.Schema.types.", StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            }));
    }

    private void ReadTable(string table)
    {
        var (package, apiVersion) = ("", "");
        ApiType? type = null;
        foreach (var line in table.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case [] or ["#", ..]:
                    break;
                case ["package", var name, var version]:
                    (package, apiVersion) = (name, version);
                    break;
                case ["kind" or "type", var name, .. var flags]:
                    type = new ApiType(name, flags.Contains("atomic"));
                    _types[$"{package}.{name}"] = type;
                    if (words[0] == "kind")
                    {
                        _kinds[(apiVersion, name)] = type;
                    }

                    break;
                default:
                    type!.Add(ApiField.Parse(words, package, this));
                    break;
            }
        }
    }
}
