using System.CommandLine;

namespace Hearth.Cli.Commands;

/// <summary>Options that mean the same on every command that has them.</summary>
internal static class SharedOptions
{
    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = "The directory that holds everything of one platform [default: HEARTH_DATA_DIR or ~/.hearth].",
        HelpName = "DIR",
    };

    public static Option<string> Blueprint() => new("--blueprint", "-b")
    {
        Description = "A built-in blueprint's name, or a platform.yaml file.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => Hearth.Platform.PlatformLoader.DefaultBlueprint,
    };

    public static Option<int> Port(string name, int usual, string what)
    {
        var option = new Option<int>(name)
        {
            Description = $"Port of {what}; 0 picks a free one.",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var port) && port is < 0 or > 65535)
            {
                result.AddError($"{name} {port}: a port is 0 to 65535");
            }
        });
        return option;
    }

    public static Option<string> Sandbox()
    {
        var option = new Option<string>("--sandbox")
        {
            Description = "How containers are kept apart from this machine.",
            HelpName = "bubblewrap|none",
            DefaultValueFactory = _ => "bubblewrap",
        };
        option.AcceptOnlyFromAmong("bubblewrap", "none");
        return option;
    }
}
