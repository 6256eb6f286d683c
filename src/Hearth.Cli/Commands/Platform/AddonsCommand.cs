using System.CommandLine;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform addons</c>: every add-on, whether it is on, and what it is embedded.</summary>
internal static class AddonsCommand
{
    public static Command Create(CliContext context)
    {
        var blueprint = SharedOptions.Blueprint();
        var output = OutputOption.Create();
        var command = new Command("addons", "List every add-on with its switch and what the embedded platform has in its place.") { blueprint, output };
        command.SetAction(parsed =>
        {
            var platform = PlatformLoader.Load(parsed.GetValue(blueprint)!);
            ListingWriter.Write(context, OutputOption.Read(parsed, output), List(platform));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Listing List(PlatformDeclaration platform)
    {
        var rows = new List<IReadOnlyList<string>>();
        var document = new JsonArray();
        foreach (var addon in AddonCatalog.All)
        {
            var enabled = platform.IsEnabled(addon.Name);
            var version = platform.Addons.TryGetValue(addon.Name, out var declared) && declared.Version.Length > 0 ? declared.Version : addon.Version;
            var embedded = addon.EmbeddedText;
            rows.Add([addon.Name, OnOff(enabled), OnOff(addon.EnabledByDefault), embedded, addon.Namespace, addon.Note]);
            document.Add((JsonNode)new JsonObject
            {
                ["name"] = addon.Name,
                ["title"] = addon.Title,
                ["enabled"] = enabled,
                ["enabledByDefault"] = addon.EnabledByDefault,
                ["embedded"] = embedded,
                ["note"] = addon.Note,
                ["namespace"] = addon.Namespace,
                ["source"] = addon.Source,
                ["version"] = version,
            });
        }

        return new Listing(["NAME", "STATE", "DEFAULT", "EMBEDDED", "NAMESPACE", "NOTE"], rows, document);
    }

    private static string OnOff(bool enabled) => enabled ? "on" : "off";
}
