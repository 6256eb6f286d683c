using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>Questions and answers in <c>cases/*.sqltest</c>.</summary>
public sealed class SqlCaseTests
{
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
        using EngineSession session = Sessions.Open();
        string actual;
        try
        {
            string[] lines = session.Show(session.Execute(sql).Relation, 100, 0).Split('\n');
            actual = string.Join('\n', lines.Where(l => l.StartsWith('|')));
        }
        catch (EngineException error)
        {
            actual = $"error {error.ErrorClass}";
        }

        actual.ShouldBe(expected, title);
    }
}
