namespace Hearth.Engine.Types;

/// <summary>A Spark SQL data type (Spark 3.5).</summary>
public abstract record SparkType
{
    /// <summary>The short form of <c>dtypes</c> and DESCRIBE, for example <c>array&lt;int&gt;</c>.</summary>
    public abstract string SimpleName { get; }

    /// <summary>The SQL form, for example <c>ARRAY&lt;INT&gt;</c>.</summary>
    public virtual string SqlName => SimpleName.ToUpperInvariant();

    /// <summary>The word of <c>printSchema</c>.</summary>
    public abstract string TreeName { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => SimpleName;

    public static readonly AtomicType Boolean = new("boolean", "boolean", "BOOLEAN");
    public static readonly AtomicType Byte = new("tinyint", "byte", "TINYINT");
    public static readonly AtomicType Short = new("smallint", "short", "SMALLINT");
    public static readonly AtomicType Int = new("int", "integer", "INTEGER");
    public static readonly AtomicType Long = new("bigint", "long", "BIGINT");
    public static readonly AtomicType Float = new("float", "float", "FLOAT");
    public static readonly AtomicType Double = new("double", "double", "DOUBLE");
    public static readonly AtomicType String = new("string", "string", "VARCHAR");
    public static readonly AtomicType Binary = new("binary", "binary", "BLOB");
    public static readonly AtomicType Date = new("date", "date", "DATE");
    public static readonly AtomicType Timestamp = new("timestamp", "timestamp", "TIMESTAMP WITH TIME ZONE");
    public static readonly AtomicType TimestampNtz = new("timestamp_ntz", "timestamp_ntz", "TIMESTAMP");
    public static readonly AtomicType Void = new("void", "void", "\"NULL\"");
    public static readonly AtomicType CalendarInterval = new("interval", "interval", "INTERVAL");

    /// <summary>DECIMAL without arguments.</summary>
    public static readonly DecimalType DefaultDecimal = new(10, 0);

    public bool IsIntegral => this == Byte || this == Short || this == Int || this == Long;

    public bool IsFractional => this == Float || this == Double;

    public bool IsNumeric => IsIntegral || IsFractional || this is DecimalType;

    public bool IsInterval => this == CalendarInterval || this is YearMonthType or DayTimeType;

    public bool IsTimestamp => this == Timestamp || this == TimestampNtz;

    public bool IsAtomic => this is not (ArrayType or MapType or StructType);

    /// <summary>Whether the type, or one inside it, is such a one.</summary>
    public bool Holds(Func<SparkType, bool> test) => test(this) || this switch
    {
        ArrayType a => a.Element.Holds(test),
        MapType m => m.Key.Holds(test) || m.Value.Holds(test),
        StructType s => s.Fields.Any(f => f.Type.Holds(test)),
        _ => false,
    };
}

/// <summary>A type without arguments.</summary>
/// <param name="Simple">Short name.</param>
/// <param name="Tree">Name in JSON and printSchema.</param>
/// <param name="Duck">DuckDB's name.</param>
public sealed record AtomicType(string Simple, string Tree, string Duck) : SparkType
{
    /// <inheritdoc/>
    public override string SimpleName => Simple;

    /// <inheritdoc/>
    public override string TreeName => Tree;
}

/// <summary>DECIMAL(p, s), at most 38 digits.</summary>
public sealed record DecimalType(int Precision, int Scale) : SparkType
{
    public const int MaxPrecision = 38;

    /// <inheritdoc/>
    public override string SimpleName => $"decimal({Precision},{Scale})";

    /// <inheritdoc/>
    public override string TreeName => SimpleName;

    /// <summary>The digits that hold every value of an integer type.</summary>
    public static DecimalType ForIntegral(SparkType type) =>
        type == Byte ? new(3, 0) : type == Short ? new(5, 0) : type == Int ? new(10, 0) : new DecimalType(20, 0);

    /// <summary>Limits to 38 digits, giving up fraction digits down to 6 before integral ones (allowPrecisionLoss).</summary>
    public static DecimalType Adjust(int precision, int scale)
    {
        if (precision <= MaxPrecision)
        {
            return new DecimalType(precision, scale);
        }

        int kept = Math.Max(MaxPrecision - (precision - scale), Math.Min(scale, 6));
        return new DecimalType(MaxPrecision, kept);
    }

