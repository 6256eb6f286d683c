using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Names of types.</summary>
internal static class TypeNames
{
    /// <summary>A type without arguments by its SQL name (upper case), or null.</summary>
    public static SparkType? Atomic(string name) => name switch
    {
        "BOOLEAN" => SparkType.Boolean,
        "TINYINT" or "BYTE" => SparkType.Byte,
        "SMALLINT" or "SHORT" => SparkType.Short,
        "INT" or "INTEGER" => SparkType.Int,
        "BIGINT" or "LONG" => SparkType.Long,
        "FLOAT" or "REAL" => SparkType.Float,
        "DOUBLE" => SparkType.Double,
        "STRING" => SparkType.String,
        "BINARY" => SparkType.Binary,
        "DATE" => SparkType.Date,
        "TIMESTAMP" or "TIMESTAMP_LTZ" => SparkType.Timestamp,
        "TIMESTAMP_NTZ" => SparkType.TimestampNtz,
        "VOID" or "NULL" => SparkType.Void,
        _ => null,
    };

    /// <summary>A type by its name in Spark's JSON, or null.</summary>
    public static SparkType? TryParse(string name)
    {
        try
        {
            return Atomic(name.ToUpperInvariant()) ?? SqlParser.ParseType(name);
        }
        catch (EngineException)
        {
            return null;
        }
    }
}
