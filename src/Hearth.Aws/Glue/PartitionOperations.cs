using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>Partitions. They are the directories below a table's location, so that Spark and Glue can never disagree about them.</summary>
internal static class PartitionOperations
{
    private const int LargestPage = 1000;
    private const int MostInBatch = 100;

    public static Task ListAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var fits = PartitionFilter.Parse(call.Json.Text("Expression"), table.PartitionKeys);
        IEnumerable<CatalogPartition> found = call.Catalog.Partitions(table).Where(p => fits(p.Values));
        if (call.Json.Member("Segment") is { } segment)
        {
            var total = segment.Number("TotalSegments", 1, 10) ?? throw segment.Broken("TotalSegments", "null", "Member must not be null");
            var number = segment.Number("SegmentNumber", 0, total - 1) ?? throw segment.Broken("SegmentNumber", "null", "Member must not be null");
            found = found.Where((_, i) => i % total == number);
        }

        var (page, token) = call.Page([.. found], LargestPage);
        var columns = call.Json.Flag("ExcludeColumnSchema") is not true;
        return call.Json.AnswerPageAsync("Partitions", page.Select(p => GlueTable.Write(table, p, call.CatalogId, columns)), token);
    }

    public static Task GetAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var values = Values(call.Json, "PartitionValues", table);
        return Find(call, table, values) is { } found
            ? call.Json.AnswerAsync(new JsonObject { ["Partition"] = GlueTable.Write(table, found, call.CatalogId, columns: true) })
            : throw NotThere(values);
    }

    public static Task GetManyAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var known = call.Catalog.Partitions(table);
        var found = call.Json.Items("PartitionsToGet").Select(p => Values(p, "Values", table))
            .Select(v => known.FirstOrDefault(p => p.Values.SequenceEqual(v, StringComparer.Ordinal))).OfType<CatalogPartition>();
        return call.Json.AnswerAsync(new JsonObject
        {
            ["Partitions"] = new JsonArray([.. found.Select(p => GlueTable.Write(table, p, call.CatalogId, columns: true))]),
            ["UnprocessedKeys"] = new JsonArray(),
        });
    }

    public static Task CreateAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var input = call.Json.RequiredMember("PartitionInput");
        return Add(call, table, input) ? call.Json.AnswerAsync() : throw GlueCall.Exists("Partition already exists.");
    }

    public static Task CreateManyAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var inputs = call.Json.Items("PartitionInputList");
        if (inputs.Count > MostInBatch)
        {
            throw call.Json.Broken("PartitionInputList", $"'{inputs.Count}'", $"Member must have length less than or equal to {MostInBatch}");
        }

        return Batch(call, inputs.Select(i => (Values(i, "Values", table), i)), i => Add(call, table, i) ? null : ("AlreadyExistsException", "Partition already exists."));
    }

    /// <summary>There is nothing of a partition to change but its place, and that follows from its values.</summary>
    public static Task UpdateAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var values = Values(call.Json, "PartitionValueList", table);
        _ = Find(call, table, values) ?? throw NotThere(values);
        var input = call.Json.RequiredMember("PartitionInput");
        if (input.Body["Values"] is not null && !Values(input, "Values", table).SequenceEqual(values, StringComparer.Ordinal))
        {
            throw AwsException.NotImplemented("renaming a partition", "Write its rows into the other one.");
        }

        CheckPlace(table, values, input);
        return call.Json.AnswerAsync();
    }

    public static Task DeleteAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        var values = Values(call.Json, "PartitionValues", table);
        return call.Catalog.DropPartition(table, values) ? call.Json.AnswerAsync() : throw NotThere(values);
    }

    public static Task DeleteManyAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        return Batch(call, call.Json.Items("PartitionsToDelete").Select(p => (Values(p, "Values", table), p)),
            p => call.Catalog.DropPartition(table, Values(p, "Values", table)) ? null : ("EntityNotFoundException", "Partition not found."));
    }

    private static Task Batch(GlueCall call, IEnumerable<(IReadOnlyList<string> Values, JsonMembers Input)> inputs, Func<JsonMembers, (string Code, string Message)?> work)
    {
        var errors = new List<JsonObject>();
        foreach (var (values, input) in inputs)
        {
            (string Code, string Message)? problem;
            try
            {
                problem = work(input);
            }
            catch (CatalogException e)
            {
                problem = ("InvalidInputException", e.Message);
            }

            if (problem is { } found)
            {
                errors.Add(new JsonObject
                {
                    ["PartitionValues"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]),
                    ["ErrorDetail"] = new JsonObject { ["ErrorCode"] = found.Code, ["ErrorMessage"] = found.Message },
                });
            }
        }

        return call.Json.AnswerAsync(errors.Count == 0 ? [] : new JsonObject { ["Errors"] = new JsonArray([.. errors]) });
    }

    private static bool Add(GlueCall call, CatalogTable table, JsonMembers input)
    {
        var values = Values(input, "Values", table);
        CheckPlace(table, values, input);
        return call.Catalog.AddPartition(table, values);
    }

    private static void CheckPlace(CatalogTable table, IReadOnlyList<string> values, JsonMembers input)
    {
        var given = input.Member("StorageDescriptor")?.Text("Location")?.TrimEnd('/');
        var usual = $"{table.Location.TrimEnd('/')}/{string.Join('/', table.PartitionKeys.Zip(values, (k, v) => $"{k.Name}={v}"))}";
        if (given is not null && !Uri.UnescapeDataString(given).Equals(usual, StringComparison.Ordinal))
        {
            throw new CatalogException($"Partitions lie below their table: this one at {usual}, not at {given}. Move the data there, or make a table of that place.");
        }
    }

    private static IReadOnlyList<string> Values(JsonMembers owner, string member, CatalogTable table)
    {
        var values = owner.Texts(member);
        return values.Count == table.PartitionKeys.Count
            ? values
            : throw GlueCall.Invalid($"The number of partition keys do not match the number of partition values: {table.Name} has {table.PartitionKeys.Count} keys, {values.Count} values were given.");
    }

    private static CatalogPartition? Find(GlueCall call, CatalogTable table, IReadOnlyList<string> values) => call.Catalog.Partitions(table).FirstOrDefault(p => p.Values.SequenceEqual(values, StringComparer.Ordinal));

    private static AwsException NotThere(IReadOnlyList<string> values) => GlueCall.NotFound($"Cannot find partition [{string.Join(", ", values)}].");
}
