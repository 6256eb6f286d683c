using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests.Signing;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CredentialFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-keys-");

    private string File => Path.Combine(directory.FullName, "credentials.json");

    [Fact]
    public void Keys_are_made_once_and_kept()
    {
        var first = FileCredentialStore.Open(File, Keys.Account, ["a", "b"]);
        first.All.Select(c => c.Team).ShouldBe([null, "a", "b"]);
        first.All.Select(c => c.AccessKeyId).Distinct().Count().ShouldBe(3);
        System.IO.File.GetUnixFileMode(File).ShouldBe(OwnerOnly);

        var second = FileCredentialStore.Open(File, Keys.Account, ["b", "c"]);
        second.All[0].ShouldBe(first.All[0]);
        second.All[1].ShouldBe(first.All[2]);
        second.Find(first.All[1].AccessKeyId).ShouldBeNull();
        second.Find(second.All[2].AccessKeyId)!.PrincipalArn.ShouldBe("arn:aws:iam::123456789012:user/c");
        second.All[0].ToString().ShouldNotContain(second.All[0].SecretAccessKey);
    }

    [Fact]
    public void A_broken_file_says_what_to_do()
    {
        System.IO.File.WriteAllText(File, "{");
        Should.Throw<InvalidDataException>(() => FileCredentialStore.Open(File, Keys.Account, [])).Message.ShouldContain("Remove it");
    }

    [Fact]
    public void Profiles_name_region_endpoint_and_keys()
    {
        AwsProfiles.Write(directory.FullName, [Keys.Admin, Keys.OfTeam("team-a")], "us-west-2", new Uri("http://127.0.0.1:4566"));
        System.IO.File.ReadAllText(Path.Combine(directory.FullName, "config"))
            .ShouldContain("[profile team-a]\nregion = us-west-2\noutput = json\nendpoint_url = http://127.0.0.1:4566\n");
        System.IO.File.ReadAllText(Path.Combine(directory.FullName, "credentials")).ShouldStartWith($"[hearth]\naws_access_key_id = {Keys.Admin.AccessKeyId}\n");
        System.IO.File.GetUnixFileMode(Path.Combine(directory.FullName, "credentials")).ShouldBe(OwnerOnly);
    }

    public void Dispose() => directory.Delete(recursive: true);
}
