namespace Hearth.Platform.Tests;

/// <summary>Reads <c>cases/faults.txt</c>.</summary>
public static class FaultCases
{
    private const string DocumentSeparator = "---8<---";

    public sealed record Case(string Title, string Document, string Expected)
    {
        public override string ToString() => Title;
    }

    public static IEnumerable<Case> Read() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "faults.txt"))
            .Split("\n=== ")
            .Skip(1)
            .Select(ReadOne);

    private static Case ReadOne(string block)
    {
        var title = block[..block.IndexOf('\n')];
        var parts = block[(title.Length + 1)..].Split("\n---\n");
        parts.Length.ShouldBe(2, title);
        return new Case(title, parts[0].Replace(DocumentSeparator, "---") + "\n", parts[1].Trim());
    }
}
