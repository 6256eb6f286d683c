namespace Hearth.Architecture.Tests;

/// <summary>The measure itself.</summary>
public sealed class FunctionScannerTests
{
    [Fact]
    public void Methods_are_measured_from_their_name_to_their_end()
    {
        const string source = """
            namespace N;
            // a comment with { and "
            public sealed record R(int A)
            {
                public int B { get; init; } = 3;
                private readonly int[] _table = [1, 2, 3];
                [Attribute("x")]
                public async Task<int> RunAsync<T>(
                    string text, T other)
                    where T : class
                {
                    var quoted = $"{(text.Length > 0 ? "{" : "}")} {{ }}";
                    var c = '{';
                    return @"a "" {".Length;
                }

                public static string Short(int a) => a switch
                {
                    1 => "one",
                    _ => "more",
                };

                private sealed class Inner { public Inner() { } }
            }
            """;

        FunctionScanner.InCSharp(source).ShouldBe([new("RunAsync", 8, 8), new("Short", 17, 5), new("Inner", 23, 1)]);
    }

    [Fact]
    public void Tables_and_properties_are_no_functions()
    {
        const string source = """
            class C
            {
                public static IReadOnlyList<A> All { get; } =
                [
                    new("x", f: a => { return a; }),
                ];
                public int P { get { return 1; } }
            }
            """;

        FunctionScanner.InCSharp(source).ShouldBeEmpty();
    }

    [Fact]
    public void A_type_with_parameters_and_defaults_is_no_function()
    {
        const string source = """
            [Obsolete("x", error: false)]
            internal sealed class C(int a = 3, string b = "") : Base(a)
            {
                public int M(int x = 1) => a + x;
            }
            """;

        FunctionScanner.InCSharp(source).ShouldBe([new("M", 4, 1)]);
    }

    [Fact]
    public void Raw_text_is_no_code()
    {
        var quotes = new string('"', 3);
        var source = $"class C\n{{\n    void M()\n    {{\n        var s = {quotes}\n            }} }} {{ \"\n            {quotes};\n    }}\n}}\n";

        FunctionScanner.InCSharp(source).ShouldBe([new("M", 3, 6)]);
    }

    [Fact]
    public void Python_functions_end_where_the_indentation_does()
    {
        string[] lines = ["class A:", "    def f(", "        self,", "    ):", "        return 1", "", "    async def g(self):", "        pass", "", "x = 1"];

        FunctionScanner.InPython(lines).ShouldBe([new("f", 2, 4), new("g", 7, 2)]);
    }
}
