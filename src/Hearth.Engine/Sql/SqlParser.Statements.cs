using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Statements other than queries.</summary>
public sealed partial class SqlParser
{
    private Statement Statement()
    {
        SourcePosition at = Here;
        if (QueryBeforeInsert() is { } insert)
        {
            return insert with { At = at };
        }

        if (StartsQuery() || IsSymbol("("))
        {
            Relation query = Query();
            return new QueryStatement(query) { At = at };
        }

        Statement statement = Current.Kind == TokenKind.Word ? Current.Text.ToUpperInvariant() switch
        {
            "CREATE" => Create(),
            "DROP" => Drop(),
            "INSERT" => Insert(),
            "SHOW" => ShowStatement(),
            "DESCRIBE" or "DESC" => Describe(),
            "SET" => StartsSetVariable() ? SetVariableTail() : SetStatement(),
            "RESET" => Reset(),
            "EXPLAIN" => ExplainStatement(),
            "USE" => Use(),
            "TRUNCATE" => Truncate(),
            "CACHE" or "UNCACHE" or "CLEAR" or "REFRESH" or "ANALYZE" or "MSCK" => Maintenance(),
            "MERGE" => Merge(),
            "UPDATE" => Update(),
            "DELETE" => Delete(),
            "ALTER" => IsWords("ALTER", "VIEW") ? AlterView() : Alter(),
            "VACUUM" => Vacuum(),
            "OPTIMIZE" => Optimize(),
            "RESTORE" => Restore(),
            "CONVERT" => ConvertStatement(),
            "GENERATE" => Generate(),
            "REPLACE" => Replace(),
            "COMMENT" => Comment(),
            "DECLARE" => Declare(),
            "EXECUTE" => Execute(),
            "LOAD" or "ADD" or "LIST" or "REPAIR" =>
                throw Unsupported($"{Current.Text.ToUpperInvariant()} statements"),
            _ => throw Unexpected("expected a statement"),
        }
        : throw Unexpected("expected a statement");
        return statement with { At = at };
    }

    private bool IfNotExists()
    {
        if (!IsWord("IF"))
        {
            return false;
        }

        Word("IF");
        Word("NOT");
        Word("EXISTS");
        return true;
    }

    private bool IfExists() => TryWords("IF", "EXISTS");

    private Statement Create()
    {
        Word("CREATE");
        bool replace = TryWords("OR", "REPLACE");
        bool global = TryWord("GLOBAL");
        bool temporary = TryWord("TEMPORARY") || TryWord("TEMP");
        if (TryWord("VIEW"))
        {
            return CreateViewTail(replace, temporary, global);
        }

        if (TryWord("DATABASE") || TryWord("SCHEMA") || TryWord("NAMESPACE"))
        {
            return CreateDatabaseTail();
        }

        if (TryWord("FUNCTION"))
        {
            return CreateFunctionTail(replace, temporary);
        }

        bool external = TryWord("EXTERNAL");
        if (TryWord("TABLE"))
        {
            return CreateTableTail(replace, external);
        }

        throw Unsupported($"CREATE {Current.Text.ToUpperInvariant()}");
    }

    // REPLACE TABLE: the table must be there.
    private Statement Replace()
    {
        Word("REPLACE");
        Word("TABLE");
        return CreateTableTail(replace: true, external: false) with { MustExist = true };
    }

    private CreateView CreateViewTail(bool replace, bool temporary, bool global)
    {
        bool unless = IfNotExists();
        Seq<string> name = QualifiedName();
        StructType? schema = StartsTypedColumns() ? TypedColumns() : null;
        Seq<string> columns = IsSymbol("(") ? ViewColumns() : [];
        _ = TryWord("COMMENT") && Text().Length >= 0;
        if (IsWord("TBLPROPERTIES"))
        {
            _index++;
            _ = PropertyList();
        }

        if (TryWord("USING"))
        {
            string format = Name();
            Options options = TryWord("OPTIONS") ? PropertyList() : Options.None;
            Seq<string> paths = options.Get("path") is { } path ? [path] : [];
            return new CreateView(name, columns, new FileRelation(format.ToLowerInvariant(), paths, schema, options), "", replace, unless, temporary, global);
        }

        if (schema is not null)
        {
            throw Unexpected("only a view USING a format has columns with types");
        }

        ViewBinding();
        Word("AS");
        int start = Current.Start;
        Relation query = Query();
        return new CreateView(name, columns, query, _sql[start.._tokens[_index - 1].End], replace, unless, temporary, global);
    }