    /// <summary>The type of a quotient when no digits may be lost: beyond 38 both parts give up half. Source: Spark, BinaryArithmetic.Divide with allowPrecisionLoss=false.</summary>
    public static DecimalType Quotient(int whole, int fraction)
    {
        whole = Math.Min(MaxPrecision, whole);
        fraction = Math.Min(MaxPrecision, fraction);
        int over = whole + fraction - MaxPrecision;
        if (over > 0)
        {
            fraction -= (over / 2) + 1;
            whole = MaxPrecision - fraction;
        }

        return Bounded(whole + fraction, fraction);
    }

    /// <summary>Limits both to 38.</summary>
    public static DecimalType Bounded(int precision, int scale) => new(Math.Min(precision, MaxPrecision), Math.Min(scale, MaxPrecision));
}

/// <summary>INTERVAL YEAR TO MONTH and its parts; 0 = YEAR, 1 = MONTH.</summary>
public sealed record YearMonthType(int Start = 0, int End = 1) : SparkType
{
    private static readonly string[] Units = ["year", "month"];

    /// <inheritdoc/>
    public override string SimpleName => Start == End ? $"interval {Units[Start]}" : $"interval {Units[Start]} to {Units[End]}";

    /// <inheritdoc/>
    public override string TreeName => SimpleName;
}

/// <summary>INTERVAL DAY TO SECOND and its parts; 0 = DAY, 1 = HOUR, 2 = MINUTE, 3 = SECOND.</summary>
public sealed record DayTimeType(int Start = 0, int End = 3) : SparkType
{
    private static readonly string[] Units = ["day", "hour", "minute", "second"];

    /// <inheritdoc/>
    public override string SimpleName => Start == End ? $"interval {Units[Start]}" : $"interval {Units[Start]} to {Units[End]}";

    /// <inheritdoc/>
    public override string TreeName => SimpleName;
}

/// <summary>ARRAY&lt;T&gt;.</summary>
public sealed record ArrayType(SparkType Element, bool ContainsNull = true) : SparkType
{
    /// <inheritdoc/>
    public override string SimpleName => $"array<{Element.SimpleName}>";

    /// <inheritdoc/>
    public override string SqlName => $"ARRAY<{Element.SqlName}>";

    /// <inheritdoc/>
    public override string TreeName => "array";
}

/// <summary>MAP&lt;K, V&gt;.</summary>
public sealed record MapType(SparkType Key, SparkType Value, bool ValueContainsNull = true) : SparkType
{
    /// <inheritdoc/>
    public override string SimpleName => $"map<{Key.SimpleName},{Value.SimpleName}>";

    /// <inheritdoc/>
    public override string SqlName => $"MAP<{Key.SqlName}, {Value.SqlName}>";

    /// <inheritdoc/>
    public override string TreeName => "map";
}

/// <summary>A field of a struct or a column of a table.</summary>
/// <param name="Name">Name as written.</param>
/// <param name="Type">Type.</param>
/// <param name="Nullable">Whether NULL can occur.</param>
/// <param name="Comment">Comment, or null.</param>
public sealed record StructField(string Name, SparkType Type, bool Nullable = true, string? Comment = null)
{
    /// <summary>n of a VARCHAR(n) column, whose type is STRING to queries and which takes no longer text; null for other columns.</summary>
    public int? Length { get; init; }

    /// <summary>The type as DESCRIBE shows it.</summary>
    public string ShownType => Length is { } n ? $"varchar({n})" : Type.SimpleName;

    /// <summary>The type as SHOW CREATE TABLE writes it.</summary>
    public string DeclaredType => Length is { } n ? $"VARCHAR({n})" : Type.SqlName;
}

/// <summary>STRUCT&lt;..&gt;; also the schema of a relation.</summary>
public sealed record StructType(Seq<StructField> Fields) : SparkType
{
    /// <inheritdoc/>
    public override string SimpleName => $"struct<{string.Join(",", Fields.Select(f => $"{f.Name}:{f.Type.SimpleName}"))}>";

    /// <inheritdoc/>
    public override string SqlName => $"STRUCT<{string.Join(", ", Fields.Select(f => $"{f.Name}: {f.Type.SqlName}{(f.Nullable ? "" : " NOT NULL")}"))}>";

    /// <inheritdoc/>
    public override string TreeName => "struct";

    /// <summary>Index of a field by name, upper and lower case alike; -1 when absent.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Fields.Count; i++)
        {
            if (string.Equals(Fields[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
