using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Data types and column lists.</summary>
public sealed partial class SqlParser
{
    private SparkType DataType() => TryDataType() ?? throw new EngineException(
        "UNSUPPORTED_DATATYPE", $"Unsupported data type \"{Current.Text.ToUpperInvariant()}\".", ErrorKind.ParseException, position: Here);

    private SparkType? TryDataType()
    {
        if (Current.Kind is not (TokenKind.Word or TokenKind.QuotedName))
        {
            return null;
        }

        string name = Current.Text.ToUpperInvariant();
        switch (name)
        {
            case "ARRAY" when Ahead().IsSymbol("<"):
                _index += 2;
                SparkType element = DataType();
                CloseAngle();
                return new ArrayType(element);
            case "MAP" when Ahead().IsSymbol("<"):
                _index += 2;
                SparkType key = DataType();
                Symbol(",");
                SparkType value = DataType();
                CloseAngle();
                return new MapType(key, value);
            case "STRUCT" when Ahead().IsSymbol("<"):
                _index += 2;
                return StructFields();
            case "STRUCT" when Ahead().IsSymbol("<>"):
                _index += 2;
                return new StructType([]);
            case "INTERVAL":
                _index++;
                return IntervalType();
            case "DECIMAL" or "DEC" or "NUMERIC":
                _index++;
                return TypeArguments() switch
                {
                    [] => SparkType.DefaultDecimal,
                    [int p] => new DecimalType(p, 0),
                    [int p, int s] => new DecimalType(p, s),
                    _ => throw Unexpected("expected (precision, scale)"),
                };
            case "CHAR" or "CHARACTER" or "VARCHAR":
                _index++;
                _length = TypeArguments() is [int n] ? n : null;
                return SparkType.String;
            default:
                if (TypeNames.Atomic(name) is not { } atomic)
                {
                    return null;
                }

                _index++;
                return atomic;
        }
    }

    // n of the last VARCHAR(n) or CHAR(n).
    private int? _length;

    private List<int> TypeArguments()
    {
        List<int> numbers = [];
        if (TrySymbol("("))
        {
            do
            {
                numbers.Add(Current.Kind == TokenKind.Integer ? int.Parse(Take().Text, System.Globalization.CultureInfo.InvariantCulture) : throw Unexpected("expected a number"));
            }
            while (TrySymbol(","));
            Symbol(")");
        }

        return numbers;
    }

    private SparkType IntervalType()
    {
        if (Current.Kind != TokenKind.Word || IntervalUnits.FieldOf(Current.Text) is not { } start)
        {
            return SparkType.CalendarInterval;
        }

        _index++;
        string end = TryWord("TO") ? Take().Text : start;
        return IntervalUnits.TypeOf(start, IntervalUnits.FieldOf(end) ?? throw Unexpected("expected an interval unit"));
    }

    // `array<array<int>>` ends with ">>"-like runs; the lexer makes single ">" except in ">=".
    private void CloseAngle() => Symbol(">");

    private StructType StructFields()
    {
        List<StructField> fields = [];
        if (!TrySymbol(">"))
        {
            do
            {
                string name = Name();
                _ = TrySymbol(":");
                fields.Add(FieldTail(name, DataType()));
            }
            while (TrySymbol(","));
            CloseAngle();
        }

        return new StructType(fields.ToSeq());
    }

    private StructField FieldTail(string name, SparkType type)
    {
        bool nullable = !TryWords("NOT", "NULL");
        _ = nullable && TryWord("NULL");
        return new StructField(name, type, nullable, TryWord("COMMENT") ? Text() : null);
    }

    /// <summary><c>a INT NOT NULL COMMENT 'x', b STRING</c>.</summary>
    // (a INT, ..) instead of (a, ..) or (a COMMENT '..').
    private bool StartsTypedColumns() => IsSymbol("(") && Ahead(2).Kind == TokenKind.Word && !Ahead(2).IsWord("COMMENT");

    private StructType TypedColumns()
    {
        Symbol("(");
        StructType schema = ColumnList();
        Symbol(")");
        return schema;
    }

    // Of a VARCHAR(n) column n stays known, so that longer text is refused when it is written.
    private StructField SizedField(string name)
    {
        _length = null;
        SparkType type = DataType();
        int? length = _length;
        return length is not null && type != SparkType.String
            ? throw new EngineException("UNSUPPORTED_FEATURE", $"The embedded engine does not run VARCHAR({length}) or CHAR({length}) inside arrays, maps and structs of columns.", ErrorKind.UnsupportedOperationException, "use STRING", Here)
            : FieldTail(name, type) with { Length = length };
    }

    private StructType ColumnList()
    {
        List<StructField> fields = [];
        do
        {
            string name = Name();
            _ = TrySymbol(":");
            if ((IsWord("CHAR") || IsWord("CHARACTER")) && Ahead().IsSymbol("("))
            {
                throw new EngineException("UNSUPPORTED_FEATURE", "The embedded engine does not run CHAR(n) columns, which Spark pads with blanks.", ErrorKind.UnsupportedOperationException, "use VARCHAR(n) or STRING", Here);
            }

            fields.Add(SizedField(name));
            if (IsWord("DEFAULT") || IsWord("GENERATED"))
            {
                throw Unsupported("column defaults and generated columns");
            }
        }
        while (TrySymbol(","));
        return new StructType(fields.ToSeq());
    }
}
