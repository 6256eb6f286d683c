using System.Xml.Linq;

namespace Hearth.Architecture.Tests;

/// <summary>References point downward only.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Below = ["Scheduling", "Kube", "Platform"];

    // What each project may know. A project that is not here must be added with a reason.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Cli"] = ["Console", "Aws", "Cluster", "Delivery", "Jobs", "Engine", .. Below],
        ["Console"] = Below,
        ["Aws"] = ["Jobs", .. Below],
        ["Cluster"] = Below,
        ["Jobs"] = Below,
        ["Engine"] = Below,
        ["Scheduling"] = ["Kube", "Platform"],
        ["Kube"] = [],
        ["Platform"] = [],
        // What a declaration means to any cluster, and how it gets to AWS; rights in namespaces are those of Jobs.
        ["Delivery"] = ["Jobs", .. Below],
        ["Deploy"] = ["Platform"],
    };

    public static TheoryData<string> Projects => [.. SourceProjects()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        var allowed = Allowed.GetValueOrDefault(project).ShouldNotBeNull($"say in this test what Hearth.{project} may reference");

        References($"src/Hearth.{project}/Hearth.{project}.csproj").ShouldBeSubsetOf(allowed);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_tests_see_the_inside_of_a_project(string project) =>
        Friends($"src/Hearth.{project}/Hearth.{project}.csproj").ShouldAllBe(f => f.EndsWith(".Tests", StringComparison.Ordinal));

    [Fact]
    public void Every_project_is_part_of_the_solution()
    {
        var solution = Repository.Read("Hearth.slnx");

        Repository.Files(".csproj").Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_is_explained_to_contributors(string project) =>
        Repository.Read("CONTRIBUTING.md").ShouldContain($"`src/Hearth.{project}`");

    [Fact]
    public void Package_versions_are_central() =>
        Repository.Files(".csproj")
            .Where(p => Elements(p, "PackageReference").Any(e => e.Attribute("Version") is not null))
            .ShouldBeEmpty();

    [Fact]
    public void Every_package_has_its_reason()
    {
        var reasons = Repository.Read("docs/dependencies.md");

        Elements("Directory.Packages.props", "PackageVersion")
            .Select(e => e.Attribute("Include")!.Value)
            .Where(package => !reasons.Contains($"| {package} |", StringComparison.Ordinal))
            .ShouldBeEmpty("docs/dependencies.md needs a line for each package");
    }

    private static IEnumerable<string> SourceProjects() =>
        Repository.Files(".csproj")
            .Where(p => p.StartsWith("src/", StringComparison.Ordinal))
            .Select(p => Path.GetFileNameWithoutExtension(p)["Hearth.".Length..]);

    private static IEnumerable<string> References(string project) =>
        Elements(project, "ProjectReference")
            .Select(e => e.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => Path.GetFileNameWithoutExtension(path)["Hearth.".Length..]);

    private static IEnumerable<string> Friends(string project) =>
        Elements(project, "InternalsVisibleTo").Select(e => e.Attribute("Include")!.Value);

    private static IEnumerable<XElement> Elements(string path, string name) =>
        XDocument.Parse(Repository.Read(path)).Descendants(name);
}
