using Hearth.Engine.Binding;
using Hearth.Engine.Duck;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Parquet files.</summary>
internal static class ParquetSource
{
    public static FileSource Of(FileRelation files, FileListing listing, ParquetSchemas schemas, Func<Func<DuckConnection, ParquetSchema>, ParquetSchema> look)
    {
        bool all = files.Options.Flag("mergeSchema") || files.Schema is not null;
        string from = $"read_parquet({FileScans.FileList(listing)}, {FileScans.Hive(listing)}{(all && listing.Files.Count > 1 ? ", union_by_name=true" : "")})";
        if (listing.Files.Count == 0)
        {
            return new FileSource(from, files.Schema!.Fields, [.. files.Schema.Fields.Select(f => DuckTypes.Quote(f.Name))]);
        }

        (IReadOnlyList<DuckColumn> columns, IReadOnlySet<string> instants) = schemas.Of(listing.Files, all, look);
        StructField[] own = [.. columns.Select(c => new StructField(c.Name, instants.Contains(c.Name) ? SparkType.Timestamp : DuckTypes.ToSpark(c.Type)))];
        return files.Schema is null
            ? new FileSource(from, own, [.. own.Select((f, i) => Column(f, columns[i], instants))])
            : Wanted(files.Schema, own, columns, instants, from, listing);
    }

    private static string Column(StructField field, DuckColumn column, IReadOnlySet<string> instants)
    {
        string name = DuckTypes.Quote(column.Name);
        return instants.Contains(column.Name) ? $"timezone('UTC', {name})"
            : column.Type.Id is DuckTypeId.UTinyInt or DuckTypeId.USmallInt or DuckTypeId.UInteger or DuckTypeId.UBigInt or DuckTypeId.HugeInt or DuckTypeId.UHugeInt or DuckTypeId.Uuid or DuckTypeId.Enum
                or DuckTypeId.TimestampS or DuckTypeId.TimestampMs or DuckTypeId.TimestampNs
            ? $"CAST({name} AS {DuckTypes.NameOf(field.Type)})"
            : name;
    }

    // A given schema: columns by name, missing ones NULL; what the file has must be the type or widen to it.
    private static FileSource Wanted(StructType schema, StructField[] own, IReadOnlyList<DuckColumn> columns, IReadOnlySet<string> instants, string from, FileListing listing)
    {
        List<string> expressions = [];
        foreach (StructField field in schema.Fields)
        {
            int index = Array.FindIndex(own, f => string.Equals(f.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                expressions.Add($"CAST(NULL AS {DuckTypes.NameOf(field.Type)})");
                continue;
            }

            string column = Column(own[index], columns[index], instants);
            bool fits = Coercion.SameLayout(own[index].Type, field.Type) || Coercion.IsUpCast(own[index].Type, field.Type) || !field.Type.IsAtomic;
            expressions.Add(fits
                ? $"CAST({column} AS {DuckTypes.NameOf(field.Type)})"
                : throw new EngineException("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH", $"The column {field.Name} of {listing.Files[0]} is {own[index].Type.SimpleName}, but the schema asks for {field.Type.SimpleName}.", ErrorKind.SparkRuntimeException));
        }

        return new FileSource(from, schema.Fields, expressions);
    }
}
