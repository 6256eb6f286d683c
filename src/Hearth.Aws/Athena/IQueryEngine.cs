using Hearth.Aws.Signing;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Athena;

/// <summary>A statement to run.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Database">Database that unqualified names are in.</param>
/// <param name="Parameters">SQL literals for the question marks, in order.</param>
/// <param name="Catalog">Whose tables.</param>
/// <param name="Caller">Whose rights.</param>
public sealed record QueryRequest(string Sql, string Database, IReadOnlyList<string> Parameters, IDataCatalog Catalog, AwsCredential Caller);

/// <summary>A column of a result, with the names of Athena's types.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">For example <c>varchar</c> or <c>decimal</c>.</param>
/// <param name="Precision">Digits, or Athena's constant for the type.</param>
/// <param name="Scale">Digits behind the point; 0 for what has none.</param>
public sealed record QueryColumn(string Name, string Type, int Precision, int Scale);

/// <summary>What kind a statement is.</summary>
/// <param name="Type">DML, DDL or UTILITY.</param>
/// <param name="Substatement">For example SELECT or CREATE_TABLE.</param>
/// <param name="HasRows">Whether it answers with rows of columns, which become a CSV file; others have lines of text.</param>
public sealed record StatementKind(string Type, string Substatement, bool HasRows);

/// <summary>A statement that runs; dispose it when its rows are read.</summary>
public interface IRunningQuery : IDisposable
{
    /// <summary>Columns of the result; none for statements without one.</summary>
    IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Bytes of files that the statement reads.</summary>
    long ScannedBytes { get; }

    /// <summary>Rows that the statement changed; null where that is not known.</summary>
    long? UpdateCount { get; }

    /// <summary>Rows as text, null for NULL.</summary>
    /// <exception cref="QueryException">It failed.</exception>
    IEnumerable<IReadOnlyList<string?>> Rows();
}

/// <summary>Runs statements. Thread safe.</summary>
public interface IQueryEngine
{
    /// <summary>What kind a statement is.</summary>
    /// <exception cref="QueryException">It cannot be read.</exception>
    StatementKind KindOf(string sql);

    /// <summary>Runs a statement; one that is no query has run when this returns.</summary>
    /// <exception cref="QueryException">It failed: the message is for the person who wrote it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IRunningQuery Run(QueryRequest request, CancellationToken ct);
}

/// <summary>A statement failed.</summary>
/// <param name="message">What is wrong and how to go on.</param>
/// <param name="isUsers">Whether the statement is to blame, and not the engine.</param>
public sealed class QueryException(string message, bool isUsers = true) : Exception(message)
{
    /// <summary>Whether the statement is to blame.</summary>
    public bool IsUsers => isUsers;
}
