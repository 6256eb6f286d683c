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
                OptionalIn(out Types.Seq<string> container);
                return new Show(ShowKind.Columns, [.. container, .. table], null);
            case "PARTITIONS":
                return new Show(ShowKind.Partitions, QualifiedName(), null) { Partition = IsWord("PARTITION") ? PartitionSpec() : [] };
            case "TBLPROPERTIES":
                return new Show(ShowKind.TableProperties, QualifiedName(), PropertyKey());
            case "TABLE" when TryWord("EXTENDED"):
                OptionalIn(out Types.Seq<string> of);
                return new Show(ShowKind.TableDetails, of, Pattern());
            case "CURRENT" when TryWord("NAMESPACE") || TryWord("SCHEMA"):
                return new Show(ShowKind.CurrentNamespace, [], null);
            case "FUNCTIONS":
                return new Show(ShowKind.Functions, [], Pattern());
            case "USER" when TryWord("FUNCTIONS"):
                return new Show(ShowKind.UserFunctions, [], Pattern());
            case "SYSTEM" or "ALL" when TryWord("FUNCTIONS"):
                return new Show(ShowKind.Functions, [], Pattern());
            case "CREATE" when TryWord("TABLE"):
                return new Show(ShowKind.CreateTable, QualifiedName(), null);
            default:
                throw Unsupported($"SHOW {word}");
        }
    }

    private void OptionalIn(out Types.Seq<string> name) => name = TryWord("IN") || TryWord("FROM") ? QualifiedName() : [];

    // ('key') or (some.key).
    private string? PropertyKey()
    {
        if (!TrySymbol("("))
        {
            return null;
        }

        string key = Current.Kind == TokenKind.Text ? Text() : string.Join('.', QualifiedName());
        Symbol(")");
        return key;
    }

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

        if (StartsQuery() && !IsWord("TABLE"))
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

        if (TryWord("DATABASE") || TryWord("SCHEMA") || TryWord("NAMESPACE"))
        {
            bool all = TryWord("EXTENDED");
            return new DescribeDatabase(QualifiedName()[^1], all);
        }

        _ = TryWord("TABLE");
        bool extended = TryWord("EXTENDED") || TryWord("FORMATTED");
        Seq<string> name = QualifiedName();
        if (IsWord("PARTITION"))
        {
            _ = PartitionSpec();
            return extended ? throw Unsupported("DESCRIBE EXTENDED of a partition") : new DescribeTable(name, extended);
        }

        return new DescribeTable(name, extended) { Column = IsName ? QualifiedName()[^1] : null };
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
            string zone = rest["TIME ZONE".Length..].Trim();
            zone = zone.StartsWith("INTERVAL", StringComparison.OrdinalIgnoreCase) ? Offset(zone["INTERVAL".Length..].Trim()) : zone.Trim('\'', '"');
            return new SetConf("spark.sql.session.timeZone", zone.Equals("LOCAL", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.Local.Id : zone);
        }

        int equals = rest.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new SetConf(rest.Trim('`'), null)
            : new SetConf(rest[..equals].Trim().Trim('`'), rest[(equals + 1)..].Trim().Trim('`'));
    }

    // '08:00' HOUR TO MINUTE, '-3' HOUR, 3 HOURS.
    private static string Offset(string interval)
    {
        string digits = interval.Split(' ')[0].Trim('\'', '"');
        bool negative = digits.StartsWith('-');
        string[] parts = digits.TrimStart('-', '+').Split(':');
        string units = string.Join(' ', interval.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)).ToUpperInvariant();
        return int.TryParse(parts[0], out int hours) && hours <= 18 && units is "HOUR" or "HOURS" or "HOUR TO MINUTE" or "HOUR TO SECOND" && (parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], out _)))
            ? System.FormattableString.Invariant($"{(negative ? '-' : '+')}{hours:00}:{(parts.Length == 2 ? parts[1].PadLeft(2, '0') : "00")}")
            : throw new EngineException("INVALID_INTERVAL_FORMAT", $"The interval {interval} is no offset of a time zone.", ErrorKind.ParseException, "write for example SET TIME ZONE INTERVAL '08:00' HOUR TO MINUTE");
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
