using System.Globalization;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Upkeep of tables: RESTORE, OPTIMIZE, VACUUM, CONVERT, GENERATE, ALTER TABLE.</summary>
public sealed partial class SqlParser
{
    private RestoreTable Restore()
    {
        Word("RESTORE");
        _ = TryWord("TABLE");
        Seq<string> table = QualifiedName();
        Word("TO");
        bool version = TryWord("VERSION");
        if (!version)
        {
            Word("TIMESTAMP");
        }

        Word("AS");
        Word("OF");
        Expr value = Expression();
        return new RestoreTable(table, version ? value : null, version ? null : value);
    }

    // OPTIMIZE 'path' is the same as OPTIMIZE delta.`path`.
    private Seq<string> TableOrPath()
    {
        if (Current.Kind == TokenKind.Text)
        {
            return ["delta", Text()];
        }

        _ = TryWord("TABLE");
        return QualifiedName();
    }

    private OptimizeTable Optimize()
    {
        Word("OPTIMIZE");
        Seq<string> table = TableOrPath();
        if (IsWord("FULL"))
        {
            throw Unsupported("OPTIMIZE FULL (liquid clustering)");
        }

        Expr? where = TryWord("WHERE") ? Expression() : null;
        Seq<string> order = [];
        if (TryWords("ZORDER", "BY"))
        {
            bool open = TrySymbol("(");
            order = CommaList(() => string.Join('.', QualifiedName()));
            if (open)
            {
                Symbol(")");
            }
        }

        return new OptimizeTable(table, where, order);
    }

    private VacuumTable Vacuum()
    {
        Word("VACUUM");
        Seq<string> table = TableOrPath();
        double? hours = null;
        bool dry = false;
        while (true)
        {
            if (TryWord("RETAIN"))
            {
                bool negative = TrySymbol("-");
                double number = Current.Kind is TokenKind.Integer or TokenKind.Decimal ? double.Parse(Take().Text, CultureInfo.InvariantCulture) : throw Unexpected("expected a number of hours");
                hours = negative ? -number : number;
                Word("HOURS");
            }
            else if (TryWords("DRY", "RUN"))
            {
                dry = true;
            }
            else if (IsWord("LITE") || IsWord("FULL") || IsWord("USING"))
            {
                throw Unsupported($"VACUUM {Current.Text.ToUpperInvariant()}");
            }
            else
            {
                return new VacuumTable(table, hours, dry);
            }
        }
    }

    private ConvertToDelta ConvertStatement()
    {
        Word("CONVERT");
        Word("TO");
        Word("DELTA");
        Seq<string> table = QualifiedName();
        bool plain = TryWords("NO", "STATISTICS");
        StructType? partitions = null;
        if (TryWords("PARTITIONED", "BY"))
        {
            Symbol("(");
            partitions = ColumnList();
            Symbol(")");
        }

        return new ConvertToDelta(table, partitions, plain);
    }

    private GenerateFor Generate()
    {
        Word("GENERATE");
        string mode = Name();
        Word("FOR");
        Word("TABLE");
        return new GenerateFor(mode.ToLowerInvariant(), QualifiedName());
    }

    private AlterTable Alter()
    {
        Word("ALTER");
        if (!TryWord("TABLE"))
        {
            throw Unsupported($"ALTER {Current.Text.ToUpperInvariant()}");
        }

        Seq<string> table = QualifiedName();
        return new AlterTable(table, AlterTail());
    }

    private Alteration AlterTail()
    {
        if (TryWord("ADD"))
        {
            return TryWord("CONSTRAINT") ? AddConstraintTail()
                : IsWord("PARTITION") || IsWords("IF", "NOT") ? AddPartitionsTail()
                : AddColumnsTail();
        }

        if (IsWords("DROP", "PARTITION") || (IsWord("DROP") && Ahead().IsWord("IF") && Ahead(3).IsWord("PARTITION")))
        {
            _index++;
            bool ifExists = IfExists();
            Seq<Seq<KeyValuePair<string, string>>> dropped = CommaList(PartitionSpec);
            _ = TryWord("PURGE");
            return new DropPartitions(dropped, ifExists);
        }

        if (TryWords("SET", "LOCATION"))
        {
            return new SetLocation(Text());
        }

        if (TryWords("RECOVER", "PARTITIONS"))
        {
            return new RecoverPartitions();
        }

        if (TryWords("RENAME", "TO"))
        {
            return new RenameTable(QualifiedName());
        }

        if (TryWord("ALTER") || TryWord("CHANGE"))
        {
            _ = TryWord("COLUMN");
            return AlterColumnTail();
        }

        if (TryWords("SET", "TBLPROPERTIES"))
        {
            return new SetProperties(PropertyList());
        }

        if (TryWords("UNSET", "TBLPROPERTIES"))
        {
            bool ifExists = IfExists();
            Symbol("(");
            Seq<string> keys = CommaList(() => Current.Kind == TokenKind.Text ? Text() : string.Join('.', QualifiedName()));
            Symbol(")");
            return new UnsetProperties(keys, ifExists);
        }

        if (TryWords("DROP", "CONSTRAINT"))
        {
            bool ifExists = IfExists();
            return new DropConstraint(Name(), ifExists);
        }

        throw IsWords("DROP", "COLUMN") || IsWords("DROP", "COLUMNS") || IsWords("RENAME", "COLUMN")
            ? Unsupported($"ALTER TABLE {Current.Text.ToUpperInvariant()} COLUMN (it needs column mapping)")
            : Unsupported($"ALTER TABLE {Current.Text.ToUpperInvariant()}{(Ahead().Kind == TokenKind.Word ? " " + Ahead().Text.ToUpperInvariant() : "")}");
    }

