using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Log;

/// <summary>What this engine reads and writes (Delta protocol, "Requirements for Readers/Writers"). What it does not know it refuses by name.</summary>
internal static class Features
{
    private static readonly HashSet<string> Readable = new(StringComparer.Ordinal) { "timestampNtz", "vacuumProtocolCheck", "v2Checkpoint", "deletionVectors", "columnMapping" };

    // Features that need something of a writer only while their metadata is there; it is looked for below.
    private static readonly HashSet<string> Writable = new(StringComparer.Ordinal)
    {
        "appendOnly", "invariants", "checkConstraints", "timestampNtz", "vacuumProtocolCheck", "changeDataFeed", "generatedColumns", "identityColumns", "deletionVectors", "columnMapping", "domainMetadata",
    };

    /// <exception cref="EngineException">A feature or version is unknown.</exception>
    public static void CheckRead(TableProtocol protocol, Metadata metadata, string table)
    {
        if (protocol.MinReader is < 1 or > 3)
        {
            throw DeltaErrors.Version(table, protocol.MinReader, protocol.MinWriter);
        }

        if (protocol.MinReader == 3 && protocol.ReaderFeatures.Where(f => !Readable.Contains(f)).ToArray() is { Length: > 0 } unknown)
        {
            throw DeltaErrors.ReaderFeatures(table, unknown);
        }

        string mode = metadata.Property("delta.columnMapping.mode") ?? "none";
        if (mode is not ("none" or "name" or "id"))
        {
            throw DeltaErrors.ReaderFeatures(table, [$"columnMapping (mode {mode})"]);
        }
    }

    /// <exception cref="EngineException">A feature, a version, or what the table's metadata asks for is not done here.</exception>
    public static void CheckWrite(TableProtocol protocol, Metadata metadata, string table)
    {
        CheckRead(protocol, metadata, table);
        if (protocol.MinWriter is < 1 or > 7)
        {
            throw DeltaErrors.Version(table, protocol.MinReader, protocol.MinWriter);
        }

        if (protocol.MinWriter == 7 && protocol.WriterFeatures.Where(f => !Writable.Contains(f)).ToArray() is { Length: > 0 } unknown)
        {
            throw DeltaErrors.WriterFeatures(table, unknown);
        }

        string[] active = [.. Active(metadata)];
        if (active.Length > 0)
        {
            throw DeltaErrors.WriterFeatures(table, active);
        }
    }

    private static IEnumerable<string> Active(Metadata metadata)
    {
        if (metadata.Flag("delta.enableChangeDataFeed"))
        {
            yield return "changeDataFeed";
        }

        if ((metadata.Property("delta.columnMapping.mode") ?? "none") != "none")
        {
            yield return "columnMapping";
        }

        if (metadata.Flag("delta.enableInCommitTimestamps"))
        {
            yield return "inCommitTimestamp";
        }

        if (metadata.Flag("delta.enableRowTracking"))
        {
            yield return "rowTracking";
        }

        if (metadata.Flag("delta.enableIcebergCompatV1") || metadata.Flag("delta.enableIcebergCompatV2"))
        {
            yield return "icebergCompat";
        }

        foreach (string feature in FieldFeatures(metadata.SchemaText))
        {
            yield return feature;
        }
    }

    private static IEnumerable<string> FieldFeatures(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        foreach (JsonElement field in document.RootElement.GetProperty("fields").EnumerateArray())
        {
            if (!field.TryGetProperty("metadata", out JsonElement metadata) || metadata.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            foreach (JsonProperty property in metadata.EnumerateObject())
            {
                if (FeatureOf(property.Name) is { } feature)
                {
                    yield return $"{feature} (column {field.GetProperty("name").GetString()})";
                }
            }
        }
    }

    private static string? FeatureOf(string key) => key switch
    {
        "delta.generationExpression" => "generatedColumns",
        "delta.invariants" => "invariants",
        "CURRENT_DEFAULT" => "allowColumnDefaults",
        _ => key.StartsWith("delta.identity.", StringComparison.Ordinal) ? "identityColumns" : null,
    };

    /// <summary>The protocol with what a change of the metadata needs: CHECK constraints need writer version 3, TIMESTAMP_NTZ its feature.</summary>
    public static TableProtocol Raise(TableProtocol protocol, Metadata metadata)
    {
        bool checks = metadata.Configuration.Keys.Any(k => k.StartsWith("delta.constraints.", StringComparison.Ordinal));
        bool local = metadata.SchemaText.Contains("\"timestamp_ntz\"", StringComparison.Ordinal);
        if (local && !protocol.ReaderFeatures.Contains("timestampNtz", StringComparer.Ordinal))
        {
            string[] writer = [.. protocol.MinWriter >= 7 ? protocol.WriterFeatures : Legacy(protocol.MinWriter).ToSeq(), "timestampNtz"];
            protocol = new TableProtocol(3, 7, [.. protocol.MinReader >= 3 ? protocol.ReaderFeatures : Seq<string>.Empty, "timestampNtz"], [.. writer.Distinct(StringComparer.Ordinal)]);
        }

        if (!checks)
        {
            return protocol;
        }

        return protocol.MinWriter < 3 ? protocol with { MinWriter = 3 }
            : protocol.MinWriter == 7 && !protocol.WriterFeatures.Contains("checkConstraints", StringComparer.Ordinal) ? protocol with { WriterFeatures = [.. protocol.WriterFeatures, "checkConstraints"] }
            : protocol;
    }

    /// <summary>What a version number stood for before features had names.</summary>
    public static string[] Legacy(int writer) => [.. new[] { ("appendOnly", 2), ("invariants", 2), ("checkConstraints", 3), ("changeDataFeed", 4), ("generatedColumns", 4), ("columnMapping", 5), ("identityColumns", 6) }
        .Where(f => writer >= f.Item2).Select(f => f.Item1)];
}
