namespace Hearth.EndToEnd.Tests.Aws;

/// <summary>boto3 against the endpoint; the cases are the functions of s3_cases.py.</summary>
public sealed class AwsBoto3Tests(AwsPlatform platform) : IClassFixture<AwsPlatform>
{
    [Fact]
    public async Task The_cases_of_boto3_hold()
    {
        AwsPlatform.Needs("python3", "-c import_boto3".Replace('_', ' '));
        var output = await platform.RunAsync("hearth", "python3", [Path.Combine(AppContext.BaseDirectory, "Aws/s3_cases.py")]);
        output.Trim().Split('\n')[^1].ShouldBe("all cases hold");
    }
}
