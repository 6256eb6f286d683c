namespace Hearth.Engine;

/// <summary>SQLSTATEs of Spark 3.5's error classes (Spark documentation, "Error Conditions").</summary>
internal static class SqlStates
{
    private static readonly Dictionary<string, string> States = new(StringComparer.Ordinal)
    {
        ["PARSE_SYNTAX_ERROR"] = "42601",
        ["PARSE_EMPTY_STATEMENT"] = "42617",
        ["UNCLOSED_BRACKETED_COMMENT"] = "42601",
        ["TABLE_OR_VIEW_NOT_FOUND"] = "42P01",
        ["TABLE_OR_VIEW_ALREADY_EXISTS"] = "42P07",
        ["TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"] = "42P07",
        ["SCHEMA_NOT_FOUND"] = "42704",
        ["SCHEMA_ALREADY_EXISTS"] = "42P06",
        ["SCHEMA_NOT_EMPTY"] = "2BP01",
        ["UNRESOLVED_COLUMN"] = "42703",
        ["AMBIGUOUS_REFERENCE"] = "42704",
        ["UNRESOLVED_ROUTINE"] = "42883",
        ["WRONG_NUM_ARGS"] = "42605",
        ["DATATYPE_MISMATCH"] = "42K09",
        ["MISSING_AGGREGATION"] = "42803",
        ["MISSING_GROUP_BY"] = "42803",
        ["GROUP_BY_POS_OUT_OF_RANGE"] = "42805",
        ["ORDER_BY_POS_OUT_OF_RANGE"] = "42805",
        ["FIELD_NOT_FOUND"] = "42704",
        ["INVALID_EXTRACT_BASE_FIELD_TYPE"] = "42000",
        ["NUM_COLUMNS_MISMATCH"] = "42826",
        ["INCOMPATIBLE_COLUMN_TYPE"] = "42825",
        ["INSERT_COLUMN_ARITY_MISMATCH"] = "21S01",
        ["EXCEED_LIMIT_LENGTH"] = "54006",
        ["INCOMPATIBLE_DATA_FOR_TABLE"] = "KD000",
        ["COLUMN_ALREADY_EXISTS"] = "42711",
        ["UNSUPPORTED_GENERATOR"] = "0A000",
        ["UNSUPPORTED_FEATURE"] = "0A000",
        ["PATH_NOT_FOUND"] = "42K03",
        ["PATH_ALREADY_EXISTS"] = "42K04",
        ["UNABLE_TO_INFER_SCHEMA"] = "42KD9",
        ["INVALID_IDENTIFIER"] = "42602",
        ["DUPLICATED_MAP_KEY"] = "23505",
        ["SCALAR_SUBQUERY_TOO_MANY_ROWS"] = "21000",
        ["INVALID_INDEX_OF_ZERO"] = "22003",
        ["INVALID_PARAMETER_VALUE"] = "22023",
        ["ARITHMETIC_OVERFLOW"] = "22003",
        ["OPERATION_CANCELLED"] = "HY008",
    };

    /// <summary>The state of a class or of the class before the dot.</summary>
    public static string? Of(string errorClass) =>
        States.TryGetValue(errorClass, out string? state) || States.TryGetValue(errorClass.Split('.')[0], out state) ? state : null;
}
