using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform blueprints</c>: the declarations that come with Hearth.</summary>
internal static class BlueprintsCommand
{
    public static Command Create(CliContext context)
    {
        var output = OutputOption.Create();
        var command = new Command("blueprints", "List the built-in declarations.") { output };
        command.SetAction(parsed =>
        {
            ListingWriter.Write(context, OutputOption.Read(parsed, output), List());
            return ExitCodes.Success;
        });
        return command;
    }

    private static Listing List()
    {
        var rows = new List<IReadOnlyList<string>>();
        var document = new JsonArray();
        foreach (var name in PlatformLoader.Blueprints)
        {
            var platform = PlatformLoader.Load(name);
            var isDefault = string.Equals(name, PlatformLoader.DefaultBlueprint, StringComparison.Ordinal);
            rows.Add([name, platform.Name, platform.Region, platform.KubernetesVersion, Count(platform.NodeGroups.Count), Count(platform.NodePools.Count), Count(platform.Teams.Count), isDefault ? "default" : string.Empty]);
            document.Add((JsonNode)new JsonObject
            {
                ["name"] = name,
                ["platform"] = platform.Name,
                ["region"] = platform.Region,
                ["kubernetesVersion"] = platform.KubernetesVersion,
                ["nodeGroups"] = platform.NodeGroups.Count,
                ["nodePools"] = platform.NodePools.Count,
                ["teams"] = platform.Teams.Count,
                ["default"] = isDefault,
            });
        }

        return new Listing(["NAME", "PLATFORM", "REGION", "KUBERNETES", "GROUPS", "POOLS", "TEAMS", "NOTE"], rows, document);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
