using System.Collections.Frozen;

namespace Hearth.Cluster.ApiServer.Registry;

/// <summary>Which resources are served: the built-in ones and those of the custom resource definitions. A new snapshot replaces the old one as a whole.</summary>
internal sealed class ResourceCatalog
{
    private readonly IReadOnlyList<ResourceDefinition> _builtin;
    private volatile Snapshot _snapshot;

    public ResourceCatalog(IReadOnlyList<ResourceDefinition> builtin)
    {
        _builtin = builtin;
        _snapshot = new Snapshot(builtin, 0);
    }

    /// <summary>What is served now.</summary>
    public Snapshot Current => _snapshot;

    /// <summary>Serves these custom resources, and no others.</summary>
    public void SetCustom(IEnumerable<ResourceDefinition> custom) => _snapshot = new Snapshot([.. _builtin, .. custom], _snapshot.Generation + 1);

    /// <summary>An immutable set of resources.</summary>
    internal sealed class Snapshot
    {
        private readonly FrozenDictionary<(string Group, string Version, string Plural), ResourceDefinition> _byPath;

        public Snapshot(IReadOnlyList<ResourceDefinition> definitions, long generation)
        {
            Definitions = definitions;
            Generation = generation;
            _byPath = definitions.ToFrozenDictionary(d => (d.Type.Group, d.Type.Version, d.Type.Plural));
            GroupVersions = definitions.Select(d => (d.Type.Group, d.Type.Version)).ToFrozenSet();
            Groups = definitions.Select(d => d.Type.Group).ToFrozenSet(StringComparer.Ordinal);
        }

        public IReadOnlyList<ResourceDefinition> Definitions { get; }

        /// <summary>Grows with each change.</summary>
        public long Generation { get; }

        public IReadOnlySet<(string Group, string Version)> GroupVersions { get; }

        public IReadOnlySet<string> Groups { get; }

        public ResourceDefinition? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

        /// <summary>Any served version of a kind, the preferred one first.</summary>
        public ResourceDefinition? FindKind(string group, string kind) =>
            Definitions.FirstOrDefault(d => string.Equals(d.Type.Group, group, StringComparison.Ordinal) && string.Equals(d.Type.Kind, kind, StringComparison.Ordinal));
    }
}
