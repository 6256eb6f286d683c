namespace Hearth.Aws.Tables;

/// <summary>The tables of one team, the same that its jobs and <c>hearth query</c> see. Thread safe; every change is atomic.</summary>
public interface IDataCatalog
{
    /// <summary>Name of the catalog: the team's.</summary>
    string Name { get; }

    /// <summary>The team that it belongs to.</summary>
    string Team { get; }

    /// <summary>Whether it holds anything yet.</summary>
    bool IsUsed { get; }

    /// <summary>Databases, sorted by name; <c>default</c> is always there.</summary>
    IReadOnlyList<CatalogDatabase> Databases();

    /// <summary>A database, or null.</summary>
    CatalogDatabase? FindDatabase(string name);

    /// <summary>Makes a database; false when there is one of the name.</summary>
    bool CreateDatabase(CatalogDatabase database);

    /// <summary>Replaces what is known of a database.</summary>
    void UpdateDatabase(CatalogDatabase database);

    /// <summary>Removes a database and the entries of its tables; data stays.</summary>
    void DropDatabase(string name);

    /// <summary>Tables and views of a database, sorted by name. Columns of a Delta table are those of its log.</summary>
    IReadOnlyList<CatalogTable> Tables(string database);

    /// <summary>A table or view, or null.</summary>
    CatalogTable? FindTable(string database, string name);

    /// <summary>Stores a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="replace">Whether one of the same name is replaced.</param>
    /// <returns>False when there is one of the name and it is not to be replaced.</returns>
    /// <exception cref="CatalogException">A type is none, or the location is not one for tables.</exception>
    bool Save(CatalogTable table, bool replace);

    /// <summary>Removes the entry of a table; data stays.</summary>
    void DropTable(CatalogTable table);

    /// <summary>Partitions, sorted by their directories; <c>__HIVE_DEFAULT_PARTITION__</c> stands for NULL.</summary>
    IReadOnlyList<CatalogPartition> Partitions(CatalogTable table);

    /// <summary>Makes a partition: its directory below the table's location.</summary>
    /// <returns>False when it is there.</returns>
    /// <exception cref="CatalogException">The table cannot have it.</exception>
    bool AddPartition(CatalogTable table, IReadOnlyList<string> values);

    /// <summary>Removes a partition that has no data.</summary>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="CatalogException">It has data, or the table's partitions are not directories.</exception>
    bool DropPartition(CatalogTable table, IReadOnlyList<string> values);
}

/// <summary>A partition.</summary>
/// <param name="Values">Values in the order of the partition columns.</param>
/// <param name="Location">URI of its data.</param>
/// <param name="Created">When it was made.</param>
public sealed record CatalogPartition(IReadOnlyList<string> Values, string Location, DateTimeOffset Created);

/// <summary>The catalogs of the platform, one a team.</summary>
public interface IDataCatalogs
{
    /// <summary>All of them, sorted by name.</summary>
    IReadOnlyList<IDataCatalog> All { get; }
}
