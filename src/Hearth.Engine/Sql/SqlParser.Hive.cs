using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Hive's forms of CREATE TABLE, and statements that begin with a query or change a view or comment.</summary>
public sealed partial class SqlParser
{
    /// <summary>Reader option of tables whose location holds <c>manifest</c> files with the paths of the data.</summary>
    public const string SymlinkOption = "hearth.symlink";

    // ROW FORMAT SERDE | DELIMITED, STORED AS.
    private CreateTable HiveClause(CreateTable table)
    {
        if (TryWords("STORED", "AS"))
        {
            return TryWord("INPUTFORMAT") ? InputFormat(table, Text()) : Stored(table, Name().ToLowerInvariant());
        }

        _index += 2;
        if (!TryWord("SERDE"))
        {
            Word("DELIMITED");
            return table with { Format = "csv", Options = With(table.Options, Delimited()) };
        }

        string serde = Text();
        Options properties = TryWords("WITH", "SERDEPROPERTIES") ? PropertyList() : Options.None;
        string name = serde[(serde.LastIndexOf('.') + 1)..];
        return name switch
        {
            "ParquetHiveSerDe" => table with { Format = "parquet" },
            "JsonSerDe" => table with { Format = "json" },
            "OpenCSVSerde" => table with { Format = "csv", Options = With(table.Options, [new("sep", properties.Get("separatorChar") ?? ","), new("quote", properties.Get("quoteChar") ?? "\""), new("escape", properties.Get("escapeChar") ?? "\\")]) },
            "LazySimpleSerDe" => table with { Format = "csv", Options = With(table.Options, [new("sep", properties.Get("field.delim") ?? properties.Get("serialization.format") ?? "\u0001"), new("quote", ""), new("nullValue", "\\N")]) },
            _ => throw Unsupported($"ROW FORMAT SERDE '{serde}'"),
        };
    }

    private CreateTable Stored(CreateTable table, string format) => format != "textfile" ? table with { Format = format }
        : table.Format == "csv" ? table
        : table with { Format = "csv", Options = With(table.Options, [new("sep", "\u0001"), new("quote", ""), new("nullValue", "\\N")]) };

    private CreateTable InputFormat(CreateTable table, string input)
    {
        Word("OUTPUTFORMAT");
        _ = Text();
        string name = input[(input.LastIndexOf('.') + 1)..];
        return name switch
        {
            "SymlinkTextInputFormat" => table with { Format = table.Format ?? "parquet", Options = With(table.Options, [new(SymlinkOption, "true")]) },
            "MapredParquetInputFormat" => table with { Format = "parquet" },
            "TextInputFormat" => table.Format is null ? Stored(table, "textfile") : table,
            _ => throw Unsupported($"STORED AS INPUTFORMAT '{input}'"),
        };
    }

    private List<KeyValuePair<string, string>> Delimited()
    {
        List<KeyValuePair<string, string>> options = [new("sep", "\u0001"), new("quote", ""), new("nullValue", "\\N")];
        while (true)
        {
            if (TryWords("FIELDS", "TERMINATED") && TryWord("BY"))
            {
                options.Add(new("sep", Text()));
            }
            else if (TryWords("ESCAPED", "BY"))
            {
                options.Add(new("escape", Text()));
            }
            else if (TryWords("NULL", "DEFINED") && TryWord("AS"))
            {
                options.Add(new("nullValue", Text()));
            }
            else if (TryWords("LINES", "TERMINATED") && TryWord("BY"))
            {
                _ = Text() == "\n" ? true : throw Unsupported("lines that do not end with a newline");
            }
            else
            {
                return IsWord("COLLECTION") || IsWord("MAP") ? throw Unsupported("ROW FORMAT DELIMITED with collections") : options;
            }
        }
    }

    private static Options With(Options options, IEnumerable<KeyValuePair<string, string>> more) => new(options.All.Concat(more));

    // WITH c AS (..) INSERT .., FROM t INSERT .. INSERT ..; null when a plain query stands here.
    private Statement? QueryBeforeInsert()
    {
        int mark = _index;
        if (TryWord("WITH"))
        {
            Seq<NamedQuery> with = CommaList(NamedQuery);
            if (IsWord("INSERT") && Insert() is InsertInto insert)
            {
                return insert with { Query = new WithQueries(with, insert.Query) { At = insert.Query.At } };
            }
        }
        else if (TryWord("FROM"))
        {
            Relation from = FromClause();
            List<InsertInto> inserts = [];
            while (IsWord("INSERT"))
            {
                inserts.Add(Insert(from) as InsertInto ?? throw Unsupported("INSERT OVERWRITE DIRECTORY after FROM"));
            }

            if (inserts.Count > 0)
            {
                return new MultiInsert(inserts.ToSeq());
            }
        }

        _index = mark;
        return null;
    }

    private CreateView AlterView()
    {
        _index += 2;
        Seq<string> name = QualifiedName();
        Word("AS");
        int start = Current.Start;
        Relation query = Query();
        return new CreateView(name, [], query, _sql[start.._tokens[_index - 1].End], Replace: true, IfNotExists: false, Temporary: false, Global: false) { MustExist = true };
    }

    private CommentOn Comment()
    {
        Word("COMMENT");
        Word("ON");
        if (!TryWord("TABLE"))
        {
            throw Unsupported($"COMMENT ON {Current.Text.ToUpperInvariant()}");
        }

        Seq<string> table = QualifiedName();
        Word("IS");
        return new CommentOn(table, TryWord("NULL") ? null : Text());
    }
}
