using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>SHOW, DESCRIBE, SET, EXPLAIN and the statements without effect.</summary>
public sealed partial class SqlParser
{
    private Show ShowStatement()
    {
        Word("SHOW");
        string word = Current.Kind == TokenKind.Word ? Take().Text.ToUpperInvariant() : throw Unexpected("expected what to show");
        switch (word)
        {
            case "TABLES" or "VIEWS":
                OptionalIn(out Types.Seq<string> database);
                return new Show(word == "TABLES" ? ShowKind.Tables : ShowKind.Views, database, Pattern());
            case "DATABASES" or "SCHEMAS" or "NAMESPACES":
                return new Show(ShowKind.Databases, [], Pattern());
            case "CATALOGS":
                return new Show(ShowKind.Catalogs, [], Pattern());
            case "COLUMNS":
                OptionalIn(out Types.Seq<string> table);
                return new Show(ShowKind.Columns, table, null);
            case "PARTITIONS":
                return new Show(ShowKind.Partitions, QualifiedName(), null);
            case "TBLPROPERTIES":
                return new Show(ShowKind.TableProperties, QualifiedName(), null);
            case "FUNCTIONS":
                return new Show(ShowKind.Functions, [], Pattern());
            case "USER" or "SYSTEM" or "ALL" when TryWord("FUNCTIONS"):
                return new Show(ShowKind.Functions, [], Pattern());
            case "CREATE" when TryWord("TABLE"):
                return new Show(ShowKind.CreateTable, QualifiedName(), null);
            default:
                throw Unsupported($"SHOW {word}");
        }
    }

    private void OptionalIn(out Types.Seq<string> name) => name = TryWord("IN") || TryWord("FROM") ? QualifiedName() : [];

    private string? Pattern()
    {
        _ = TryWord("LIKE");
        return Current.Kind == TokenKind.Text ? Text() : null;
    }

    private Statement Describe()
    {
        _index++;
        if (TryWord("QUERY"))
        {
            return new DescribeQuery(Query());
        }

        if (TryWord("FUNCTION"))
        {
            _ = TryWord("EXTENDED");
            return new DescribeFunction(Current.Kind == TokenKind.Text ? Text() : Name());
        }

        if (StartsQuery())
        {
            return new DescribeQuery(Query());
        }

        if (TryWord("HISTORY"))
        {
            Seq<string> table = TableOrPath();
            return new DescribeHistory(table, TryWord("LIMIT") ? long.Parse(Take().Text, System.Globalization.CultureInfo.InvariantCulture) : null);
        }

        if (TryWord("DETAIL"))
        {
            return new DescribeDetail(TableOrPath());
        }

        if (IsWord("DATABASE") || IsWord("SCHEMA"))
        {
            throw Unsupported($"DESCRIBE {Current.Text.ToUpperInvariant()}");
        }

        _ = TryWord("TABLE");
        bool extended = TryWord("EXTENDED") || TryWord("FORMATTED");
        return new DescribeTable(QualifiedName(), extended);
    }

    // SET takes raw text: keys and values are not tokens of the language.
    private SetConf SetStatement()
    {
        int start = Current.End;
        string rest = _sql[start..].Trim().TrimEnd(';').Trim();
        _index = _tokens.Count - 1;
        if (rest.Length == 0 || rest.Equals("-v", StringComparison.OrdinalIgnoreCase))
        {
            return new SetConf(null, null);
        }

        if (rest.StartsWith("TIME ZONE", StringComparison.OrdinalIgnoreCase))
        {
            string zone = rest["TIME ZONE".Length..].Trim().Trim('\'', '"');
            return new SetConf("spark.sql.session.timeZone", zone.Equals("LOCAL", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.Local.Id : zone);
        }

        int equals = rest.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new SetConf(rest.Trim('`'), null)
            : new SetConf(rest[..equals].Trim().Trim('`'), rest[(equals + 1)..].Trim().Trim('`'));
    }

    private ResetConf Reset()
    {
        string rest = _sql[Current.End..].Trim().TrimEnd(';').Trim();
        _index = _tokens.Count - 1;
        return new ResetConf(rest.Length == 0 ? null : rest.Trim('`'));
    }

    private Explain ExplainStatement()
    {
        Word("EXPLAIN");
        string mode = IsWord("EXTENDED") || IsWord("FORMATTED") || IsWord("COST") || IsWord("CODEGEN") ? Take().Text.ToLowerInvariant() : "simple";
        return new Explain(mode, Statement());
    }

    private Statement Maintenance()
    {
        string word = Take().Text.ToUpperInvariant();
        if (word == "CACHE")
        {
            _ = TryWord("LAZY");
            Word("TABLE");
            string name = QualifiedName()[^1];
            if (TryWord("OPTIONS"))
            {
                _ = PropertyList();
            }

            if (TryWord("AS") || StartsQuery())
            {
                return new CacheTableAs(name, Query());
            }
        }

        while (Current.Kind != TokenKind.End && !IsSymbol(";"))
        {
            _index++;
        }

        return new NoEffect(word);
    }
}
