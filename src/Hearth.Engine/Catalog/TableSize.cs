namespace Hearth.Engine.Catalog;

/// <summary>How big a table is.</summary>
/// <param name="Files">Data files.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Rows">Rows, where a table says so without being read: Delta's statistics, Parquet's footers; null otherwise.</param>
/// <param name="Version">Version of a Delta table; null for others.</param>
public sealed record TableSize(long Files, long Bytes, long? Rows, long? Version);