    private AddPartitions AddPartitionsTail()
    {
        bool unless = IfNotExists();
        List<Seq<KeyValuePair<string, string>>> partitions = [];
        while (IsWord("PARTITION"))
        {
            partitions.Add(PartitionSpec());
            _ = IsWord("LOCATION") ? throw Unsupported("partitions at a LOCATION of their own") : true;
        }

        return new AddPartitions(partitions.ToSeq(), unless);
    }

    /// <summary><c>PARTITION (name = value, ..)</c> with constants.</summary>
    private Seq<KeyValuePair<string, string>> PartitionSpec()
    {
        _ = TryWord("PARTITION");
        Symbol("(");
        Seq<KeyValuePair<string, string>> values = CommaList(() =>
        {
            string name = Name();
            Symbol("=");
            string value = Expression() is LiteralExpr { Value: { } constant } ? constant is LiteralText text ? text.Text : System.FormattableString.Invariant($"{constant}") : throw Unsupported("partition values that are not constant");
            return new KeyValuePair<string, string>(name, value);
        });
        Symbol(")");
        return values;
    }

    private AddConstraint AddConstraintTail()
    {
        string name = Name();
        Word("CHECK");
        Symbol("(");
        int start = Current.Start;
        Expr condition = Expression();
        string text = _sql[start.._tokens[_index - 1].End];
        Symbol(")");
        return new AddConstraint(name, condition, text);
    }

    private AddColumns AddColumnsTail()
    {
        if (!TryWord("COLUMNS"))
        {
            Word("COLUMN");
        }

        bool open = TrySymbol("(");
        Seq<AddedColumn> columns = CommaList(() =>
        {
            Seq<string> name = QualifiedName();
            if (name.Count > 1)
            {
                throw Unsupported("adding a field to a struct column");
            }

            StructField field = FieldTail(name[0], DataType());
            return IsWord("DEFAULT") || IsWord("GENERATED")
                ? throw Unsupported("column defaults and generated columns")
                : new AddedColumn(field, TryWord("FIRST"), TryWord("AFTER") ? Name() : null);
        });
        if (open)
        {
            Symbol(")");
        }

        return new AddColumns(columns);
    }

    // ALTER COLUMN a TYPE t | COMMENT 'c' | SET NOT NULL | DROP NOT NULL | FIRST | AFTER b; CHANGE COLUMN a [a] t [COMMENT 'c'] [FIRST | AFTER b].
    private AlterColumn AlterColumnTail()
    {
        Seq<string> parts = QualifiedName();
        AlterColumn change = parts.Count == 1 ? new(parts[0], null, null, null, First: false, null) : throw Unsupported("changing a field of a struct column");
        while (Current.Kind != TokenKind.End && !IsSymbol(";"))
        {
            change = AlterColumnItem(change);
        }

        return change;
    }

    private AlterColumn AlterColumnItem(AlterColumn change)
    {
        if (TryWord("TYPE"))
        {
            return change with { Type = DataType() };
        }

        if (TryWord("COMMENT"))
        {
            return change with { Comment = Text() };
        }

        if (IsWords("SET", "DEFAULT") || IsWords("DROP", "DEFAULT") || IsWords("SET", "MASK"))
        {
            throw Unsupported("column defaults and masks");
        }

        if (TryWord("SET"))
        {
            Word("NOT");
            Word("NULL");
            return change with { Nullable = false };
        }

        if (TryWord("DROP"))
        {
            Word("NOT");
            Word("NULL");
            return change with { Nullable = true };
        }

        if (TryWord("FIRST"))
        {
            return change with { First = true };
        }

        if (TryWord("AFTER"))
        {
            return change with { After = Name() };
        }

        // CHANGE COLUMN old new type
        if (IsName && change.Type is null && string.Equals(Current.Text, change.Name, StringComparison.OrdinalIgnoreCase))
        {
            _index++;
        }

        return change with { Type = change.Type is null ? DataType() : throw Unexpected("expected the end of the statement") };
    }
}
