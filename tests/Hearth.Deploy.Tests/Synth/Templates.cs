using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Hearth.Deploy.Stacks;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>Templates of a declaration, synthesised once a run: the library's runtime takes seconds to start.</summary>
internal sealed class Templates
{
    public const string Admin = "arn:aws:iam::000000000000:role/platform-admin";

    private static readonly ConcurrentDictionary<string, Lazy<Templates>> Known = new(StringComparer.Ordinal);
    private static readonly Lock OneAtATime = new();

    private Templates(string directory) => Directory = directory;

    public static Templates Karpenter => Of("emr-eks-karpenter");

    public static Templates Analytics => Of("analytics-platform");

    /// <summary>The cloud assembly.</summary>
    public string Directory { get; }

    public IReadOnlyList<string> Files => [.. System.IO.Directory.GetFiles(Directory, "*.template.json").Order(StringComparer.Ordinal)];

    /// <summary>Every resource of every stack.</summary>
    public IEnumerable<Resource> All => Files.SelectMany(Read);

    public static Templates Of(string blueprint) => Of(blueprint, p => p);

    /// <summary>Of a changed blueprint; <paramref name="change"/> must always be the same for a name.</summary>
    public static Templates Of(string blueprint, Func<PlatformDeclaration, PlatformDeclaration> change, string name = "") =>
        Known.GetOrAdd($"{blueprint}+{name}", _ => new Lazy<Templates>(() => name.Length == 0 ? Written(blueprint) : Synthesise(change(PlatformLoader.Load(blueprint))))).Value;

    /// <summary>Of a declaration, synthesised when it is first asked for by this name.</summary>
    public static Templates Made(string name, Func<PlatformDeclaration> platform) => Known.GetOrAdd(name, _ => new Lazy<Templates>(() => Synthesise(platform()))).Value;

    public static Templates Synthesise(PlatformDeclaration platform) => Synthesise(app => PlatformStacks.Add(app, platform, [Admin]));

    public static Templates Synthesise(Action<App> build)
    {
        lock (OneAtATime)
        {
            var directory = System.IO.Directory.CreateTempSubdirectory("hearth-synth-").FullName;
            var app = new App(new AppProps { Outdir = directory, AnalyticsReporting = false });
            build(app);
            app.Synth();
            return new Templates(directory);
        }
    }

    /// <summary>By the app itself, as <c>hearth deploy</c> starts it.</summary>
    private static Templates Written(string blueprint)
    {
        lock (OneAtATime)
        {
            var directory = System.IO.Directory.CreateTempSubdirectory("hearth-synth-").FullName;
            Program.Main([blueprint, directory, Admin]).ShouldBe(0);
            return new Templates(directory);
        }
    }

    public IEnumerable<Resource> Of(string stack, string type) => Read(Files.Single(f => f.EndsWith($"-{stack}.template.json", StringComparison.Ordinal))).Where(r => r.Type == type);

    public IEnumerable<Resource> OfType(string type) => All.Where(r => r.Type == type);

    public JsonObject Outputs(string stack) =>
        JsonNode.Parse(File.ReadAllText(Files.Single(f => f.EndsWith($"-{stack}.template.json", StringComparison.Ordinal))))!["Outputs"]!.AsObject();

    private static IEnumerable<Resource> Read(string file) =>
        JsonNode.Parse(File.ReadAllText(file))!["Resources"]!.AsObject().Select(r => new Resource(
            Path.GetFileName(file), r.Key, r.Value!["Type"]!.GetValue<string>(), r.Value["Properties"]?.AsObject() ?? [], r.Value.AsObject()));
}

/// <summary>A resource of a template.</summary>
internal sealed record Resource(string File, string Id, string Type, JsonObject Properties, JsonObject Whole)
{
    public JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)Properties, (n, p) => n is JsonArray a ? a[int.Parse(p, System.Globalization.CultureInfo.InvariantCulture)] : n?[p]);

    public string Text(string path) => this[path]?.ToString() ?? "";

    public string Json => Properties.ToJsonString();

    public string Tag(string key) => (Properties["Tags"] as JsonArray)?.FirstOrDefault(t => (string?)t!["Key"] == key)?["Value"]?.ToString() ?? "";
}
