using Hearth.Engine.Catalog;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests;

/// <summary>A table of files whose columns change with its rows: both change in one step.</summary>
public sealed class TableReplacementTests : IDisposable
{
    private readonly string _warehouse = Directory.CreateTempSubdirectory("hearth-replace-").FullName;
    private readonly EngineSession _session;

    public TableReplacementTests() => _session = Sessions.Open(conf: ("spark.sql.warehouse.dir", _warehouse));

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_warehouse, recursive: true);
    }

    [Fact]
    public void Saving_other_columns_over_a_table_gives_the_new_columns_and_leaves_nothing_behind()
    {
        Save("SELECT 1 AS a, 'x' AS b");
        Save("SELECT 2L AS c, 'y' AS a");

        Show("SELECT * FROM t").ShouldBe("c:bigint a:string\n2,y");
        Directory.EnumerateFiles(Path.Combine(_warehouse, "t"), "_hearth*").ShouldBeEmpty();
    }

    [Fact]
    public void Before_the_new_files_are_there_the_entry_is_the_old_one_and_with_them_the_new_one()
    {
        Save("SELECT 1 AS a");
        TableInfo old = _session.Find("default", "t")!;
        TableInfo next = old with { Schema = new StructType([new StructField("n", SparkType.Long)]), Format = "json" };
        _session.Catalog.Announce(old, next, "_hearth-mark");

        // Killed before the files changed.
        Show("SELECT * FROM t").ShouldBe("a:int\n1");

        // Killed between the files and the catalog.
        string location = Path.Combine(_warehouse, "t");
        Directory.Delete(location, recursive: true);
        Directory.CreateDirectory(location);
        File.WriteAllText(Path.Combine(location, "part-0.json"), """{"n":7}""" + "\n");
        File.WriteAllText(Path.Combine(location, "_hearth-mark"), "");
        Show("SELECT * FROM t").ShouldBe("n:bigint\n7");
        _session.Catalog.Tables("default").Single().Format.ShouldBe("json");

        // The next change is made of the new entry.
        _session.Execute("ALTER TABLE t ADD COLUMNS (m STRING)");
        Show("SELECT * FROM t").ShouldBe("n:bigint m:string\n7,NULL");
    }

    [Fact]
    public void A_write_that_fails_leaves_rows_and_columns_as_they_were()
    {
        Save("SELECT 1 AS a");

        Should.Throw<EngineException>(() => Save("SELECT CAST(raise_error('no') AS STRING) AS b, 3 AS c"));

        Show("SELECT * FROM t").ShouldBe("a:int\n1");
    }

    [Fact]
    public void A_file_that_was_replaced_is_looked_into_again()
    {
        string path = Path.Combine(_warehouse, "f.parquet");
        Write("SELECT 1 AS a");
        Show($"SELECT * FROM parquet.`{path}`").ShouldBe("a:int\n1");

        Write("SELECT 'x' AS b, 2.5D AS c");
        Show($"SELECT * FROM parquet.`{path}`").ShouldBe("b:string c:double\nx,2.5");

        void Write(string query)
        {
            string made = Path.Combine(_warehouse, "made");
            _session.Write(_session.Execute(query).Relation, new WriteRequest("parquet", SaveMode.Overwrite, made, null, [], Options.None));
            File.Move(Directory.EnumerateFiles(made, "part-*").Single(), path, overwrite: true);
        }
    }

    private void Save(string query) => _session.Write(_session.Execute(query).Relation, new WriteRequest("parquet", SaveMode.Overwrite, null, ["t"], [], Options.None));

    private string Show(string sql)
    {
        using QueryResult result = _session.Run(_session.Execute(sql).Relation);
        return string.Join('\n', result.Rows().Select(r => string.Join(',', r.Select(v => v?.ToString() ?? "NULL"))).Prepend(string.Join(' ', result.Schema.Fields.Select(f => $"{f.Name}:{f.Type.SimpleName}"))));
    }
}
