using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;

namespace Hearth.Cli.Tests.Job;

public sealed class JobRequestFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("{\n \"name\": \"x\",,\n}", "2:14: not valid JSON: ',' is an invalid start of a property name. Expected a '\"'.")]
    [InlineData("{\n \"name\": \"x\"", "2:13: not valid JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.")]
    [InlineData("[1]", "1:1: a request is a JSON object")]
    [InlineData("{\n \"nam\": \"x\"}", "2:2: a StartJobRun request has no member 'nam'; did you mean 'name'?")]
    [InlineData("{\"jobDriver\": {\"sparkSubmitJobDriver\":\n {\"entryPoynt\": \"a\"}}}", "2:3: 'jobDriver.sparkSubmitJobDriver' has no member 'entryPoynt'; did you mean 'entryPoint'?")]
    public async Task A_fault_is_named_with_its_place(string text, string message) => Fault(await WriteAsync(text)).ShouldEndWith($"request.json:{message}");

    [Fact]
    public async Task A_wrong_type_is_named_with_its_place() =>
        Fault(await WriteAsync("{\"name\": 3}")).ShouldEndWith("the value of 'name' has the wrong type");

    [Fact]
    public void A_missing_file_is_bad_input() => Fault("/nowhere/request.json").ShouldBe("there is no file /nowhere/request.json");

    [Fact]
    public async Task Placeholders_are_filled_in_texts_and_those_of_spark_are_left_alone()
    {
        var file = JobRequestFile.Read(await WriteAsync("{\"name\": \"${spark.app.id}\", \"tags\": {\"at\": \"${S3_BUCKET}/x in ${REGION}\"}}"));

        file.Placeholders.ShouldBe(["S3_BUCKET", "REGION"], ignoreOrder: true);
        file.Fill(new Dictionary<string, string> { ["S3_BUCKET"] = "s3://b", ["REGION"] = "r" }).ToJsonString().ShouldBe("{\"name\":\"${spark.app.id}\",\"tags\":{\"at\":\"s3://b/x in r\"}}");
    }

    [Fact]
    public async Task An_unknown_placeholder_is_named_with_its_place()
    {
        var file = JobRequestFile.Read(await WriteAsync("{\n  \"name\": \"${S3_BUKET}\"}"));

        Should.Throw<CliException>(() => file.Fill(new Dictionary<string, string> { ["S3_BUCKET"] = "b" })).Message
            .ShouldEndWith("request.json:2:12: unknown placeholder ${S3_BUKET}; did you mean 'S3_BUCKET'?");
    }

    [Fact]
    public async Task A_job_template_is_read_and_starts_nothing()
    {
        var path = await WriteAsync("{\"name\": \"x\", \"jobTemplateData\": {}}");
        JobRequestFile.Read(path).IsTemplate.ShouldBeTrue();

        Should.Throw<CliException>(() => JobRequestFile.ReadRun(path)).Message.ShouldEndWith("request.json makes a job template, it starts no job");
        Fault(await WriteAsync("{\n \"jobTemplateData\": {\"jobDrivr\": {}}}")).ShouldEndWith("request.json:2:22: 'jobTemplateData' has no member 'jobDrivr'; did you mean 'jobDriver'?");
    }

    private async Task<string> WriteAsync(string text)
    {
        var path = _directory.In("request.json");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private static string Fault(string path)
    {
        var error = Should.Throw<CliException>(() => JobRequestFile.Read(path));
        error.ExitCode.ShouldBe(ExitCodes.BadInput);
        return error.Message;
    }
}
