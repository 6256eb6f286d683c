using Hearth.Engine.Session;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Tests.Delta;

/// <summary>Scripts and what their statements show, in <c>cases/delta/**/*.sqltest</c>. In a script <c>${dir}</c> is an empty directory and
/// <c>${golden}</c> holds tables that Spark wrote.</summary>
public sealed class DeltaCaseTests
{
    public static TheoryData<string, string, string> Cases()
    {
        TheoryData<string, string, string> data = [];
        string root = Path.Combine(AppContext.BaseDirectory, "cases", "delta");
        foreach (string file in Directory.EnumerateFiles(root, "*.sqltest", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (string block in File.ReadAllText(file).Split("### ").Skip(1))
            {
                string[] parts = block.Split("\n---\n");
                int line = parts[0].IndexOf('\n', StringComparison.Ordinal);
                data.Add($"{Path.GetFileNameWithoutExtension(file)}: {parts[0][..line]}", parts[0][line..].Trim(), parts[1].Trim());
            }
        }

        return data;
    }

    private static readonly Lock Gate = new();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_script_shows_what_it_says(string title, string script, string expected)
    {
        string dir = Path.Combine(Path.GetTempPath(), $"hearth-delta-{Guid.NewGuid():N}");
        Directory.CreateDirectory(dir);
        try
        {
            using EngineSession session = Sessions.Open();
            string text = script.Replace("${dir}", dir, StringComparison.Ordinal).Replace("${golden}", Path.Combine(AppContext.BaseDirectory, "golden"), StringComparison.Ordinal);
            List<string> shown = [];
            foreach (string statement in SqlParser.SplitScript(text))
            {
                shown.AddRange(Show(session, statement));
            }

            if (Environment.GetEnvironmentVariable("HEARTH_RECORD_CASES") is { } record)
            {
                // Answers to look at and to copy: one file a file of cases.
                lock (Gate)
                {
                    File.AppendAllText(Path.Combine(record, title[..title.IndexOf(':', StringComparison.Ordinal)]), $"### {title[(title.IndexOf(':', StringComparison.Ordinal) + 2)..]}\n{script}\n---\n{string.Join('\n', shown.Select(l => l.TrimEnd())).Trim()}\n");
                }
            }

            string.Join('\n', shown.Select(l => l.TrimEnd())).Trim().ShouldBe(string.Join('\n', expected.Split('\n').Select(l => l.TrimEnd())), title);
        }
        finally
        {
            Directory.Delete(dir, recursive: true);
        }
    }

    // Rows without ORDER BY have no order: they are compared sorted.
    private static IEnumerable<string> Ordered(IEnumerable<string> lines, string statement) => statement.Contains("ORDER BY", StringComparison.OrdinalIgnoreCase)
        ? lines
        : lines.Take(1).Concat(lines.Skip(1).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Show(EngineSession session, string statement)
    {
        try
        {
            StatementResult result = session.Execute(statement);
            return session.SchemaOf(result.Relation).Fields.Count == 0 ? [] : Ordered(session.Show(result.Relation, 1000, 0).Split('\n').Where(l => l.StartsWith('|')), statement);
        }
        catch (EngineException error)
        {
            return [$"error {error.ErrorClass}", .. statement.StartsWith("/*detail*/", StringComparison.Ordinal) ? new[] { error.Message } : []];
        }
    }
}