    private Seq<string> ViewColumns()
    {
        Symbol("(");
        Seq<string> names = CommaList(() =>
        {
            string name = Name();
            _ = TryWord("COMMENT") && Text().Length >= 0;
            return name;
        });
        Symbol(")");
        return names;
    }

    private CreateDatabase CreateDatabaseTail()
    {
        bool unless = IfNotExists();
        string name = Name();
        string? location = null, comment = null;
        while (true)
        {
            if (TryWord("COMMENT"))
            {
                comment = Text();
            }
            else if (TryWord("LOCATION"))
            {
                location = Text();
            }
            else if (TryWord("WITH"))
            {
                _index++;
                _ = PropertyList();
            }
            else
            {
                return new CreateDatabase(name, unless, location, comment);
            }
        }
    }

    private CreateTable CreateTableTail(bool replace, bool external)
    {
        bool unless = IfNotExists();
        Seq<string> name = QualifiedName();
        Seq<string>? like = TryWord("LIKE") ? QualifiedName() : null;
        StructType? columns = null;
        if (TrySymbol("("))
        {
            columns = ColumnList();
            Symbol(")");
        }

        CreateTable table = new(name, columns, null, [], null, null, Options.None, Options.None, null, replace, unless) { Like = like };
        while (TableClause(table) is { } next)
        {
            table = next;
        }

        if (external && table.Location is null)
        {
            throw new EngineException("PARSE_SYNTAX_ERROR", "CREATE EXTERNAL TABLE must be accompanied by LOCATION.", ErrorKind.ParseException, position: Here);
        }

        if (TryWord("AS") || StartsQuery())
        {
            table = table with { Query = Query() };
        }

        return table;
    }

    private CreateTable? TableClause(CreateTable table)
    {
        if (TryWord("USING"))
        {
            return table with { Format = QualifiedName()[^1].ToLowerInvariant() };
        }

        if (TryWords("PARTITIONED", "BY"))
        {
            return PartitionClause(table);
        }

        if (TryWord("LOCATION"))
        {
            return table with { Location = Text() };
        }

        if (TryWord("COMMENT"))
        {
            return table with { Comment = Text() };
        }

        if (TryWord("OPTIONS"))
        {
            return table with { Options = PropertyList() };
        }

        if (TryWord("TBLPROPERTIES"))
        {
            return table with { Properties = PropertyList() };
        }

        return IsWords("STORED", "AS") || IsWords("ROW", "FORMAT") ? HiveClause(table)
            : IsWord("CLUSTERED") ? throw Unsupported("CLUSTERED BY (bucketing)") : null;
    }

    private CreateTable PartitionClause(CreateTable table)
    {
        Symbol("(");
        List<string> names = [];
        List<StructField> added = [];
        do
        {
            names.Add(Name());
            if (IsName)
            {
                added.Add(new StructField(names[^1], DataType()));
            }
        }
        while (TrySymbol(","));
        Symbol(")");
        StructType? columns = added.Count == 0 ? table.Columns : new StructType([.. table.Columns?.Fields ?? [], .. added]);
        return table with { PartitionedBy = names.ToSeq(), Columns = columns };
    }

