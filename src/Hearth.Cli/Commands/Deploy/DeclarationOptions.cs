using System.CommandLine;
using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>The declaration that a command works on, and what its caller knows better.</summary>
internal sealed class DeclarationOptions
{
    private readonly Option<string> _blueprint = SharedOptions.Blueprint();
    private readonly Option<string?> _account = new("--account") { Description = "The AWS account [default: the declaration's].", HelpName = "ID" };
    private readonly Option<string?> _version = new("--kubernetes-version") { Description = "Another Kubernetes version than the declaration's; with 1.33 or newer, AL2 nodes become AL2023.", HelpName = "1.N" };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Where files go [default: ~/.hearth/deploy/<name>].", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        command.Options.Add(_blueprint);
        command.Options.Add(_account);
        command.Options.Add(_version);
        command.Options.Add(_out);
    }

    /// <summary>Complete and valid, or an error that names the field.</summary>
    public PlatformDeclaration Load(ParseResult parsed)
    {
        var (account, version) = (parsed.GetValue(_account), parsed.GetValue(_version));
        return PlatformLoader.Load(parsed.GetValue(_blueprint)!, p => WithVersion(account is null ? p : p with { AccountId = account }, version));
    }

    /// <summary>The directory of files, absolute.</summary>
    public string Directory(ParseResult parsed, PlatformDeclaration platform, CliContext context) =>
        Path.GetFullPath(parsed.GetValue(_out) ?? Path.Combine(context.Environment("HOME") ?? ".", ".hearth", "deploy", platform.Name));

    /// <summary>The same platform in the caller's account, with the names that follow from it. Read again, so that the rules see the longer names, too.</summary>
    public static PlatformDeclaration ForAccount(PlatformDeclaration platform, string account) => platform.AccountId == account
        ? platform
        : PlatformYaml.Read(PlatformYaml.ToYaml(platform).Replace(platform.AccountId, account, StringComparison.Ordinal), "the declaration");

    private static PlatformDeclaration WithVersion(PlatformDeclaration platform, string? version)
    {
        if (version is null)
        {
            return platform;
        }

        var changed = platform with { KubernetesVersion = version };
        var minor = int.TryParse(version.AsSpan(version.IndexOf('.', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return minor < 33 ? changed : changed with { NodeGroups = [.. platform.NodeGroups.Select(g => g.AmiFamily == "AL2" ? g with { AmiFamily = "AL2023" } : g)] };
    }
}
