namespace Hearth.Cli.Hosting;

/// <summary>What lies where in a data directory (format <see cref="DataDirectory.Format"/>); see <see cref="DataDirectory"/> for the files at its top.</summary>
internal static class DataLayout
{
    /// <summary>Buckets of the embedded S3, one directory each.</summary>
    public const string Buckets = "s3";

    /// <summary>Managed tables and the catalog that jobs, <c>hearth query</c> and the Glue calls share.</summary>
    public const string Warehouse = "warehouse";
}
