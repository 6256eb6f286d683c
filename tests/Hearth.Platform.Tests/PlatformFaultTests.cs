namespace Hearth.Platform.Tests;

public sealed class PlatformFaultTests
{
    public static TheoryData<string> Titles => [.. FaultCases.Read().Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_wrong_declaration_says_what_where_and_what_would_be_right(string title)
    {
        var wrong = FaultCases.Read().Single(c => c.Title == title);

        var error = Should.Throw<PlatformException>(() => PlatformYaml.Read(wrong.Document, "f"));

        var said = string.Join('\n', error.Faults.Select(f => f.ToString()["f:".Length..]));
        said.ShouldBe(wrong.Expected);
    }

    [Fact]
    public void Aliases_that_multiply_are_stopped()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
        for (var level = 'b'; level <= 'k'; level++)
        {
            var below = (char)(level - 1);
            bomb += $"{level}: &{level} [{string.Join(',', Enumerable.Repeat($"*{below}", 10))}]\n";
        }

        var error = Should.Throw<PlatformException>(() => PlatformYaml.Read(bomb, "f"));

        error.Message.ShouldContain("more than 200000 values");
    }

    [Fact]
    public void Deep_nesting_is_stopped()
    {
        var error = Should.Throw<PlatformException>(() => PlatformYaml.Read(new string('[', 5000), "f"));

        error.Message.ShouldContain("nested deeper than 64 levels");
    }

    [Fact]
    public void A_declaration_made_in_code_is_checked_by_the_same_rules()
    {
        var declared = new PlatformDeclaration
        {
            Name = "p",
            Teams = [new Team { Name = "a" }, new Team { Name = "a" }],
            NodePools = [new NodePool { Name = "spark", Limits = new PoolLimits { Cpu = "lots" } }],
        };

        var error = Should.Throw<PlatformException>(() => PlatformYaml.Validate(declared));

        error.Faults.Select(f => f.Path).ShouldBe(
            ["spec.nodePools[0].limits.cpu", "spec.teams[1].name"],
            ignoreOrder: true);
        error.Faults.ShouldAllBe(f => f.Position == null);
    }
}
