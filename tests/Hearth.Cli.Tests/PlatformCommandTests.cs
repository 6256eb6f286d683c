using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Tests;

public sealed class PlatformCommandTests
{
    [Fact]
    public async Task Show_prints_a_declaration_that_is_valid_again()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.In("p.yaml");
        await File.WriteAllTextAsync(file, (await CliHarness.Run("platform", "show")).Out);

        var outcome = await CliHarness.Run("platform", "validate", file);

        outcome.ShouldBe(new CliOutcome(0, $"{file}: valid (emr-eks-karpenter: 1 node groups, 4 node pools, 2 teams)\n", string.Empty));
    }

    [Fact]
    public async Task Show_as_json_is_json() =>
        JsonNode.Parse((await CliHarness.Run("platform", "show", "-o", "json")).Out)!["spec"]!["teams"]!.AsArray().Count.ShouldBe(2);

    [Fact]
    public async Task Show_source_keeps_the_comments() =>
        (await CliHarness.Run("platform", "show", "analytics-platform", "--source")).Out.ShouldStartWith("# The analytics platform");

    [Fact]
    public async Task Validate_says_every_fault_with_its_place_and_exits_2()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.In("p.yaml");
        await File.WriteAllTextAsync(file, "apiVersion: hearth.dev/v1\nkind: Platform\nmetadata: {name: p}\nspec:\n  nodePool: []\n  region: Oregon\n");

        var outcome = await CliHarness.Run("platform", "validate", file);

        outcome.ExitCode.ShouldBe(ExitCodes.BadInput);
        outcome.Out.ShouldBeEmpty();
        outcome.Error.ShouldBe(
            $"{file}:5:3: spec.nodePool: unknown field 'nodePool' in spec; did you mean 'nodePools'?\n" +
            $"{file}:6:11: spec.region: 'Oregon' is not an AWS region, as us-west-2\n");
    }

    [Fact]
    public async Task An_unknown_blueprint_names_the_valid_ones()
    {
        var outcome = await CliHarness.Run("up", "--data-dir", "unused", "--blueprint", "emr-eks-karpentr");

        outcome.ShouldBe(new CliOutcome(
            ExitCodes.BadInput,
            string.Empty,
            "hearth: unknown blueprint 'emr-eks-karpentr'; did you mean 'emr-eks-karpenter'?\n" +
            "Built-in: emr-eks-karpenter, analytics-platform. A file is named by its path, as ./platform.yaml.\n"));
    }

    [Fact]
    public async Task Addons_say_what_they_are_embedded()
    {
        var addons = JsonNode.Parse((await CliHarness.Run("platform", "addons", "-o", "json")).Out)!.AsArray();

        addons.Single(a => (string)a!["name"]! == "karpenter")!["embedded"]!.GetValue<string>().ShouldBe("real");
        addons.Select(a => (string)a!["embedded"]!).Distinct().ShouldBe(["stand-in", "not realised embedded", "real"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("platform", "addons")]
    [InlineData("platform", "blueprints")]
    public async Task Listings_come_as_table_json_and_yaml(params string[] command)
    {
        (await CliHarness.Run([.. command, "-o", "table"])).Out.ShouldStartWith("NAME ");
        JsonNode.Parse((await CliHarness.Run([.. command, "-o", "json"])).Out).ShouldBeOfType<JsonArray>();
        (await CliHarness.Run([.. command, "-o", "yaml"])).Out.ShouldStartWith("- name: ");
    }

    [Fact]
    public async Task The_schema_is_the_published_one()
    {
        var schema = JsonNode.Parse((await CliHarness.Run("platform", "schema")).Out)!;

        schema["$schema"]!.GetValue<string>().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        (await CliHarness.Run("platform", "schema", "--format", "markdown")).Out.ShouldStartWith("# platform.yaml");
    }
}
