namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>The tables of cases as files.</summary>
internal static class EmrCases
{
    private static readonly string[] Calls = ["> ", "~ ", "& ", "* "];

    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "cases", "emr");

    /// <summary>Constraint cases: operation, member, kind.</summary>
    public static IReadOnlyList<(string Operation, string Member, string Kind)> Constraints() =>
    [
        .. Files("constraints").SelectMany(f => File.ReadLines(f)
            .Where(l => l.Contains(" :: ", StringComparison.Ordinal) && !l.StartsWith('#'))
            .Select(l => l.Split(" :: ", 4))
            .Select(l => (Path.GetFileNameWithoutExtension(f), l[0], l[1]))),
    ];

    /// <summary>Operations of the tables.</summary>
    public static IReadOnlyList<string> Operations() => [.. Files("constraints").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    /// <summary>Scenarios with the operations that they call and the errors that they expect of them.</summary>
    public static IReadOnlyList<(string Title, IReadOnlySet<string> Operations, IReadOnlySet<(string Operation, string Code)> Errors)> Scenarios()
    {
        var found = new List<(string, IReadOnlySet<string>, IReadOnlySet<(string, string)>)>();
        foreach (var text in Files("scenarios").SelectMany(f => File.ReadAllText(f).Split("== ").Skip(1)))
        {
            var lines = text.Split('\n');
            var operations = new HashSet<string>(StringComparer.Ordinal);
            var errors = new HashSet<(string, string)>();
            for (var i = 1; i < lines.Length; i++)
            {
                if (Calls.Any(c => lines[i].StartsWith(c, StringComparison.Ordinal)))
                {
                    var operation = lines[i].Split(' ')[lines[i][0] == '*' ? 2 : 1];
                    operations.Add(operation);
                    if (i + 1 < lines.Length && lines[i + 1].StartsWith("! ", StringComparison.Ordinal))
                    {
                        errors.Add((operation, lines[i + 1].Split(' ')[1]));
                    }
                }
            }

            found.Add((lines[0].Trim(), operations, errors));
        }

        return found;
    }

    private static IEnumerable<string> Files(string directory) =>
        System.IO.Directory.EnumerateFiles(Path.Combine(Directory, directory), "*.txt").Order(StringComparer.Ordinal);
}
