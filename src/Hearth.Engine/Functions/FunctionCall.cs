using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>A call while it is typed: gives arguments as the function wants them.</summary>
internal sealed class FunctionCall(CallExpr call, ExpressionBinder binder, FunctionDefinition definition)
{
    private readonly BoundExpr?[] _bound = new BoundExpr?[call.Args.Count];

    public string Name => call.Name;

    public FunctionDefinition Definition => definition;

    public int Count => IsStar ? Math.Max(1, call.Args.Count) : call.Args.Count;

    public SourcePosition? At => call.At;

    public CallExpr Call => call;

    public ExpressionBinder Binder => binder;

    /// <summary>count(*).</summary>
    public bool IsStar => call.Args is [StarExpr];

    /// <summary>Whether values that do not fit raise errors.</summary>
    public bool Ansi => binder.Ansi;

    /// <summary>In ANSI mode, an error where the value is NULL though its argument is not.</summary>
    public BoundExpr Required(BoundExpr value, int argument, string error) => !Ansi ? value
        : MakeNullable($"CASE WHEN {{0}} IS NULL THEN NULL WHEN {{1}} IS NULL THEN error({DuckTypes.Literal(error)}) ELSE {{1}} END", value.Type, Arg(argument), value);

    public bool Has(int index) => index < call.Args.Count;

    public Expr Raw(int index) => call.Args[index] is NamedArgument named ? named.Value : call.Args[index];

    /// <summary>The argument with its own type.</summary>
    public BoundExpr Arg(int index) => _bound[index] ??= binder.Bind(Raw(index));

    public IEnumerable<BoundExpr> Args => Enumerable.Range(0, call.Args.Count).Select(Arg);

    public SparkType Type(int index) => Arg(index).Type;

    /// <summary>The argument cast to a type.</summary>
    public BoundExpr As(int index, SparkType type) => Casts.Allowed(Type(index), type, Ansi) ? Arg(index).To(type) : throw Mismatch(index, type.SqlName);

    public BoundExpr Text(int index) => As(index, SparkType.String);

    public BoundExpr Int(int index) => As(index, SparkType.Int);

    public BoundExpr Long(int index) => As(index, SparkType.Long);

    public BoundExpr Double(int index) => As(index, SparkType.Double);

    /// <summary>A number; an interval counts its months or microseconds.</summary>
    public BoundExpr Amount(int index) => Type(index) switch
    {
        YearMonthType => Make("CAST(extract(year FROM {0}) * 12 + extract(month FROM {0}) AS DOUBLE)", SparkType.Double, Arg(index)),
        DayTimeType => Make("CAST(hearth_interval_micros({0}) AS DOUBLE)", SparkType.Double, Arg(index)),
        _ => Double(index),
    };

    public BoundExpr Date(int index) => As(index, SparkType.Date);

    public BoundExpr Timestamp(int index) => Type(index) == SparkType.TimestampNtz ? Arg(index) : As(index, SparkType.Timestamp);

    /// <summary>Whether the argument is an instant and the session zone is UTC, so that its fields need no calendar.</summary>
    public bool InUtc(int index) => Timestamp(index).Type == SparkType.Timestamp && ReferenceEquals(binder.Binder.Session.Zone, TimeZoneInfo.Utc);

    public BoundExpr Bool(int index) => As(index, SparkType.Boolean);

    /// <summary>An array argument.</summary>
    public (BoundExpr Value, ArrayType Type) Array(int index) => Arg(index).Type is ArrayType type
        ? (Arg(index), type)
        : Arg(index).Type == SparkType.Void ? (Arg(index).To(new ArrayType(SparkType.Void)), new ArrayType(SparkType.Void)) : throw Mismatch(index, "ARRAY");

    /// <summary>A map argument.</summary>
    public (BoundExpr Value, MapType Type) Map(int index) => Arg(index).Type is MapType type ? (Arg(index), type) : throw Mismatch(index, "MAP");

    /// <summary>A constant text, or null when it is not constant.</summary>
    public string? ConstantText(int index) => Arg(index) is BoundLiteral { Value: string text } ? text : null;

    /// <summary>A constant integer, or null when it is not constant.</summary>
    public long? ConstantLong(int index) => Arg(index) is BoundLiteral { Value: long number } ? number : null;

    /// <summary>A lambda argument over parameters of the types.</summary>
    public BoundLambda Lambda(int index, params ReadOnlySpan<SparkType> types) => binder.BindLambda(Raw(index), At, types);

    /// <summary>All arguments in their common type.</summary>
    public (Seq<BoundExpr> Values, SparkType Type) Unified()
    {
        BoundExpr[] values = [.. Args];
        SparkType type = binder.Unify(values, Name, At);
        return (values.Select(v => v.To(type)).ToSeq(), type);
    }

    /// <summary>A scalar expression that is NULL when an argument can be.</summary>
    public static BoundExpr Make(string template, SparkType type, params ReadOnlySpan<BoundExpr> args)
    {
        bool nullable = false;
        foreach (BoundExpr arg in args)
        {
            nullable |= arg.Nullable;
        }

        return new BoundCall(template, Seq.Create(args), type, nullable);
    }

    /// <summary>A scalar expression that can be NULL for other reasons.</summary>
    public static BoundExpr MakeNullable(string template, SparkType type, params ReadOnlySpan<BoundExpr> args) => new BoundCall(template, Seq.Create(args), type, true);

    public EngineException Mismatch(int index, string required) => Errors.Mismatch(
        "UNEXPECTED_INPUT_TYPE",
        $"Cannot resolve \"{Name}\" due to data type mismatch: parameter {index + 1} requires the \"{required}\" type, however it has the type {Errors.TypeOf(Type(index))}.",
        Raw(index).At ?? At);

    public EngineException Unsupported(string what) => Errors.Unsupported($"{Name}() {what}", At);
}
