namespace Hearth.Architecture.Tests;

/// <summary>Small files, small functions.</summary>
public sealed class SizeTests
{
    private const int MostLinesInAFile = 800;
    private const int MostLinesInAFunction = 120;

    [Fact]
    public void No_source_file_is_too_long() =>
        Repository.Files(".cs", ".py", ".razor", ".css", ".js", ".sh")
            .Select(f => (File: f, Lines: Repository.Lines(f).Length))
            .Where(f => f.Lines > MostLinesInAFile)
            .ShouldBeEmpty($"a source file has at most {MostLinesInAFile} lines");

    [Fact]
    public void No_function_is_too_long() =>
        Repository.Files(".cs").SelectMany(f => TooLong(f, FunctionScanner.InCSharp(Repository.Read(f))))
            .Concat(Repository.Files(".py").SelectMany(f => TooLong(f, FunctionScanner.InPython(Repository.Lines(f)))))
            .ShouldBeEmpty($"a function has at most {MostLinesInAFunction} lines");

    private static IEnumerable<string> TooLong(string file, IEnumerable<Function> functions) =>
        functions.Where(f => f.Lines > MostLinesInAFunction).Select(f => $"{file}:{f.Line} {f.Name} has {f.Lines} lines");
}
