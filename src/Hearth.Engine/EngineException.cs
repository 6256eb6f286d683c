namespace Hearth.Engine;

/// <summary>The Python exception family that Spark raises for an error.</summary>
public enum ErrorKind
{
    /// <summary>The statement cannot be read.</summary>
    ParseException,

    /// <summary>The statement is read but not valid against names and types.</summary>
    AnalysisException,

    /// <summary>Valid Spark that this engine does not run.</summary>
    UnsupportedOperationException,

    /// <summary>An argument is out of its domain.</summary>
    IllegalArgumentException,

    /// <summary>Failed while running.</summary>
    SparkRuntimeException,

    /// <summary>Spark 3 and the versions before it differ here; the user has to choose.</summary>
    SparkUpgradeException,

    /// <summary>A Python function raised an exception.</summary>
    PythonException,
}

/// <summary>A place in a SQL text: line from 1, column from 0, offset from 0 (as Spark counts them).</summary>
public readonly record struct SourcePosition(int Line, int Column, int Offset);

/// <summary>Every error the engine reports: Spark's error class where Spark has one, the SQLSTATE, a message and the way on.</summary>
public sealed class EngineException : Exception
{
    /// <param name="errorClass">Spark's error class, for example <c>UNRESOLVED_COLUMN.WITH_SUGGESTION</c>.</param>
    /// <param name="message">What is wrong and where, without the class.</param>
    /// <param name="kind">The exception family.</param>
    /// <param name="hint">How to go on.</param>
    /// <param name="position">Place in the SQL text.</param>
    /// <param name="inner">Cause.</param>
    public EngineException(string errorClass, string message, ErrorKind kind = ErrorKind.AnalysisException, string? hint = null, SourcePosition? position = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorClass = errorClass;
        Kind = kind;
        Hint = hint;
        Position = position;
    }

    /// <summary>Spark's error class.</summary>
    public string ErrorClass { get; }

    /// <summary>The exception family.</summary>
    public ErrorKind Kind { get; }

    /// <summary>How to go on, or null.</summary>
    public string? Hint { get; }

    /// <summary>Place in the SQL text, or null.</summary>
    public SourcePosition? Position { get; }

    /// <summary>SQLSTATE of <see cref="ErrorClass"/>, or null where none is assigned.</summary>
    public string? SqlState => SqlStates.Of(ErrorClass);

    /// <summary>The text as Spark prints it: <c>[CLASS] message; line 1 pos 7</c>.</summary>
    public string Describe()
    {
        string where = Position is { } p ? $"; line {p.Line} pos {p.Column}" : "";
        return $"[{ErrorClass}] {Message}{where}";
    }

    /// <summary>The same error, placed at <paramref name="position"/> unless it already has a place.</summary>
    public EngineException At(SourcePosition? position) =>
        Position is not null || position is null ? this : new EngineException(ErrorClass, Message, Kind, Hint, position, InnerException);
}
