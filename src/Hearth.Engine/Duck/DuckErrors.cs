using System.Text.Json;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>libduckdb's errors as Spark's. Names and types are checked before a statement reaches libduckdb, so a binder error is a fault of
/// the translator and says so.</summary>
internal static class DuckErrors
{
    private const int Interrupted = 29;

    public static unsafe EngineException From(ref DuckResultStruct result, string sql, CancellationToken cancellationToken) =>
        From(Text(duckdb_result_error(ref result)), duckdb_result_error_type(ref result), sql, cancellationToken);

    public static EngineException From(string raw, int type, string sql, CancellationToken cancellationToken)
    {
        string message = Message(raw, out string exceptionType);
        if (type == Interrupted || cancellationToken.IsCancellationRequested || message.Contains("INTERRUPT", StringComparison.Ordinal))
        {
            return new EngineException("OPERATION_CANCELLED", "The operation was cancelled.", ErrorKind.SparkRuntimeException);
        }

        return exceptionType switch
        {
            "Out of Memory" => new EngineException("OUT_OF_MEMORY", $"The query needs more memory than the session has: {FirstLine(message)}", ErrorKind.SparkRuntimeException, "raise spark.driver.memory or spark.executor.memory, or set spark.hearth.temp.dir so that it can spill"),
            "IO" or "HTTP" => new EngineException("FAILED_READ_FILE", FirstLine(message), ErrorKind.SparkRuntimeException),
            "Out of Range" or "Conversion" when message.Contains("verflow", StringComparison.Ordinal) || message.Contains("out of range", StringComparison.OrdinalIgnoreCase) =>
                new EngineException("ARITHMETIC_OVERFLOW", FirstLine(message), ErrorKind.SparkRuntimeException, "cast to a wider type, or use the try_ functions"),
            "Conversion" when message.Contains("Could not convert string", StringComparison.Ordinal) => new EngineException("CAST_INVALID_INPUT", $"{FirstLine(message)}. Use `try_cast` to tolerate malformed input and return NULL instead.", ErrorKind.SparkRuntimeException),
            "Invalid Input" when message.Contains("more than one row returned by a subquery", StringComparison.OrdinalIgnoreCase) =>
                new EngineException("SCALAR_SUBQUERY_TOO_MANY_ROWS", "More than one row returned by a subquery used as an expression.", ErrorKind.SparkRuntimeException),
            "Invalid Input" when message.Contains("Map keys must be unique", StringComparison.OrdinalIgnoreCase) =>
                new EngineException("DUPLICATED_MAP_KEY", "Duplicate map key was found, please check the input data.", ErrorKind.SparkRuntimeException),
            "Binder" or "Parser" or "Catalog" or "Not implemented" => new EngineException(
                "INTERNAL_ERROR", $"The translated query is not valid: {FirstLine(message)}", ErrorKind.SparkRuntimeException, "this is a fault of Hearth; run the job with `--engine spark` meanwhile"),
            _ => Tagged(message) ?? new EngineException("EXECUTION_FAILED", FirstLine(message), ErrorKind.SparkRuntimeException),
        };
    }

    /// <summary>First line, without libduckdb's error prefix.</summary>
    public static string FirstLine(string message)
    {
        int end = message.IndexOf('\n', StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Trim();
    }

    // A managed function or error('[CLASS] text') carries Spark's class in brackets.
    private static EngineException? Tagged(string message)
    {
        int open = message.IndexOf('[', StringComparison.Ordinal);
        int close = open < 0 ? -1 : message.IndexOf(']', open);
        if (open < 0 || close < 0 || close - open > 80 || message[(open + 1)..close].Any(c => c is not ((>= 'A' and <= 'Z') or '_' or '.')))
        {
            return null;
        }

        string name = message[(open + 1)..close];
        return new EngineException(name, message[(close + 1)..].Trim(), name == "PYTHON_EXCEPTION" ? ErrorKind.PythonException : name == "UNSUPPORTED_FEATURE" ? ErrorKind.UnsupportedOperationException : ErrorKind.SparkRuntimeException);
    }

    private static string Message(string raw, out string exceptionType)
    {
        exceptionType = "";
        if (raw.StartsWith('{'))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(raw);
                exceptionType = document.RootElement.TryGetProperty("exception_type", out JsonElement t) ? t.GetString() ?? "" : "";
                return document.RootElement.TryGetProperty("exception_message", out JsonElement m) ? m.GetString() ?? raw : raw;
            }
            catch (JsonException)
            {
                return raw;
            }
        }

        int colon = raw.IndexOf(" Error: ", StringComparison.Ordinal);
        if (colon is > 0 and < 40)
        {
            exceptionType = raw[..colon];
            return raw[(colon + 8)..];
        }

        return raw;
    }
}
