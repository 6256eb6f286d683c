using System.Collections.Concurrent;
using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta;

/// <summary>What a session knows of Delta tables: their logs, the deletion vectors it has loaded, the layout of files it has looked into.</summary>
internal sealed class DeltaSession(EngineSession session)
{
    /// <summary>Rows of deletion vectors: columns dv and pos.</summary>
    public const string VectorTable = "hearth_cache.delta_vectors";

    private readonly ConcurrentDictionary<string, DeltaLog> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _vectors = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public EngineSession Engine { get; } = session;

    public TimeProvider Time => Engine.Time;

    public DuckWork Duck { get; } = new(session.Rent, session.Return);

    /// <summary>What columns data files have.</summary>
    public FileLayouts Layouts => field ??= new FileLayouts(Duck);

    /// <summary>The table at a path or URI, whether or not it exists.</summary>
    public DeltaTable At(string path)
    {
        string uri = path.Length > 1 ? path.TrimEnd('/') : path;
        string root = Path.TrimEndingDirectorySeparator(Engine.LocalPath(uri));
        TableLocation location = new(uri, root, p => Engine.LocalPath(p));
        return new DeltaTable(this, location, _logs.GetOrAdd(root, r => new DeltaLog(r, uri, Duck, location.Objects)));
    }

    /// <summary>Whether a directory has a Delta log.</summary>
    public bool IsTable(string path) => At(path).Log.Latest() is not null;

    /// <summary>Number of a loaded deletion vector in <see cref="VectorTable"/>.</summary>
    public long VectorId(VectorDescriptor vector, TableLocation table)
    {
        lock (_gate)
        {
            string key = $"{table.Root}\n{vector.UniqueId}";
            if (_vectors.TryGetValue(key, out long known))
            {
                return known;
            }

            IReadOnlyList<long> rows = DeletionVectors.Read(vector, table);
            long id = _vectors.Count + 1;
            Duck.Run(connection =>
            {
                connection.Execute($"CREATE TABLE IF NOT EXISTS {VectorTable}(dv BIGINT, pos BIGINT)");
                foreach (long[] chunk in rows.Chunk(50_000))
                {
                    connection.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {VectorTable} SELECT {id}, unnest(CAST([{string.Join(", ", chunk)}] AS BIGINT[]))"));
                }

                return true;
            });
            return _vectors[key] = id;
        }
    }
}
