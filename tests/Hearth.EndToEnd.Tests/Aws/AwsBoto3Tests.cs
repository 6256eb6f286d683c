namespace Hearth.EndToEnd.Tests.Aws;

/// <summary>boto3 against the endpoint; the cases are the functions of the Python files.</summary>
public sealed class AwsBoto3Tests(AwsPlatform platform) : IClassFixture<AwsPlatform>
{
    [Theory]
    [InlineData("s3_cases.py")]
    [InlineData("identity_cases.py")]
    [InlineData("logs_cases.py")]
    [InlineData("estate_cases.py")]
    public async Task The_cases_of_boto3_hold(string file)
    {
        AwsPlatform.Needs("python3", "-c import_boto3".Replace('_', ' '));
        var output = await platform.RunAsync("hearth", "python3", [Path.Combine(AppContext.BaseDirectory, "Aws", file)]);
        output.Trim().Split('\n')[^1].ShouldBe("all cases hold");
    }
}
