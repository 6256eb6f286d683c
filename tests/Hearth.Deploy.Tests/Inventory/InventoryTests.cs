using System.Text.RegularExpressions;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>Both public blueprints row by row, and where each row is here: <c>cases/inventory-*.txt</c>.</summary>
public sealed partial class InventoryTests
{
    private static readonly (string File, string Blueprint)[] Files = [("inventory-a.txt", "emr-eks-karpenter"), ("inventory-c.txt", "analytics-platform"), ("inventory-e.txt", "emr-eks-karpenter")];

    public static TheoryData<string, string, string> Rows => [.. Files.SelectMany(f => InventoryFile.Read(f.File).Rows.Select(r => (f.File, r.Section, r.Name)))];

    public static TheoryData<string> Inventories => [.. Files.Select(f => f.File)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_of_the_public_blueprint_is_here(string file, string section, string row)
    {
        var found = InventoryFile.Read(file).Rows.Single(r => r.Section == section && r.Name == row);

        found.Cases.ShouldNotBeEmpty($"say where '{row}' is, or why it is not");
        foreach (var text in found.Cases)
        {
            InventoryCase.Check(text, Files.Single(f => f.File == file).Blueprint);
        }
    }

    [Theory]
    [MemberData(nameof(Inventories))]
    public void No_row_goes_missing(string file)
    {
        var (rows, sections) = InventoryFile.Read(file);

        sections.ShouldBe(rows.GroupBy(r => r.Section).ToDictionary(g => g.Key, g => g.Count()), ignoreOrder: true);
        rows.Select(r => $"{r.Section} {r.Name}").ShouldBeUnique();
    }

    [Theory]
    [InlineData("cfn AWS::EC2::VPC | CidrBlock = 10.9.0.0/16")]
    [InlineData("cfn AWS::EC2::VPC CidrBlock=10.9.0.0/16 | count = 1")]
    [InlineData("cfn AWS::EC2::VPC CidrBlock=10.9.0.0/16 | CidrBlock !~ x")]
    [InlineData("k8s StorageClass gp3 | provisioner ~ kubernetes.io/aws-ebs")]
    [InlineData("test No_such_test")]
    [InlineData("differs words that the page does not have")]
    [InlineData("nothing at all")]
    public void A_case_that_is_not_so_fails(string text) => Should.Throw<ShouldAssertException>(() => InventoryCase.Check(text, "emr-eks-karpenter"));

    /// <summary>The last column of each table names what would fail if a defect came back: a test, a rule of <c>hearth lint</c>, a sample or a page.</summary>
    [Fact]
    public void Every_difference_names_what_holds_it()
    {
        var rules = File.ReadAllText(Path.Combine(Sources.Root, "docs", "reference", "lint.md"));
        foreach (var line in Sources.DifferenceLines.Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| there |", StringComparison.Ordinal)))
        {
            var names = Quoted().Matches(line.Split('|')[^2]).Select(m => m.Groups[1].Value).ToArray();
            names.ShouldNotBeEmpty(line);
            names.ShouldAllBe(n => Sources.Tests.Contains(n) || rules.Contains($"`{n}`", StringComparison.Ordinal) || Path.Exists(Path.Combine(Sources.Root, n)), line);
        }
    }

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();
}
