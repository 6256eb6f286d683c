using System.Globalization;
using Hearth.Engine.Catalog;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>DESCRIBE and SHOW CREATE TABLE.</summary>
internal static class TableText
{
    public static IEnumerable<object?[]> Describe(StructType schema, TableInfo? table, bool extended)
    {
        foreach (StructField field in schema.Fields)
        {
            yield return [field.Name, field.ShownType, field.Comment];
        }

        if (table is { PartitionedBy.Count: > 0 })
        {
            yield return ["# Partition Information", "", ""];
            yield return ["# col_name", "data_type", "comment"];
            foreach (string name in table.PartitionedBy)
            {
                yield return [name, schema.Fields[schema.IndexOf(name)].ShownType, null];
            }
        }

        if (table is null || !extended)
        {
            yield break;
        }

        yield return ["", "", ""];
        yield return ["# Detailed Table Information", "", ""];
        yield return ["Catalog", "spark_catalog", ""];
        yield return ["Database", table.Database, ""];
        yield return ["Table", table.Name, ""];
        yield return ["Created Time", table.Created.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture), ""];
        yield return ["Type", table.Kind, ""];
        yield return table.ViewText is null ? ["Provider", table.Format, ""] : ["View Text", table.ViewText, ""];
        if (table.Comment is not null)
        {
            yield return ["Comment", table.Comment, ""];
        }

        if (table.Properties.Count > 0)
        {
            yield return ["Table Properties", $"[{string.Join(", ", table.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"))}]", ""];
        }

        if (table.Location.Length > 0)
        {
            yield return ["Location", table.Location, ""];
        }
    }

    /// <summary>The information column of SHOW TABLE EXTENDED.</summary>
    public static string Details(TableInfo table)
    {
        IEnumerable<string> facts = Describe(table.Schema, table, extended: true).SkipWhile(r => (string?)r[0] != "Catalog").Select(r => $"{r[0]}: {r[1]}");
        string partitions = table.PartitionedBy.Count == 0 ? "" : $"Partition Provider: Catalog\nPartition Columns: [{string.Join(", ", table.PartitionedBy.Select(p => $"`{p}`"))}]\n";
        return $"{string.Join('\n', facts)}\n{partitions}Schema: root\n{string.Concat(table.Schema.Fields.Select(f => $" |-- {f.Name}: {f.Type.TreeName} (nullable = {(f.Nullable ? "true" : "false")})\n"))}\n";
    }

    public static string Create(TableInfo table, bool spark4)
    {
        if (table.ViewText is not null)
        {
            return $"CREATE VIEW {table.Database}.{table.Name} (\n  {string.Join(",\n  ", table.Schema.Fields.Select(f => f.Name))})\n{(spark4 ? "WITH SCHEMA COMPENSATION\n" : "")}AS {table.ViewText}\n";
        }

        string columns = string.Join(",\n  ", table.Schema.Fields.Select(f => $"{f.Name} {f.DeclaredType}{(f.Comment is null ? "" : $" COMMENT '{f.Comment}'")}"));
        string text = $"CREATE TABLE spark_catalog.{table.Database}.{table.Name} (\n  {columns})\nUSING {table.Format}\n";
        text += table.PartitionedBy.Count > 0 ? $"PARTITIONED BY ({string.Join(", ", table.PartitionedBy)})\n" : "";
        text += table.Kind == "EXTERNAL" ? $"LOCATION '{table.Location}'\n" : "";
        return text + (table.Properties.Count > 0 ? $"TBLPROPERTIES (\n  {string.Join(",\n  ", table.Properties.Select(p => $"'{p.Key}' = '{p.Value}'"))})\n" : "");
    }
}
