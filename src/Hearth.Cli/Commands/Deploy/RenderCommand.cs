using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;

namespace Hearth.Cli.Commands.Deploy;

/// <summary><c>hearth render</c>: the Kubernetes side of a declaration as a folder, for GitOps.</summary>
internal static class RenderCommand
{
    public static Command Create(CliContext context)
    {
        var declaration = new DeclarationOptions();
        var outputs = new Option<FileInfo?>("--outputs")
        {
            Description = "Outputs of deployed stacks as JSON ({\"Name\": \"value\"}); without it they stay placeholders, as ${ClusterEndpoint}.",
            HelpName = "FILE",
        };
        var command = new Command("render", "Write the platform's Kubernetes objects and Helm values to a folder.") { outputs };
        declaration.AddTo(command);
        command.SetAction(parsed =>
        {
            var platform = declaration.Load(parsed);
            var directory = declaration.Directory(parsed, platform, context);
            var files = Rendering.Of(platform, Read(parsed.GetValue(outputs)));
            RenderedFolder.Write(directory, files);
            foreach (var file in files)
            {
                context.Print(Path.Combine(directory, file.Path));
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static StackOutputs Read(FileInfo? file)
    {
        if (file is null)
        {
            return StackOutputs.None;
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(file.FullName)) is JsonObject known
                ? StackOutputs.Of(known.ToDictionary(o => o.Key, o => o.Value?.ToString() ?? "", StringComparer.Ordinal))
                : throw CliException.BadInput($"{file} is not an object of outputs");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw CliException.BadInput($"cannot read {file}: {error.Message}");
        }
    }
}
