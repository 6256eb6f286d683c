using System.Globalization;
using Hearth.Engine.Binding;

namespace Hearth.Engine.Delta.Log;

/// <summary>Errors with Delta's classes (delta-error-classes.json).</summary>
internal static class DeltaErrors
{
    private const string Retry = "the transaction read something that another one changed meanwhile: run it again";

    public static EngineException NotATable(string path) =>
        new("DELTA_TABLE_NOT_FOUND", $"Delta table `{path}` doesn't exist.", hint: "a Delta table has a directory _delta_log; CONVERT TO DELTA makes one of Parquet files");

    public static EngineException Missing(string path) => new("DELTA_MISSING_DELTA_TABLE", $"`{path}` is not a Delta table.");

    public static EngineException VersionNotFound(long version, long earliest, long latest) =>
        new("DELTA_VERSION_NOT_FOUND", string.Create(CultureInfo.InvariantCulture, $"Cannot time travel Delta table to version {version}. Available versions: [{earliest}, {latest}]."));

    public static EngineException NotContiguous(string table, long missing) =>
        new("DELTA_VERSIONS_NOT_CONTIGUOUS", string.Create(CultureInfo.InvariantCulture, $"Versions of the table {table} are not contiguous: version {missing} is missing."), ErrorKind.SparkRuntimeException, "a file of _delta_log was deleted; restore it from a backup");

    public static EngineException StateLacks(string what, string table) =>
        new("DELTA_STATE_RECOVER_ERROR", $"The {what} of your Delta table could not be recovered while Reconstructing {table}. Did you manually delete files in the _delta_log directory?", ErrorKind.SparkRuntimeException);

    public static EngineException ReaderFeatures(string table, IEnumerable<string> features) =>
        new("DELTA_UNSUPPORTED_FEATURES_FOR_READ", $"Unable to read {table} as it requires reader table feature \"{string.Join(", ", features)}\" which is unsupported by this engine.", ErrorKind.UnsupportedOperationException, "run the job with `--engine spark`");

    public static EngineException WriterFeatures(string table, IEnumerable<string> features) =>
        new("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", $"Unable to write {table} as it requires writer table feature \"{string.Join(", ", features)}\" which is unsupported by this engine.", ErrorKind.UnsupportedOperationException, "run the job with `--engine spark`");

    public static EngineException Malformed(string file, Exception inner) =>
        new("DELTA_LOG_FILE_MALFORMED", $"The log file {Path.GetFileName(file)} is damaged: {inner.Message}", ErrorKind.SparkRuntimeException, "restore it from a backup", inner: inner);

    public static EngineException Version(string table, int reader, int writer) =>
        new("DELTA_INVALID_PROTOCOL_VERSION", string.Create(CultureInfo.InvariantCulture, $"Unsupported Delta protocol version: table {table} requires reader version {reader} and writer version {writer}; this engine knows readers 1, 2, 3 and writers 1 to 7."), ErrorKind.UnsupportedOperationException, "run the job with `--engine spark`");

    public static EngineException Unsupported(string feature) => Errors.Unsupported(feature);

    public static EngineException AppendOnly(string table) =>
        new("DELTA_CANNOT_MODIFY_APPEND_ONLY", $"This table {table} is configured to only allow appends.", hint: "ALTER TABLE .. SET TBLPROPERTIES ('delta.appendOnly' = 'false')");

    public static EngineException Concurrent(string errorClass, string exception, string message) =>
        new(errorClass, $"{exception}: {message}", ErrorKind.SparkRuntimeException, Retry);

    public static EngineException MetadataMismatch(string detail, string hint) => new("DELTA_METADATA_MISMATCH", $"A schema mismatch detected when writing to the Delta table: {detail}", hint: hint);
}