    private Options PropertyList()
    {
        Symbol("(");
        List<KeyValuePair<string, string>> values = [];
        do
        {
            // Two texts beside each other are a key and its value here, not one text.
            string key = Current.Kind == TokenKind.Text ? Take().Text : string.Join('.', QualifiedName());
            _ = TrySymbol("=");
            string value = Current.Kind == TokenKind.Text ? Take().Text : (TrySymbol("-") ? "-" : "") + Take().Text;
            values.Add(new(key, value));
        }
        while (TrySymbol(","));
        Symbol(")");
        return new Options(values);
    }

    private Statement Drop()
    {
        Word("DROP");
        if (TryWord("DATABASE") || TryWord("SCHEMA") || TryWord("NAMESPACE"))
        {
            bool unless = IfExists();
            string name = Name();
            bool cascade = TryWord("CASCADE");
            _ = TryWord("RESTRICT");
            return new DropDatabase(name, unless, cascade);
        }

        bool temporary = TryWord("TEMPORARY");
        if (temporary && (TryWord("VARIABLE") || TryWord("VAR")))
        {
            bool maybe = IfExists();
            return new DropVariable(QualifiedName(), maybe);
        }

        if (TryWord("FUNCTION"))
        {
            bool maybe = IfExists();
            return new DropFunction(QualifiedName(), maybe, temporary);
        }

        bool view = IsWord("VIEW");
        if (!view && !IsWord("TABLE"))
        {
            throw Unsupported($"DROP {Current.Text.ToUpperInvariant()}");
        }

        _index++;
        bool ifExists = IfExists();
        DropRelation drop = new(QualifiedName(), view, ifExists);
        _ = TryWord("PURGE");
        return drop;
    }

    private Statement Insert(Relation? from = null)
    {
        Word("INSERT");
        bool overwrite = TryWord("OVERWRITE");
        _ = !overwrite && TryWord("INTO");
        if (overwrite && (IsWord("DIRECTORY") || IsWords("LOCAL", "DIRECTORY")))
        {
            return InsertDirectoryTail();
        }

        _ = TryWord("TABLE");
        Seq<string> table = QualifiedName();
        List<KeyValuePair<string, Expr?>> partition = [];
        if (TryWord("PARTITION"))
        {
            Symbol("(");
            do
            {
                string column = Name();
                partition.Add(new(column, TrySymbol("=") ? Expression() : null));
            }
            while (TrySymbol(","));
            Symbol(")");
        }

        Expr? replaced = null;
        if (TryWords("REPLACE", "WHERE"))
        {
            replaced = Expression();
            overwrite = true;
        }

        bool byName = TryWords("BY", "NAME");
        Seq<string> columns = IsSymbol("(") && !StartsQuery() ? NameList() : [];
        return new InsertInto(table, columns, partition.ToSeq(), from is null ? Query() : QueryTail(SelectQuery(Here, from)), overwrite, byName) { ReplaceWhere = replaced };
    }

    private InsertDirectory InsertDirectoryTail()
    {
        _ = TryWord("LOCAL");
        Word("DIRECTORY");
        string? path = Current.Kind == TokenKind.Text ? Text() : null;
        Word("USING");
        string format = Name().ToLowerInvariant();
        Options options = TryWord("OPTIONS") ? PropertyList() : Options.None;
        path ??= options.Get("path") ?? throw Unexpected("expected a path");
        return new InsertDirectory(path, format, options, Query());
    }

    private UseDatabase Use()
    {
        Word("USE");
        if (IsWord("CATALOG") && Ahead().Kind is TokenKind.Word or TokenKind.QuotedName)
        {
            _index++;
            string catalog = Name();
            return catalog.Equals("spark_catalog", StringComparison.OrdinalIgnoreCase) ? new UseDatabase("default") : throw Unsupported($"the catalog {catalog}");
        }

        _ = TryWord("DATABASE") || TryWord("SCHEMA") || TryWord("NAMESPACE");
        return new UseDatabase(QualifiedName()[^1]);
    }

    private TruncateTable Truncate()
    {
        Word("TRUNCATE");
        Word("TABLE");
        return new TruncateTable(QualifiedName());
    }
}
