using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>Questions and answers in <c>cases/*.sqltest</c>. They share an engine; settings, temporary views and tables of a case go with it.</summary>
public sealed class SqlCaseTests : IDisposable
{
    private static readonly Lazy<EngineSession> Shared = new(() => Sessions.Open());

    private static readonly Lazy<EngineSession> Newest = new(() => Sessions.Open(conf: (SparkRelease.Key, "4.0.0")));

    private EngineSession _session = Shared.Value;

    public static TheoryData<string, string, string> Cases()
    {
        TheoryData<string, string, string> data = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.sqltest").Order(StringComparer.Ordinal))
        {
            foreach (string block in File.ReadAllText(file).Split("### ").Skip(1))
            {
                string[] parts = block.Split("\n---\n");
                int line = parts[0].IndexOf('\n', StringComparison.Ordinal);
                data.Add(parts[0][..line], parts[0][line..].Trim(), parts[1].Trim());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_query_gives_its_rows_or_its_error(string title, string sql, string expected)
    {
        // A title says which Spark; the others are 3.5's.
        _session = title.StartsWith("Spark 4:", StringComparison.Ordinal) ? Newest.Value : Shared.Value;
        string actual;
        try
        {
            string[] statements = sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries);
            foreach (string command in statements[..^1])
            {
                _session.Execute(command);
            }

            string[] lines = _session.Show(_session.Execute(statements[^1]).Relation, 100, 0).Split('\n');
            actual = string.Join('\n', lines.Where(l => l.StartsWith('|')));
        }
        catch (EngineException error)
        {
            actual = $"error {error.ErrorClass}";
        }

        actual.ShouldBe(expected, title);
    }

    public void Dispose()
    {
        _session.Conf.Reset(null);
        foreach (string view in _session.TemporaryViews)
        {
            _session.DropTemporaryView(view);
        }

        foreach (Hearth.Engine.Catalog.TableInfo table in _session.Catalog.Tables("default"))
        {
            _session.Execute($"DROP {(table.Kind == "VIEW" ? "VIEW" : "TABLE")} `{table.Name}`");
        }
    }
}
