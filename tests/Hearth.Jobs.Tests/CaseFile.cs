namespace Hearth.Jobs.Tests;

/// <summary>Reads table files: a block begins with "> head" and goes on to the next blank line or head; "#" lines are remarks.</summary>
internal static class CaseFile
{
    public static IEnumerable<(string Head, string[] Body)> Read(string name)
    {
        string? head = null;
        var body = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", name)))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                if (head is not null)
                {
                    yield return (head, [.. body]);
                }

                head = line[2..];
                body.Clear();
            }
            else if (line.Length > 0)
            {
                body.Add(line);
            }
        }

        if (head is not null)
        {
            yield return (head, [.. body]);
        }
    }
}
